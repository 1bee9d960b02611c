package io.roost.mailstore.imap.session;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which extensions a client has switched on, by ENABLE (RFC 5161) or by using them. */
public final class EnabledExtensions {
    private static final String REV2 = "IMAP4REV2";
    private static final String CONDSTORE = "CONDSTORE";
    private static final String QRESYNC = "QRESYNC";

    /** What ENABLE switches on; all else it leaves out. */
    private static final Set<String> BY_COMMAND = Set.of(REV2, CONDSTORE, QRESYNC);

    private final Set<String> enabled = new TreeSet<>();

    EnabledExtensions() {}

    /**
     * ENABLE.
     *
     * @param wanted in upper case
     * @return those that were not on before, as they are told
     */
    List<String> enable(List<String> wanted) {
        Set<String> now = new TreeSet<>(wanted);
        now.retainAll(BY_COMMAND);
        now.removeAll(enabled);
        enabled.addAll(now);
        if (now.contains(QRESYNC)) {
            // RFC 7162 3.2.3: it includes CONDSTORE.
            enabled.add(CONDSTORE);
        }
        return now.stream().map(each -> each.equals(REV2) ? "IMAP4rev2" : each).toList();
    }

    /** A command of the client has switched CONDSTORE on without ENABLE (RFC 7162 3.1). */
    public void condStore() {
        enabled.add(CONDSTORE);
    }

    /** True after ENABLE IMAP4rev2. */
    public boolean isRev2() {
        return enabled.contains(REV2);
    }

    /** What the client has switched on about MODSEQ. */
    public SelectedMailbox.Detail detail() {
        if (enabled.contains(QRESYNC)) {
            return SelectedMailbox.Detail.QRESYNC;
        }
        return enabled.contains(CONDSTORE) ? SelectedMailbox.Detail.MODSEQ : SelectedMailbox.Detail.PLAIN;
    }
}

package io.roost.mailstore.imap.command;

import java.util.List;
import java.util.Locale;

/** Special uses of mailboxes (RFC 6154 2). */
final class SpecialUses {
    private static final List<String> KNOWN =
            List.of("\\archive", "\\drafts", "\\flagged", "\\junk", "\\sent", "\\trash");

    private SpecialUses() {}

    static boolean isKnown(String use) {
        return KNOWN.contains(use.toLowerCase(Locale.ROOT));
    }
}

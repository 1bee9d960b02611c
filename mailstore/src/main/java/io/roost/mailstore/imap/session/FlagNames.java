package io.roost.mailstore.imap.session;

import io.roost.mailstore.imap.syntax.Flag;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.MailFlags;
import java.util.ArrayList;
import java.util.List;

/** Flags as clients write them, and as messages have them. */
public final class FlagNames {
    private static final List<Flag> SYSTEM = List.of(Flag.SEEN, Flag.ANSWERED, Flag.FLAGGED, Flag.DELETED, Flag.DRAFT);

    private FlagNames() {}

    /** The names of a message's flags. */
    public static List<Flag> of(MailFlags flags, FolderHeader header) {
        List<Flag> names = new ArrayList<>();
        for (int bit = 0; bit < SYSTEM.size(); bit++) {
            if (flags.has(1 << bit)) {
                names.add(SYSTEM.get(bit));
            }
        }
        header.keywordsOf(flags.keywords()).forEach(keyword -> names.add(new Flag(keyword)));
        return names;
    }

    /** The bits of the system flags among some names; \Recent and unknown ones have none. */
    public static int systemBits(List<Flag> names) {
        int bits = 0;
        for (Flag name : names) {
            int bit = SYSTEM.indexOf(name);
            bits |= bit < 0 ? 0 : 1 << bit;
        }
        return bits;
    }

    /** The keywords among some names. */
    public static List<String> keywords(List<Flag> names) {
        return names.stream()
                .filter(flag -> !flag.isSystem())
                .map(Flag::name)
                .distinct()
                .toList();
    }

    /** All flags that a folder knows, for FLAGS. */
    public static List<Flag> all(FolderHeader header) {
        List<Flag> names = new ArrayList<>(SYSTEM);
        header.keywords().forEach(keyword -> names.add(new Flag(keyword)));
        return names;
    }

    /** Those that clients can change, for PERMANENTFLAGS: with {@code \*} while there is room for keywords. */
    public static List<Flag> permanent(FolderHeader header) {
        List<Flag> names = all(header);
        if (header.keywords().size() < FolderHeader.MAX_KEYWORDS) {
            names.add(Flag.ANY);
        }
        return names;
    }
}

package io.roost.deploy.agreement;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A command that changes mailboxes and was answered OK, with what the answer says of its effect. */
sealed interface MailCommand {
    /** The {@code uid} of a delivery, which is told to nobody. */
    long UNKNOWN = 0;

    /** The {@code unchangedSince} of a STORE without condition. */
    long UNCONDITIONAL = Long.MAX_VALUE;

    /**
     * APPEND, or a delivery.
     *
     * @param subject the message's own, by which it is known wherever it is copied
     * @param uid of APPENDUID, or {@link #UNKNOWN}
     */
    record Append(String folder, String subject, Set<String> flags, long uid) implements MailCommand {
        /** Copies the collections. */
        public Append {
            flags = Set.copyOf(flags);
        }
    }

    /** How a STORE changes flags. */
    enum Mode {
        REPLACE("FLAGS"),
        ADD("+FLAGS"),
        REMOVE("-FLAGS");

        private final String word;

        Mode(String word) {
            this.word = word;
        }

        /** As the command has it. */
        String word() {
            return word;
        }

        Set<String> apply(Set<String> old, Set<String> these) {
            Set<String> changed = new TreeSet<>(this == REPLACE ? List.of() : old);
            if (this == REMOVE) {
                changed.removeAll(these);
            } else {
                changed.addAll(these);
            }
            return changed;
        }
    }

    /**
     * UID STORE.
     *
     * @param unchangedSince of its condition, or {@link #UNCONDITIONAL}
     * @param modified UIDs of MODIFIED
     */
    record Store(
            String folder,
            SortedSet<Long> uids,
            Mode mode,
            Set<String> flags,
            long unchangedSince,
            SortedSet<Long> modified)
            implements MailCommand {
        /** Copies the collections. */
        public Store {
            uids = new TreeSet<>(uids);
            flags = Set.copyOf(flags);
            modified = new TreeSet<>(modified);
        }
    }

    /**
     * UID EXPUNGE, or EXPUNGE with all that its session knows.
     *
     * @param modSeq the HIGHESTMODSEQ that was told because something went, or 0
     */
    record Expunge(String folder, SortedSet<Long> uids, long modSeq) implements MailCommand {
        /** Copies the collections. */
        public Expunge {
            uids = new TreeSet<>(uids);
        }
    }

    /** Whether messages stay where they are copied from. */
    enum Transfer {
        COPY,
        MOVE
    }

    /**
     * UID COPY or UID MOVE.
     *
     * @param copies of COPYUID: new UIDs by old ones
     */
    record Copy(String folder, SortedSet<Long> uids, String target, Transfer transfer, SortedMap<Long, Long> copies)
            implements MailCommand {
        /** Copies the collections. */
        public Copy {
            uids = new TreeSet<>(uids);
            copies = new TreeMap<>(copies);
        }

        /** With another answer. */
        Copy answered(Map<Long, Long> other) {
            return new Copy(folder, uids, target, transfer, new TreeMap<>(other));
        }
    }
}

package io.roost.cluster.pg.peering;

import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a log becomes the authoritative one: back to the newest version that both have, then on with what the other has
 * after it.
 *
 * @param common that version
 * @param divergent own entries after it, oldest first: they were never agreed on
 * @param added the authority's entries after it, oldest first
 */
record LogMerge(ObjectVersion common, List<LogEntry> divergent, List<LogEntry> added) {
    LogMerge {
        divergent = List.copyOf(divergent);
        added = List.copyOf(added);
    }

    /**
     * Merges two logs, if they meet in what is given of them. When that is all of them, they do whenever the own log ends
     * behind the beginning of the authority's.
     *
     * @param own entries of the log that changes, all or the newest, oldest first
     * @param ownSince every own entry after this is given
     * @param authority entries of the log that counts, oldest first
     * @param since every one of its entries after this is given
     */
    static Optional<LogMerge> of(
            List<LogEntry> own, ObjectVersion ownSince, List<LogEntry> authority, ObjectVersion since) {
        Set<ObjectVersion> known = new HashSet<>();
        authority.forEach(entry -> known.add(entry.version()));
        int shared = own.size();
        while (shared > 0 && !isAgreed(own.get(shared - 1).version(), known, since)) {
            shared--;
        }
        ObjectVersion common = shared > 0 ? own.get(shared - 1).version() : ownSince;
        if (!common.equals(since) && !known.contains(common)) {
            return Optional.empty();
        }
        List<LogEntry> added = new ArrayList<>();
        for (LogEntry entry : authority) {
            if (entry.version().compareTo(common) > 0) {
                added.add(entry);
            }
        }
        return Optional.of(new LogMerge(common, own.subList(shared, own.size()), added));
    }

    private static boolean isAgreed(ObjectVersion version, Set<ObjectVersion> known, ObjectVersion since) {
        return version.compareTo(since) <= 0 || known.contains(version);
    }
}

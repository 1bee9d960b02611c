package io.roost.cluster.pg;

import io.roost.cluster.object.ObjectVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which copy of an entry is right: the one that more than half of those have whose copy can be read and fails no checksum of
 * its own. So one whole copy is enough against damaged ones, and nobody is believed for being the primary. That there is no
 * such entry has to be the word of more than half of all.
 *
 * @param right what the entry is; null when that cannot be told
 * @param holders who has it so
 * @param others who has not
 */
record ScrubVote(Copy right, SortedSet<Integer> holders, SortedSet<Integer> others) {
    /** What somebody has. */
    enum Condition {
        /** An entry that fails no checksum. */
        WHOLE,
        /** No such entry. */
        ABSENT,
        /** An entry that is not as it was written; it can be replaced. */
        DAMAGED,
        /** The disk does not say; nothing can be replaced. */
        UNREADABLE
    }

    /**
     * One copy.
     *
     * @param version of an entry that is whole
     * @param digest of an entry that is whole
     */
    record Copy(Condition condition, ObjectVersion version, int digest) {
        static final Copy ABSENT = new Copy(Condition.ABSENT, ObjectVersion.NONE, 0);
        static final Copy DAMAGED = new Copy(Condition.DAMAGED, ObjectVersion.NONE, 0);
        static final Copy UNREADABLE = new Copy(Condition.UNREADABLE, ObjectVersion.NONE, 0);

        static Copy whole(ObjectVersion version, int digest) {
            return new Copy(Condition.WHOLE, version, digest);
        }

        boolean isReadable() {
            return condition == Condition.WHOLE || condition == Condition.ABSENT;
        }
    }

    /** How it is decided what more than half do not agree on. */
    enum Ties {
        /** Not at all. */
        STAY,
        /** The newest copy that is whole counts, unless there are different ones. */
        NEWEST
    }

    /** The vote of all OSDs that have to have the entry, by number. */
    static ScrubVote of(SortedMap<Integer, Copy> copies, Ties ties) {
        Map<Copy, Integer> votes = new HashMap<>();
        copies.values().stream().filter(Copy::isReadable).forEach(copy -> votes.merge(copy, 1, Integer::sum));
        int readable = votes.values().stream().mapToInt(Integer::intValue).sum();
        Copy right = null;
        for (Map.Entry<Copy, Integer> vote : votes.entrySet()) {
            int all = vote.getKey().condition() == Condition.ABSENT ? copies.size() : readable;
            if (2 * vote.getValue() > all) {
                right = vote.getKey();
            }
        }
        if (right == null && ties == Ties.NEWEST) {
            right = newest(votes);
        }
        TreeSet<Integer> holders = new TreeSet<>();
        TreeSet<Integer> others = new TreeSet<>();
        for (Map.Entry<Integer, Copy> copy : copies.entrySet()) {
            (copy.getValue().equals(right) ? holders : others).add(copy.getKey());
        }
        return new ScrubVote(right, holders, others);
    }

    private static Copy newest(Map<Copy, Integer> votes) {
        Copy newest = null;
        boolean isUnique = true;
        for (Copy copy : votes.keySet()) {
            if (copy.condition() == Condition.WHOLE) {
                int order = newest == null ? 1 : copy.version().compareTo(newest.version());
                isUnique = order > 0 || (order < 0 && isUnique);
                newest = order > 0 ? copy : newest;
            }
        }
        return isUnique ? newest : null;
    }

    /** True when everybody has the same, and it is whole. */
    boolean isUnanimous() {
        return right != null && others.isEmpty();
    }
}

package io.roost.mailstore.imap.session;

import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.UidSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Message sequence numbers of a mailbox as one session sees it: the n-th UID in ascending order has the number n (RFC 9051
 * 2.3.1.2). Kept as ranges of UIDs: a mailbox of a million messages without gaps takes as much as one of ten.
 */
public final class MessageNumbers {
    private List<UidSet.Range> ranges;
    /** How many UIDs are in the ranges before each. */
    private long[] before;

    private long count;

    /** The numbers of some UIDs. */
    public MessageNumbers(UidSet uids) {
        set(uids.ranges());
    }

    private void set(List<UidSet.Range> changed) {
        ranges = changed;
        before = new long[changed.size()];
        count = 0;
        for (int i = 0; i < before.length; i++) {
            before[i] = count;
            count += changed.get(i).count();
        }
    }

    /** Number of messages. */
    public long count() {
        return count;
    }

    /** The greatest UID, or 0. */
    public long lastUid() {
        return ranges.isEmpty() ? 0 : ranges.get(ranges.size() - 1).last();
    }

    /** All UIDs. */
    public UidSet uids() {
        return new UidSet(ranges);
    }

    /** The number of a UID, or 0. */
    public long numberOf(long uid) {
        int at = rangeAtOrBefore(uid);
        if (at < 0 || ranges.get(at).last() < uid) {
            return 0;
        }
        return before[at] + uid - ranges.get(at).first() + 1;
    }

    /** The last range that begins at a UID or before, or -1. */
    private int rangeAtOrBefore(long uid) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).first() <= uid) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** The UID of a number from 1 to {@link #count}. */
    public long uidOf(long number) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (before[middle] < number) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return ranges.get(low).first() + number - before[low] - 1;
    }

    /** Messages come, with UIDs greater than all. */
    public void add(UidSet added) {
        UidSet.Builder all = new UidSet.Builder();
        ranges.forEach(range -> all.add(range.first(), range.last()));
        added.ranges().forEach(range -> all.add(range.first(), range.last()));
        set(all.build().ranges());
    }

    /** Messages go. */
    public void remove(UidSet removed) {
        set(uids().minus(removed).ranges());
    }

    /** The UIDs that exist of a client's set. Never more than exist, however large the set. */
    public UidSet resolve(SequenceSet set, Numbering numbering) {
        if (count == 0) {
            return UidSet.EMPTY;
        }
        SequenceSet normalized = set.normalized(numbering == Numbering.UID ? lastUid() : count);
        UidSet.Builder uids = new UidSet.Builder();
        for (SequenceSet.Range range : normalized.ranges()) {
            if (numbering == Numbering.UID) {
                addUids(range.first(), range.last(), uids);
            } else if (range.first() <= count) {
                addUids(uidOf(range.first()), uidOf(Math.min(range.last(), count)), uids);
            }
        }
        return uids.build();
    }

    private void addUids(long first, long last, UidSet.Builder uids) {
        for (int at = Math.max(0, rangeAtOrBefore(first)); at < ranges.size(); at++) {
            UidSet.Range range = ranges.get(at);
            if (range.first() > last) {
                return;
            }
            long from = Math.max(first, range.first());
            long to = Math.min(last, range.last());
            if (from <= to) {
                uids.add(from, to);
            }
        }
    }

    /** True when a set of numbers names one beyond the last (RFC 9051 6.4: an error of the client). */
    public boolean isBeyond(SequenceSet numbers) {
        for (SequenceSet.Range range : numbers.ranges()) {
            boolean isFirst = range.first() != SequenceSet.STAR && range.first() > count;
            boolean isLast = range.last() != SequenceSet.STAR && range.last() > count;
            if (isFirst || isLast || count == 0) {
                return true;
            }
        }
        return false;
    }

    /** UIDs as a client's set, or null for none. */
    public static SequenceSet toSequenceSet(UidSet uids) {
        if (uids.isEmpty()) {
            return null;
        }
        List<SequenceSet.Range> all = new ArrayList<>(uids.ranges().size());
        uids.ranges().forEach(range -> all.add(new SequenceSet.Range(range.first(), range.last())));
        return new SequenceSet(all);
    }

    /** The numbers of UIDs that exist, as a client's set, or null for none. */
    public SequenceSet numbersOf(UidSet uids) {
        UidSet.Builder numbers = new UidSet.Builder();
        for (UidSet.Range range : uids.ranges()) {
            for (int at = Math.max(0, rangeAtOrBefore(range.first())); at < ranges.size(); at++) {
                UidSet.Range known = ranges.get(at);
                if (known.first() > range.last()) {
                    break;
                }
                long from = Math.max(range.first(), known.first());
                long to = Math.min(range.last(), known.last());
                if (from <= to) {
                    numbers.add(numberOf(from), numberOf(to));
                }
            }
        }
        return toSequenceSet(numbers.build());
    }
}

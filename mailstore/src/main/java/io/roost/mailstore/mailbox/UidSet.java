package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;

/**
 * UIDs, as ascending ranges that do not touch. Immutable.
 *
 * <pre>
 * count  varint
 * each   gap to the end of the one before, varint; number of UIDs - 1, varint
 * </pre>
 *
 * @param ranges may be none
 */
public record UidSet(List<Range> ranges) {
    /** Greatest UID (RFC 9051 2.3.1.1). */
    public static final long MAX_UID = 0xffff_ffffL;

    /** No UID. */
    public static final UidSet EMPTY = new UidSet(List.of());

    /** Most ranges that are read; a command of 64 KiB names fewer. */
    public static final int MAX_RANGES = 32 * 1024;

    /** Copies the list, which must be ascending. */
    public UidSet {
        ranges = List.copyOf(ranges);
        long last = -1;
        for (Range range : ranges) {
            if (range.first <= last + 1) {
                throw new IllegalArgumentException("ranges are not ascending at " + range);
            }
            last = range.last;
        }
    }

    /**
     * UIDs from first to last, both included.
     *
     * @param first 1 and more
     * @param last first to {@link #MAX_UID}
     */
    public record Range(long first, long last) {
        /** Checks the ranges above. */
        public Range {
            if (first < 1 || last < first || last > MAX_UID) {
                throw new IllegalArgumentException("UIDs " + first + " to " + last);
            }
        }

        /** How many. */
        public long count() {
            return last - first + 1;
        }
    }

    /** Collects UIDs in ascending order. */
    public static final class Builder {
        private final List<Range> ranges = new ArrayList<>();
        private long first = -1;
        private long last = -1;

        /** Adds a UID greater than all before. */
        public Builder add(long uid) {
            return add(uid, uid);
        }

        /** Adds a range whose UIDs are greater than all before. */
        public Builder add(long from, long to) {
            if (first >= 0 && from == last + 1) {
                last = to;
                return this;
            }
            flush();
            first = from;
            last = to;
            return this;
        }

        private void flush() {
            if (first >= 0) {
                ranges.add(new Range(first, last));
                first = -1;
            }
        }

        /** The set. */
        public UidSet build() {
            flush();
            return ranges.isEmpty() ? EMPTY : new UidSet(ranges);
        }
    }

    /** The set of one UID. */
    public static UidSet of(long uid) {
        return of(uid, uid);
    }

    /** The set of one range. */
    public static UidSet of(long first, long last) {
        return new UidSet(List.of(new Range(first, last)));
    }

    /** True when there is none. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How many. */
    public long count() {
        long count = 0;
        for (Range range : ranges) {
            count += range.count();
        }
        return count;
    }

    /** All of them; for sets known to be small. */
    public List<Long> toList() {
        List<Long> all = new ArrayList<>();
        for (Range range : ranges) {
            for (long uid = range.first; uid <= range.last; uid++) {
                all.add(uid);
            }
        }
        return all;
    }

    /** True when a UID is among them. */
    public boolean contains(long uid) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Range range = ranges.get(middle);
            if (uid < range.first) {
                high = middle - 1;
            } else if (uid > range.last) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    /** Those of this set that are not in another. */
    public UidSet minus(UidSet other) {
        Builder left = new Builder();
        int next = 0;
        for (Range range : ranges) {
            long from = range.first;
            while (next < other.ranges.size() && other.ranges.get(next).last < from) {
                next++;
            }
            for (int i = next; i < other.ranges.size() && other.ranges.get(i).first <= range.last; i++) {
                Range taken = other.ranges.get(i);
                if (taken.first > from) {
                    left.add(from, taken.first - 1);
                }
                from = Math.max(from, taken.last + 1);
            }
            if (from <= range.last) {
                left.add(from, range.last);
            }
        }
        return left.build();
    }

    /** Writes the form above. */
    public void encode(ByteWriter out) {
        out.varint(ranges.size());
        long end = 0;
        for (Range range : ranges) {
            out.varint(range.first - end).varint(range.last - range.first);
            end = range.last;
        }
    }

    /** Reads what {@link #encode} writes. */
    public static UidSet decode(ByteReader in) {
        int count = in.count(MAX_RANGES);
        List<Range> ranges = new ArrayList<>(Math.min(count, in.remaining()));
        long end = 0;
        for (int i = 0; i < count; i++) {
            long gap = in.varint();
            long more = in.varint();
            if (gap < 1 || gap > MAX_UID || more < 0 || more > MAX_UID || end + gap + more > MAX_UID) {
                throw new MalformedBytesException("UIDs " + gap + " and " + more + " after " + end);
            }
            ranges.add(new Range(end + gap, end + gap + more));
            end += gap + more;
        }
        return new UidSet(ranges);
    }
}

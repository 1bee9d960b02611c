package io.roost.mailstore.imap.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * Numbers or UIDs as a client names them (RFC 9051 {@code sequence-set}). Ranges are as written, which may overlap, be out
 * of order and reach far beyond what exists: intersect with what exists before anything is enumerated.
 *
 * @param ranges at least one
 */
public record SequenceSet(List<Range> ranges) implements MessageSet {
    /** {@code *}: the greatest number that exists. */
    public static final long STAR = Long.MAX_VALUE;

    /** Greatest number and greatest UID. */
    public static final long MAX_NUMBER = 0xffff_ffffL;

    /** Copies the list. */
    public SequenceSet {
        ranges = List.copyOf(ranges);
        if (ranges.isEmpty()) {
            throw new IllegalArgumentException("an empty sequence set");
        }
    }

    /**
     * Numbers from first to last, both included.
     *
     * @param first 1 to {@link #MAX_NUMBER}, or {@link #STAR}
     * @param last not less than first
     */
    public record Range(long first, long last) {
        /** Checks the ranges above. */
        public Range {
            if (first < 1 || first > last || !isNumber(first) || !isNumber(last)) {
                throw new IllegalArgumentException("range " + first + ":" + last);
            }
        }

        private static boolean isNumber(long number) {
            return number <= MAX_NUMBER || number == STAR;
        }

        /** A range of two ends in either order (RFC 9051: 2:4 and 4:2 are the same). */
        public static Range between(long one, long other) {
            return new Range(Math.min(one, other), Math.max(one, other));
        }

        /** The range when {@code *} is known. */
        public Range resolve(long star) {
            return last == STAR ? between(first == STAR ? star : first, star) : this;
        }
    }

    /** The set of one number. */
    public static SequenceSet of(long number) {
        return new SequenceSet(List.of(new Range(number, number)));
    }

    /** The set of one range. */
    public static SequenceSet of(long first, long last) {
        return new SequenceSet(List.of(new Range(first, last)));
    }

    /** True when some range ends with {@code *}. */
    public boolean hasStar() {
        for (Range range : ranges) {
            if (range.last == STAR) {
                return true;
            }
        }
        return false;
    }

    /**
     * The same numbers as ascending ranges that do not touch, with {@code *} replaced.
     *
     * @param star the greatest number that exists, at least 1
     */
    public SequenceSet normalized(long star) {
        List<Range> sorted = new ArrayList<>(ranges.size());
        for (Range range : ranges) {
            sorted.add(range.resolve(star));
        }
        sorted.sort((one, other) -> Long.compare(one.first, other.first));
        List<Range> merged = new ArrayList<>(sorted.size());
        for (Range range : sorted) {
            int last = merged.size() - 1;
            if (last >= 0 && range.first <= merged.get(last).last + 1) {
                Range before = merged.get(last);
                merged.set(last, new Range(before.first, Math.max(before.last, range.last)));
            } else {
                merged.add(range);
            }
        }
        return new SequenceSet(merged);
    }

    /** As a client writes it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Range range : ranges) {
            if (text.length() > 0) {
                text.append(',');
            }
            append(text, range.first);
            if (range.last != range.first) {
                append(text.append(':'), range.last);
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, long number) {
        if (number == STAR) {
            text.append('*');
        } else {
            text.append(number);
        }
    }
}

package io.roost.mailstore.imap.syntax;

/**
 * A part of a result (RFC 9394): the matches from one position to another, counted from the first (1) or, with negative
 * numbers, from the last (-1).
 *
 * @param first not 0
 * @param last of the same sign, not nearer to the end that is counted from
 */
public record PartialRange(long first, long last) {
    /** Checks the ranges above. */
    public PartialRange {
        if (first == 0 || last == 0 || (first > 0) != (last > 0) || Math.abs(first) > Math.abs(last)) {
            throw new IllegalArgumentException("partial range " + first + ":" + last);
        }
    }

    @Override
    public String toString() {
        return first + ":" + last;
    }
}

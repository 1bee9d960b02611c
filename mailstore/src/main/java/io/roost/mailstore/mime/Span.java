package io.roost.mailstore.mime;

/**
 * Bytes {@code [begin, end)} of a message.
 *
 * @param begin from 0
 * @param end at least begin
 */
public record Span(long begin, long end) {
    /** Checks the order. */
    public Span {
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("span " + begin + " to " + end);
        }
    }

    /** Number of bytes. */
    public long length() {
        return end - begin;
    }
}

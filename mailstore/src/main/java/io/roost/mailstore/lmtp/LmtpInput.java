package io.roost.mailstore.lmtp;

import io.roost.cluster.object.ByteWriter;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** Bytes of a client that have not been used yet, and how they are read: as a line, or as some bytes of a message. */
final class LmtpInput {
    private final Deque<Buffer> input = new ArrayDeque<>();
    private int at;
    private ByteWriter line = new ByteWriter();
    private boolean isTooLong;

    /**
     * A line.
     *
     * @param text without its end, or null for one beyond the limit
     */
    record Line(String text) {
        boolean isTooLong() {
            return text == null;
        }
    }

    /** The buffer must not change afterwards. */
    void offer(Buffer bytes) {
        if (bytes.length() > 0) {
            input.add(bytes);
        }
    }

    boolean isEmpty() {
        return input.isEmpty();
    }

    /** What was sent before is not used. */
    void clear() {
        input.clear();
        at = 0;
        line = new ByteWriter();
        isTooLong = false;
    }

    /** The next line, or null when it is not whole, all there was of it being taken. */
    Line line() {
        Buffer bytes = input.peek();
        int end = at;
        while (end < bytes.length() && bytes.getByte(end) != '\n') {
            end++;
        }
        boolean isComplete = end < bytes.length();
        int kept = Math.min(end - at, LmtpLimits.MAX_LINE_BYTES + 1 - line.size());
        line.raw(bytes.getBytes(at, at + kept), 0, kept);
        isTooLong |= line.size() > LmtpLimits.MAX_LINE_BYTES;
        consume(end - at + (isComplete ? 1 : 0));
        if (!isComplete) {
            return null;
        }
        String text = new String(line.toArray(), StandardCharsets.UTF_8);
        Line whole = new Line(isTooLong ? null : withoutReturn(text));
        line = new ByteWriter();
        isTooLong = false;
        return whole;
    }

    private static String withoutReturn(String text) {
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Some of the next bytes, up to a number; they stay until {@link #consume}. */
    byte[] peek(long max) {
        return input.peek().getBytes(at, at + length(max));
    }

    private int length(long max) {
        return (int) Math.min(max, input.peek().length() - at);
    }

    /** Passes over bytes that {@link #peek} has shown. */
    void consume(int length) {
        at += length;
        if (at == input.peek().length()) {
            input.remove();
            at = 0;
        }
    }

    /** Passes over some of the next bytes, up to a number; how many. */
    int skip(long max) {
        int length = length(max);
        consume(length);
        return length;
    }
}

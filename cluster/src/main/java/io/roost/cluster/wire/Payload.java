package io.roost.cluster.wire;

import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a message, in pieces: a body stays in the blocks that it came in until its frames are made. Whoever has
 * taken a payload for sending releases it once, when the bytes have been copied to their frames or will never be; until then
 * nobody changes them.
 */
public final class Payload {
    private final List<ByteBuffer> pieces;
    private final int length;
    private final Runnable onRelease;

    private Payload(List<ByteBuffer> pieces, int length, Runnable onRelease) {
        this.pieces = pieces;
        this.length = length;
        this.onRelease = onRelease;
    }

    /** The payload of bytes that nobody changes. */
    public static Payload of(Bytes bytes) {
        return new Payload(List.of(ByteBuffer.wrap(bytes.array())), bytes.length(), () -> {});
    }

    /**
     * The payload of pieces.
     *
     * @param pieces what lies between position and limit of each, in order; the positions do not change
     * @param onRelease gives the pieces' memory back; run once, on any thread
     */
    public static Payload of(List<ByteBuffer> pieces, Runnable onRelease) {
        long length = 0;
        for (ByteBuffer piece : pieces) {
            length += piece.remaining();
        }
        return new Payload(List.copyOf(pieces), Math.toIntExact(length), onRelease);
    }

    /** Number of bytes. */
    public int length() {
        return length;
    }

    /** The bytes {@code [begin, end)}, as views with positions of their own. */
    public List<ByteBuffer> slice(int begin, int end) {
        List<ByteBuffer> slices = new ArrayList<>();
        int at = 0;
        for (ByteBuffer piece : pieces) {
            int from = Math.max(begin - at, 0);
            int to = Math.min(end - at, piece.remaining());
            if (from < to) {
                slices.add(piece.slice(piece.position() + from, to - from));
            }
            at += piece.remaining();
        }
        return slices;
    }

    /** The bytes are not needed any more. */
    public void release() {
        onRelease.run();
    }
}

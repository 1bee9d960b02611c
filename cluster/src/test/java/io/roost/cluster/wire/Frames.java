package io.roost.cluster.wire;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import java.util.List;

/** Whole frames as bytes, for tests. */
public final class Frames {
    private Frames() {}

    /** A message, in as many frames as it takes. */
    public static Bytes message(Protocol protocol, Bytes message) {
        ByteWriter out = new ByteWriter();
        int at = 0;
        do {
            int end = Math.min(message.length(), at + Frame.MAX_PAYLOAD_BYTES);
            ByteBuffer piece = ByteBuffer.wrap(message.array(), at, end - at);
            out.raw(framed(Frame.ofMessage(protocol, List.of(piece), message.length() - end), piece));
            at = end;
        } while (at < message.length());
        return out.toBytes();
    }

    /** A frame of another type. */
    public static Bytes frame(FrameType type, Bytes payload) {
        ByteBuffer content = ByteBuffer.wrap(payload.array());
        return framed(Frame.of(type, content), content);
    }

    /** A header followed by bytes that need not be its payload. */
    public static Bytes framed(Frame header, ByteBuffer payload) {
        ByteBuffer out = ByteBuffer.allocate(Frame.HEADER_BYTES + payload.remaining());
        header.writeHeader(out);
        out.put(payload.duplicate());
        return Bytes.wrap(out.array());
    }
}

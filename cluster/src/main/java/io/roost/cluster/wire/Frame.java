package io.roost.cluster.wire;

import io.roost.cluster.object.Data;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The header of a frame, which is what a connection's bytes consist of. A message of more than {@link #MAX_PAYLOAD_BYTES}
 * takes several frames, one after the other, all full but the last; each says how much of the message is still to come, so
 * the first tells the receiver its length.
 *
 * <pre>
 *  0  length    u32  bytes of the payload
 *  4  rest      u32  bytes of the same message in frames that follow, 0 in its last
 *  8  type      u8   {@link FrameType}
 *  9  version   u8   of this format
 * 10  protocol  u8   {@link Protocol} of a message, 0 for the other types
 * 11  zero      u8
 * 12  payload   u32  CRC32C of the payload; 0 where the connection is encrypted and both sides leave it out
 * 16  header    u32  CRC32C of the 16 bytes before: a length is believed only when this fits
 * 20            the payload
 * </pre>
 *
 * @param type what it is for
 * @param protocol present for messages
 * @param length bytes of the payload
 * @param rest bytes of the same message that follow
 * @param crc32c of the payload
 */
public record Frame(FrameType type, Optional<Protocol> protocol, int length, int rest, int crc32c) {
    /** Bytes before the payload. */
    public static final int HEADER_BYTES = 20;

    /** Largest payload: what one message can keep another waiting for on a connection, some milliseconds at 1 Gbit/s. */
    public static final int MAX_PAYLOAD_BYTES = 256 * 1024;

    /** The format's version. */
    static final int VERSION = 1;

    private static final int CHECKED_BYTES = HEADER_BYTES - 4;

    /** Checks lengths, and that pieces and protocols are for messages only. */
    public Frame {
        if (length < 0 || length > MAX_PAYLOAD_BYTES || rest < 0) {
            throw new FrameException(
                    FrameFault.OVERSIZED,
                    "a frame of " + Integer.toUnsignedString(length) + " bytes before "
                            + Integer.toUnsignedString(rest));
        }
        if (protocol.isPresent() != (type == FrameType.MESSAGE)) {
            throw new FrameException(FrameFault.TYPE, "a frame of type " + type + " with protocol " + protocol);
        }
        if (rest > 0 && (type != FrameType.MESSAGE || length != MAX_PAYLOAD_BYTES)) {
            throw new FrameException(FrameFault.SEQUENCE, "a piece of " + length + " bytes in a frame of type " + type);
        }
    }

    /** A frame that is no message: its payload is between the buffer's position and limit, which stay as they are. */
    public static Frame of(FrameType type, ByteBuffer payload) {
        return new Frame(type, Optional.empty(), payload.remaining(), 0, Data.crc32c(payload.duplicate()));
    }

    /** A message, or a piece of one before {@code rest} more bytes of it, for a connection that checks all bytes by itself. */
    public static Frame unchecked(Protocol protocol, int length, int rest) {
        return new Frame(FrameType.MESSAGE, Optional.of(protocol), length, rest, 0);
    }

    /** A message, or a piece of one before {@code rest} more bytes of it; the buffers stay as they are. */
    public static Frame ofMessage(Protocol protocol, List<ByteBuffer> payload, int rest) {
        CRC32C crc = new CRC32C();
        int length = 0;
        for (ByteBuffer part : payload) {
            length += part.remaining();
            crc.update(part.duplicate());
        }
        return new Frame(FrameType.MESSAGE, Optional.of(protocol), length, rest, (int) crc.getValue());
    }

    /** Appends the header to a big-endian buffer with room for {@link #HEADER_BYTES}. */
    public void writeHeader(ByteBuffer out) {
        int begin = out.position();
        out.putInt(length).putInt(rest);
        out.put((byte) type.code()).put((byte) VERSION);
        out.put((byte) protocol.map(Protocol::code).orElse(0).intValue()).put((byte) 0);
        out.putInt(crc32c);
        out.putInt(Data.crc32c(out.duplicate().position(begin).limit(begin + CHECKED_BYTES)));
    }

    /**
     * Reads a header from a big-endian buffer with at least {@link #HEADER_BYTES} bytes.
     *
     * @throws FrameException when it is none
     */
    static Frame readHeader(ByteBuffer in) {
        int begin = in.position();
        int checksum = Data.crc32c(in.duplicate().limit(begin + CHECKED_BYTES));
        int length = in.getInt();
        int rest = in.getInt();
        int type = in.get() & 0xff;
        int version = in.get() & 0xff;
        int protocol = in.get() & 0xff;
        int zero = in.get();
        int crc32c = in.getInt();
        if (in.getInt() != checksum) {
            throw new FrameException(FrameFault.HEADER_CHECKSUM, "a header whose checksum does not fit");
        }
        if (version != VERSION) {
            throw new FrameException(FrameFault.VERSION, "a frame of version " + version);
        }
        if (zero != 0) {
            throw new FrameException(FrameFault.TYPE, "a frame with a byte of " + zero + " where zero must be");
        }
        return new Frame(
                FrameType.ofCode(type),
                protocol == 0 ? Optional.empty() : Optional.of(Protocol.ofCode(protocol)),
                length,
                rest,
                crc32c);
    }
}

package io.roost.mailstore.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a message is stored in its body: a byte that says how, then what that form has. Other forms (encrypted) will have
 * other first bytes.
 *
 * <pre>
 * 0x00  the message as it is
 * 0x01  compressed:
 *       u32       bytes of the message
 *       u32       bytes of each frame; of them there are as many as hold {@value #FRAME_BYTES} bytes of the message each,
 *                 the last one perhaps fewer, so that a part of the message is found without reading what is before it
 *       frames    of Zstandard (RFC 8878)
 * </pre>
 */
final class StoredBody {
    /** Bytes before a message that is stored as it is: the most that a form adds. */
    static final int HEADER_BYTES = 1;

    /** Of the message, in a frame. */
    static final int FRAME_BYTES = 256 * 1024;

    private static final int PLAIN = 0x00;
    private static final int COMPRESSED = 0x01;

    /** Zstandard's own default: more takes longer than what is saved is worth. */
    private static final int LEVEL = 3;

    /** A message that is smaller has too little to be found in it again. */
    private static final int MIN_COMPRESSED_BYTES = 256;

    private StoredBody() {}

    /** The body of a message: compressed when that is smaller. */
    static byte[] of(Bytes message) {
        byte[] compressed = message.length() < MIN_COMPRESSED_BYTES ? null : compressed(message.array());
        if (compressed != null && compressed.length <= message.length()) {
            return compressed;
        }
        byte[] stored = new byte[HEADER_BYTES + message.length()];
        stored[0] = PLAIN;
        System.arraycopy(message.array(), 0, stored, HEADER_BYTES, message.length());
        return stored;
    }

    private static int frames(int messageBytes) {
        return (messageBytes + FRAME_BYTES - 1) / FRAME_BYTES;
    }

    private static byte[] compressed(byte[] message) {
        List<byte[]> frames = new ArrayList<>();
        int bytes = 1 + Integer.BYTES * (1 + frames(message.length));
        for (int begin = 0; begin < message.length; begin += FRAME_BYTES) {
            int length = Math.min(FRAME_BYTES, message.length - begin);
            byte[] frame = new byte[(int) Zstd.compressBound(length)];
            long size = Zstd.compressByteArray(frame, 0, frame.length, message, begin, length, LEVEL);
            frames.add(Arrays.copyOf(frame, (int) size));
            bytes += (int) size;
        }
        ByteBuffer out = ByteBuffer.allocate(bytes).put((byte) COMPRESSED).putInt(message.length);
        frames.forEach(frame -> out.putInt(frame.length));
        frames.forEach(out::put);
        return out.array();
    }

    /** The message, from a whole body; null for one that is damaged, or of a form that is not known. */
    static Bytes message(byte[] stored) {
        if (stored.length < HEADER_BYTES) {
            return null;
        }
        return switch (stored[0]) {
            case PLAIN -> Bytes.copyOf(stored, HEADER_BYTES, stored.length);
            case COMPRESSED -> decompressed(stored);
            default -> null;
        };
    }

    private static Bytes decompressed(byte[] stored) {
        ByteBuffer header = ByteBuffer.wrap(stored, 1, stored.length - 1);
        int messageBytes = header.remaining() < Integer.BYTES ? -1 : header.getInt();
        if (messageBytes < 0
                || messageBytes > MailboxStore.MAX_MESSAGE_BYTES
                || header.remaining() < Integer.BYTES * frames(messageBytes)) {
            return null;
        }
        byte[] message = new byte[messageBytes];
        int at = header.position() + Integer.BYTES * frames(messageBytes);
        for (int begin = 0; begin < messageBytes; begin += FRAME_BYTES) {
            int length = Math.min(FRAME_BYTES, messageBytes - begin);
            int frameBytes = header.getInt();
            if (frameBytes < 0 || frameBytes > stored.length - at) {
                return null;
            }
            try {
                if (Zstd.decompressByteArray(message, begin, length, stored, at, frameBytes) != length) {
                    return null;
                }
            } catch (ZstdException damaged) {
                return null;
            }
            at += frameBytes;
        }
        return at == stored.length ? Bytes.wrap(message) : null;
    }
}

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

    /** Bytes of a body after which its frames are known, whatever the message. */
    static final int MAX_PREFIX_BYTES = 1 + Integer.BYTES * (1 + frames(MailboxStore.MAX_MESSAGE_BYTES));

    private StoredBody() {}

    /** Where the frames of a message are in its body; a message that is stored as it is has frames too, of the same size. */
    static final class Frames {
        private final int form;
        private final int messageBytes;
        private final long[] begins;

        private Frames(int form, int messageBytes, long[] begins) {
            this.form = form;
            this.messageBytes = messageBytes;
            this.begins = begins;
        }

        /**
         * Reads the begin of a body.
         *
         * @param prefix at most {@link #MAX_PREFIX_BYTES} of it
         * @param storedBytes of the whole body
         * @return null for one that is damaged, or of a form that is not known
         */
        static Frames of(byte[] prefix, long storedBytes) {
            int form = prefix.length < HEADER_BYTES ? -1 : prefix[0];
            ByteBuffer header = ByteBuffer.wrap(prefix, Math.min(1, prefix.length), Math.max(0, prefix.length - 1));
            long messageBytes = switch (form) {
                case PLAIN -> storedBytes - HEADER_BYTES;
                case COMPRESSED -> header.remaining() < Integer.BYTES ? -1 : header.getInt();
                default -> -1;
            };
            if (messageBytes < 0 || messageBytes > MailboxStore.MAX_MESSAGE_BYTES) {
                return null;
            }
            int frames = frames((int) messageBytes);
            if (form == COMPRESSED && header.remaining() < Integer.BYTES * frames) {
                return null;
            }
            long[] begins = new long[frames + 1];
            begins[0] = form == PLAIN ? HEADER_BYTES : header.position() + (long) Integer.BYTES * frames;
            for (int i = 0; i < frames; i++) {
                long plain = Math.min(FRAME_BYTES, messageBytes - (long) i * FRAME_BYTES);
                long length = form == PLAIN ? plain : header.getInt();
                // Zstandard adds little to what it cannot compress: no more is read at a time.
                if (length < 0 || length > Zstd.compressBound(FRAME_BYTES)) {
                    return null;
                }
                begins[i + 1] = begins[i] + length;
            }
            return begins[frames] == storedBytes ? new Frames(form, (int) messageBytes, begins) : null;
        }

        /** Bytes of the message. */
        int messageBytes() {
            return messageBytes;
        }

        /** Where a frame begins in the body. */
        long begin(int frame) {
            return begins[frame];
        }

        /** Its bytes in the body. */
        int storedBytes(int frame) {
            return (int) (begins[frame + 1] - begins[frame]);
        }

        /** Bytes of the message in a frame. */
        int length(int frame) {
            return Math.min(FRAME_BYTES, messageBytes - frame * FRAME_BYTES);
        }

        /** The part of the message in a frame, from its bytes in the body; null when they are damaged. */
        Bytes decoded(int frame, byte[] stored) {
            if (form == PLAIN) {
                return stored.length == length(frame) ? Bytes.wrap(stored) : null;
            }
            byte[] decoded = new byte[length(frame)];
            return decompress(decoded, 0, decoded.length, stored, 0, stored.length) ? Bytes.wrap(decoded) : null;
        }
    }

    private static boolean decompress(byte[] to, int begin, int length, byte[] from, int at, int frameBytes) {
        try {
            return Zstd.decompressByteArray(to, begin, length, from, at, frameBytes) == length;
        } catch (ZstdException damaged) {
            return false;
        }
    }

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
        Frames frames = Frames.of(stored, stored.length);
        if (frames == null) {
            return null;
        }
        if (frames.form == PLAIN) {
            return Bytes.copyOf(stored, HEADER_BYTES, stored.length);
        }
        byte[] message = new byte[frames.messageBytes];
        for (int i = 0; i < frames.begins.length - 1; i++) {
            int begin = (int) frames.begin(i);
            if (!decompress(message, i * FRAME_BYTES, frames.length(i), stored, begin, frames.storedBytes(i))) {
                return null;
            }
        }
        return Bytes.wrap(message);
    }
}

package io.roost.cluster.wire;

import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Makes messages of a connection's bytes, however these are cut into chunks. What a peer claims costs nothing: a header is
 * checked before its length is believed, a length is compared with its limit before memory is taken, and a message of
 * several frames waits until its memory is granted. After a {@link FrameException} the decoder is of no more use.
 * One thread at a time.
 */
public final class FrameDecoder {
    /** Takes what was decoded. */
    public interface Sink {
        /**
         * Asks for the memory of a message of several frames, which is the sink's again when the message is given to it.
         * Refused, the decoder stops, and asks again when it is fed again.
         */
        boolean reserve(int bytes);

        /** A message. */
        void onMessage(Protocol protocol, Bytes message);

        /** A frame that is no message. */
        void onFrame(FrameType type, Bytes payload);
    }

    private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
    private final CRC32C crc = new CRC32C();
    private int maxBytes;
    private boolean isChecked = true;

    /** The frame whose payload is being read; null while its header is. */
    private Frame frame;

    /** Of the message being read, null when none is. */
    private byte[] content;

    private Optional<Protocol> protocol = Optional.empty();
    private int filled;
    private boolean failed;

    /**
     * A decoder at the beginning of a connection.
     *
     * @param maxBytes largest message
     */
    public FrameDecoder(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Sets the limit of messages from now on, of all that have not begun. */
    public void limit(int maxMessageBytes) {
        maxBytes = maxMessageBytes;
    }

    /** From the next frame on payloads have no checksums: whatever decrypts them knows that they are as they were sent. */
    public void leaveChecksums() {
        isChecked = false;
    }

    /** True between two messages: nothing has begun that is not complete. */
    public boolean isIdle() {
        return frame == null && content == null && header.position() == 0;
    }

    /**
     * Takes a chunk, all of it unless the sink refused memory: then the rest of the chunk stays in it.
     *
     * @throws FrameException when the bytes are no frames, or exceed a limit
     */
    public void feed(ByteBuffer chunk, Sink sink) {
        if (failed) {
            throw new IllegalStateException("fed after a failure");
        }
        try {
            while (frame != null || chunk.hasRemaining()) {
                boolean goesOn =
                        (frame != null || readHeader(chunk)) && (content != null || begin(sink)) && readPayload(chunk);
                if (!goesOn) {
                    return;
                }
                endFrame(sink);
            }
        } catch (FrameException malformed) {
            failed = true;
            throw malformed;
        }
    }

    private boolean readHeader(ByteBuffer chunk) {
        move(chunk, header);
        if (header.hasRemaining()) {
            return false;
        }
        Frame read = Frame.readHeader(header.flip());
        header.clear();
        if (content != null && (!read.protocol().equals(protocol) || read.length() + read.rest() != left())) {
            throw new FrameException(FrameFault.SEQUENCE, left() + " bytes of a message are missing before " + read);
        }
        if (content == null && (long) read.length() + read.rest() > maxBytes) {
            throw new FrameException(FrameFault.OVERSIZED, "more than " + maxBytes + " bytes: " + read);
        }
        frame = read;
        crc.reset();
        return true;
    }

    private static void move(ByteBuffer from, ByteBuffer to) {
        int bytes = Math.min(from.remaining(), to.remaining());
        to.put(from.slice(from.position(), bytes));
        from.position(from.position() + bytes);
    }

    private int left() {
        return content.length - filled;
    }

    private boolean begin(Sink sink) {
        int total = frame.length() + frame.rest();
        if (frame.rest() > 0 && !sink.reserve(total)) {
            return false;
        }
        content = new byte[total];
        protocol = frame.protocol();
        filled = 0;
        return true;
    }

    private boolean readPayload(ByteBuffer chunk) {
        int bytes = Math.min(chunk.remaining(), left() - frame.rest());
        chunk.get(content, filled, bytes);
        if (isChecked) {
            crc.update(content, filled, bytes);
        }
        filled += bytes;
        return left() == frame.rest();
    }

    private void endFrame(Sink sink) {
        Frame read = frame;
        frame = null;
        if (isChecked && (int) crc.getValue() != read.crc32c()) {
            throw new FrameException(FrameFault.PAYLOAD_CHECKSUM, "a payload whose checksum does not fit: " + read);
        }
        if (left() > 0) {
            return;
        }
        Bytes whole = Bytes.wrap(content);
        content = null;
        if (read.protocol().isPresent()) {
            sink.onMessage(read.protocol().get(), whole);
        } else {
            sink.onFrame(read.type(), whole);
        }
    }
}

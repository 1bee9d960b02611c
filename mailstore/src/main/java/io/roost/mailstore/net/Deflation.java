package io.roost.mailstore.net;

import io.vertx.core.buffer.Buffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * DEFLATE in both directions of a connection (RFC 4978, RFC 1951). What has come is taken out piece by piece, so that a few
 * bytes that stand for many take no more memory than others.
 */
final class Deflation implements AutoCloseable {
    /** Largest piece; also what one is allocated for. */
    private static final int PIECE_BYTES = 16 * 1024;

    private final Inflater inflater = new Inflater(true);
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final byte[] piece = new byte[PIECE_BYTES];
    private Buffer waiting = Buffer.buffer();

    /** Takes compressed bytes that have come. */
    void offer(Buffer bytes) {
        waiting.appendBuffer(bytes);
    }

    /**
     * The next piece of what has come, or null when more must come first.
     *
     * @throws DataFormatException when it is not DEFLATE, or has ended
     */
    Buffer next() throws DataFormatException {
        if (inflater.needsInput() && waiting.length() > 0) {
            inflater.setInput(waiting.getBytes());
            waiting = Buffer.buffer();
        }
        int length = inflater.inflate(piece);
        if (length > 0) {
            return Buffer.buffer(length).appendBytes(piece, 0, length);
        }
        if (inflater.finished() || inflater.needsDictionary()) {
            throw new DataFormatException("the client has ended its compression");
        }
        return null;
    }

    /** Bytes to be sent, such that the client can take all of them out. */
    Buffer deflated(Buffer bytes) {
        deflater.setInput(bytes.getBytes());
        Buffer out = Buffer.buffer();
        int length;
        do {
            length = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
            out.appendBytes(piece, 0, length);
        } while (length == piece.length);
        return out;
    }

    /** Gives the memory back. */
    @Override
    public void close() {
        inflater.end();
        deflater.end();
    }
}

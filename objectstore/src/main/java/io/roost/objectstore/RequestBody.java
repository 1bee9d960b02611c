package io.roost.objectstore;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.vertx.core.Future;

/**
 * The body of a request, read in pieces on demand. What has been read may only be stored as an object once
 * {@link #digests} is there: only then the signature of every chunk, the length and every checksum have been verified.
 * Used by one event loop.
 */
public interface RequestBody {
    /** Bytes of payload as announced, without the framing of aws-chunked. */
    long length();

    /**
     * Reads the next bytes: as many as asked for unless the body ends before, none at the end. The caller releases them.
     * Fails with an {@link S3Exception} when the body is truncated, malformed or not what its signature or checksum
     * says; nothing of it may be kept then.
     *
     * @param maxBytes a positive multiple of {@link Data#BLOCK_BYTES}
     */
    Future<Data> read(int maxBytes);

    /**
     * Reads a document whole.
     *
     * @param maxBytes a longer one fails with MaxMessageLengthExceeded
     */
    default Future<Bytes> document(int maxBytes) {
        if (length() > maxBytes) {
            return Future.failedFuture(new S3Exception(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED));
        }
        int blocks = (int) Math.max(1, (length() + Data.BLOCK_BYTES - 1) / Data.BLOCK_BYTES);
        return read(blocks * Data.BLOCK_BYTES).map(data -> {
            Bytes document = Bytes.wrap(data.toArray());
            data.release();
            return document;
        });
    }

    /** The additional checksum that the client sends or has announced, such as CRC32; empty for none. */
    String checksumAlgorithm();

    /** Has a checksum computed although the client sends none; to be called before the first {@link #read}. */
    void requireChecksum(String algorithm);

    /** True when everything has been read and verified. */
    boolean isEnded();

    /**
     * What was computed over the payload.
     *
     * @throws IllegalStateException before {@link #isEnded}
     */
    PayloadDigests digests();
}

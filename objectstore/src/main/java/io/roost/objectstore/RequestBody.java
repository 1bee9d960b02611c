package io.roost.objectstore;

import io.roost.cluster.object.Data;
import io.vertx.core.Future;

/**
 * The body of a request, read in pieces on demand. What has been read may only be stored as an object once
 * {@link #digests} is there: only then the signature of every chunk, the length and every checksum have been verified.
 * Used by one event loop.
 */
public interface RequestBody {
    /** The {@link #length} of a body whose length is only known at its end. */
    long UNKNOWN_LENGTH = -1;

    /** Bytes of payload, without the framing of aws-chunked; {@link #UNKNOWN_LENGTH} when it was not announced. */
    long length();

    /**
     * Reads the next bytes: as many as asked for unless the body ends before, none at the end. The caller releases them.
     * Fails with an {@link S3Exception} when the body is truncated, malformed or not what its signature or checksum
     * says; nothing of it may be kept then.
     *
     * @param maxBytes a positive multiple of {@link Data#BLOCK_BYTES}
     */
    Future<Data> read(int maxBytes);

    /** True when everything has been read and verified. */
    boolean isEnded();

    /**
     * What was computed over the payload.
     *
     * @throws IllegalStateException before {@link #isEnded}
     */
    PayloadDigests digests();
}

package io.roost.objectstore.auth;

import io.roost.cluster.object.Bytes;

/** How the body of a request is protected: the meaning of {@code x-amz-content-sha256} once the signature is verified. */
public sealed interface PayloadMode {
    /** Nothing protects the body: {@code UNSIGNED-PAYLOAD}, or no declaration where none is needed. */
    record Unsigned() implements PayloadMode {
        /** The only value needed. */
        public static final Unsigned INSTANCE = new Unsigned();
    }

    /**
     * The body must have this SHA-256, also when it is empty.
     *
     * @param sha256 32 bytes
     */
    record Hashed(Bytes sha256) implements PayloadMode {
        /** Checks the length. */
        public Hashed {
            if (sha256.length() != 32) {
                throw new IllegalArgumentException("a SHA-256 of " + sha256.length() + " bytes");
            }
        }
    }

    /**
     * aws-chunked, every chunk signed: {@code STREAMING-AWS4-HMAC-SHA256-PAYLOAD} and, with trailers,
     * {@code STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER}.
     *
     * @param signature the chain of chunk signatures at its seed; belongs to this one body
     * @param ending what follows the last chunk
     */
    record SignedChunks(StreamingSignature signature, Ending ending) implements PayloadMode {}

    /** aws-chunked without chunk signatures, with trailers: {@code STREAMING-UNSIGNED-PAYLOAD-TRAILER}. */
    record UnsignedChunks() implements PayloadMode {
        /** The only value needed. */
        public static final UnsignedChunks INSTANCE = new UnsignedChunks();
    }

    /** What follows the last chunk of a signed body. */
    enum Ending {
        /** Nothing. */
        PLAIN,
        /** Trailers and their signature. */
        TRAILER
    }
}

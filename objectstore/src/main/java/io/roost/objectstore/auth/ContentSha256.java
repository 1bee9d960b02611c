package io.roost.objectstore.auth;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.util.function.Supplier;

/**
 * A valid value of {@code x-amz-content-sha256}.
 *
 * @param text as sent, which is also what is signed
 * @param kind what it declares
 */
record ContentSha256(String text, Kind kind) {
    static final String HEADER = "x-amz-content-sha256";
    static final ContentSha256 UNSIGNED = new ContentSha256("UNSIGNED-PAYLOAD", Kind.UNSIGNED);

    private static final int HASH_DIGITS = 64;

    enum Kind {
        UNSIGNED,
        HASH,
        SIGNED_CHUNKS,
        SIGNED_CHUNKS_TRAILER,
        UNSIGNED_CHUNKS_TRAILER
    }

    /** The header of a request, null when it is absent. */
    static ContentSha256 of(RequestHeaders headers) {
        String text = headers.first(HEADER);
        if (text == null) {
            return null;
        }
        if (headers.occurrences(HEADER) > 1) {
            throw invalid(text);
        }
        return of(text);
    }

    /** Reads a value. */
    static ContentSha256 of(String text) {
        if (isHash(text)) {
            return new ContentSha256(text, Kind.HASH);
        }
        Kind kind = switch (text) {
            case "UNSIGNED-PAYLOAD" -> Kind.UNSIGNED;
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> Kind.SIGNED_CHUNKS;
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> Kind.SIGNED_CHUNKS_TRAILER;
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> Kind.UNSIGNED_CHUNKS_TRAILER;
            default -> throw invalid(text);
        };
        return new ContentSha256(text, kind);
    }

    /** How the body of a request is protected whose signature, if it has one, cannot sign chunks. */
    static PayloadMode unsignedRequest(RequestHeaders headers) {
        ContentSha256 declared = of(headers);
        if (declared == null) {
            return PayloadMode.Unsigned.INSTANCE;
        }
        return declared.mode(() -> {
            throw invalid(declared.text);
        });
    }

    /** The meaning for the body, with a chain of chunk signatures where one is declared. */
    PayloadMode mode(Supplier<StreamingSignature> chain) {
        return switch (kind) {
            case UNSIGNED -> PayloadMode.Unsigned.INSTANCE;
            case HASH -> new PayloadMode.Hashed(Bytes.hex(text));
            case SIGNED_CHUNKS -> new PayloadMode.SignedChunks(chain.get(), PayloadMode.Ending.PLAIN);
            case SIGNED_CHUNKS_TRAILER -> new PayloadMode.SignedChunks(chain.get(), PayloadMode.Ending.TRAILER);
            case UNSIGNED_CHUNKS_TRAILER -> PayloadMode.UnsignedChunks.INSTANCE;
        };
    }

    static S3Exception invalid(String text) {
        return new S3Exception(
                S3Error.INVALID_ARGUMENT,
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                        + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER,"
                        + " or a valid sha256 value.",
                new S3Exception.Detail("ArgumentName", HEADER),
                new S3Exception.Detail("ArgumentValue", text));
    }

    private static boolean isHash(String text) {
        if (text.length() != HASH_DIGITS) {
            return false;
        }
        for (int i = 0; i < HASH_DIGITS; i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
                return false;
            }
        }
        return true;
    }
}

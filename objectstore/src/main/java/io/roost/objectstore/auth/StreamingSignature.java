package io.roost.objectstore.auth;

import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The chain of signatures of an aws-chunked body: each covers the one before it and its chunk, the first the signature of
 * the request ("Transferring Payload in Multiple Chunks" and "Including Trailing Headers", AWS S3 API reference). So a
 * chunk can be neither changed, moved, left out nor taken from another request. One instance serves one body, on one
 * thread at a time. Feed a chunk's bytes with {@link #update}, then {@link #endChunk}; nothing fed is proved before.
 */
public final class StreamingSignature {
    private static final String CHUNK_ALGORITHM = "AWS4-HMAC-SHA256-PAYLOAD";
    private static final String TRAILER_ALGORITHM = "AWS4-HMAC-SHA256-TRAILER";
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final SigningKeys.SigningKey key;
    private final String time;
    private final CredentialScope scope;
    private final MessageDigest digest = SigningKeys.sha256Digest();
    private byte[] previous;

    /**
     * Begins a chain.
     *
     * @param seed the hex digits of the request's signature
     */
    StreamingSignature(SigningKeys.SigningKey key, AmzDate time, CredentialScope scope, byte[] seed) {
        this.key = key;
        this.time = time.basic();
        this.scope = scope;
        this.previous = seed;
    }

    /** Takes bytes of the current chunk, from position to limit, which are consumed. */
    public void update(ByteBuffer payload) {
        digest.update(payload);
    }

    /**
     * Ends the current chunk and begins the next.
     *
     * @param signature the value of its {@code chunk-signature}
     * @throws S3Exception SignatureDoesNotMatch
     */
    public void endChunk(String signature) {
        CanonicalText text = stringToSign(CHUNK_ALGORITHM).put(EMPTY_SHA256).put('\n');
        advance(text.putHex(digest.digest()), signature);
    }

    /**
     * Ends the body.
     *
     * @param trailers every trailer but the signature as {@code name:value} and a line feed, in the order sent
     * @param signature the value of {@code x-amz-trailer-signature}
     * @throws S3Exception SignatureDoesNotMatch
     */
    public void endTrailers(String trailers, String signature) {
        digest.update(trailers.getBytes(StandardCharsets.ISO_8859_1));
        advance(stringToSign(TRAILER_ALGORITHM).putHex(digest.digest()), signature);
    }

    private CanonicalText stringToSign(String algorithm) {
        CanonicalText text = new CanonicalText(320);
        text.put(algorithm).put('\n').put(time).put('\n');
        return scope.put(text).put('\n').put(previous).put('\n');
    }

    private void advance(CanonicalText stringToSign, String signature) {
        byte[] expected = new CanonicalText(64).putHex(key.sign(stringToSign)).toArray();
        if (!MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.ISO_8859_1))) {
            throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
        previous = expected;
    }
}

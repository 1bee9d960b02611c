package io.roost.objectstore.auth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Frames and signs chunks as AWS's documents describe it, written apart from the code under test. For requests of
 * {@link SdkSigner}: its key, day and region.
 */
public final class ChunkSigner {
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final byte[] signingKey;
    private String previous;

    /** Begins a chain at the signature of a request. */
    public ChunkSigner(RawRequest request) {
        String authorization = request.headers().first("authorization");
        previous = authorization.substring(authorization.indexOf("Signature=") + "Signature=".length());
        byte[] key = ("AWS4" + SdkSigner.KEY.secret()).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {"20130524", "us-east-1", "s3", "aws4_request"}) {
            key = hmac(key, part);
        }
        signingKey = key;
    }

    /** A chunk, or the last one when it is empty: without the CRLF that would then end the body. */
    public byte[] chunk(byte[] payload) {
        sign("AWS4-HMAC-SHA256-PAYLOAD", EMPTY_SHA256 + "\n" + sha256(payload));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii(Integer.toHexString(payload.length) + ";chunk-signature=" + previous + "\r\n"));
        if (payload.length > 0) {
            out.writeBytes(payload);
            out.writeBytes(ascii("\r\n"));
        }
        return out.toByteArray();
    }

    /** The line with the signature of trailers, given as {@code name:value\n...}. */
    public byte[] trailerSignature(String trailers) {
        sign("AWS4-HMAC-SHA256-TRAILER", sha256(ascii(trailers)));
        return ascii("x-amz-trailer-signature:" + previous + "\r\n");
    }

    private void sign(String algorithm, String rest) {
        previous = HexFormat.of()
                .formatHex(hmac(
                        signingKey,
                        algorithm + "\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n" + previous + "\n"
                                + rest));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] hmac(byte[] key, String message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(ascii(message));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}

package io.roost.deploy.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs S3 requests in a header as Signature Version 4 says (AWS, "Signature Calculations for the Authorization Header").
 * The derived key is kept for its day, so a request costs one hash of its canonical form and one HMAC. Not safe for use
 * by several threads at once: each has its own.
 */
public final class RequestSigner {
    /** What x-amz-content-sha256 says of a payload that is not covered by the signature. */
    public static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    /** Of an empty payload. */
    public static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final HexFormat HEX = HexFormat.of();

    private final String accessKey;
    private final byte[] initialKey;
    private final String region;
    private final MessageDigest sha256;
    private final Mac mac;
    private final StringBuilder text = new StringBuilder(1024);
    private String day = "";
    private SecretKeySpec dayKey;
    private long second = Long.MIN_VALUE;
    private String timestamp = "";

    /**
     * A header that is signed.
     *
     * @param name in lower case
     * @param value as sent, without white space at its ends
     */
    public record Header(String name, String value) {}

    /** A signer of one key for one region. */
    public RequestSigner(String accessKey, String secretKey, String region) {
        this.accessKey = accessKey;
        this.initialKey = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        this.region = region;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
            mac = Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The time as x-amz-date writes it, to the second. */
    public String timestamp(long epochSecond) {
        if (epochSecond != second) {
            LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochSecond(epochSecond), ZoneOffset.UTC);
            StringBuilder out = new StringBuilder(16);
            digits(out, time.getYear(), 4);
            digits(out, time.getMonthValue(), 2);
            digits(out, time.getDayOfMonth(), 2);
            out.append('T');
            digits(out, time.getHour(), 2);
            digits(out, time.getMinute(), 2);
            digits(out, time.getSecond(), 2);
            timestamp = out.append('Z').toString();
            second = epochSecond;
        }
        return timestamp;
    }

    private static void digits(StringBuilder out, int number, int count) {
        String written = Integer.toString(number);
        for (int i = written.length(); i < count; i++) {
            out.append('0');
        }
        out.append(written);
    }

    /**
     * The value of the Authorization header.
     *
     * @param method as sent
     * @param path as sent, percent-encoded as S3 wants it
     * @param query in canonical form: names and values encoded, sorted, each name with {@code =}; empty for none
     * @param headers those to be signed, sorted by name, at least host and x-amz-date
     * @param payloadHash the value of x-amz-content-sha256
     * @param epochSecond the time that x-amz-date says
     */
    public String authorization(
            String method, String path, String query, List<Header> headers, String payloadHash, long epochSecond) {
        String time = timestamp(epochSecond);
        String date = time.substring(0, 8);
        String names = names(headers);
        text.setLength(0);
        text.append(method).append('\n').append(path).append('\n').append(query).append('\n');
        for (Header header : headers) {
            text.append(header.name()).append(':').append(header.value()).append('\n');
        }
        text.append('\n').append(names).append('\n').append(payloadHash);
        String canonicalHash = HEX.formatHex(sha256.digest(utf8(text)));
        text.setLength(0);
        text.append("AWS4-HMAC-SHA256\n").append(time).append('\n');
        scope(date).append('\n').append(canonicalHash);
        String signature = HEX.formatHex(hmac(keyOf(date), utf8(text)));
        text.setLength(0);
        text.append("AWS4-HMAC-SHA256 Credential=").append(accessKey).append('/');
        return scope(date)
                .append(", SignedHeaders=")
                .append(names)
                .append(", Signature=")
                .append(signature)
                .toString();
    }

    private StringBuilder scope(String date) {
        return text.append(date).append('/').append(region).append("/s3/aws4_request");
    }

    private static String names(List<Header> headers) {
        StringBuilder names = new StringBuilder(64);
        for (Header header : headers) {
            if (names.length() > 0) {
                names.append(';');
            }
            names.append(header.name());
        }
        return names.toString();
    }

    private static byte[] utf8(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private SecretKeySpec keyOf(String date) {
        if (!date.equals(day)) {
            byte[] key = hmac(key(initialKey), date.getBytes(StandardCharsets.UTF_8));
            key = hmac(key(key), region.getBytes(StandardCharsets.UTF_8));
            key = hmac(key(key), "s3".getBytes(StandardCharsets.UTF_8));
            dayKey = key(hmac(key(key), "aws4_request".getBytes(StandardCharsets.UTF_8)));
            day = date;
        }
        return dayKey;
    }

    private static SecretKeySpec key(byte[] bytes) {
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    private byte[] hmac(SecretKeySpec key, byte[] message) {
        try {
            mac.init(key);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a key of raw bytes is valid", e);
        }
        return mac.doFinal(message);
    }

    /** The hash of a payload as x-amz-content-sha256 carries it. */
    public String payloadHash(byte[] payload) {
        return HEX.formatHex(sha256.digest(payload));
    }
}

package io.roost.objectstore;

import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding as RFC 3986 section 2.1 has it, over bytes. Nothing is normalised: every byte string has one decoded
 * form, and {@code a}, {@code a/}, {@code //} and {@code ..} stay what they are.
 */
public final class PercentCoding {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private PercentCoding() {}

    /** How a plus sign is read. */
    public enum Plus {
        /** As itself: in paths. */
        LITERAL,
        /** As a space: in query strings. */
        SPACE
    }

    /**
     * Decodes the characters {@code [begin, end)}; each stands for one byte of the request line.
     *
     * @throws S3Exception InvalidURI for a percent sign without two hex digits, or for bytes that are not UTF-8
     */
    public static Bytes decode(CharSequence text, int begin, int end, Plus plus) {
        byte[] decoded = new byte[end - begin];
        int size = 0;
        boolean ascii = true;
        for (int i = begin; i < end; i++) {
            int c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= end) {
                    throw new S3Exception(S3Error.INVALID_URI);
                }
                c = hexDigit(text.charAt(i + 1)) << 4 | hexDigit(text.charAt(i + 2));
                i += 2;
            } else if (c == '+' && plus == Plus.SPACE) {
                c = ' ';
            }
            ascii &= c < 0x80;
            decoded[size++] = (byte) c;
        }
        if (!ascii) {
            checkUtf8(decoded, size);
        }
        return Bytes.copyOf(decoded, 0, size);
    }

    private static int hexDigit(char c) {
        int digit = Character.digit(c, 16);
        if (digit < 0 || c >= 0x80) {
            throw new S3Exception(S3Error.INVALID_URI);
        }
        return digit;
    }

    private static void checkUtf8(byte[] bytes, int size) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, size));
        } catch (CharacterCodingException e) {
            throw new S3Exception(S3Error.INVALID_URI);
        }
    }

    /** Encodes every byte but letters, digits, {@code - _ . ~} and the slash, as {@code encoding-type=url} asks for. */
    public static Bytes encode(Bytes bytes) {
        byte[] raw = bytes.array();
        int size = 0;
        for (byte b : raw) {
            size += isPlain(b) ? 1 : 3;
        }
        if (size == raw.length) {
            return bytes;
        }
        byte[] encoded = new byte[size];
        int at = 0;
        for (byte b : raw) {
            if (isPlain(b)) {
                encoded[at++] = b;
            } else {
                encoded[at++] = '%';
                encoded[at++] = HEX[b >> 4 & 0xf];
                encoded[at++] = HEX[b & 0xf];
            }
        }
        return Bytes.wrap(encoded);
    }

    private static boolean isPlain(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '_'
                || b == '.'
                || b == '~'
                || b == '/';
    }
}

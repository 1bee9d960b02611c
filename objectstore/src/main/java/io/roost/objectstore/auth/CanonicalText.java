package io.roost.objectstore.auth;

import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte string in which canonical forms are written. Texts are ISO 8859-1: a char is a byte.
 */
final class CanonicalText {
    private static final byte[] HEX_LOWER = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] HEX_UPPER = "0123456789ABCDEF".getBytes(StandardCharsets.ISO_8859_1);

    private byte[] bytes;
    private int length;

    CanonicalText(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    int length() {
        return length;
    }

    byte[] array() {
        return bytes;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    CanonicalText put(char c) {
        if (c > 0xff) {
            throw notBytes();
        }
        if (length == bytes.length) {
            grow(1);
        }
        bytes[length++] = (byte) c;
        return this;
    }

    CanonicalText put(String text) {
        return put(text, 0, text.length());
    }

    CanonicalText put(String text, int begin, int end) {
        if (bytes.length - length < end - begin) {
            grow(end - begin);
        }
        int at = length;
        int seen = 0;
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            seen |= c;
            bytes[at++] = (byte) c;
        }
        if (seen > 0xff) {
            throw notBytes();
        }
        length = at;
        return this;
    }

    CanonicalText put(byte[] other) {
        if (bytes.length - length < other.length) {
            grow(other.length);
        }
        System.arraycopy(other, 0, bytes, length, other.length);
        length += other.length;
        return this;
    }

    /** Two lower-case hex digits for every byte. */
    CanonicalText putHex(byte[] binary) {
        if (bytes.length - length < 2 * binary.length) {
            grow(2 * binary.length);
        }
        for (byte b : binary) {
            bytes[length++] = HEX_LOWER[(b >> 4) & 0xf];
            bytes[length++] = HEX_LOWER[b & 0xf];
        }
        return this;
    }

    /** A header value without blanks at its ends and with runs of blanks inside as one space. */
    CanonicalText putTrimmed(String value) {
        int end = value.length();
        boolean blankBefore = false;
        boolean begun = false;
        for (int i = 0; i < end; i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '\t') {
                blankBefore = begun;
                continue;
            }
            if (blankBefore) {
                put(' ');
                blankBefore = false;
            }
            begun = true;
            put(c);
        }
        return this;
    }

    /**
     * Decodes the percent-encoding of {@code [begin, end)} and encodes again as signatures want it: every byte but
     * A-Z a-z 0-9 - . _ ~ as %XX in upper case. In a path the slash stays; in a query + is a space.
     */
    CanonicalText putRecoded(String encoded, int begin, int end, Part part) {
        for (int i = begin; i < end; i++) {
            int b = encoded.charAt(i);
            if (b == '%') {
                b = percentEncoded(encoded, i, end);
                i += 2;
            } else if (b == '+' && part == Part.QUERY) {
                b = ' ';
            } else if (b > 0xff) {
                throw notBytes();
            }
            if (b == '/' && part == Part.PATH) {
                put('/');
            } else {
                putEncoded(b);
            }
        }
        return this;
    }

    /** Encodes every byte of a decoded text but the unreserved ones. */
    CanonicalText putEncoded(String decoded) {
        for (int i = 0; i < decoded.length(); i++) {
            char c = decoded.charAt(i);
            if (c > 0xff) {
                throw notBytes();
            }
            putEncoded((int) c);
        }
        return this;
    }

    private void putEncoded(int b) {
        if (isUnreserved(b)) {
            put((char) b);
        } else {
            put('%').put((char) HEX_UPPER[b >> 4]).put((char) HEX_UPPER[b & 0xf]);
        }
    }

    /** The decoded bytes of {@code [begin, end)}. */
    CanonicalText putDecoded(String encoded, int begin, int end, Part part) {
        for (int i = begin; i < end; i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                put((char) percentEncoded(encoded, i, end));
                i += 2;
            } else {
                put(c == '+' && part == Part.QUERY ? ' ' : c);
            }
        }
        return this;
    }

    /** Which part of a URI is encoded. */
    enum Part {
        PATH,
        QUERY
    }

    private static int percentEncoded(String encoded, int at, int end) {
        if (at + 2 >= end) {
            throw new S3Exception(S3Error.INVALID_URI);
        }
        int high = Character.digit(encoded.charAt(at + 1), 16);
        int low = Character.digit(encoded.charAt(at + 2), 16);
        // Character.digit also knows digits of other scripts; a URI does not.
        if (high < 0 || low < 0 || encoded.charAt(at + 1) > 'f' || encoded.charAt(at + 2) > 'f') {
            throw new S3Exception(S3Error.INVALID_URI);
        }
        return (high << 4) | low;
    }

    private static boolean isUnreserved(int b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~';
    }

    private static S3Exception notBytes() {
        return new S3Exception(S3Error.INVALID_REQUEST, "The request head contains a character that is not a byte.");
    }

    private void grow(int more) {
        bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
}

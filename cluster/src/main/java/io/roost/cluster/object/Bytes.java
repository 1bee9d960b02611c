package io.roost.cluster.object;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable byte string, ordered by unsigned bytes (a prefix sorts first), as the store orders its keys.
 * Arrays given to {@link #wrap} or taken from {@link #array} must never be changed afterwards.
 */
public final class Bytes implements Comparable<Bytes> {
    /** The empty byte string. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;
    private int hash;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over without copying it. */
    public static Bytes wrap(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes);
    }

    /** The bytes {@code [begin, end)} of an array, copied. */
    public static Bytes copyOf(byte[] bytes, int begin, int end) {
        return begin == end ? EMPTY : new Bytes(Arrays.copyOfRange(bytes, begin, end));
    }

    /** The UTF-8 form of a text. */
    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One byte for every value, each taken modulo 256. */
    public static Bytes of(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return wrap(bytes);
    }

    /** The bytes written as pairs of hex digits. */
    public static Bytes hex(String digits) {
        return wrap(HexFormat.of().parseHex(digits));
    }

    /** Number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** True when there is no byte. */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /** The byte at an index, 0 to 255. */
    public int at(int index) {
        return bytes[index] & 0xff;
    }

    /** The array itself, not to be changed. */
    public byte[] array() {
        return bytes;
    }

    /** The bytes {@code [begin, end)}. */
    public Bytes slice(int begin, int end) {
        return begin == 0 && end == bytes.length ? this : copyOf(bytes, begin, end);
    }

    /** This followed by another. */
    public Bytes concat(Bytes other) {
        if (other.isEmpty()) {
            return this;
        }
        byte[] joined = Arrays.copyOf(bytes, bytes.length + other.bytes.length);
        System.arraycopy(other.bytes, 0, joined, bytes.length, other.bytes.length);
        return wrap(joined);
    }

    /** True when this begins with all of the other's bytes. */
    public boolean startsWith(Bytes prefix) {
        return bytes.length >= prefix.bytes.length
                && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
    }

    /**
     * The smallest byte string greater than every one that begins with this one, or null when there is none
     * (this is empty or all 0xFF).
     */
    public Bytes prefixEnd() {
        int last = bytes.length - 1;
        while (last >= 0 && bytes[last] == (byte) 0xff) {
            last--;
        }
        if (last < 0) {
            return null;
        }
        byte[] end = Arrays.copyOf(bytes, last + 1);
        end[last]++;
        return wrap(end);
    }

    /** The bytes read as UTF-8; malformed input is replaced by U+FFFD. */
    public String utf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Lower-case hex digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        int h = hash;
        if (h == 0) {
            h = Arrays.hashCode(bytes);
            hash = h;
        }
        return h;
    }

    /** Printable ASCII as it is, anything else as {@code \xx}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            if (b >= 0x20 && b < 0x7f && b != '\\') {
                text.append((char) b);
            } else {
                text.append('\\').append(HexFormat.of().toHexDigits(b));
            }
        }
        return text.toString();
    }
}

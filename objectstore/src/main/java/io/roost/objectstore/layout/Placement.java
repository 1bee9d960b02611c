package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;

/**
 * How a bucket chooses the shard of a key.
 *
 * @param prefixSegments 0: by the hash of the whole key; n: by the hash of its first n path segments, of keys with fewer
 *     slashes by the hash of the whole key
 */
public record Placement(int prefixSegments) {
    /** By the whole key. */
    public static final Placement HASH = new Placement(0);

    /** Most segments that count. */
    public static final int MAX_SEGMENTS = 16;

    /** Checks the range. */
    public Placement {
        if (prefixSegments < 0 || prefixSegments > MAX_SEGMENTS) {
            throw new IllegalArgumentException("placement by " + prefixSegments + " segments");
        }
    }

    /** True for placement by segments. */
    public boolean isPrefix() {
        return prefixSegments > 0;
    }

    /** Reads {@code hash}, {@code prefix} (1 segment) or {@code prefix:N}; null when it is none of these. */
    public static Placement parse(String text) {
        if (text.equals("hash")) {
            return HASH;
        }
        if (text.equals("prefix")) {
            return new Placement(1);
        }
        if (!text.startsWith("prefix:") || text.length() > "prefix:00".length()) {
            return null;
        }
        int segments = 0;
        for (int i = "prefix:".length(); i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            segments = segments * 10 + digit;
        }
        return segments < 1 || segments > MAX_SEGMENTS ? null : new Placement(segments);
    }

    /** As {@link #parse} reads it. */
    public String text() {
        return prefixSegments == 0 ? "hash" : "prefix:" + prefixSegments;
    }

    /**
     * Length of the part of a key (or of the prefix of keys) that decides: up to its n-th slash. Its whole length when it
     * has fewer slashes or all of the key counts.
     */
    int decidingLength(Bytes key) {
        if (prefixSegments == 0) {
            return key.length();
        }
        int slashes = 0;
        byte[] bytes = key.array();
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '/' && ++slashes == prefixSegments) {
                return i;
            }
        }
        return bytes.length;
    }

    /** True when every key that begins with the prefix has the same deciding part. */
    boolean isDecidedBy(Bytes prefix) {
        return prefixSegments > 0 && decidingLength(prefix) < prefix.length();
    }

    /** Writes one byte: the number of segments. */
    public void encode(ByteWriter out) {
        out.u8(prefixSegments);
    }

    /** Reads what {@link #encode} writes. */
    public static Placement decode(ByteReader in) {
        return new Placement(in.u8());
    }
}

package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import java.util.HexFormat;

/**
 * Which version of a key: the latest, the null version, or one of its own id. An id holds the version's sequence, so that
 * it is found without an index, and a random tag, so that it is never given twice.
 *
 * @param kind which of the three
 * @param sequence of a {@link Kind#NUMBERED} version, 1 and more; 0 otherwise
 * @param tag random, from the request that made the version; 0 unless NUMBERED
 */
public record VersionId(Kind kind, long sequence, long tag) {
    /** The version that a request without a version id means. */
    public static final VersionId LATEST = new VersionId(Kind.LATEST, 0, 0);

    /** The version written while versioning was not enabled. */
    public static final VersionId NULL = new VersionId(Kind.NULL, 0, 0);

    private static final int TEXT_DIGITS = 32;

    /** How a version is named. */
    public enum Kind {
        /** Whatever is newest. */
        LATEST(0),
        /** The version without an id. */
        NULL(1),
        /** The version of an id. */
        NUMBERED(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    /** Checks the ranges above. */
    public VersionId {
        if (kind == Kind.NUMBERED ? sequence < 1 : sequence != 0 || tag != 0) {
            throw new IllegalArgumentException("version id " + kind + " " + sequence);
        }
    }

    /** The id of a numbered version. */
    public static VersionId of(long sequence, long tag) {
        return new VersionId(Kind.NUMBERED, sequence, tag);
    }

    /** As the API writes it: {@code null} or 32 hex digits; empty for the latest. */
    public String text() {
        return switch (kind) {
            case LATEST -> "";
            case NULL -> "null";
            case NUMBERED ->
                HexFormat.of().toHexDigits(sequence) + HexFormat.of().toHexDigits(tag);
        };
    }

    /** Reads a version id of a request, or null when it is none that Roost gives. */
    public static VersionId parse(String text) {
        if (text.equals("null")) {
            return NULL;
        }
        if (text.length() != TEXT_DIGITS) {
            return null;
        }
        for (int i = 0; i < TEXT_DIGITS; i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return null;
            }
        }
        long sequence = HexFormat.fromHexDigitsToLong(text, 0, 16);
        return sequence < 1 ? null : of(sequence, HexFormat.fromHexDigitsToLong(text, 16, 32));
    }

    /** Writes kind u8 and, of a numbered one, sequence varint, tag u64. */
    public void encode(ByteWriter out) {
        out.u8(kind.code);
        if (kind == Kind.NUMBERED) {
            out.varint(sequence).u64(tag);
        }
    }

    /** Reads what {@link #encode} writes. */
    public static VersionId decode(ByteReader in) {
        int kind = in.u8();
        return switch (kind) {
            case 0 -> LATEST;
            case 1 -> NULL;
            case 2 -> of(in.varint(), in.u64());
            default -> throw new MalformedBytesException("version id of kind " + kind);
        };
    }
}

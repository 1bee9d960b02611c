package io.roost.objectstore.classes;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;

/** Which bytes of an object a GET wants (RFC 9110 section 14.1.2). */
public sealed interface ByteSpan {
    /** All of them. */
    static ByteSpan all() {
        return new All();
    }

    /** The whole object. */
    record All() implements ByteSpan {}

    /**
     * From a first byte to a last one, or to the end.
     *
     * @param first offset of the first byte
     * @param last offset of the last byte wanted, {@link Long#MAX_VALUE} for the end
     */
    record Between(long first, long last) implements ByteSpan {
        /** Checks the order. */
        public Between {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("bytes " + first + " to " + last);
            }
        }
    }

    /**
     * The last bytes.
     *
     * @param length how many, 0 and more
     */
    record Suffix(long length) implements ByteSpan {
        /** Checks the range. */
        public Suffix {
            if (length < 0) {
                throw new IllegalArgumentException("the last " + length + " bytes");
            }
        }
    }

    /** Offset of the first byte in an object of a size, or -1 when the range cannot be satisfied. */
    default long offset(long sizeBytes) {
        if (this instanceof Between between) {
            return between.first() < sizeBytes ? between.first() : -1;
        }
        if (this instanceof Suffix suffix) {
            return suffix.length() == 0 || sizeBytes == 0 ? -1 : Math.max(0, sizeBytes - suffix.length());
        }
        return 0;
    }

    /** Number of bytes in an object of a size, given a satisfiable range. */
    default long length(long sizeBytes) {
        if (this instanceof Between between) {
            return Math.min(between.last(), sizeBytes - 1) - between.first() + 1;
        }
        return this instanceof Suffix suffix ? Math.min(suffix.length(), sizeBytes) : sizeBytes;
    }

    /** Writes kind u8 and its numbers. */
    default void encode(ByteWriter out) {
        if (this instanceof Between between) {
            out.u8(1).varint(between.first()).varint(between.last());
        } else if (this instanceof Suffix suffix) {
            out.u8(2).varint(suffix.length());
        } else {
            out.u8(0);
        }
    }

    /** Reads what {@link #encode} writes. */
    static ByteSpan decode(ByteReader in) {
        int kind = in.u8();
        return switch (kind) {
            case 0 -> all();
            case 1 -> new Between(in.varint(), in.varint());
            case 2 -> new Suffix(in.varint());
            default -> throw new MalformedBytesException("byte span of kind " + kind);
        };
    }
}

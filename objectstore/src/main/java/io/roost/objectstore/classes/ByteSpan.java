package io.roost.objectstore.classes;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.objectstore.layout.PartList;
import io.roost.objectstore.layout.PartPage;

/** Which bytes of an object a GET wants: a range (RFC 9110 section 14.1.2) or a part by its number. */
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

    /**
     * The bytes of a part of a multipart object; any other object is its own part 1.
     *
     * @param number 1 to 10,000
     */
    record Part(int number) implements ByteSpan {
        /** Checks the range. */
        public Part {
            if (number < 1 || number > PartPage.MAX_PART_NUMBER) {
                throw new IllegalArgumentException("part " + number);
            }
        }

        /** Where the part is in an object of a size, or null when the object has no such part. */
        PartList.Extent in(long sizeBytes, PartList parts) {
            if (parts.runs().isEmpty()) {
                return number == 1 ? new PartList.Extent(0, sizeBytes) : null;
            }
            return parts.extent(number);
        }
    }

    /** Offset of the first byte in an object of a size, or -1 when the range cannot be satisfied; not of a part. */
    default long offset(long sizeBytes) {
        if (this instanceof Between between) {
            return between.first() < sizeBytes ? between.first() : -1;
        }
        if (this instanceof Suffix suffix) {
            return suffix.length() == 0 || sizeBytes == 0 ? -1 : Math.max(0, sizeBytes - suffix.length());
        }
        return 0;
    }

    /** Number of bytes in an object of a size, given a satisfiable range; not of a part. */
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
        } else if (this instanceof Part part) {
            out.u8(3).varint(part.number());
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
            case 3 -> new Part(in.count(PartPage.MAX_PART_NUMBER));
            default -> throw new MalformedBytesException("byte span of kind " + kind);
        };
    }
}

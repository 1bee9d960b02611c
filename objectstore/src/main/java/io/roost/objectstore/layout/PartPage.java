package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Up to {@value #PARTS_PER_PAGE} parts of an upload in one row. They stay after the upload is completed and are the
 * object's manifest. Pages rather than a row for each part, so that one evaluation can look at all 10,000 parts.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * count          varint; each part, in order of numbers:
 * number         varint
 * MD5            16 bytes
 * last modified  varint  Unix milliseconds
 * checksum       bytes
 * stripe set     {@link StripeSet}
 * </pre>
 *
 * @param parts in order of their numbers, all of one page
 */
public record PartPage(List<Part> parts) {
    /** Parts are numbered from 1 to this. */
    public static final int MAX_PART_NUMBER = 10_000;

    /** Parts in a page: 313 pages hold the largest upload, and a page is about 2 KiB. */
    public static final int PARTS_PER_PAGE = 32;

    /** A page without parts. */
    public static final PartPage EMPTY = new PartPage(List.of());

    private static final int VERSION = 1;

    /** Checks the order and copies the list. */
    public PartPage {
        parts = List.copyOf(parts);
        int last = 0;
        for (Part part : parts) {
            if (part.number <= last || (last > 0 && pageOf(part.number) != pageOf(last))) {
                throw new IllegalArgumentException("part " + part.number + " after " + last);
            }
            last = part.number;
        }
    }

    /**
     * A part.
     *
     * @param number 1 to 10,000
     * @param md5 16 bytes
     * @param lastModifiedMillis Unix milliseconds
     * @param checksum value of the upload's additional checksum, empty for none
     * @param set its bytes
     */
    public record Part(int number, Bytes md5, long lastModifiedMillis, Bytes checksum, StripeSet set) {
        /** Checks the ranges above. */
        public Part {
            Objects.requireNonNull(set, "set");
            if (number < 1
                    || number > MAX_PART_NUMBER
                    || md5.length() != ETag.MD5_BYTES
                    || lastModifiedMillis < 0
                    || checksum.length() > ChecksumMark.MAX_VALUE_BYTES) {
                throw new IllegalArgumentException("part " + number);
            }
        }

        /** Number of bytes. */
        public long sizeBytes() {
            return set.sizeBytes();
        }

        /** Writes the part as in the table of {@link PartPage}. */
        public void encode(ByteWriter out) {
            out.varint(number).raw(md5).varint(lastModifiedMillis).bytes(checksum);
            set.encode(out);
        }

        /** Reads what {@link #encode} writes. */
        public static Part decode(ByteReader in) {
            return new Part(
                    in.count(MAX_PART_NUMBER), in.raw(ETag.MD5_BYTES), in.varint(), in.bytes(), StripeSet.decode(in));
        }
    }

    /** Number of the page that holds a part. */
    public static int pageOf(int partNumber) {
        return (partNumber - 1) / PARTS_PER_PAGE;
    }

    /** The part of a number, or null. */
    public Part part(int number) {
        for (Part part : parts) {
            if (part.number == number) {
                return part;
            }
        }
        return null;
    }

    /** This page with a part added or replaced. */
    public PartPage with(Part part) {
        List<Part> changed = new ArrayList<>(parts.size() + 1);
        boolean placed = false;
        for (Part old : parts) {
            if (!placed && old.number >= part.number) {
                changed.add(part);
                placed = true;
            }
            if (old.number != part.number) {
                changed.add(old);
            }
        }
        if (!placed) {
            changed.add(part);
        }
        return new PartPage(changed);
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(64 + 64 * parts.size());
        int mark = out.begin(VERSION, 1);
        out.varint(parts.size());
        for (Part part : parts) {
            part.encode(out);
        }
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static PartPage decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        int count = in.count(PARTS_PER_PAGE);
        List<Part> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(Part.decode(in));
        }
        in.end(struct);
        try {
            return new PartPage(parts);
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException(e.getMessage());
        }
    }
}

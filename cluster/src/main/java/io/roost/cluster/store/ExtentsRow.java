package io.roost.cluster.store;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a body lies in the data files, and the checksums of its blocks: the row 'e' of {@link Family#DATA}.
 *
 * <pre>
 * format       u8 = 1
 * body length  varint, greater than 0
 * extents      count varint, each: file varint, offset varint and length varint in units of 4 KiB
 * checksums    u32 for every 64 KiB of the body: CRC32C
 * </pre>
 *
 * The body's bytes fill the extents in order; behind its last byte the last unit is zero.
 */
final class ExtentsRow {
    private static final int FORMAT = 1;
    private static final int MAX_EXTENTS = 1 << 20;

    private final long bodyLength;
    private final List<Extent> extents;
    private final int[] crcs;

    /**
     * Makes a row.
     *
     * @param extents in the order of the body's bytes; their lengths add up to the body's, rounded up to a unit
     * @param crcs one for each block of {@link Data#BLOCK_BYTES}
     */
    private ExtentsRow(long bodyLength, List<Extent> extents, int[] crcs) {
        long sum = 0;
        for (Extent extent : extents) {
            sum += extent.length();
        }
        if (bodyLength <= 0 || sum != Extent.roundUp(bodyLength) || crcs.length != blocks(bodyLength)) {
            throw new MalformedBytesException(
                    "body of " + bodyLength + " bytes in " + extents + " with " + crcs.length + " checksums");
        }
        this.bodyLength = bodyLength;
        this.extents = List.copyOf(extents);
        this.crcs = crcs;
    }

    /** Bytes of the body. */
    long bodyLength() {
        return bodyLength;
    }

    /** Where the body's bytes are, in order. */
    List<Extent> extents() {
        return extents;
    }

    /** CRC32C of a block. */
    int crc32c(int block) {
        return crcs[block];
    }

    /** Number of blocks. */
    int blocks() {
        return crcs.length;
    }

    /** Number of blocks of a body. */
    static int blocks(long bodyLength) {
        return (int) ((bodyLength + Data.BLOCK_BYTES - 1) / Data.BLOCK_BYTES);
    }

    /** Bytes of a block. */
    int blockLength(int block) {
        return (int) Math.min(Data.BLOCK_BYTES, bodyLength - (long) block * Data.BLOCK_BYTES);
    }

    static ExtentsRow of(Data body, List<Extent> extents) {
        int[] crcs = new int[body.blocks().size()];
        for (int i = 0; i < crcs.length; i++) {
            crcs[i] = body.blocks().get(i).crc32c();
        }
        return new ExtentsRow(body.length(), extents, crcs);
    }

    Bytes encode() {
        ByteWriter out = new ByteWriter(16 + extents.size() * 12 + crcs.length * 4);
        out.u8(FORMAT).varint(bodyLength).varint(extents.size());
        for (Extent extent : extents) {
            out.varint(extent.file())
                    .varint(extent.offset() / Extent.UNIT_BYTES)
                    .varint(extent.length() / Extent.UNIT_BYTES);
        }
        for (int crc : crcs) {
            out.u32(crc);
        }
        return out.toBytes();
    }

    static ExtentsRow decode(Bytes row) {
        ByteReader in = new ByteReader(row);
        int format = in.u8();
        if (format != FORMAT) {
            throw new MalformedBytesException("extents row of format " + format);
        }
        long bodyLength = in.varint();
        int count = in.count(MAX_EXTENTS);
        List<Extent> extents = new ArrayList<>(Math.min(count, 64));
        for (int i = 0; i < count; i++) {
            extents.add(extent(in.count(Integer.MAX_VALUE), in.varint(), in.varint()));
        }
        if (bodyLength <= 0 || in.remaining() != 4L * blocks(bodyLength)) {
            throw new MalformedBytesException("extents row of a body of " + bodyLength + " bytes");
        }
        int[] crcs = new int[in.remaining() / 4];
        for (int i = 0; i < crcs.length; i++) {
            crcs[i] = in.u32();
        }
        return new ExtentsRow(bodyLength, extents, crcs);
    }

    private static Extent extent(int file, long offsetUnits, long lengthUnits) {
        long limit = Long.MAX_VALUE / Extent.UNIT_BYTES / 2;
        if (offsetUnits < 0 || offsetUnits > limit || lengthUnits <= 0 || lengthUnits > limit) {
            throw new MalformedBytesException("extent at " + offsetUnits + " of " + lengthUnits + " units");
        }
        return new Extent(file, offsetUnits * Extent.UNIT_BYTES, lengthUnits * Extent.UNIT_BYTES);
    }
}

package io.roost.cluster.store;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A body kept in the key-value store: the row 'b' of {@link Family#DATA}.
 *
 * <pre>
 * format     u8 = 1
 * blocks     u16: number of blocks of 64 KiB, the last one shorter
 * checksums  u32 for every block: CRC32C
 * body       the rest
 * </pre>
 *
 * The value of an entry, row 'v', is {@code format u8 = 1} and the value's bytes.
 */
final class InlineBody {
    private static final int FORMAT = 1;
    private static final int HEAD_BYTES = 3;

    /** More would not fit the count of blocks; far above what is sensible in a row. */
    static final int MAX_BYTES = 1024 * 1024;

    private InlineBody() {}

    /** What comes before the body's bytes. */
    static Bytes head(Data body) {
        List<Data.Block> blocks = body.blocks();
        ByteWriter out = new ByteWriter(HEAD_BYTES + 4 * blocks.size());
        out.u8(FORMAT).u16(blocks.size());
        for (int i = 0; i < blocks.size(); i++) {
            out.u32(blocks.get(i).crc32c());
        }
        return out.toBytes();
    }

    /** The body of a row, its checksums not verified yet; shares the row's bytes. */
    static Data decode(Bytes row) {
        ByteBuffer bytes = ByteBuffer.wrap(row.array());
        if (bytes.remaining() < HEAD_BYTES || bytes.get() != FORMAT) {
            throw new MalformedBytesException("inline body row of " + row.length() + " bytes");
        }
        int count = bytes.getShort() & 0xffff;
        int begin = HEAD_BYTES + 4 * count;
        int length = row.length() - begin;
        if (length <= 0 || count != ExtentsRow.blocks(length)) {
            throw new MalformedBytesException(
                    "inline body row of " + row.length() + " bytes with " + count + " blocks");
        }
        List<Data.Block> blocks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int offset = i * Data.BLOCK_BYTES;
            ByteBuffer block = bytes.slice(begin + offset, Math.min(Data.BLOCK_BYTES, length - offset));
            blocks.add(new Data.Block(block, bytes.getInt(HEAD_BYTES + 4 * i)));
        }
        return Data.ofBlocks(blocks);
    }

    /** The row of a value. */
    static Bytes valueRow(Bytes value) {
        byte[] row = new byte[value.length() + 1];
        row[0] = FORMAT;
        System.arraycopy(value.array(), 0, row, 1, value.length());
        return Bytes.wrap(row);
    }

    /** The value of a row. */
    static Bytes value(Bytes row) {
        if (row.isEmpty() || row.at(0) != FORMAT) {
            throw new MalformedBytesException("value row of " + row.length() + " bytes");
        }
        return row.slice(1, row.length());
    }
}

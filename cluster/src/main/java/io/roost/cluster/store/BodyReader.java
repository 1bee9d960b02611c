package io.roost.cluster.store;

import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads ranges of bodies. Every block that a range touches is verified as a whole before any byte of it is used; a block
 * of which only a part is wanted gets a checksum of that part. Safe for any thread.
 */
final class BodyReader {
    private final DataFiles files;
    private final BlockPool pool;
    private final ReadGuards guards;

    BodyReader(DataFiles files, BlockPool pool, ReadGuards guards) {
        this.files = files;
        this.pool = pool;
        this.guards = guards;
    }

    ReadGuards guards() {
        return guards;
    }

    /** A range of a body in a row. */
    Data inline(Bytes row, long offset, long length) {
        Data body = InlineBody.decode(row);
        long end = end(offset, length, body.length());
        if (offset >= end) {
            return Data.EMPTY;
        }
        List<Data.Block> blocks = body.blocks();
        int first = (int) (offset / Data.BLOCK_BYTES);
        int last = (int) ((end - 1) / Data.BLOCK_BYTES);
        for (int i = first; i <= last; i++) {
            if (!blocks.get(i).isIntact()) {
                throw new ChecksumException("block " + i + " in its row has another checksum");
            }
        }
        if (offset == 0 && end == body.length()) {
            return body;
        }
        byte[] part = new byte[(int) (end - offset)];
        int rowBytes = row.length() - (int) body.length();
        System.arraycopy(row.array(), rowBytes + (int) offset, part, 0, part.length);
        return Data.wrap(part);
    }

    /** A range of a body in data files. */
    Data inExtents(ExtentsRow row, long offset, long length) {
        long end = end(offset, length, row.bodyLength());
        if (offset >= end) {
            return Data.EMPTY;
        }
        List<Data.Block> blocks = new ArrayList<>(ExtentsRow.blocks(end - offset));
        boolean complete = false;
        try {
            if (offset % Data.BLOCK_BYTES == 0) {
                readAligned(row, offset, end, blocks);
            } else {
                readShifted(row, offset, end, blocks);
            }
            complete = true;
            return pool.data(blocks);
        } finally {
            if (!complete) {
                pool.giveAll(blocks);
            }
        }
    }

    private void readAligned(ExtentsRow row, long offset, long end, List<Data.Block> blocks) {
        for (int block = (int) (offset / Data.BLOCK_BYTES); (long) block * Data.BLOCK_BYTES < end; block++) {
            ByteBuffer buffer = pool.take();
            boolean complete = false;
            try {
                readVerified(row, block, buffer);
                int wanted = (int) Math.min(buffer.limit(), end - (long) block * Data.BLOCK_BYTES);
                int crc = wanted == buffer.limit()
                        ? row.crc32c(block)
                        : Data.crc32c(buffer.limit(wanted).duplicate());
                blocks.add(new Data.Block(buffer, crc));
                complete = true;
            } finally {
                if (!complete) {
                    pool.give(buffer);
                }
            }
        }
    }

    /** Blocks of the range begin elsewhere than blocks of the body: each is filled from two of them. */
    private void readShifted(ExtentsRow row, long offset, long end, List<Data.Block> blocks) {
        ByteBuffer source = pool.take();
        ByteBuffer target = null;
        try {
            long at = offset;
            while (at < end) {
                int block = (int) (at / Data.BLOCK_BYTES);
                readVerified(row, block, source);
                long begin = (long) block * Data.BLOCK_BYTES;
                source.limit((int) Math.min(source.limit(), end - begin)).position((int) (at - begin));
                at = begin + source.limit();
                while (source.hasRemaining()) {
                    target = target == null ? pool.take() : target;
                    int length = Math.min(source.remaining(), target.remaining());
                    target.put(target.position(), source, source.position(), length);
                    target.position(target.position() + length);
                    source.position(source.position() + length);
                    if (!target.hasRemaining() || (at == end && !source.hasRemaining())) {
                        target.flip();
                        blocks.add(new Data.Block(target, Data.crc32c(target.duplicate())));
                        target = null;
                    }
                }
            }
        } finally {
            pool.give(source);
            if (target != null) {
                pool.give(target);
            }
        }
    }

    /** Verifies a whole body without keeping it. */
    void verify(ExtentsRow row) {
        ByteBuffer buffer = pool.take();
        try {
            for (int block = 0; block < row.blocks(); block++) {
                readVerified(row, block, buffer);
            }
        } finally {
            pool.give(buffer);
        }
    }

    private void readVerified(ExtentsRow row, int block, ByteBuffer into) {
        try {
            files.read(row, block, into);
        } catch (IOException e) {
            throw new ChecksumException("block " + block + " in " + row.extents() + " cannot be read: " + e, e);
        }
        if (Data.crc32c(into.duplicate()) != row.crc32c(block)) {
            throw new ChecksumException("block " + block + " in " + row.extents() + " has another checksum");
        }
    }

    private static long end(long offset, long length, long bodyLength) {
        return Math.min(bodyLength, offset + Math.min(length, Long.MAX_VALUE - offset));
    }
}

package io.roost.cluster.object;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A body on its way: blocks of {@value #BLOCK_BYTES} bytes (the last one shorter), each with the CRC32C that was computed
 * where the bytes entered Roost and is checked before they are written and whenever they are read.
 * The content never changes; readers take {@link Block#bytes} which is a read-only view of its own.
 */
public final class Data {
    /** Bytes of every block but the last. */
    public static final int BLOCK_BYTES = 64 * 1024;

    /** No bytes at all. */
    public static final Data EMPTY = new Data(List.of(), 0, null, null);

    private final List<Block> blocks;
    private final long length;
    private final BlockPool pool;
    private final Runnable onRelease;
    private volatile boolean isShared;

    private Data(List<Block> blocks, long length, BlockPool pool, Runnable onRelease) {
        this.blocks = blocks;
        this.length = length;
        this.pool = pool;
        this.onRelease = onRelease;
    }

    /**
     * A block and its checksum.
     *
     * @param buffer position 0 to limit is the block
     * @param crc32c of those bytes
     */
    public record Block(ByteBuffer buffer, int crc32c) {
        /** The bytes, as a view with its own position. */
        public ByteBuffer bytes() {
            return buffer.asReadOnlyBuffer();
        }

        /** Number of bytes. */
        public int length() {
            return buffer.limit();
        }

        /** True when the bytes still have the checksum they came with. */
        public boolean isIntact() {
            return Data.crc32c(buffer.duplicate()) == crc32c;
        }
    }

    /** CRC32C (RFC 3720 B.4) of the bytes between position and limit, which are consumed. */
    public static int crc32c(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Data of blocks whose checksums are known; every block but the last must be full. */
    public static Data ofBlocks(List<Block> blocks) {
        return ofBlocks(blocks, null, null);
    }

    static Data ofBlocks(List<Block> blocks, BlockPool pool, Runnable onRelease) {
        long length = 0;
        for (int i = 0; i < blocks.size(); i++) {
            int blockLength = blocks.get(i).length();
            if (blockLength == 0
                    || blockLength > BLOCK_BYTES
                    || (i + 1 < blocks.size() && blockLength != BLOCK_BYTES)) {
                throw new IllegalArgumentException("block " + i + " of " + blockLength + " bytes");
            }
            length += blockLength;
        }
        return blocks.isEmpty() && onRelease == null ? EMPTY : new Data(List.copyOf(blocks), length, pool, onRelease);
    }

    /** Data of an array that is not changed afterwards; computes the checksums. */
    public static Data wrap(byte[] bytes) {
        List<Block> blocks = new ArrayList<>(bytes.length / BLOCK_BYTES + 1);
        for (int begin = 0; begin < bytes.length; begin += BLOCK_BYTES) {
            ByteBuffer block = ByteBuffer.wrap(bytes, begin, Math.min(BLOCK_BYTES, bytes.length - begin))
                    .slice();
            blocks.add(new Block(block, crc32c(block.duplicate())));
        }
        return ofBlocks(blocks);
    }

    /**
     * Gives pooled blocks back; the last owner calls it once, and nobody reads the data afterwards but who may when it
     * {@linkplain #share is shared}.
     */
    public void release() {
        if (pool != null && isShared) {
            pool.forgetAll(blocks);
        } else if (pool != null) {
            pool.giveAll(blocks);
        }
        if (onRelease != null) {
            onRelease.run();
        }
    }

    /**
     * Says that somebody may still read the data when its owner releases it, and will not tell when he has: the blocks
     * are left to the garbage collector then.
     */
    public void share() {
        isShared = true;
    }

    /** The blocks in order. */
    public List<Block> blocks() {
        return blocks;
    }

    /** Number of bytes. */
    public long length() {
        return length;
    }

    /** True when every block is intact. */
    public boolean isIntact() {
        for (Block block : blocks) {
            if (!block.isIntact()) {
                return false;
            }
        }
        return true;
    }

    /** All bytes in one new array; for small data and tests. */
    public byte[] toArray() {
        byte[] all = new byte[Math.toIntExact(length)];
        int at = 0;
        for (Block block : blocks) {
            int blockLength = block.length();
            block.buffer.duplicate().get(0, all, at, blockLength);
            at += blockLength;
        }
        return all;
    }
}

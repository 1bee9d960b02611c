package io.roost.objectstore.object;

import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Data;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers a piece of a body into blocks and computes the checksum that protects each from here on. Used by one thread.
 */
public final class BlockAssembler {
    /** Less than this at the end of a piece is not worth a buffer of the pool. */
    private static final int MIN_POOLED_BYTES = Data.BLOCK_BYTES / 4;

    /** Null for blocks that are arrays. */
    private final BlockPool pool;

    private final int capacityBytes;
    private final List<Data.Block> blocks;
    private ByteBuffer current;
    private int size;

    /**
     * An empty piece of blocks of a pool, but for a short one at its end.
     *
     * @param capacityBytes exactly how many bytes it takes: no block is larger than what is left
     */
    public static BlockAssembler pooled(BlockPool pool, int capacityBytes) {
        return new BlockAssembler(pool, capacityBytes);
    }

    /** An empty piece of blocks that are arrays. */
    static BlockAssembler ofArrays(int capacityBytes) {
        return new BlockAssembler(null, capacityBytes);
    }

    private BlockAssembler(BlockPool pool, int capacityBytes) {
        this.pool = pool;
        this.capacityBytes = capacityBytes;
        this.blocks = new ArrayList<>(capacityBytes / Data.BLOCK_BYTES + 1);
    }

    /** Takes bytes from position on until they or the room end. */
    public void take(ByteBuffer source) {
        while (source.hasRemaining() && !isFull()) {
            if (current == null) {
                int bytes = Math.min(Data.BLOCK_BYTES, capacityBytes - size);
                current = pool == null || bytes < MIN_POOLED_BYTES
                        ? ByteBuffer.allocate(bytes)
                        : pool.take().limit(bytes);
            }
            int length = Math.min(source.remaining(), current.remaining());
            current.put(current.position(), source, source.position(), length);
            current.position(current.position() + length);
            source.position(source.position() + length);
            size += length;
            if (!current.hasRemaining()) {
                seal();
            }
        }
    }

    private void seal() {
        if (current != null) {
            current.flip();
            blocks.add(new Data.Block(current, Data.crc32c(current.duplicate())));
            current = null;
        }
    }

    /** True when no more bytes fit. */
    public boolean isFull() {
        return size == capacityBytes;
    }

    /** Bytes taken. */
    public int sizeBytes() {
        return size;
    }

    /**
     * The piece; nothing is taken afterwards.
     *
     * @param onRelease what {@link Data#release} does besides giving the blocks back
     */
    public Data finish(Runnable onRelease) {
        seal();
        return pool.data(blocks, onRelease);
    }

    /** The piece of arrays; nothing is taken afterwards. */
    Data finish() {
        seal();
        return Data.ofBlocks(blocks);
    }

    /** Gives the blocks back: the piece is not wanted any more. */
    public void discard() {
        seal();
        pool.giveAll(blocks);
    }
}

package io.roost.cluster.object;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Direct buffers of {@link Data#BLOCK_BYTES} bytes for bodies on their way, kept for use again: arrays would have to be
 * copied once more on their way to a file, and fill the old generation while a large body waits. At most a given number
 * is kept; how many are out at a time is bounded by whoever admits bodies. Safe for any thread.
 */
public final class BlockPool {
    private final int maxKept;
    private final ArrayDeque<ByteBuffer> kept = new ArrayDeque<>();
    private int out;

    /** A pool that keeps at most so many buffers. */
    public BlockPool(int maxKept) {
        if (maxKept < 0) {
            throw new IllegalArgumentException("keeps " + maxKept + " blocks");
        }
        this.maxKept = maxKept;
    }

    /** An empty buffer: position 0, limit and capacity {@link Data#BLOCK_BYTES}. Its bytes are undefined. */
    public ByteBuffer take() {
        ByteBuffer buffer;
        synchronized (this) {
            out++;
            buffer = kept.pollLast();
        }
        return buffer == null ? ByteBuffer.allocateDirect(Data.BLOCK_BYTES) : buffer.clear();
    }

    /** Takes a buffer back that nobody reads or writes any more. */
    public synchronized void give(ByteBuffer buffer) {
        out--;
        if (kept.size() < maxKept) {
            kept.addLast(buffer);
        }
    }

    /** Number of buffers taken and not given back. */
    public synchronized int out() {
        return out;
    }

    /**
     * Data of blocks of this pool; its {@link Data#release} gives them back.
     *
     * @param blocks whose direct buffers were taken from this pool; others are arrays
     */
    public Data data(List<Data.Block> blocks) {
        return Data.ofBlocks(blocks, this, null);
    }

    /** The same, and {@link Data#release} also does what is to be done then. */
    public Data data(List<Data.Block> blocks, Runnable onRelease) {
        return Data.ofBlocks(blocks, this, onRelease);
    }

    /** Takes the buffers of blocks back. */
    public void giveAll(List<Data.Block> blocks) {
        for (Data.Block block : blocks) {
            if (block.buffer().isDirect()) {
                give(block.buffer());
            }
        }
    }

    /** The buffers of blocks do not come back: somebody may still read them. */
    void forgetAll(List<Data.Block> blocks) {
        int forgotten = 0;
        for (Data.Block block : blocks) {
            forgotten += block.buffer().isDirect() ? 1 : 0;
        }
        synchronized (this) {
            out -= forgotten;
        }
    }
}

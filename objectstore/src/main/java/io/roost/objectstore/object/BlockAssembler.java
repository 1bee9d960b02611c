package io.roost.objectstore.object;

import io.roost.cluster.object.Data;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Gathers a piece of a body into blocks and computes the checksum that protects each from here on. Used by one thread.
 */
public final class BlockAssembler {
    private final int capacityBytes;
    private final List<Data.Block> blocks;
    private byte[] current = new byte[0];
    private int fill;
    private int size;

    /**
     * An empty piece.
     *
     * @param capacityBytes exactly how many bytes it takes: no block is larger than what is left
     */
    public BlockAssembler(int capacityBytes) {
        this.capacityBytes = capacityBytes;
        this.blocks = new ArrayList<>(capacityBytes / Data.BLOCK_BYTES + 1);
    }

    /** Takes bytes from position on until they or the room end. */
    public void take(ByteBuffer source) {
        while (source.hasRemaining() && !isFull()) {
            if (fill == current.length) {
                next();
            }
            int length = Math.min(source.remaining(), current.length - fill);
            source.get(current, fill, length);
            fill += length;
            size += length;
        }
    }

    private void next() {
        seal();
        current = new byte[Math.min(Data.BLOCK_BYTES, capacityBytes - size)];
        fill = 0;
    }

    private void seal() {
        if (fill > 0) {
            CRC32C crc = new CRC32C();
            crc.update(current, 0, fill);
            blocks.add(new Data.Block(ByteBuffer.wrap(current, 0, fill), (int) crc.getValue()));
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

    /** The piece; nothing is taken afterwards. */
    public Data finish(Runnable onRelease) {
        seal();
        fill = 0;
        return Data.ofBlocks(blocks, onRelease);
    }
}

package io.roost.cluster.store.rocksdb;

import io.roost.cluster.object.Bytes;
import java.nio.ByteBuffer;
import org.rocksdb.DirectSlice;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.Snapshot;

/**
 * What an open iterator needs besides itself: read options and the memory of its upper bound, which RocksDB refers to and
 * does not copy. Made once and used by one iterator after another.
 */
final class CursorSlot implements AutoCloseable {
    /** Longer than every key: an entry's has at most 9 + 4 + 512 + 2,560 bytes. */
    private static final int MAX_BOUND_BYTES = 4096;

    private final ByteBuffer bound = ByteBuffer.allocateDirect(MAX_BOUND_BYTES);
    private final DirectSlice slice = new DirectSlice(bound, MAX_BOUND_BYTES);
    private final ReadOptions reads = new ReadOptions().setIterateUpperBound(slice);

    /** Options for the next iterator. */
    ReadOptions prepare(Bytes to, ReadTier tier, Snapshot snapshot) {
        bound.clear().put(to.array(), 0, to.length());
        slice.setLength(to.length());
        return reads.setReadTier(tier).setSnapshot(snapshot);
    }

    @Override
    public void close() {
        reads.close();
        slice.close();
    }
}

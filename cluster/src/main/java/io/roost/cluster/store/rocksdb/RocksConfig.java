package io.roost.cluster.store.rocksdb;

/**
 * Memory and disk budgets of a {@link RocksKeyValue}.
 *
 * @param cacheBytes of the block cache, which also holds indexes and filters
 * @param memtableBytes of all memtables together
 * @param maxWalBytes of the write-ahead log before memtables are flushed
 * @param tableBytes target size of a table file
 * @param backgroundJobs flushes and compactions at a time
 */
public record RocksConfig(long cacheBytes, long memtableBytes, long maxWalBytes, long tableBytes, int backgroundJobs) {
    private static final long MIB = 1L << 20;

    /** Checks the ranges. */
    public RocksConfig {
        if (cacheBytes < MIB
                || memtableBytes < MIB
                || maxWalBytes < MIB
                || tableBytes < MIB / 4
                || backgroundJobs < 1) {
            throw new IllegalArgumentException("RocksDB budgets " + cacheBytes + ", " + memtableBytes + ", "
                    + maxWalBytes + ", " + tableBytes + ", " + backgroundJobs);
        }
    }

    /**
     * Budgets for a disk: 64 MiB of cache and 48 MiB of memtables, less on a small disk, where the log and a compaction
     * must fit into a small reserve.
     *
     * @param capacityBytes of the disk
     */
    public static RocksConfig forCapacity(long capacityBytes) {
        long memtables = clamp(capacityBytes / 32, 2 * MIB, 48 * MIB);
        long wal = clamp(capacityBytes / 16, 4 * MIB, 256 * MIB);
        long table = clamp(capacityBytes / 128, MIB, 32 * MIB);
        return new RocksConfig(64 * MIB, memtables, wal, table, 2);
    }

    private static long clamp(long value, long min, long max) {
        return Math.max(min, Math.min(max, value));
    }
}

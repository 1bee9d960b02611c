package io.roost.cluster.store.rocksdb;

import io.roost.cluster.store.Family;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.Status;
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.WriteBufferManager;

/** All native options of a database, kept open as long as the database is, and closed behind it. */
final class RocksOptions implements AutoCloseable {
    /** A table in which so many of 128 rows in a row are deletions is compacted early: scans step over them. */
    private static final int DELETION_WINDOW_ROWS = 128;

    private static final int DELETION_TRIGGER_ROWS = 64;
    private static final double DELETION_RATIO = 0.5;
    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final int BLOCK_BYTES = 16 * 1024;
    private static final int MAX_OPEN_FILES = 1024;

    /**
     * Indexes and filters are cut up too: those of a whole table are some hundred KiB, and a few of them push each other
     * out of the cache, so that reads which need them together never find them all there.
     */
    private static final int METADATA_BLOCK_BYTES = 4 * 1024;

    /** A shard of the cache has room for all that one evaluation reads. */
    private static final long MIN_CACHE_SHARD_BYTES = 8L << 20;

    private final ArrayDeque<AutoCloseable> opened = new ArrayDeque<>();
    private final Cache cache;
    private final DBOptions database;
    private final List<ColumnFamilyDescriptor> families = new ArrayList<>();

    /** Whether tables are merged in the background. */
    enum Compaction {
        /** As it should be. */
        ON,
        /** A damaged table would make it fail, and all writes with it. */
        OFF
    }

    /** What becomes of a log that should be there and is not. */
    enum MissingLogs {
        /** The database is not opened. */
        REFUSED,
        /** It is opened without. */
        ACCEPTED
    }

    RocksOptions(RocksConfig config, MissingLogs missingLogs, Compaction compaction, Failures failures) {
        cache = keep(new LRUCache(config.cacheBytes(), shardBits(config.cacheBytes())));
        // Memtables have a budget of their own beside the cache: reads of tier MEMORY live on both.
        WriteBufferManager memtables =
                keep(new WriteBufferManager(config.memtableBytes(), keep(new LRUCache(config.memtableBytes())), false));
        database = keep(missingLogs == MissingLogs.REFUSED ? trackingLogs() : new DBOptions())
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setMaxTotalWalSize(config.maxWalBytes())
                .setMaxBackgroundJobs(config.backgroundJobs())
                .setMaxOpenFiles(MAX_OPEN_FILES)
                .setBytesPerSync(1 << 20)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(3)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setWriteBufferManager(memtables)
                .setListeners(List.of(keep(new FailureListener(failures))));
        families.add(new ColumnFamilyDescriptor(
                RocksDB.DEFAULT_COLUMN_FAMILY, keep(new ColumnFamilyOptions()).setWriteBufferSize(64 * 1024)));
        BloomFilter filter = keep(new BloomFilter(BLOOM_BITS_PER_KEY, false));
        for (Family family : Family.values()) {
            byte[] name = family.name().toLowerCase(Locale.ROOT).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            families.add(new ColumnFamilyDescriptor(
                    name,
                    familyOptions(family, config, filter).setDisableAutoCompactions(compaction == Compaction.OFF)));
        }
    }

    /** The logarithm of the number of shards: few threads read, so it need not be great. */
    private static int shardBits(long cacheBytes) {
        long shards = Math.max(1, Math.min(8, cacheBytes / MIN_CACHE_SHARD_BYTES));
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(shards);
    }

    /** Options with which a log that is missing or too short is noticed; Java has no setter for it. */
    private static DBOptions trackingLogs() {
        Properties text = new Properties();
        text.setProperty("track_and_verify_wals_in_manifest", "true");
        DBOptions options = DBOptions.getDBOptionsFromProps(text);
        if (options == null) {
            throw new IllegalStateException("RocksDB does not know " + text);
        }
        return options;
    }

    private ColumnFamilyOptions familyOptions(Family family, RocksConfig config, BloomFilter filter) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(BLOCK_BYTES)
                .setFilterPolicy(filter)
                .setPartitionFilters(true)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setMetadataBlockSize(METADATA_BLOCK_BYTES)
                .setPinTopLevelIndexAndFilter(true)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        return keep(compactingDeletions(family))
                .setTableFormatConfig(table)
                .setWriteBufferSize(Math.max(1 << 20, config.memtableBytes() / 2))
                .setTargetFileSizeBase(config.tableBytes())
                .setMaxBytesForLevelBase(config.tableBytes() * 4)
                .setLevelCompactionDynamicLevelBytes(true)
                .setCompressionType(
                        family == Family.DATA ? CompressionType.NO_COMPRESSION : CompressionType.LZ4_COMPRESSION);
    }

    /** Fresh options of a family; only this detour lets Java set a collector of table properties. */
    private ColumnFamilyOptions compactingDeletions(Family family) {
        if (family != Family.CATALOGUE && family != Family.WORK) {
            return new ColumnFamilyOptions();
        }
        Options options = keep(new Options());
        options.setTablePropertiesCollectorFactory(
                List.of(keep(TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
                        DELETION_WINDOW_ROWS, DELETION_TRIGGER_ROWS, DELETION_RATIO))));
        return new ColumnFamilyOptions(options);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    DBOptions database() {
        return database;
    }

    /** The default family, then one for each {@link Family} in order. */
    List<ColumnFamilyDescriptor> families() {
        return families;
    }

    long cacheUsedBytes() {
        return cache.getUsage();
    }

    /** Closes all, the newest first. */
    @Override
    public void close() {
        for (AutoCloseable resource : opened) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException("a native option cannot be closed", e);
            }
        }
        opened.clear();
    }

    /** Told of failed flushes and compactions, on a thread of RocksDB. */
    interface Failures {
        /** A table that was to be compacted is damaged; nothing can be written any more. */
        void onDamagedTable(String detail);

        /** Anything else; nothing can be written any more. */
        void onFailure(String detail);
    }

    private static final class FailureListener extends AbstractEventListener {
        private final Failures failures;

        FailureListener(Failures failures) {
            super(EnabledEventCallback.ON_BACKGROUND_ERROR);
            this.failures = failures;
        }

        @Override
        public void onBackgroundError(BackgroundErrorReason reason, Status status) {
            String detail = status.getCodeString() + ": " + status.getState();
            if (reason == BackgroundErrorReason.COMPACTION && status.getCode() == Status.Code.Corruption) {
                failures.onDamagedTable(detail);
            } else {
                failures.onFailure("RocksDB failed in " + reason + ": " + detail);
            }
        }
    }
}

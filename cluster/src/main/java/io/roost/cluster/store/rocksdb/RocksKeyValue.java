package io.roost.cluster.store.rocksdb;

import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.StoreFailedException;
import io.roost.cluster.store.Tier;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** A {@link KeyValue} on RocksDB: one database, one column family for each {@link Family}. Safe for any thread. */
public final class RocksKeyValue implements KeyValue {
    private final Path folder;
    private final RocksOptions options;
    private final RocksDB db;
    private final AcknowledgedMark acknowledged;
    private final List<ColumnFamilyHandle> handles;
    private final Map<Family, Integer> familyIds = new EnumMap<>(Family.class);
    private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
    private final DamagedTables damaged;
    private final WriteOptions durable = new WriteOptions().setSync(true);
    private final ReadOptions memoryReads = new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER);
    private final ReadOptions diskReads = new ReadOptions();
    private final ArrayDeque<CursorSlot> slots = new ArrayDeque<>();
    private final CompactRangeOptions compaction = new CompactRangeOptions().setExclusiveManualCompaction(false);
    private final LongAdder misses = new LongAdder();
    private final AtomicBoolean reclaiming = new AtomicBoolean();
    private volatile boolean closing;
    private Thread reclaimer;

    private RocksKeyValue(Path folder, RocksOptions options, DamagedTables damaged)
            throws RocksDBException, IOException {
        this.folder = folder;
        this.options = options;
        this.damaged = damaged;
        this.handles = new ArrayList<>();
        LogRecovery recovery = new LogRecovery(folder, options);
        this.db = recovery.open(handles);
        boolean complete = false;
        try {
            // The first handle is that of the default family, which RocksDB insists on and nobody uses.
            Iterator<ColumnFamilyHandle> opened = handles.listIterator(1);
            for (Family family : Family.values()) {
                ColumnFamilyHandle handle = opened.next();
                families.put(family, handle);
                familyIds.put(family, handle.getID());
            }
            readMeta();
            this.acknowledged = recovery.begin(db);
            complete = true;
        } finally {
            if (!complete) {
                closeDatabase();
            }
        }
    }

    /** Everything rests on these few rows, so it shows at once when one of them is damaged. */
    private void readMeta() {
        try (Cursor rows = cursor(Family.META, Bytes.of(0), LAST, Tier.DISK)) {
            while (rows.next()) {
                rows.value();
            }
        }
    }

    /**
     * Opens a database, making it when there is none.
     *
     * @param folder for its files alone; made when it does not exist
     * @param onFailure told what failed when a flush or a compaction has failed; the OSD must stop then. Called on
     *     a thread of RocksDB
     * @throws StoreFailedException when it cannot be opened, or not without losing what was acknowledged
     */
    public static RocksKeyValue open(Path folder, RocksConfig config, Consumer<String> onFailure) {
        RocksDB.loadLibrary();
        RocksOptions options = null;
        RocksKeyValue opened = null;
        try {
            Files.createDirectories(folder);
            DamagedTables damaged = new DamagedTables(folder, onFailure);
            options = new RocksOptions(config, LogRecovery.missingLogs(folder), damaged.compaction(), damaged);
            opened = new RocksKeyValue(folder, options, damaged);
            return opened;
        } catch (RocksDBException | IOException | ChecksumException e) {
            String unreadable = e instanceof RocksDBException ? DamagedTables.unreadable(folder) : "";
            throw new StoreFailedException(
                    "RocksDB in " + folder + " cannot be opened: " + e.getMessage() + unreadable, e);
        } finally {
            if (opened == null && options != null) {
                options.close();
            }
        }
    }

    @Override
    public Bytes get(Family family, Bytes key, Tier tier) {
        return get(family, key, tier == Tier.MEMORY ? memoryReads : diskReads);
    }

    /**
     * A miss costs an exception, 5 to 7 us. {@code keyMayExist} tells it in 2 us, but makes hits and absent keys dearer by
     * 0.4 us, gives an empty value where the index of a table is not in memory, and calls a damaged row absent;
     * {@code multiGet} reads the disk whatever the tier.
     */
    private Bytes get(Family family, Bytes key, ReadOptions reads) {
        try {
            byte[] value = db.get(families.get(family), reads, key.array());
            return value == null ? null : Bytes.wrap(value);
        } catch (RocksDBException e) {
            throw readFailed(e, family, key);
        }
    }

    private RuntimeException readFailed(RocksDBException e, Family family, Bytes key) {
        Status.Code code = e.getStatus() == null ? null : e.getStatus().getCode();
        if (code == Status.Code.Incomplete) {
            misses.increment();
            return new StoreMiss();
        }
        String what = "row " + key + " of " + family + " cannot be read: " + e.getMessage();
        return code == Status.Code.Corruption || code == Status.Code.IOError
                ? new ChecksumException(what, e)
                : new StoreFailedException(what, e);
    }

    @Override
    public Cursor cursor(Family family, Bytes from, Bytes to, Tier tier) {
        return new RocksCursor(family, from, to, tier, null);
    }

    @Override
    public KeyValue.Snapshot snapshot() {
        return new RocksSnapshot(db.getSnapshot());
    }

    @Override
    public void write(KeyValueBatch batch) {
        try (WriteBatch encoded = new WriteBatch(BatchEncoder.encode(batch, familyIds))) {
            db.write(durable, encoded);
            acknowledged.advance(db.getLatestSequenceNumber());
        } catch (RocksDBException | IOException e) {
            throw new StoreFailedException("RocksDB in " + folder + " cannot write: " + e.getMessage(), e);
        }
    }

    @Override
    public long sizeBytes() {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                bytes += sizeBytes(file);
            }
        } catch (IOException e) {
            throw new StoreFailedException("the size of " + folder + " is unknown: " + e.getMessage(), e);
        }
        return bytes;
    }

    private static long sizeBytes(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            // A compaction has removed it since the folder was listed.
            return 0;
        }
    }

    @Override
    public List<String> damage() {
        return damaged.known();
    }

    /** Reads of tier MEMORY that needed the disk, since the database was opened. */
    public long misses() {
        return misses.sum();
    }

    /**
     * A number that RocksDB knows about itself.
     *
     * @param property such as {@code rocksdb.estimate-num-keys}; 0 when RocksDB has no such property
     */
    public long property(Family family, String property) {
        try {
            return db.getLongProperty(families.get(family), property);
        } catch (RocksDBException e) {
            return 0;
        }
    }

    /** Bytes in the block cache. */
    public long cacheBytes() {
        return options.cacheUsedBytes();
    }

    @Override
    public void reclaim() {
        if (!closing && damaged.compaction() == RocksOptions.Compaction.ON && reclaiming.compareAndSet(false, true)) {
            synchronized (this) {
                if (closing) {
                    return;
                }
                reclaimer = new Thread(this::compact, "roost-reclaim");
                reclaimer.setDaemon(true);
                reclaimer.start();
            }
        }
    }

    private void compact() {
        try (FlushOptions flush = new FlushOptions()) {
            for (Family family : List.of(Family.DATA, Family.CATALOGUE, Family.WORK)) {
                db.flush(flush, families.get(family));
                db.compactRange(families.get(family), null, null, compaction);
            }
        } catch (RocksDBException e) {
            if (!closing) {
                damaged.onFailure("compaction failed: " + e.getMessage());
            }
        } finally {
            reclaiming.set(false);
        }
    }

    private CursorSlot takeSlot() {
        synchronized (slots) {
            CursorSlot slot = slots.pollLast();
            return slot == null ? new CursorSlot() : slot;
        }
    }

    private void giveSlot(CursorSlot slot) {
        synchronized (slots) {
            slots.addLast(slot);
        }
    }

    /** Closes the database. All cursors and snapshots must be closed before: RocksDB does not survive a later use. */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        compaction.setCanceled(true);
        awaitReclaimed();
        db.cancelAllBackgroundWork(true);
        closeDatabase();
        options.close();
        closeMark();
    }

    private void closeDatabase() {
        synchronized (slots) {
            slots.forEach(CursorSlot::close);
            slots.clear();
        }
        memoryReads.close();
        diskReads.close();
        durable.close();
        compaction.close();
        handles.forEach(ColumnFamilyHandle::close);
        db.close();
    }

    private void closeMark() {
        try {
            acknowledged.close();
        } catch (IOException e) {
            throw new StoreFailedException("RocksDB in " + folder + " cannot be closed: " + e.getMessage(), e);
        }
    }

    /** Waits until what {@link #reclaim} has begun has ended. */
    void awaitReclaimed() {
        Thread running;
        synchronized (this) {
            running = reclaimer;
        }
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One state of the database. */
    private final class RocksSnapshot implements KeyValue.Snapshot {
        private final org.rocksdb.Snapshot snapshot;
        private final ReadOptions memory;
        private final ReadOptions disk;
        private final AtomicBoolean closed = new AtomicBoolean();

        RocksSnapshot(org.rocksdb.Snapshot snapshot) {
            this.snapshot = snapshot;
            this.memory =
                    new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER).setSnapshot(snapshot);
            this.disk = new ReadOptions().setSnapshot(snapshot);
        }

        @Override
        public Bytes get(Family family, Bytes key, Tier tier) {
            return RocksKeyValue.this.get(family, key, tier == Tier.MEMORY ? memory : disk);
        }

        @Override
        public Cursor cursor(Family family, Bytes from, Bytes to, Tier tier) {
            return new RocksCursor(family, from, to, tier, snapshot);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                memory.close();
                disk.close();
                db.releaseSnapshot(snapshot);
                snapshot.close();
            }
        }
    }

    /** A cursor on an iterator with an upper bound, so that it never steps over rows, or deleted rows, behind its range. */
    private final class RocksCursor implements Cursor {
        private final Family family;
        private final Bytes from;
        private final Bytes to;
        private final CursorSlot slot;
        private final RocksIterator iterator;
        private boolean placed;
        private boolean closed;
        private Bytes key;
        private Bytes value;

        RocksCursor(Family family, Bytes from, Bytes to, Tier tier, org.rocksdb.Snapshot snapshot) {
            this.family = family;
            this.from = from;
            this.to = to;
            this.slot = takeSlot();
            ReadTier readTier = tier == Tier.MEMORY ? ReadTier.BLOCK_CACHE_TIER : ReadTier.READ_ALL_TIER;
            this.iterator = db.newIterator(families.get(family), slot.prepare(to, readTier, snapshot));
        }

        @Override
        public boolean next() {
            if (placed) {
                iterator.next();
                return placed(true);
            }
            return seek(from);
        }

        @Override
        public boolean seek(Bytes target) {
            if (target.compareTo(to) >= 0) {
                return placed(false);
            }
            iterator.seek((target.compareTo(from) < 0 ? from : target).array());
            return placed(true);
        }

        private boolean placed(boolean checked) {
            placed = true;
            key = null;
            value = null;
            if (!checked) {
                return false;
            }
            if (iterator.isValid()) {
                return true;
            }
            try {
                iterator.status();
                return false;
            } catch (RocksDBException e) {
                throw readFailed(e, family, from);
            }
        }

        @Override
        public Bytes key() {
            Bytes known = key;
            if (known == null) {
                known = Bytes.wrap(iterator.key());
                key = known;
            }
            return known;
        }

        @Override
        public Bytes value() {
            Bytes known = value;
            if (known == null) {
                known = Bytes.wrap(iterator.value());
                value = known;
            }
            return known;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                iterator.close();
                giveSlot(slot);
            }
        }
    }
}

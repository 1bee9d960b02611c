package io.roost.cluster.store;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.store.StoreFinding.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The store of one disk. Transactions are committed in groups, each of them whole or not at all; when {@link #commit}
 * returns, all of the group is durable. Bodies go to data files and are synced before the one batch of rows that refers
 * to them; a space that becomes free is used again only when the batch that freed it is durable and all reads begun
 * before have ended. So after a crash at any moment the rows describe a state between two groups, and the free space is
 * what no row names.
 *
 * <p>{@link #commit} and {@link #close} are for one thread at a time; readers may be used by any.
 */
public final class ObjectStore implements AutoCloseable {
    private static final Bytes FORMAT_KEY = KeyLayout.meta("format");
    private static final Bytes FORMAT = Bytes.of(1);

    /** Verification finds all; this many are told of at the start. */
    static final int MAX_DAMAGE_LISTED = 100;

    private final StoreConfig config;
    private final KeyValue keyValue;
    private final DataFiles files;
    private final List<StoreFinding> damage;
    private final SpaceGauge gauge;
    private final BodyReader bodies;
    private final ReadGuards guards = new ReadGuards();
    private final StoreCounters counters = new StoreCounters();
    private final StoreReader memory;
    private final StoreReader disk;
    private final Set<PgId> held = new HashSet<>();
    private final Map<PgId, PgUsage> usage;
    private long reclaimableBytes;
    private volatile boolean failed;

    /** What became of a transaction. */
    public enum Outcome {
        /** It is durable. */
        COMMITTED,
        /** The store is full; nothing of it was done. */
        NO_SPACE,
        /** Its data does not have the checksum it came with, or an entry that it changes is damaged; nothing was done. */
        DAMAGED,
        /** A transaction of its placement group was refused before and {@link #resume} has not been called; nothing was done. */
        HELD
    }

    /** What a transaction on its way keeps from others: found out once, for its mutations may be many. */
    public static final class Coming {
        private final Growth growth;

        private Coming(Growth growth) {
            this.growth = growth;
        }
    }

    private ObjectStore(
            StoreConfig config,
            KeyValue keyValue,
            BlockFiles folder,
            DataFiles files,
            List<StoreFinding> damage,
            Map<PgId, PgUsage> usage,
            BlockPool pool)
            throws IOException {
        this.config = config;
        this.keyValue = keyValue;
        this.files = files;
        this.damage = List.copyOf(damage);
        this.usage = Collections.synchronizedMap(new HashMap<>(usage));
        this.bodies = new BodyReader(files, pool, guards);
        this.gauge = new SpaceGauge(config, keyValue, folder, files);
        this.memory = new StoreReader(keyValue, Tier.MEMORY, bodies, counters, () -> {});
        this.disk = new StoreReader(keyValue, Tier.DISK, bodies, counters, () -> {});
    }

    /**
     * Opens a store, new or used before, and finds its free space. One some of whose rows or data files are damaged is
     * opened too: the rest of it is served, and until it is opened again without damage it writes to new files only.
     *
     * @param keyValue closed by {@link #close}
     * @param pool of the buffers for bodies that are read
     * @throws StoreFailedException when the disk fails, or the store is of another format
     */
    public static ObjectStore open(StoreConfig config, KeyValue keyValue, BlockFiles folder, BlockPool pool) {
        try {
            Bytes format = keyValue.get(Family.META, FORMAT_KEY, Tier.DISK);
            if (format == null) {
                keyValue.write(new KeyValueBatch().put(Family.META, FORMAT_KEY, FORMAT));
            } else if (!format.equals(FORMAT)) {
                throw new StoreFailedException("store of format " + format.hex() + "; this is " + FORMAT.hex());
            }
            DataFiles files = DataFiles.open(folder);
            List<StoreFinding> damage = reserveExtents(keyValue, files);
            keyValue.damage().forEach(detail -> add(damage, StoreFinding.of(Kind.DAMAGED, "a table", detail)));
            Map<PgId, PgUsage> usage = readUsage(keyValue, damage);
            return new ObjectStore(config, keyValue, folder, files, damage, usage, pool);
        } catch (IOException e) {
            throw new StoreFailedException("the data files cannot be opened: " + e.getMessage(), e);
        } catch (ChecksumException e) {
            throw new StoreFailedException("the store's format is not known: " + e.getMessage(), e);
        }
    }

    /**
     * Finds the free space: what no row names. When a row cannot be read, or names what is another's or is not there,
     * nobody knows what is free, and all files are left as they are.
     *
     * @return what is damaged
     */
    private static List<StoreFinding> reserveExtents(KeyValue keyValue, DataFiles files) {
        List<StoreFinding> damage = new ArrayList<>();
        int lastFile = 0;
        Bytes begin = Bytes.of(KeyLayout.EXTENTS);
        try (KeyValue.Cursor rows = keyValue.cursor(Family.DATA, begin, begin.prefixEnd(), Tier.DISK)) {
            while (rows.next()) {
                try {
                    for (Extent extent : ExtentsRow.decode(rows.value()).extents()) {
                        lastFile = Math.max(lastFile, extent.file());
                        if (!files.allocator().reserve(extent)) {
                            String detail = "extent " + extent + " is also another's or behind the end of its file";
                            add(damage, StoreFinding.of(Kind.OVERLAPPING, Family.DATA, rows.key(), detail));
                        }
                    }
                } catch (MalformedBytesException e) {
                    String detail = "list of extents: " + e.getMessage();
                    add(damage, StoreFinding.of(Kind.DAMAGED, Family.DATA, rows.key(), detail));
                }
            }
        } catch (ChecksumException e) {
            add(damage, StoreFinding.of(Kind.DAMAGED, "lists of extents", String.valueOf(e.getMessage())));
        }
        if (!damage.isEmpty()) {
            files.leaveAsTheyAre(lastFile);
        }
        return damage;
    }

    /** What placement groups take; where that cannot be read, they are counted from nothing again until they are scrubbed. */
    private static Map<PgId, PgUsage> readUsage(KeyValue keyValue, List<StoreFinding> damage) {
        Map<PgId, PgUsage> usage = new HashMap<>();
        Bytes groups = Bytes.of(KeyLayout.GROUP);
        try (KeyValue.Cursor rows = keyValue.cursor(Family.META, groups, groups.prefixEnd(), Tier.DISK)) {
            for (boolean has = rows.next(); has; ) {
                PgId pg = KeyLayout.group(rows.key().slice(1, rows.key().length()));
                Bytes row = keyValue.get(Family.META, PgUsage.key(pg), Tier.DISK);
                if (row != null) {
                    usage.put(pg, PgUsage.read(row));
                }
                has = rows.seek(KeyLayout.metaOf(pg).end());
            }
        } catch (ChecksumException | MalformedBytesException e) {
            add(damage, StoreFinding.of(Kind.DAMAGED, "counts of placement groups", String.valueOf(e.getMessage())));
        }
        return usage;
    }

    private static void add(List<StoreFinding> damage, StoreFinding finding) {
        if (damage.size() < MAX_DAMAGE_LISTED) {
            damage.add(finding);
        }
    }

    /**
     * Carries out transactions in order and makes them durable, with one sync of each data file written to and one of
     * the rows. Blocks until that is done.
     *
     * <p>After a transaction was refused, later ones of its placement group are refused too, as {@link Outcome#HELD},
     * until {@link #resume}: they were computed on top of it.
     *
     * @return what became of each
     * @throws StoreFailedException when the disk failed; nothing is known of the group then, and the store is unusable
     */
    public synchronized List<Outcome> commit(List<StoreTransaction> group) {
        if (failed) {
            throw new StoreFailedException("the store has failed before");
        }
        boolean complete = false;
        try {
            List<Outcome> outcomes = commitGroup(group);
            complete = true;
            return outcomes;
        } catch (IOException e) {
            throw new StoreFailedException("commit failed: " + e.getMessage(), e);
        } finally {
            failed = !complete;
        }
    }

    private List<Outcome> commitGroup(List<StoreTransaction> transactions) throws IOException {
        guards.reusable().forEach(files::release);
        gauge.measureIfDue();
        CommitGroup group = new CommitGroup(keyValue, files, gauge, config.inlineBytes());
        List<Outcome> outcomes = new ArrayList<>(transactions.size());
        int committed = 0;
        for (StoreTransaction transaction : transactions) {
            Outcome outcome = held.contains(transaction.pg()) ? Outcome.HELD : group.plan(transaction);
            if (outcome == Outcome.COMMITTED) {
                committed++;
            } else {
                held.add(transaction.pg());
                counters.refused.increment();
            }
            outcomes.add(outcome);
        }
        Map<PgId, PgUsage> used = new HashMap<>();
        group.usageChanges().forEach((pg, change) -> used.put(pg, usage(pg).plus(change)));
        used.forEach((pg, now) -> {
            if (now.equals(PgUsage.NONE)) {
                group.batch().delete(Family.META, PgUsage.key(pg));
            } else {
                group.batch().put(Family.META, PgUsage.key(pg), now.row());
            }
        });
        long syncsBefore = files.syncs();
        counters.bodyBytesWritten.add(group.writeBodies());
        files.sync();
        counters.fileSyncs.add(files.syncs() - syncsBefore);
        if (!group.batch().isEmpty()) {
            keyValue.write(group.batch());
        }
        usage.putAll(used);
        guards.freed(group.freed());
        counters.groups.increment();
        counters.transactions.add(committed);
        gauge.wrote(group.rowBytes());
        makeRoom(group.reclaimableBytes());
        return List.copyOf(outcomes);
    }

    /** On a disk that gets full: turns what was deleted into space that others can take. */
    private void makeRoom(long deletedBytes) throws IOException {
        reclaimableBytes += deletedBytes;
        StoreSpace space = gauge.space();
        if (space.growableBytes() >= space.totalBytes() / 8) {
            return;
        }
        if (reclaimableBytes >= Math.max(1 << 20, space.totalBytes() / 64)) {
            reclaimableBytes = 0;
            keyValue.reclaim();
        }
        if (space.freeExtentBytes() > space.totalBytes() / 16) {
            guards.reusable().forEach(files::release);
            files.shrink(space.totalBytes() / 8 - space.growableBytes());
            gauge.measure();
        }
    }

    /** Takes transactions of a placement group again, after one was refused and those computed on top of it are gone. */
    public synchronized void resume(PgId pg) {
        held.remove(pg);
    }

    /** Reads the newest state from memory only. */
    public StoreReader memory() {
        return memory;
    }

    /** Reads the newest state; may block on the disk. */
    public StoreReader disk() {
        return disk;
    }

    /** Reads the state of now until it is closed. Bodies that are deleted meanwhile keep their space until then. */
    public StoreReader snapshot(Tier tier) {
        ReadGuards.Guard guard = guards.begin();
        KeyValue.Snapshot snapshot = keyValue.snapshot();
        return new StoreReader(snapshot, tier, bodies, counters, () -> {
            snapshot.close();
            guard.close();
        });
    }

    /** Begins to verify the state of now; see {@link StoreVerification}. For any thread, but a commit is waited for. */
    public synchronized StoreVerification verify() {
        ReadGuards.Guard guard = guards.begin();
        KeyValue.Snapshot snapshot = keyValue.snapshot();
        List<Extent> free = new ArrayList<>(files.allocator().free());
        free.addAll(guards.waiting());
        return new StoreVerification(snapshot, bodies, free, files.sizes(), () -> {
            snapshot.close();
            guard.close();
        });
    }

    /**
     * True when a transaction of these mutations of a locator's entries would be taken after all that are {@link #coming}.
     * Cheap when it would; for any thread.
     *
     * @param answerBytes of the reply that the log keeps
     */
    public boolean hasRoom(Locator locator, List<Mutation> mutations, int answerBytes) {
        return gauge.hasRoom(
                Growth.of(locator, mutations, config.inlineBytes()), Growth.ofLog(locator, mutations, answerBytes));
    }

    /**
     * A transaction will be committed, and has {@link #came} then: what it adds is not free for others meanwhile. For any
     * thread.
     *
     * @return to be given to {@link #came} once
     */
    public Coming coming(StoreTransaction transaction) {
        Growth growth = Growth.of(transaction, config.inlineBytes());
        gauge.coming(growth);
        return new Coming(growth);
    }

    /** A transaction that was {@link #coming} has been committed, or refused. For any thread. */
    public void came(Coming transaction) {
        gauge.came(transaction.growth);
    }

    /** What was found damaged when the store was opened, {@value #MAX_DAMAGE_LISTED} at most; empty for a sound store. */
    public List<StoreFinding> damage() {
        return damage;
    }

    /** What a placement group's entries take here, as far as they were counted. For any thread. */
    public PgUsage usage(PgId pg) {
        return usage.getOrDefault(pg, PgUsage.NONE);
    }

    /** How full the store is, by the newest estimate. For any thread. */
    public StoreSpace space() {
        return gauge.space();
    }

    /**
     * How full the store is, by the disk itself: with no commit since the last estimate a compaction may have given space back, and
     * others may have filled the disk or left it. For any thread that may wait for the disk.
     */
    public StoreSpace measuredSpace() {
        return gauge.measured();
    }

    /** What the store has done. */
    public StoreCounters counters() {
        return counters;
    }

    /** True when a commit has failed; the OSD must stop. */
    public boolean isFailed() {
        return failed;
    }

    /** Closes files and key-value store. All readers must have ended. */
    @Override
    public synchronized void close() {
        try {
            files.close();
        } catch (IOException e) {
            throw new StoreFailedException("a data file cannot be closed: " + e.getMessage(), e);
        } finally {
            keyValue.close();
        }
    }
}

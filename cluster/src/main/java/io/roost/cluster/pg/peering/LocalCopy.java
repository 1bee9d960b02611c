package io.roost.cluster.pg.peering;

import io.roost.cluster.map.PgId;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.MissingItem;
import io.roost.cluster.message.PgHistory;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.PgInterval;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this OSD has of a placement group besides its entries: the log, what is missing, how far it is backfilled, and
 * what it knows of the past. Kept in the store as rows: one for each log entry, one for each missing name, and
 *
 * <pre>
 * info:      version u8 = 3, compat u8 = 2, length u32,
 *            log tail: epoch u32, version u64; last backfill: length varint, bytes; last epoch started u32; map epoch u32;
 *            history; past intervals; since version 3: scrubs
 * </pre>
 *
 * Its changes are collected until {@link #rows} hands them out.
 */
public final class LocalCopy {
    private static final String INFO = "info";
    private static final int FORMAT = 3;

    /** The oldest that is more than where the log begins, and can read what is written now. */
    private static final int WITH_PAST = 2;

    private static final int WITH_SCRUBS = 3;

    /** Epochs that the row may be behind (Ceph's osd_pg_epoch_persisted_max_stale); maps are kept for many more. */
    private static final int MAX_STALE_EPOCHS = 40;

    private final PgId pg;
    private final MissingSet missing;
    private final List<PgInterval> pastIntervals;
    private final List<RowChange> logRows = new ArrayList<>();
    private PgLog log;
    private Bytes lastBackfill;
    private int lastEpochStarted;
    private int mapEpoch;
    private int writtenEpoch;
    private PgHistory history;
    private ScrubHistory scrubs = ScrubHistory.NONE;
    private boolean isChanged;

    private LocalCopy(PgId pg, PgLog log, MissingSet missing, PgInfo info, int mapEpoch, List<PgInterval> intervals) {
        this.pg = pg;
        this.log = log;
        this.missing = missing;
        this.lastBackfill = info.lastBackfill();
        this.lastEpochStarted = info.lastEpochStarted();
        this.history = info.history();
        this.mapEpoch = mapEpoch;
        this.writtenEpoch = mapEpoch;
        this.pastIntervals = new ArrayList<>(intervals);
    }

    /**
     * The copy of an OSD of a placement group that comes to be with an epoch: empty, and nothing is missing. Nobody has served
     * before; whether others did then, the maps from there on tell.
     */
    public static LocalCopy created(PgId pg, int epoch) {
        PgHistory history = new PgHistory(epoch, epoch, epoch - 1, epoch);
        PgInfo info = new PgInfo(ObjectVersion.NONE, ObjectVersion.NONE, PgInfo.COMPLETE, 0, epoch, history);
        return created(pg, info, epoch, List.of());
    }

    /**
     * The copy of an OSD that hears of a placement group from another: nothing of it is here.
     *
     * @param known the other's
     * @param mapEpoch to which the other's intervals reach
     * @param intervals the other's
     */
    public static LocalCopy absent(PgId pg, PgHistory known, int mapEpoch, List<PgInterval> intervals) {
        PgInfo info = new PgInfo(ObjectVersion.NONE, ObjectVersion.NONE, Bytes.EMPTY, 0, 0, known);
        return created(pg, info, mapEpoch, intervals);
    }

    /**
     * The only copy there has ever been: of the only OSD.
     *
     * @param epoch up to which that is so; 0 while it is
     */
    public static LocalCopy alone(PgId pg, PgLog log, int epoch) {
        PgHistory history = new PgHistory(epoch, epoch, epoch, epoch);
        PgInfo info = new PgInfo(log.head(), log.tail(), PgInfo.COMPLETE, 0, epoch, history);
        LocalCopy copy = new LocalCopy(pg, log, new MissingSet(), info, epoch, List.of());
        copy.isChanged = true;
        return copy;
    }

    private static LocalCopy created(PgId pg, PgInfo info, int mapEpoch, List<PgInterval> intervals) {
        LocalCopy copy = new LocalCopy(pg, new PgLog(ObjectVersion.NONE), new MissingSet(), info, mapEpoch, intervals);
        copy.isChanged = true;
        return copy;
    }

    /**
     * A copy as the store has it.
     *
     * @param row of {@link #infoKey}
     * @param log with all kept entries; its tail is {@link #tailOf} the row
     * @param missing as the rows of missing names say
     */
    public static LocalCopy load(PgId pg, Bytes row, PgLog log, MissingSet missing) {
        ByteReader in = new ByteReader(row);
        ByteReader.Struct struct = in.begin(FORMAT);
        ObjectVersion tail = in.version();
        Bytes lastBackfill = in.bytes();
        int lastEpochStarted = in.u32();
        int mapEpoch = in.u32();
        PgHistory history = PgHistory.read(in);
        List<PgInterval> intervals = PgInterval.readAll(in);
        ScrubHistory scrubs = struct.version() < WITH_SCRUBS ? ScrubHistory.NONE : ScrubHistory.read(in);
        in.end(struct);
        PgInfo info = new PgInfo(log.head(), tail, lastBackfill, missing.size(), lastEpochStarted, history);
        LocalCopy copy = new LocalCopy(pg, log, missing, info, mapEpoch, intervals);
        copy.scrubs = scrubs;
        return copy;
    }

    /** The key of the row that {@link #load} reads. */
    public static Bytes infoKey(PgId pg) {
        return KeyLayout.meta(pg, INFO);
    }

    /** True when the row of {@link #infoKey} is that of {@link #alone}; one of format 1 said only where the log begins. */
    public static boolean isOfLoneCopy(Bytes row) {
        ByteReader in = new ByteReader(row);
        if (in.begin(FORMAT).version() < WITH_PAST) {
            return true;
        }
        in.version();
        in.bytes();
        in.u32();
        return in.u32() == 0;
    }

    /** What the row of {@link #infoKey} says of scrubs, in any format. */
    public static ScrubHistory scrubsOf(Bytes row) {
        ByteReader in = new ByteReader(row);
        if (in.begin(FORMAT).version() < WITH_SCRUBS) {
            return ScrubHistory.NONE;
        }
        in.version();
        in.bytes();
        in.u32();
        in.u32();
        PgHistory.read(in);
        PgInterval.readAll(in);
        return ScrubHistory.read(in);
    }

    /** Where the log begins, by the row of {@link #infoKey} in any format. */
    public static ObjectVersion tailOf(Bytes row) {
        ByteReader in = new ByteReader(row);
        in.begin(FORMAT);
        return in.version();
    }

    /** Whose copy it is. */
    public PgId pg() {
        return pg;
    }

    /** What is said to others of it. */
    public PgInfo info() {
        return new PgInfo(log.head(), log.tail(), lastBackfill, missing.size(), lastEpochStarted, history);
    }

    /** The log. */
    public PgLog log() {
        return log;
    }

    /** The names that are not here as the log says. */
    public MissingSet missing() {
        return missing;
    }

    /** What is known of the past. */
    public PgHistory history() {
        return history;
    }

    /** What is known of scrubs. */
    public ScrubHistory scrubs() {
        return scrubs;
    }

    /** Takes what is known better of scrubs; true when it is. */
    public boolean learn(ScrubHistory known) {
        boolean isBetter = known.compareTo(scrubs) > 0;
        if (isBetter) {
            scrubs = known;
            isChanged = true;
        }
        return isBetter;
    }

    /** Intervals that may have taken writes since the placement group was last clean, oldest first. */
    public List<PgInterval> pastIntervals() {
        return List.copyOf(pastIntervals);
    }

    /** Epoch from which on the maps are needed when the store is read again. */
    public int neededMapEpoch() {
        return writtenEpoch;
    }

    /** Epoch of the map up to which intervals are known. */
    public int mapEpoch() {
        return mapEpoch;
    }

    /** Entries whose key is above this are absent. */
    public Bytes lastBackfill() {
        return lastBackfill;
    }

    /** Entries up to a key are here now, {@link PgInfo#COMPLETE} for all. */
    public void backfilled(Bytes upTo) {
        lastBackfill = upTo;
        isChanged = true;
    }

    /** The log's tail has moved: its row is written anew with the rows of the log. */
    public void trimmed() {
        isChanged = true;
    }

    /**
     * Intervals are known up to an epoch now. Written with the next change, for they can be computed again as long as there
     * are the maps; before those go it is a change itself.
     */
    void reached(int epoch) {
        mapEpoch = epoch;
        isChanged |= epoch - writtenEpoch >= MAX_STALE_EPOCHS;
    }

    /** An interval has ended that may have taken writes. */
    void past(PgInterval interval) {
        pastIntervals.add(interval);
        isChanged = true;
    }

    /** A new interval begins with an epoch. */
    void intervalBegins(int epoch) {
        isChanged |= epoch != history.sameIntervalSince();
        history = history.inInterval(epoch);
    }

    /** This interval is known to have begun with an epoch: what was noted of it is not past. */
    void intervalBegan(int epoch) {
        isChanged |= pastIntervals.removeIf(interval -> interval.first() >= epoch);
        intervalBegins(epoch);
    }

    /**
     * Maps are gone that would tell what happened since this copy was last used. They are only dropped when every
     * placement group has been clean after them, without this copy: others have all, and this one proves nothing. Nor is
     * it known since when those have served that do now.
     */
    void outlivedItsMaps(Optional<PgInterval> now) {
        pastIntervals.clear();
        now.ifPresent(pastIntervals::add);
        missing.clear();
        lastBackfill = Bytes.EMPTY;
        isChanged = true;
    }

    /** Learns what another OSD knows of the past. True when the placement group is known to have started later now. */
    boolean learn(PgHistory other) {
        PgHistory merged = history.merge(other);
        boolean isLater = merged.lastEpochStarted() > history.lastEpochStarted();
        if (!merged.equals(history)) {
            history = merged;
            pastIntervals.removeIf(interval -> interval.last() < merged.lastEpochClean());
            isChanged = true;
        }
        return isLater;
    }

    /** This OSD takes part in the activation of an epoch, or has the log of one that did. */
    void activatedAt(int epoch) {
        isChanged |= epoch > lastEpochStarted;
        lastEpochStarted = Math.max(lastEpochStarted, epoch);
    }

    /** Makes the log another, and finds out what is missing by it. */
    void apply(LogMerge merge) {
        if (!merge.divergent().isEmpty()) {
            log.rollBack(merge.divergent().get(0).version());
            missing.onDivergent(merge.divergent(), pg.pool(), lastBackfill);
            merge.divergent()
                    .forEach(entry -> logRows.add(
                            new RowChange.DeleteRow(Family.PGLOG, KeyLayout.logEntry(pg, entry.version()))));
        }
        merge.added().forEach(this::append);
        isChanged = true;
    }

    private void append(LogEntry entry) {
        Bytes row = entry.encode();
        log.append(entry.version(), entry.request(), row.length());
        missing.onEntry(entry, pg.pool(), lastBackfill);
        logRows.add(new RowChange.PutRow(Family.PGLOG, KeyLayout.logEntry(pg, entry.version()), row));
    }

    /**
     * Begins again with somebody else's log and none of the entries.
     *
     * @param tail where that log begins
     * @param entries of it, oldest first
     */
    void startOver(ObjectVersion tail, List<LogEntry> entries) {
        log.versions()
                .forEach(
                        version -> logRows.add(new RowChange.DeleteRow(Family.PGLOG, KeyLayout.logEntry(pg, version))));
        log = new PgLog(tail);
        missing.clear();
        lastBackfill = Bytes.EMPTY;
        entries.forEach(this::append);
        isChanged = true;
    }

    /** The copy is given up: from here on it has nothing and proves nothing, whatever entries are still here. */
    public void giveUp() {
        startOver(ObjectVersion.NONE, List.of());
    }

    /** The rows that have changed since this was last asked; they must be written in the order in which they are given. */
    public List<RowChange> rows() {
        List<RowChange> rows = new ArrayList<>(logRows);
        logRows.clear();
        for (Bytes key : missing.changes()) {
            MissingItem item = missing.item(key);
            Bytes rowKey = KeyLayout.missing(pg, key);
            if (item == null) {
                rows.add(new RowChange.DeleteRow(Family.META, rowKey));
            } else {
                ByteWriter out = new ByteWriter();
                item.write(out);
                rows.add(new RowChange.PutRow(Family.META, rowKey, out.toBytes()));
            }
        }
        if (isChanged) {
            isChanged = false;
            rows.add(new RowChange.PutRow(Family.META, infoKey(pg), infoRow()));
        }
        return rows;
    }

    void persist(PeeringEffects out) {
        List<RowChange> rows = rows();
        if (!rows.isEmpty()) {
            out.persist(pg, rows);
        }
    }

    private Bytes infoRow() {
        writtenEpoch = mapEpoch;
        ByteWriter out = new ByteWriter();
        int mark = out.begin(FORMAT, WITH_PAST);
        out.version(log.tail()).bytes(lastBackfill).u32(lastEpochStarted).u32(mapEpoch);
        history.write(out);
        PgInterval.writeAll(out, pastIntervals);
        scrubs.write(out);
        return out.end(mark).toBytes();
    }
}

package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.ObjectStore;
import java.util.Collection;

/**
 * An OSD's copy of one placement group, through all intervals of maps: in each it is the {@link Primary}, a
 * {@link Replica} or neither. What an ended interval had under way is void; what it gave to the store still gets there,
 * before anything of the next.
 *
 * <p>A machine: one thread calls it, effects come out in order, it has no clock and does no I/O but reads of memory.
 */
public final class PlacementGroup {
    private final PgId id;
    private final ClassRegistry classes;
    private final ObjectStore store;
    private final PgLog log;
    private final PgLog.Limits limits;
    private final Commits commits;
    private final Reads reads;
    private int intervalSince;
    private Primary primary;
    private Replica replica;

    /**
     * A placement group as its log in the store says, with no part in it yet.
     *
     * @param log all kept entries appended
     */
    public PlacementGroup(PgId id, ClassRegistry classes, ObjectStore store, PgLog log, PgLog.Limits limits) {
        this.id = id;
        this.classes = classes;
        this.store = store;
        this.log = log;
        this.limits = limits;
        this.commits = new Commits(id);
        this.reads = new Reads(store);
    }

    /** The placement group's id. */
    public PgId id() {
        return id;
    }

    /** The newest version that all who take part have on disk, as far as is known here. */
    public ObjectVersion committed() {
        return primary == null ? ObjectVersion.NONE : primary.committed();
    }

    /** Transactions in flight. */
    public int inFlightCount() {
        return primary == null ? 0 : primary.inFlightCount();
    }

    /** True when operations may come. */
    public boolean isActivePrimary() {
        return primary != null;
    }

    /**
     * This OSD is the primary, and active: operations may come.
     *
     * @param mapEpoch becomes the epoch of every new version; never less than that of the log's head
     * @param others who take every change too, and have the same log
     */
    public void onPrimary(int mapEpoch, Collection<Integer> others) {
        onIntervalEnd();
        if (mapEpoch < log.head().epoch()) {
            throw new IllegalStateException(id + " active in epoch " + mapEpoch + " before its log's " + log.head());
        }
        intervalSince = mapEpoch;
        Pipeline pipeline = new Pipeline(id, log, limits, commits, new Members(others, log.head()));
        primary = new Primary(id, classes, store, reads, pipeline, mapEpoch);
    }

    /**
     * This OSD takes part, and another one is the primary; its log is the same.
     *
     * @param mapEpoch of the interval
     */
    public void onReplica(int mapEpoch, int primaryOsd) {
        onIntervalEnd();
        intervalSince = mapEpoch;
        replica = new Replica(id, primaryOsd, mapEpoch, log, commits);
    }

    /** The interval has ended, and this OSD has no part in the next one yet. */
    public void onIntervalEnd() {
        if (primary != null) {
            primary.end();
            primary = null;
        }
        if (replica != null) {
            replica.end();
            replica = null;
        }
    }

    /** A newer map that goes on with the interval. */
    public void onMap(int mapEpoch) {
        if (primary != null) {
            primary.onMap(mapEpoch);
        }
    }

    /** An operation of a client, for a locator of this placement group; only for an active primary. */
    public void onOperation(long session, OsdMessage.Operation operation, PgEffects out) {
        primary.onOperation(session, operation, out);
    }

    /** A page of the entries of this placement group, pending work or others; only for an active primary. */
    public void onScanWork(long session, OsdMessage.ScanWork scan, int pgNum, PgEffects out) {
        primary.onScanWork(session, scan, pgNum, out);
    }

    /** A message of another OSD, by a map that this one has too; void when it is of another interval. */
    public void onMessage(int from, ReplicationMessage message, PgEffects out) {
        if (message.mapEpoch() < intervalSince) {
            out.count("pg: a message of an interval that has ended");
        } else if (primary != null) {
            primary.onMessage(from, message, out);
        } else if (replica != null) {
            replica.onMessage(from, message, out);
        }
    }

    /** The connection to an OSD broke; what was said to it may be lost. */
    public void onPeerReset(int osd, PgEffects out) {
        if (primary != null) {
            primary.onPeerReset(osd, out);
        } else if (replica != null) {
            replica.onPeerReset(osd, out);
        }
    }

    /** The transaction of a number, and all before it, are on disk. */
    public void onPersisted(long number, PgEffects out) {
        commits.onPersisted(number, out);
    }

    /**
     * The store did nothing of the transaction of a number, nor of those after it.
     *
     * @throws IllegalStateException when other OSDs may have it: this one's copy is no longer theirs, and it must stop
     */
    public void onRefused(long number, ObjectError error, PgEffects out) {
        if (primary == null) {
            throw new IllegalStateException(id + ": " + error + " for a transaction that others have");
        }
        primary.onRefused(number, error, out);
    }

    /** The task of {@link PgEffects#read} has ended; failure is null when it succeeded. */
    public void onRead(long token, RuntimeException failure, PgEffects out) {
        if (primary != null) {
            primary.onRead(token, failure, out);
        }
    }
}

package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.message.ScrubMessage;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.pg.peering.Activation;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import java.util.SortedSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What an OSD does for a placement group in an interval, as its peering has said: it leads it, takes transactions as a
 * replica, gives entries to the primary, takes its copy off the disk, or none of these. It ends with the interval; what it
 * gave to the store still gets there.
 */
final class Role {
    private final PgId id;
    private final int osd;
    private final ClassRegistry classes;
    private final ObjectStore store;
    private final PgLog.Limits limits;
    private final Commits commits;
    private final Reads reads;
    private final Turns turns;
    private final ReplicaReads replicaReads;
    private Leadership lead;
    private Replica replica;
    private EntrySource source;
    private Removal removal;

    /** None yet. */
    Role(
            PgId id,
            int osd,
            ClassRegistry classes,
            ObjectStore store,
            PgLog.Limits limits,
            Commits commits,
            Reads reads,
            Turns turns) {
        this.id = id;
        this.osd = osd;
        this.classes = classes;
        this.store = store;
        this.limits = limits;
        this.commits = commits;
        this.reads = reads;
        this.turns = turns;
        this.replicaReads = new ReplicaReads(id, classes, reads);
    }

    /** What it does when it leads it; otherwise null. */
    Leadership lead() {
        return lead;
    }

    /** True when it takes transactions of the primary. */
    boolean isReplica() {
        return replica != null;
    }

    /** What takes its copy off the disk; null while nothing does. */
    Removal removal() {
        return removal;
    }

    // ---- what begins, and ends ----

    /**
     * It leads.
     *
     * @param keys of its entries
     * @param others who is no member, and may have entries
     * @param isAnyFull whether nothing may grow
     */
    void lead(
            LocalCopy copy,
            Activation activation,
            KeyLayout.KeyRange keys,
            Supplier<SortedSet<Integer>> others,
            BooleanSupplier isAnyFull,
            PgEffects out) {
        if (activation.epoch() < copy.log().head().epoch()) {
            throw new IllegalStateException(id + " active in epoch " + activation.epoch() + " before its log's "
                    + copy.log().head());
        }
        int epoch = activation.epoch();
        Members members = new Members(activation.peers(), copy.log().head());
        Pipeline pipeline = new Pipeline(id, copy, limits, commits, members, epoch);
        Upkeep upkeep = new Upkeep(
                id, osd, epoch, copy, members, pipeline, commits, reads, store, others, keys, this::onScrubbed);
        turns.lead(epoch);
        ReadLease lease = new ReadLease(
                id,
                epoch,
                activation.acting().stream().filter(other -> other != osd).toList());
        lead = new Leadership(
                new Primary(id, classes, store, reads, pipeline, upkeep, lease, isAnyFull, epoch),
                upkeep,
                new RecoverySchedule(members, upkeep.recovery(), upkeep.backfill(), turns.toRecover()),
                new ScrubSchedule(id, epoch, copy, members, commits, upkeep.scrub(), turns.toScrub()),
                lease);
        commits.whenDurable(lead.scrubs()::begin, out);
    }

    private void onScrubbed(ScrubResult result, PgEffects out) {
        lead.scrubs().onEnd(result, out);
    }

    /** It takes transactions of a primary. */
    void follow(LocalCopy copy, int primary, KeyLayout.KeyRange keys) {
        replica = new Replica(id, primary, copy.history().sameIntervalSince(), copy, commits, reads, store, keys);
    }

    /** Nobody needs its copy any more. */
    void remove(LocalCopy copy, KeyLayout.KeyRange keys, PgEffects out) {
        if (removal == null) {
            removal = new Removal(id, copy, commits, reads, store, keys);
            removal.begin(out);
        }
    }

    /** The interval has ended. */
    void end() {
        if (lead != null) {
            lead.end();
            lead = null;
        }
        if (replica != null) {
            replica.end();
            replica = null;
        }
        if (source != null) {
            source.end();
            source = null;
        }
        if (removal != null) {
            removal.end();
            removal = null;
        }
    }

    // ---- what concerns it ----

    /**
     * A client asks this OSD for what a replica may answer.
     *
     * @param epoch of this OSD's map
     */
    void onReplicaRead(long session, OsdMessage.Operation operation, int epoch, PgEffects out) {
        replicaReads.read(session, operation, epoch, replica, out);
    }

    /** @param giving makes what gives entries to the primary */
    void onReplication(int from, ReplicationMessage message, Supplier<EntrySource> giving, PgEffects out) {
        if (lead != null) {
            lead.primary().onMessage(from, message, out);
        } else if (message instanceof ReplicationMessage.Pull pull) {
            if (source == null) {
                source = giving.get();
            }
            source.onPull(from, pull, out);
        } else if (replica != null) {
            replica.onMessage(from, message, out);
        }
    }

    void onScrub(int from, ScrubMessage message, PgEffects out) {
        if (lead != null && message instanceof ScrubMessage.Known known) {
            lead.scrubs().onKnown(known, out);
        } else if (lead != null) {
            lead.upkeep().scrub().onMessage(from, message, out);
        } else if (replica != null) {
            replica.onScrub(from, message, out);
        }
    }

    void onPeerReset(int peer, PgEffects out) {
        if (lead != null) {
            lead.primary().onPeerReset(peer, out);
        }
    }

    void onRead(long token, RuntimeException failure, PgEffects out) {
        if (replicaReads.onRead(token, failure, out)) {
            out.count("pg: a replica has read for a client");
        } else if (lead != null) {
            lead.primary().onRead(token, failure, out);
        } else if (source != null && source.onRead(token, failure, out)) {
            out.count("pg: an entry is given to the primary");
        } else if (replica != null) {
            replica.onRead(token, failure, out);
        } else if (removal != null) {
            removal.onRead(token, failure, out);
        }
    }

    /** The store did nothing of a transaction that no other OSD has. */
    void onRefused(long number, ObjectError error, PgEffects out) {
        lead.primary().onRefused(number, error, out);
    }
}

package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.ObjectStore;
import java.util.HashMap;
import java.util.Map;

/**
 * An OSD that is not the primary gives the primary entries that this one lacks: a replica does, and so does one that served
 * before and whose copy is not removed yet.
 */
final class EntrySource {
    private final PgId id;
    private final int primary;
    private final int epoch;
    private final LocalCopy copy;
    private final Commits commits;
    private final Reads reads;
    private final ObjectStore store;
    private final Map<Long, Asked> reading = new HashMap<>();
    private boolean isOver;

    private record Asked(ReplicationMessage.Pull pull, EntryRead read) {}

    /** @param epoch of the interval */
    EntrySource(PgId id, int primary, int epoch, LocalCopy copy, Commits commits, Reads reads, ObjectStore store) {
        this.id = id;
        this.primary = primary;
        this.epoch = epoch;
        this.copy = copy;
        this.commits = commits;
        this.reads = reads;
        this.store = store;
    }

    /** The interval has ended. */
    void end() {
        isOver = true;
        reading.clear();
    }

    /** The primary wants an entry: as it is when all is on disk that has come before. */
    void onPull(int from, ReplicationMessage.Pull pull, PgEffects out) {
        if (from != primary) {
            out.count("pg: a message of somebody who is not the primary");
        } else if (copy.missing().item(pull.key()) != null || pull.key().compareTo(copy.lastBackfill()) > 0) {
            refuse(pull, out);
        } else {
            commits.whenDurable(
                    then -> {
                        if (!isOver) {
                            long token = reads.newToken();
                            EntryRead read = new EntryRead(store, pull.key());
                            reading.put(token, new Asked(pull, read));
                            then.read(id, token, read);
                        }
                    },
                    out);
        }
    }

    private void refuse(ReplicationMessage.Pull pull, PgEffects out) {
        out.send(primary, new ReplicationMessage.Unreadable(id, epoch, pull.key(), pull.version()));
    }

    /** A read has ended; false when it was not one of these. */
    boolean onRead(long token, RuntimeException failure, PgEffects out) {
        Asked asked = reading.remove(token);
        if (asked == null) {
            return false;
        }
        if (failure == null) {
            EntryRead read = asked.read();
            out.send(
                    primary,
                    new ReplicationMessage.Push(id, epoch, asked.pull().key(), read.version(), read.content()));
        } else {
            refuse(asked.pull(), out);
        }
        return true;
    }
}

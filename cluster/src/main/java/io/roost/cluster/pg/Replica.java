package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.LogRows;
import io.roost.cluster.pg.log.PgLog;
import java.util.List;

/**
 * An OSD's part in an interval in which another is the primary: it does what the primary says, in the order of versions,
 * and says when that is on disk.
 */
final class Replica {
    private final PgId id;
    private final int primary;
    private final int epoch;
    private final PgLog log;
    private final Commits commits;
    private boolean isOver;

    /**
     * A replica whose log is the primary's.
     *
     * @param epoch of the interval
     */
    Replica(PgId id, int primary, int epoch, PgLog log, Commits commits) {
        this.id = id;
        this.primary = primary;
        this.epoch = epoch;
        this.log = log;
        this.commits = commits;
    }

    /** The interval has ended. */
    void end() {
        isOver = true;
    }

    void onMessage(int from, ReplicationMessage message, PgEffects out) {
        if (from == primary && message instanceof ReplicationMessage.Replicate replicate) {
            onReplicate(replicate, out);
        }
    }

    /**
     * A transaction of the primary. One that is here already was sent again because its sender could not know; one that
     * does not follow the log was sent after others that were lost with their connection, and will come again after them.
     */
    private void onReplicate(ReplicationMessage.Replicate message, PgEffects out) {
        if (message.version().compareTo(log.head()) <= 0) {
            out.count("pg: a transaction comes again");
        } else if (message.version().version() != log.head().version() + 1) {
            out.count("pg: a transaction ahead of its turn");
        } else {
            apply(message, out);
            tell(message.version(), out);
        }
    }

    private void apply(ReplicationMessage.Replicate message, PgEffects out) {
        LogEntry entry = LogEntry.decode(message.logRow());
        if (!entry.version().equals(message.version())
                || !entry.locatorKey().equals(message.locator().key())) {
            throw new MalformedBytesException("the log entry of " + message.version() + " says " + entry.version());
        }
        log.append(entry.version(), entry.request(), message.logRow().length());
        List<ObjectVersion> trimmed = log.trimTo(message.logTail());
        commits.submit(
                LogRows.transaction(
                        id, message.locator(), message.version(), message.mutations(), message.logRow(), trimmed),
                out);
    }

    private void tell(ObjectVersion version, PgEffects out) {
        commits.whenDurable(
                then -> {
                    if (!isOver) {
                        then.send(primary, new ReplicationMessage.Replicated(id, epoch, version));
                    }
                },
                out);
    }

    /** The connection to an OSD broke; what was said to it may be lost. */
    void onPeerReset(int osd, PgEffects out) {
        if (osd == primary) {
            tell(log.head(), out);
        }
    }
}

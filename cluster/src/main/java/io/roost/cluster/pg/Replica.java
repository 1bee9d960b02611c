package io.roost.cluster.pg;

import io.roost.cluster.machine.Invariant;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MissingItem;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.message.ScrubMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.LogRows;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An OSD's part in an interval in which another is the primary: it does what the primary says, in the order of versions,
 * and says when that is on disk; it takes the entries that it lacks.
 */
final class Replica {
    private final PgId id;
    private final int primary;
    private final int epoch;
    private final LocalCopy copy;
    private final PgLog log;
    private final Commits commits;
    private final Reads reads;
    private final ObjectStore store;
    private final KeyLayout.KeyRange group;
    private final Map<Long, ScanAnswer> reading = new TreeMap<>();
    private final ScrubTarget scrub;
    private boolean isOver;
    /** Newest transaction with entries that count as here, though the ones before it did not bring them. */
    private long newestArrival;

    /**
     * A replica whose log is the primary's.
     *
     * @param epoch of the interval
     * @param group the keys of the placement group
     */
    Replica(
            PgId id,
            int primary,
            int epoch,
            LocalCopy copy,
            Commits commits,
            Reads reads,
            ObjectStore store,
            KeyLayout.KeyRange group) {
        this.group = group;
        this.id = id;
        this.primary = primary;
        this.epoch = epoch;
        this.copy = copy;
        this.log = copy.log();
        this.commits = commits;
        this.reads = reads;
        this.store = store;
        this.scrub = new ScrubTarget(id, primary, epoch, copy, commits, reads, store, group);
        newestArrival = commits.newest();
    }

    /** The interval has ended. */
    void end() {
        isOver = true;
        reading.clear();
        scrub.end();
    }

    /** The primary compares copies. */
    void onScrub(int from, ScrubMessage message, PgEffects out) {
        scrub.onMessage(from, message, out);
    }

    void onMessage(int from, ReplicationMessage message, PgEffects out) {
        if (from != primary) {
            out.count("pg: a message of somebody who is not the primary");
        } else if (message instanceof ReplicationMessage.Replicate replicate) {
            onReplicate(replicate, out);
        } else if (message instanceof ReplicationMessage.Push push) {
            onPush(push, out);
        } else if (message instanceof ReplicationMessage.Scan scan) {
            onScan(scan, out);
        } else if (message instanceof ReplicationMessage.Filled filled) {
            onFilled(filled, out);
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
            return;
        } else {
            apply(message, out);
        }
        whenDurable(new ReplicationMessage.Replicated(id, epoch, message.version()), out);
    }

    private void apply(ReplicationMessage.Replicate message, PgEffects out) {
        LogEntry entry = LogEntry.decode(message.logRow());
        if (!entry.version().equals(message.version())
                || !entry.locatorKey().equals(message.locator().key())) {
            throw new MalformedBytesException("the log entry of " + message.version() + " says " + entry.version());
        }
        log.append(entry.version(), entry.request(), message.logRow().length());
        List<ObjectVersion> trimmed = log.trimTo(message.logTail());
        if (!trimmed.isEmpty()) {
            copy.trimmed();
        }
        List<Mutation> mutations = here(message);
        commits.submit(
                LogRows.transaction(
                        id, message.locator(), message.version(), mutations, message.logRow(), trimmed, copy.rows()),
                out);
    }

    /**
     * What is changed here: entries that are to be filled later come as they are then. None of them is missing, for the
     * primary waits until nobody misses what it changes (decision 9).
     */
    private List<Mutation> here(ReplicationMessage.Replicate message) {
        List<Mutation> here = new ArrayList<>(message.mutations().size());
        for (Mutation mutation : message.mutations()) {
            Bytes key = KeyLayout.entry(message.locator(), mutation.name());
            if (key.compareTo(copy.lastBackfill()) <= 0) {
                Invariant.check(copy.missing().item(key) == null, "what is missing is not changed");
                here.add(mutation);
            }
        }
        return here;
    }

    private void whenDurable(ReplicationMessage message, PgEffects out) {
        commits.whenDurable(
                then -> {
                    if (!isOver) {
                        then.send(primary, message);
                    }
                },
                out);
    }

    /** True when the store has all of a locator as the log says. */
    boolean has(Locator locator) {
        if (!commits.isDurable(newestArrival)) {
            return false;
        }
        Bytes begin = KeyLayout.locator(locator);
        Bytes end = begin.prefixEnd();
        return end.compareTo(copy.lastBackfill()) <= 0
                && copy.missing().items().subMap(begin, true, end, false).isEmpty();
    }

    /** An entry as it should be here. One that is not missed is here, or something newer is. */
    private void onPush(ReplicationMessage.Push push, PgEffects out) {
        MissingItem missing = copy.missing().item(push.key());
        if (push.key().compareTo(copy.lastBackfill()) > 0) {
            // It is being filled up to here: nothing else changes this part.
            newestArrival = commits.submit(
                    WholeEntry.transaction(id, push.key(), push.version(), push.content(), copy.rows()), out);
        } else if (missing == null) {
            out.count("pg: a push of what is not missed");
        } else if (push.version().compareTo(missing.need()) < 0) {
            out.count("pg: a push that is too old");
            return;
        } else {
            copy.missing().recovered(push.key());
            newestArrival = commits.submit(
                    WholeEntry.transaction(id, push.key(), push.version(), push.content(), copy.rows()), out);
        }
        whenDurable(new ReplicationMessage.Pushed(id, epoch, push.key(), push.version()), out);
    }

    /** The primary wants to know what is here of a part that is being filled. */
    private void onScan(ReplicationMessage.Scan scan, PgEffects out) {
        commits.whenDurable(
                then -> {
                    if (!isOver) {
                        long token = reads.newToken();
                        ScanAnswer answer = new ScanAnswer(scan);
                        reading.put(token, answer);
                        then.read(id, token, answer);
                    }
                },
                out);
    }

    /** All entries up to a key are here now. */
    private void onFilled(ReplicationMessage.Filled filled, PgEffects out) {
        if (filled.through().compareTo(copy.lastBackfill()) > 0) {
            copy.backfilled(filled.through());
            newestArrival = commits.submit(StoreTransaction.ofRows(id, copy.rows()), out);
        }
        whenDurable(new ReplicationMessage.FilledRecorded(id, epoch, filled.through()), out);
    }

    void onRead(long token, RuntimeException failure, PgEffects out) {
        ScanAnswer answer = reading.remove(token);
        if (scrub.onRead(token, failure, out) || answer == null) {
            return;
        }
        if (failure == null) {
            out.send(primary, answer.message());
        } else if (failure instanceof ChecksumException damage) {
            out.damaged(id, damage);
            out.send(primary, new ReplicationMessage.Unreadable(id, epoch, answer.scan.after(), ObjectVersion.NONE));
        } else {
            throw failure;
        }
    }

    private final class ScanAnswer implements Runnable {
        private final ReplicationMessage.Scan scan;
        private final RangeScan read;

        ScanAnswer(ReplicationMessage.Scan scan) {
            this.scan = scan;
            this.read = new RangeScan(
                    store, group, scan.after(), scan.through(), ReplicationMessage.Scanned.MAX_ENTRIES, Long.MAX_VALUE);
        }

        @Override
        public void run() {
            read.run();
        }

        ReplicationMessage message() {
            List<ReplicationMessage.Present> entries = new ArrayList<>();
            read.versions().forEach((key, version) -> entries.add(new ReplicationMessage.Present(key, version)));
            Bytes through = read.isCut() ? read.last() : scan.through();
            return new ReplicationMessage.Scanned(id, epoch, scan.after(), through, entries);
        }
    }
}

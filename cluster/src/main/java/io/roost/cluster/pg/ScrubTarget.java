package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ScrubMessage;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreTransaction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An OSD that is not the primary lets its copy be compared, and takes what replaces an entry that is not as it was written. */
final class ScrubTarget {
    private final PgId id;
    private final int primary;
    private final int epoch;
    private final LocalCopy copy;
    private final Commits commits;
    private final Reads reads;
    private final ObjectStore store;
    private final KeyLayout.KeyRange group;
    private final Map<Long, ScrubScan> reading = new TreeMap<>();
    private boolean isOver;

    /**
     * A target in one interval.
     *
     * @param epoch of the interval
     * @param group the keys of the placement group
     */
    ScrubTarget(
            PgId id,
            int primary,
            int epoch,
            LocalCopy copy,
            Commits commits,
            Reads reads,
            ObjectStore store,
            KeyLayout.KeyRange group) {
        this.id = id;
        this.primary = primary;
        this.epoch = epoch;
        this.copy = copy;
        this.commits = commits;
        this.reads = reads;
        this.store = store;
        this.group = group;
    }

    /** The interval has ended. */
    void end() {
        isOver = true;
        reading.clear();
    }

    void onMessage(int from, ScrubMessage message, PgEffects out) {
        if (from != primary) {
            out.count("pg: a message of somebody who is not the primary");
        } else if (message instanceof ScrubMessage.Examine question) {
            whenDurable(then -> examine(question, then), out);
        } else if (message instanceof ScrubMessage.Mend mend) {
            onMend(mend, out);
        } else if (message instanceof ScrubMessage.Known known) {
            onKnown(known, out);
        }
    }

    private void onKnown(ScrubMessage.Known known, PgEffects out) {
        if (copy.learn(known.history())) {
            commits.submit(StoreTransaction.ofRows(id, copy.rows()), out);
        } else if (copy.scrubs().compareTo(known.history()) > 0) {
            out.send(primary, new ScrubMessage.Known(id, epoch, copy.scrubs()));
        }
    }

    private void whenDurable(Commits.Step step, PgEffects out) {
        commits.whenDurable(
                then -> {
                    if (!isOver) {
                        step.run(then);
                    }
                },
                out);
    }

    private void examine(ScrubMessage.Examine question, PgEffects out) {
        ScrubScan scan = new ScrubScan(store, group, question);
        long token = reads.newToken();
        reading.put(token, scan);
        out.read(id, token, scan);
    }

    /** A read has ended; false when it was not one of these. */
    boolean onRead(long token, RuntimeException failure, PgEffects out) {
        ScrubScan scan = reading.remove(token);
        if (scan == null) {
            return false;
        }
        if (failure != null) {
            throw failure;
        }
        scan.damages().forEach(damage -> out.damaged(id, damage));
        out.send(primary, scan.answer(id, epoch));
        return true;
    }

    private void onMend(ScrubMessage.Mend mend, PgEffects out) {
        if (copy.missing().item(mend.key()) != null || mend.key().compareTo(copy.lastBackfill()) > 0) {
            out.count("pg: an entry is to be mended that is not here yet");
            return;
        }
        commits.submit(WholeEntry.transaction(id, mend.key(), mend.version(), mend.content(), List.of()), out);
        whenDurable(then -> then.send(primary, new ScrubMessage.Mended(id, epoch, mend.number(), mend.key())), out);
    }
}

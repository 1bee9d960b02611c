package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import java.util.List;
import java.util.SortedSet;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * What the primary does in an interval so that all copies are what they should be, beside the writes: {@link Recovery} of
 * what the log tells of, {@link Backfill} of what it does not reach back to, {@link Repair} of what is met damaged and
 * {@link Scrub}, which looks for that. Says which writes have to wait for it.
 */
final class Upkeep {
    private final Members members;
    private final Recovery recovery;
    private final Backfill backfill;
    private final Repair repair;
    private final Scrub scrub;

    /**
     * Nothing is under way yet.
     *
     * @param osd this OSD, the primary
     * @param epoch of the activation
     * @param others OSDs that are up and no members, and may have something
     * @param keys of the placement group
     * @param onScrubbed takes what scrubs come to
     */
    Upkeep(
            PgId id,
            int osd,
            int epoch,
            LocalCopy copy,
            Members members,
            Pipeline pipeline,
            Commits commits,
            Reads reads,
            ObjectStore store,
            Supplier<SortedSet<Integer>> others,
            KeyLayout.KeyRange keys,
            BiConsumer<ScrubResult, PgEffects> onScrubbed) {
        this.members = members;
        repair = new Repair(id, epoch, members, pipeline, commits, reads, store, others);
        recovery = new Recovery(id, epoch, copy, members, commits, reads, repair, store, others);
        backfill = new Backfill(id, epoch, members, pipeline, reads, repair, store, keys);
        scrub = new Scrub(id, osd, epoch, members, pipeline, commits, reads, repair, store, onScrubbed);
    }

    Recovery recovery() {
        return recovery;
    }

    Backfill backfill() {
        return backfill;
    }

    Repair repair() {
        return repair;
    }

    Scrub scrub() {
        return scrub;
    }

    /** The interval has ended. */
    void end() {
        recovery.end();
        backfill.end();
        repair.end();
        scrub.end();
    }

    void onMessage(int from, ReplicationMessage message, PgEffects out) {
        if (message instanceof ReplicationMessage.Push push) {
            if (!repair.onPush(from, push, out)) {
                recovery.onPush(from, push, out);
            }
        } else if (message instanceof ReplicationMessage.Pushed pushed) {
            if (!backfill.onPushed(from, pushed, out)) {
                recovery.onPushed(from, pushed, out);
            }
        } else if (message instanceof ReplicationMessage.Scanned scanned) {
            backfill.onScanned(from, scanned, out);
        } else if (message instanceof ReplicationMessage.FilledRecorded recorded) {
            backfill.onRecorded(from, recorded, out);
        } else if (message instanceof ReplicationMessage.Unreadable unreadable) {
            if (!repair.onUnreadable(from, unreadable, out) && !backfill.onUnreadable(from, unreadable, out)) {
                recovery.onUnreadable(from, unreadable, out);
            }
        }
    }

    /** In a newer map of the interval, some may be down that were asked. */
    void onMap(IntPredicate isUp, PgEffects out) {
        recovery.onMap(isUp, out);
        repair.onMap(isUp, out);
    }

    /** The connection to an OSD broke; what was said to it may be lost. */
    void onPeerReset(int osd, PgEffects out) {
        recovery.onPeerReset(osd, out);
        backfill.onPeerReset(osd, out);
        repair.onPeerReset(osd, out);
        scrub.onPeerReset(osd, out);
    }

    /** A read has ended; false when it was not one of these. */
    boolean onRead(long token, RuntimeException failure, PgEffects out) {
        return recovery.onRead(token, failure, out)
                || backfill.onRead(token, failure, out)
                || repair.onRead(token, failure, out)
                || scrub.onRead(token, failure, out);
    }

    /**
     * True when what a write was evaluated to may be changed now; otherwise something is done when it is time to try again.
     * What is missing on a member is not written over (decision 9): the copy here may be the only one. And nothing changes in
     * a range that is being filled or compared, nor an entry that is being repaired.
     */
    boolean letsChange(Locator locator, List<Mutation> mutations, Commits.Step again, PgEffects out) {
        if (members.areNone() && scrub.underWay() == null) {
            return true;
        }
        for (Mutation mutation : mutations) {
            Bytes key = KeyLayout.entry(locator, mutation.name());
            if (members.isMissedBySome(key)) {
                recovery.whenEverywhere(key, again, out);
                return false;
            } else if (backfill.range().holds(key)) {
                out.count("pg: a write waits for a range that is being filled");
                backfill.range().whenMoved(again);
                return false;
            } else if (repair.isUnderWay(key)) {
                out.count("pg: a write waits for an entry that is being repaired");
                repair.whenEnded(key, again);
                return false;
            } else if (scrub.holds(key, out)) {
                out.count("pg: a write waits for a range that is being compared");
                scrub.range().whenMoved(again);
                return false;
            }
        }
        return true;
    }
}

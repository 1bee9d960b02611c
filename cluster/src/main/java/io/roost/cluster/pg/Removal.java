package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreTransaction;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.List;

/**
 * Takes a copy off the disk that nobody needs any more. First the copy is given up: it says of itself that it has nothing.
 * Then its entries go, some at a time, and at last its rows. It may be interrupted at any point, by a crash or by an
 * interval in which this OSD serves again: what is left of the entries is compared like any other when it is filled.
 */
final class Removal {
    /** Entries of a step; the next one waits until it is on disk. */
    private static final int MAX_ENTRIES = 64;

    private final PgId id;
    private final LocalCopy copy;
    private final Commits commits;
    private final Reads reads;
    private final ObjectStore store;
    private final KeyLayout.KeyRange keys;
    private RangeScan scan;
    private long token;
    private Stage stage = Stage.ENTRIES;
    private boolean isOver;
    private boolean hasFailed;

    private enum Stage {
        ENTRIES,
        EMPTY,
        FORGETTING,
        GONE
    }

    /** @param keys of the placement group's entries */
    Removal(PgId id, LocalCopy copy, Commits commits, Reads reads, ObjectStore store, KeyLayout.KeyRange keys) {
        this.id = id;
        this.copy = copy;
        this.commits = commits;
        this.reads = reads;
        this.store = store;
        this.keys = keys;
    }

    void begin(PgEffects out) {
        out.count("pg: a copy is removed");
        copy.giveUp();
        commits.submit(StoreTransaction.ofRows(id, copy.rows()), out);
        next(out);
    }

    /** The interval has ended. */
    void end() {
        isOver = true;
    }

    private void next(PgEffects out) {
        commits.whenDurable(
                then -> {
                    if (!isOver) {
                        scan = new RangeScan(store, keys, Bytes.EMPTY, PgInfo.COMPLETE, MAX_ENTRIES, Long.MAX_VALUE);
                        token = reads.newToken();
                        then.read(id, token, scan);
                    }
                },
                out);
    }

    /** A read has ended; false when it was not its own. */
    boolean onRead(long read, RuntimeException failure, PgEffects out) {
        if (scan == null || read != token) {
            return false;
        }
        RangeScan found = scan;
        scan = null;
        if (failure != null) {
            // It stays, given up, until the OSD is told again.
            out.count("pg: a copy cannot be read to be removed");
            hasFailed = true;
        } else if (found.versions().isEmpty()) {
            stage = Stage.EMPTY;
        } else {
            for (Bytes key : found.versions().keySet()) {
                commits.submit(WholeEntry.transaction(id, key, ObjectVersion.NONE, null, List.of()), out);
            }
            next(out);
        }
        return true;
    }

    /** The store refuses to take something away: a table is damaged. What is left stays, given up. */
    void onRefused(long number, PgEffects out) {
        out.count("pg: a copy cannot be removed");
        isOver = true;
        hasFailed = true;
        commits.takeBack(number);
        out.resume(id);
    }

    /** Takes the last row away when there are no entries any more. To be called when nothing else keeps the copy in mind. */
    void forget(PgEffects out) {
        if (stage == Stage.EMPTY) {
            stage = Stage.FORGETTING;
            RowChange last = new RowChange.DeleteRow(Family.META, LocalCopy.infoKey(id));
            commits.submit(StoreTransaction.ofRows(id, List.of(last)), out);
            commits.whenDurable(
                    then -> {
                        if (!isOver) {
                            stage = Stage.GONE;
                        }
                    },
                    out);
        }
    }

    /** True when the disk does not let it go on. */
    boolean hasFailed() {
        return hasFailed;
    }

    /** True when nothing of the copy may be written any more. */
    boolean isForgetting() {
        return stage == Stage.FORGETTING || stage == Stage.GONE;
    }

    /** True when nothing of it is left. */
    boolean isGone() {
        return stage == Stage.GONE;
    }
}

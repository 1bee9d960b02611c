package io.roost.cluster.pg;

import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.ReservationMessage.Work;
import io.roost.cluster.message.ScrubMessage;
import io.roost.cluster.object.ScrubKind;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.StoreTransaction;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * When a primary has copies compared: when an administrator wants it or it is due, and its turn at all OSDs of the placement
 * group, one of whose groups is compared at a time. What scrubs have come to is on the disks of all, so that another primary knows it: each
 * tells the others when the interval begins and when a scrub has ended, and takes what another knows better. When that is
 * lost, a scrub comes sooner than it must; nothing else.
 */
final class ScrubSchedule {
    /** Everyone's: nobody takes another's turn. */
    private static final int PRIORITY = 1;

    private final PgId id;
    private final int epoch;
    private final LocalCopy copy;
    private final Members members;
    private final Commits commits;
    private final Scrub scrub;
    private final PrimaryReservation reservation;
    private boolean isOver;
    /** Since when scrubs are to come is not on disk yet: no operation is to wait for that. */
    private boolean isToBeKept;
    /** What an administrator wants, until it begins. */
    private ScrubKind wanted;
    /** True while what an administrator has wanted is under way: flags are for what comes by itself. */
    private boolean isWanted;

    /** @param epoch of the interval */
    ScrubSchedule(
            PgId id,
            int epoch,
            LocalCopy copy,
            Members members,
            Commits commits,
            Scrub scrub,
            PrimaryReservation reservation) {
        this.id = id;
        this.epoch = epoch;
        this.copy = copy;
        this.members = members;
        this.commits = commits;
        this.scrub = scrub;
        this.reservation = reservation;
    }

    /** The interval has begun, and everyone is to know what the one knows that knows most. */
    void begin(PgEffects out) {
        if (!isOver) {
            isToBeKept = copy.learn(copy.scrubs().since(out.wallMillis()));
            tellAll(out);
        }
    }

    /** The interval has ended. */
    void end() {
        isOver = true;
    }

    private void know(ScrubHistory history, PgEffects out) {
        if (copy.learn(history)) {
            keep(out);
        }
    }

    private void keep(PgEffects out) {
        List<RowChange> rows = copy.rows();
        if (!rows.isEmpty()) {
            commits.submit(StoreTransaction.ofRows(id, rows), out);
        }
    }

    private void tellAll(PgEffects out) {
        for (Members.Member member : members.all()) {
            out.send(member.osd(), new ScrubMessage.Known(id, epoch, copy.scrubs()));
        }
    }

    /** An administrator wants a scrub; false when one waits for its turn already, or is under way. */
    boolean want(ScrubKind kind) {
        if (wanted != null || scrub.underWay() != null) {
            return false;
        }
        wanted = kind;
        return true;
    }

    /** A scrub has ended, whoever wanted it. */
    void onEnd(ScrubResult result, PgEffects out) {
        know(copy.scrubs().scrubbed(result.kind().depth(), result.unresolved(), out.wallMillis()), out);
        tellAll(out);
    }

    /** What a member knows better. */
    void onKnown(ScrubMessage.Known known, PgEffects out) {
        if (known.history().compareTo(copy.scrubs()) > 0) {
            out.count("pg: a member knows of a scrub that the primary does not");
            know(known.history(), out);
            tellAll(out);
        }
    }

    /**
     * Begins what is due, when it is its turn.
     *
     * @param isClean true when all have everything
     * @param pgNum of the pool
     */
    void goOn(ScrubTimes times, Set<OsdMapFlag> flags, boolean isClean, int pgNum, PgEffects out) {
        if (isToBeKept) {
            isToBeKept = false;
            keep(out);
        }
        if (scrub.underWay() != null) {
            if (!isWanted && ScrubTimes.isForbidden(scrub.underWay(), flags)) {
                scrub.stop();
            }
            return;
        }
        ScrubKind next = isClean ? next(times, flags, out) : null;
        reservation.want(next == null ? null : Work.SCRUB, PRIORITY, osds(), out);
        if (next != null && reservation.isHeldFor(Work.SCRUB)) {
            isWanted = wanted != null;
            wanted = null;
            out.count(isWanted ? "pg: a scrub is wanted" : "pg: a scrub is due");
            scrub.begin(next, KeyLayout.entriesOf(id, pgNum), out);
        }
    }

    private ScrubKind next(ScrubTimes times, Set<OsdMapFlag> flags, PgEffects out) {
        return wanted == null ? times.due(id, copy.scrubs(), flags, out.wallMillis()) : wanted;
    }

    private List<Integer> osds() {
        List<Integer> osds = new ArrayList<>();
        for (Members.Member member : members.all()) {
            osds.add(member.osd());
        }
        return osds;
    }
}

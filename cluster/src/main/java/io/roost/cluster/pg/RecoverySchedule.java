package io.roost.cluster.pg;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.ReservationMessage.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * When a primary recovers and fills: first what the log tells of, then copies, each when it is its turn at all OSDs that take
 * part. What an operation waits for does not wait for a turn. What nobody has holds no turn.
 */
final class RecoverySchedule {
    private final Members members;
    private final Recovery recovery;
    private final Backfill backfill;
    private final PrimaryReservation reservation;

    RecoverySchedule(Members members, Recovery recovery, Backfill backfill, PrimaryReservation reservation) {
        this.members = members;
        this.recovery = recovery;
        this.backfill = backfill;
        this.reservation = reservation;
    }

    /** Who takes part. */
    Members members() {
        return members;
    }

    /** Its turns. */
    PrimaryReservation reservation() {
        return reservation;
    }

    /**
     * Goes on as far as it may; true when nothing is left to do in this interval.
     *
     * @param actingCount OSDs that act
     */
    boolean goOn(OsdMap map, Pool pool, int actingCount, PgEffects out) {
        ask(map, pool, actingCount, out);
        if (reservation.isHeldFor(Work.RECOVERY)) {
            recovery.more(out);
            ask(map, pool, actingCount, out);
        } else if (reservation.isHeldFor(Work.BACKFILL)) {
            backfill.more(out);
        }
        return recovery.isDone() && backfill.isDone();
    }

    private void ask(OsdMap map, Pool pool, int actingCount, PgEffects out) {
        Set<OsdMapFlag> flags = map.state().flags();
        if (recovery.hasWork() && !flags.contains(OsdMapFlag.NORECOVER)) {
            int priority = RecoveryPriority.ofRecovery(actingCount, pool.minSize());
            reservation.want(Work.RECOVERY, priority, members(false), out);
        } else if (recovery.isDone()
                && !backfill.isDone()
                && !backfill.rests(out.nowMillis())
                && !flags.contains(OsdMapFlag.NOBACKFILL)) {
            int priority = RecoveryPriority.ofBackfill(actingCount, pool.minSize(), pool.size());
            reservation.want(Work.BACKFILL, priority, members(true), out);
        } else {
            reservation.want(null, 0, List.of(), out);
        }
    }

    private List<Integer> members(boolean onlyUnfilled) {
        List<Integer> numbers = new ArrayList<>();
        for (Members.Member member : members.all()) {
            if (!onlyUnfilled || !member.isFilled()) {
                numbers.add(member.osd());
            }
        }
        return numbers;
    }

    /** How it is, for a person. */
    PgState state() {
        if (!recovery.isDone()) {
            if (!recovery.hasWork()) {
                return null;
            }
            return reservation.isHeldFor(Work.RECOVERY) ? PgState.RECOVERING : PgState.RECOVERY_WAIT;
        } else if (backfill.isDone()) {
            return null;
        } else if (backfill.isStuck()) {
            return PgState.BACKFILL_UNFOUND;
        } else if (reservation.phase() == PrimaryReservation.Phase.TOO_FULL) {
            return PgState.BACKFILL_TOOFULL;
        }
        return reservation.isHeldFor(Work.BACKFILL) ? PgState.BACKFILLING : PgState.BACKFILL_WAIT;
    }
}

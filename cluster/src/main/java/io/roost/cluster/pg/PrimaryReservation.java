package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReservationMessage;
import io.roost.cluster.message.ReservationMessage.Work;
import java.util.List;

/**
 * The turns that a primary needs before it recovers or fills others, or compares copies: first its own OSD's, then theirs, one after the other by
 * number. As everyone asks in that order, nobody waits in a circle. Who is refused gives everything back, and tries again
 * later or at once; so does who cannot know what became of its question, because a connection broke.
 *
 * <p>Nothing here makes data safe: a turn that is lost or had twice costs time, nothing else.
 */
final class PrimaryReservation {
    /** Until it tries again at one that was too full (Ceph's osd_backfill_retry_interval is 30 s). */
    private static final long RETRY_MILLIS = 5_000;

    private final PgId id;
    private final int epoch;
    private final ReservationSide side;
    private final Reads reads;
    private Phase phase = Phase.NONE;
    private Work work;
    private int priority;
    private List<Integer> wantedOthers = List.of();
    private List<Integer> others = List.of();
    private int grantedCount;
    private long attempt = -1;
    private long againMillis;

    /** How far an attempt is. */
    enum Phase {
        /** Nothing is wanted. */
        NONE,
        /** Waits for the turn at its own OSD. */
        LOCAL_WAIT,
        /** Waits for another's. */
        REMOTE_WAIT,
        /** Has all. */
        HELD,
        /** One is too full. */
        TOO_FULL
    }

    /**
     * Without any.
     *
     * @param epoch of the interval
     * @param side of its own OSD's turn
     * @param reads numbers attempts
     */
    PrimaryReservation(PgId id, int epoch, ReservationSide side, Reads reads) {
        this.id = id;
        this.epoch = epoch;
        this.side = side;
        this.reads = reads;
    }

    /** How far it is. */
    Phase phase() {
        return phase;
    }

    /** Whom it waits for: this OSD's number is not told, an other's is; empty when it waits for nobody else. */
    List<Integer> awaited() {
        return phase == Phase.REMOTE_WAIT ? List.of(others.get(grantedCount)) : List.of();
    }

    /** True when it may be begun now. */
    boolean isHeldFor(Work wanted) {
        return phase == Phase.HELD && work == wanted;
    }

    /**
     * Says what is to be done, again and again.
     *
     * @param wanted null for nothing
     * @param ofPriority of {@link RecoveryPriority}
     * @param with other OSDs that take part, ascending; an attempt goes on with those that it began with
     */
    void want(Work wanted, int ofPriority, List<Integer> with, PgEffects out) {
        wantedOthers = with;
        if (wanted == work && ofPriority == priority) {
            return;
        }
        giveBack(out);
        work = wanted;
        priority = ofPriority;
        if (work != null) {
            begin(out);
        }
    }

    private void begin(PgEffects out) {
        phase = Phase.LOCAL_WAIT;
        others = wantedOthers;
        attempt = reads.newToken();
        out.reserve(side, id, priority, attempt);
    }

    private void giveBack(PgEffects out) {
        if (attempt >= 0) {
            out.release(side, id, attempt);
            int asked = grantedCount + (phase == Phase.REMOTE_WAIT ? 1 : 0);
            for (int other : others.subList(0, asked)) {
                out.send(other, new ReservationMessage.Release(id, epoch, attempt));
            }
        }
        attempt = -1;
        grantedCount = 0;
        phase = Phase.NONE;
    }

    private void again(PgEffects out) {
        giveBack(out);
        begin(out);
    }

    /** It is its turn here. */
    void onReserved(long token, PgEffects out) {
        if (token == attempt && phase == Phase.LOCAL_WAIT) {
            askNext(out);
        }
    }

    /** Its turn here is another's now. */
    void onPreempted(long token, PgEffects out) {
        if (token == attempt) {
            out.count("pg: a reservation is preempted");
            again(out);
        }
    }

    private void askNext(PgEffects out) {
        phase = grantedCount == others.size() ? Phase.HELD : Phase.REMOTE_WAIT;
        if (phase == Phase.REMOTE_WAIT) {
            out.send(others.get(grantedCount), new ReservationMessage.Request(id, epoch, attempt, work, priority));
        }
    }

    /** True when this is of the attempt that is under way. */
    boolean isOf(ReservationMessage message) {
        return message.attempt() == attempt;
    }

    /** Another OSD answers. */
    void onMessage(int from, ReservationMessage message, PgEffects out) {
        if (!isOf(message)) {
            return;
        }
        if (message instanceof ReservationMessage.Granted) {
            if (phase == Phase.REMOTE_WAIT && others.get(grantedCount) == from) {
                grantedCount++;
                askNext(out);
            }
        } else if (message instanceof ReservationMessage.Refused refused) {
            if (refused.reason() == ReservationMessage.Reason.TOO_FULL) {
                out.count("pg: an OSD is too full to be filled");
                giveBack(out);
                phase = Phase.TOO_FULL;
                againMillis = out.nowMillis() + RETRY_MILLIS;
            } else {
                out.count("pg: a reservation is taken back");
                again(out);
            }
        }
    }

    /** Time has passed. */
    void onTick(PgEffects out) {
        if (phase == Phase.TOO_FULL && out.nowMillis() >= againMillis) {
            begin(out);
        }
    }

    /** A connection broke; what was asked or granted may be lost. */
    void onPeerReset(int osd, PgEffects out) {
        if ((phase == Phase.REMOTE_WAIT || phase == Phase.HELD) && others.contains(osd)) {
            again(out);
        }
    }

    /** The interval has ended. */
    void end(PgEffects out) {
        giveBack(out);
        work = null;
    }
}

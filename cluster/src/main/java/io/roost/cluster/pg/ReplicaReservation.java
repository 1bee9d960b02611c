package io.roost.cluster.pg;

import io.roost.cluster.map.FullRatios;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReservationMessage;
import io.roost.cluster.message.ReservationMessage.Reason;
import io.roost.cluster.message.ReservationMessage.Work;
import io.roost.cluster.store.ObjectStore;

/**
 * The turn that an OSD gives the primary of a placement group: it asks for one of its own, and passes on what comes of it. It
 * takes nothing to be filled with while its store is fuller than the map's backfillfull ratio. The turn ends with the interval,
 * and when the connection to the primary breaks.
 */
final class ReplicaReservation {
    private static final long NONE = -1;

    private final PgId id;
    private final ReservationSide side;
    private final Reads reads;
    private final ObjectStore store;
    private int primary;
    private ReservationMessage.Request request;
    private long token = NONE;
    private boolean isHeld;

    /**
     * Without any.
     *
     * @param side of the turns that it gives
     * @param reads numbers what is asked for here
     */
    ReplicaReservation(PgId id, ReservationSide side, Reads reads, ObjectStore store) {
        this.id = id;
        this.side = side;
        this.reads = reads;
        this.store = store;
    }

    /** The primary says something; what follows from an earlier attempt of it is over. */
    void onMessage(int from, ReservationMessage message, FullRatios ratios, PgEffects out) {
        if (message instanceof ReservationMessage.Request asked) {
            giveBack(out);
            primary = from;
            request = asked;
            if (isTooFull(ratios)) {
                refuse(Reason.TOO_FULL, out);
            } else {
                token = reads.newToken();
                out.reserve(side, id, asked.priority(), token);
            }
        } else if (message instanceof ReservationMessage.Release
                && request != null
                && message.attempt() == request.attempt()) {
            giveBack(out);
        }
    }

    private boolean isTooFull(FullRatios ratios) {
        if (request.work() != Work.BACKFILL) {
            return false;
        }
        return store.space().stat(ratios, 0).usedPermille() >= ratios.backfillFullPermille();
    }

    private void refuse(Reason reason, PgEffects out) {
        out.send(primary, new ReservationMessage.Refused(id, request.mapEpoch(), request.attempt(), reason));
        giveBack(out);
    }

    private void giveBack(PgEffects out) {
        if (token != NONE) {
            out.release(side, id, token);
        }
        token = NONE;
        request = null;
        isHeld = false;
    }

    /** It is its turn. */
    void onReserved(long reserved, PgEffects out) {
        if (reserved == token) {
            isHeld = true;
            out.send(primary, new ReservationMessage.Granted(id, request.mapEpoch(), request.attempt()));
        }
    }

    /** Its turn is another's now. */
    void onPreempted(long reserved, PgEffects out) {
        if (reserved == token) {
            refuse(Reason.TAKEN_BACK, out);
        }
    }

    /** Time has passed: the store may be too full by now. */
    void onTick(FullRatios ratios, PgEffects out) {
        if (isHeld && isTooFull(ratios)) {
            refuse(Reason.TOO_FULL, out);
        }
    }

    /** A connection broke: the primary may not know that it has a turn, or this OSD that it has given it back. */
    void onPeerReset(int osd, PgEffects out) {
        if (token != NONE && osd == primary) {
            refuse(Reason.TAKEN_BACK, out);
        }
    }

    /** The interval has ended. */
    void end(PgEffects out) {
        giveBack(out);
    }
}

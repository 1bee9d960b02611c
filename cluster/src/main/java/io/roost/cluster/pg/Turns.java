package io.roost.cluster.pg;

import io.roost.cluster.map.FullRatios;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReservationMessage;
import io.roost.cluster.message.ReservationMessage.Granted;
import io.roost.cluster.message.ReservationMessage.Release;
import io.roost.cluster.message.ReservationMessage.Work;
import io.roost.cluster.store.ObjectStore;

/**
 * The turns of a placement group at OSDs, for recovery and for scrubs apart: those that it asks for while it is led here, and
 * those that this OSD gives it while another leads it.
 */
final class Turns {
    private final PgId id;
    private final Reads reads;
    private final ReplicaReservation givenToRecover;
    private final ReplicaReservation givenToScrub;
    private PrimaryReservation toRecover;
    private PrimaryReservation toScrub;

    /** Without any. */
    Turns(PgId id, Reads reads, ObjectStore store) {
        this.id = id;
        this.reads = reads;
        this.givenToRecover = new ReplicaReservation(id, ReservationSide.REMOTE, reads, store);
        this.givenToScrub = new ReplicaReservation(id, ReservationSide.SCRUB_REMOTE, reads, store);
    }

    /** It is led here, in the interval of an epoch; those before have ended. */
    void lead(int epoch) {
        toRecover = new PrimaryReservation(id, epoch, ReservationSide.LOCAL, reads);
        toScrub = new PrimaryReservation(id, epoch, ReservationSide.SCRUB_LOCAL, reads);
    }

    /** Those of recovery; null while another leads it. */
    PrimaryReservation toRecover() {
        return toRecover;
    }

    /** Those of scrubs; null while another leads it. */
    PrimaryReservation toScrub() {
        return toScrub;
    }

    /** The interval has ended: all are given back. */
    void end(PgEffects out) {
        givenToRecover.end(out);
        givenToScrub.end(out);
        if (toRecover != null) {
            toRecover.end(out);
            toScrub.end(out);
        }
        toRecover = null;
        toScrub = null;
    }

    /** Another OSD says something: whoever leads it, or one of those who do not. */
    void onMessage(int from, ReservationMessage message, FullRatios ratios, PgEffects out) {
        if (toRecover != null) {
            if (message instanceof Granted && !toRecover.isOf(message) && !toScrub.isOf(message)) {
                // The request came after it was given up, which was lost with its connection or came before: nobody has
                // the turn.
                out.count("pg: a turn is given to who does not wait any more");
                out.send(from, new Release(id, message.mapEpoch(), message.attempt()));
            }
            toRecover.onMessage(from, message, out);
            toScrub.onMessage(from, message, out);
        } else if (message instanceof ReservationMessage.Request request) {
            (request.work() == Work.SCRUB ? givenToScrub : givenToRecover).onMessage(from, request, ratios, out);
        } else {
            givenToRecover.onMessage(from, message, ratios, out);
            givenToScrub.onMessage(from, message, ratios, out);
        }
    }

    /** It is its turn. */
    void onReserved(ReservationSide side, long token, PgEffects out) {
        switch (side) {
            case REMOTE -> givenToRecover.onReserved(token, out);
            case SCRUB_REMOTE -> givenToScrub.onReserved(token, out);
            case LOCAL, SCRUB_LOCAL -> {
                PrimaryReservation mine = side == ReservationSide.LOCAL ? toRecover : toScrub;
                if (mine != null) {
                    mine.onReserved(token, out);
                }
            }
        }
    }

    /** Its turn is another's. */
    void onPreempted(ReservationSide side, long token, PgEffects out) {
        switch (side) {
            case REMOTE -> givenToRecover.onPreempted(token, out);
            case SCRUB_REMOTE -> givenToScrub.onPreempted(token, out);
            case LOCAL, SCRUB_LOCAL -> {
                PrimaryReservation mine = side == ReservationSide.LOCAL ? toRecover : toScrub;
                if (mine != null) {
                    mine.onPreempted(token, out);
                }
            }
        }
    }

    /** Time has passed. */
    void onTick(FullRatios ratios, PgEffects out) {
        if (toRecover != null) {
            toRecover.onTick(out);
        } else {
            givenToRecover.onTick(ratios, out);
        }
    }

    /** A connection broke. */
    void onPeerReset(int peer, PgEffects out) {
        givenToRecover.onPeerReset(peer, out);
        givenToScrub.onPeerReset(peer, out);
        if (toRecover != null) {
            toRecover.onPeerReset(peer, out);
            toScrub.onPeerReset(peer, out);
        }
    }
}

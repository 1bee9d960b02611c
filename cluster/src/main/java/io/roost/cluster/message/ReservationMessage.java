package io.roost.cluster.message;

import io.roost.cluster.map.PgId;

/**
 * How the primary of a placement group gets its turn at the OSDs that it recovers, fills or compares (Ceph's MRecoveryReserve,
 * MBackfillReserve and MOSDScrubReserve). Everything is said with the epoch of the interval and the number of the primary's attempt: an answer
 * to another attempt is void.
 */
public sealed interface ReservationMessage extends PeerMessage {
    /** Number of the primary's attempt, never used before by that OSD in the interval. */
    long attempt();

    /**
     * From the primary: let me have a turn. Answered with {@link Granted} when it is its turn, or with {@link Refused}.
     *
     * @param work what for
     * @param priority the higher the sooner; it may take the turn of a lower one
     */
    record Request(PgId pg, int mapEpoch, long attempt, Work work, int priority) implements ReservationMessage {}

    /** To the primary: it is its turn, until it says {@link Release} or is told {@link Refused}. */
    record Granted(PgId pg, int mapEpoch, long attempt) implements ReservationMessage {}

    /**
     * To the primary: it has no turn, or none any more.
     *
     * @param reason why
     */
    record Refused(PgId pg, int mapEpoch, long attempt, Reason reason) implements ReservationMessage {}

    /** From the primary: the turn is not needed any more, or not waited for. */
    record Release(PgId pg, int mapEpoch, long attempt) implements ReservationMessage {}

    /** What a turn is for. */
    enum Work {
        /** Entries that the log tells of. */
        RECOVERY(1),
        /** Copies that the log does not reach back to. */
        BACKFILL(2),
        /** Copies that are compared. */
        SCRUB(3);

        private final int code;

        Work(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }
    }

    /** Why there is no turn. */
    enum Reason {
        /** The store is fuller than the map's backfillfull ratio: to be tried again some time later. */
        TOO_FULL(1),
        /** One of higher priority has it, or the connection broke: to be tried again at once. */
        TAKEN_BACK(2);

        private final int code;

        Reason(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }
    }
}

package io.roost.cluster.pg;

/** As what an OSD takes part in a recovery: it has turns for both, apart from each other, so that no two OSDs wait in a circle. */
public enum ReservationSide {
    /** As the primary, which gives. */
    LOCAL,
    /** As one that is given to. */
    REMOTE
}

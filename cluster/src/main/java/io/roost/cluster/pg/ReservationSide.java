package io.roost.cluster.pg;

/** As what an OSD takes part in a recovery or a scrub: it has turns for each, apart from each other, so that no two OSDs wait in a circle. */
public enum ReservationSide {
    /** As the primary, which gives. */
    LOCAL,
    /** As one that is given to. */
    REMOTE,
    /** As the primary of what is compared. */
    SCRUB_LOCAL,
    /** As one whose copy is compared. */
    SCRUB_REMOTE
}

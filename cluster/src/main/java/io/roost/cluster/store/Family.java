package io.roost.cluster.store;

/** The ordered key spaces of a {@link KeyValue}. The order is part of the disk format: it numbers the families. */
public enum Family {
    /** Rows of entries whose names begin below 0x80. */
    CATALOGUE,
    /** Values, inline bodies and extent lists of entries. */
    DATA,
    /** Rows of entries whose names begin at 0x80 or above: pending work. */
    WORK,
    /** Log entries of placement groups. */
    PGLOG,
    /** Superblock, placement group infos, and whatever else there is one of. */
    META
}

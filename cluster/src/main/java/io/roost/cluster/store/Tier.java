package io.roost.cluster.store;

/** How far down a read may go. */
public enum Tier {
    /** Only what is in memory; anything else is a {@link io.roost.cluster.classes.StoreMiss}. For event loops. */
    MEMORY,
    /** Everything; may block on the disk. */
    DISK
}

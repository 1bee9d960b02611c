package io.roost.cluster.store;

import io.roost.cluster.object.Bytes;

/** Reads of committed state; those of a {@link KeyValue} itself see the newest state at each call. */
public interface KeyValueReads {
    /**
     * The value of a key, or null.
     *
     * @throws io.roost.cluster.classes.StoreMiss when the tier is {@link Tier#MEMORY} and memory does not tell
     * @throws ChecksumException when the row's bytes on disk are damaged
     */
    Bytes get(Family family, Bytes key, Tier tier);

    /** A cursor over the keys in {@code [from, to)}; it sees the newest state when it is opened, and no later change. */
    KeyValue.Cursor cursor(Family family, Bytes from, Bytes to, Tier tier);
}

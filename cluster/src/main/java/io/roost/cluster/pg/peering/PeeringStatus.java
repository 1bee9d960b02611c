package io.roost.cluster.pg.peering;

import io.roost.cluster.message.PgInfo;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a primary's peering knows and waits for, for a person.
 *
 * @param infos what it has heard, its own too
 * @param asked whose answer it waits for
 * @param blockedBy OSDs of which one must return before it serves
 * @param downOsds whom it would ask if they were up
 */
public record PeeringStatus(
        SortedMap<Integer, PgInfo> infos,
        SortedSet<Integer> asked,
        SortedSet<Integer> blockedBy,
        SortedSet<Integer> downOsds) {
    /** Copies all. */
    public PeeringStatus {
        infos = Collections.unmodifiableSortedMap(new TreeMap<>(infos));
        asked = Collections.unmodifiableSortedSet(new TreeSet<>(asked));
        blockedBy = Collections.unmodifiableSortedSet(new TreeSet<>(blockedBy));
        downOsds = Collections.unmodifiableSortedSet(new TreeSet<>(downOsds));
    }
}

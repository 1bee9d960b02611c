package io.roost.cluster.pg.peering;

import io.roost.cluster.object.Bytes;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * With what a primary begins to serve.
 *
 * @param epoch of the activation: no version is of an older one
 * @param acting the OSDs that serve, this one among them
 * @param peers the other OSDs that take every change: those acting, and those being filled
 */
public record Activation(int epoch, List<Integer> acting, SortedMap<Integer, Peer> peers) {
    /**
     * What another OSD has; all have the same log.
     *
     * @param lastBackfill entries whose key is above this are absent there
     * @param missing what it lacks of the others
     */
    public record Peer(Bytes lastBackfill, MissingSet missing) {}

    /** Copies list and map. */
    public Activation {
        acting = List.copyOf(acting);
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
    }
}

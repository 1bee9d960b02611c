package io.roost.cluster.sim;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.object.Bytes;

/**
 * What runs on a node for one life: machines, and the glue that carries out their effects on the node. It is dropped when
 * the node crashes; the node's disk is not.
 */
public interface SimProcess {
    /** Makes the process of a node's next life; what it needs it finds on the node's disk. */
    interface Program {
        /** The process, whose first input is {@link #onStart}. */
        SimProcess boot(SimNode node);
    }

    /** The first input. */
    void onStart();

    /** A message of a peer. */
    void onMessage(String from, Bytes message);

    /** A timer. */
    void onTimer(TimerId timer);

    /**
     * Nobody listens at a peer's address.
     *
     * @param dialledMillis when that was tried, by the monotonic clock
     */
    default void onUnreachable(String peer, long dialledMillis) {}
}

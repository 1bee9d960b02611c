package io.roost.cluster.sim;

/**
 * Something that goes wrong at a time. A record, so that a plan of faults can be printed, cut down and run again; what
 * ends by itself says for how long it goes on.
 */
public interface Fault {
    /** When, in virtual milliseconds. */
    long atMillis();

    /** Does it. */
    void inject(SimCluster cluster);

    /** Does something when a fault ends. */
    static void later(SimCluster cluster, long millis, Runnable action) {
        cluster.simulation().schedule(millis * 1000, action);
    }
}

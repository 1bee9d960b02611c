package io.roost.cluster.sim;

/**
 * A kind of cluster with a load and checks, which a seed makes one of. Has a public constructor without parameters. Safe for
 * any thread: what a run changes is its own.
 */
public interface World {
    /** What goes wrong in the world of a seed. */
    FaultPlan plan(long seed);

    /**
     * Runs it.
     *
     * @param plan of this seed, or a part of it
     * @return what was simulated
     * @throws RuntimeException or AssertionError when something is not as it must be
     */
    Simulation run(long seed, FaultPlan plan, Trace trace, Marks marks);
}

package io.roost.cluster.machine;

/** Checks of what must hold whatever happens outside. A broken one stops the daemon: going on could lose data. */
public final class Invariant {
    private Invariant() {}

    /**
     * Checks a condition.
     *
     * @param holds the condition
     * @param what holds, as a sentence, for the log
     * @throws BrokenInvariantException when it does not hold
     */
    public static void check(boolean holds, String what) {
        if (!holds) {
            throw new BrokenInvariantException(what);
        }
    }
}

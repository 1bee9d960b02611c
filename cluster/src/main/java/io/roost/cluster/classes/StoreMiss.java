package io.roost.cluster.classes;

/**
 * Ends an evaluation whose next read is not in memory; the read is fetched and the evaluation runs again. Control flow
 * rather than an error, so it has no stack trace. Class methods never catch it.
 */
public final class StoreMiss extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The signal; what was missed is known to the view. */
    public StoreMiss() {
        super("not in memory", null, false, false);
    }
}

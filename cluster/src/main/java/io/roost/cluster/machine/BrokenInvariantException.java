package io.roost.cluster.machine;

/** Something that must always hold does not; whoever runs the machine stops it. */
public final class BrokenInvariantException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What should hold. */
    public BrokenInvariantException(String what) {
        super("broken invariant: " + what);
    }
}

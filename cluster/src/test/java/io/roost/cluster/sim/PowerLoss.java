package io.roost.cluster.sim;

/** The power went off: whatever runs ends here, and only what the disk has kept is there afterwards. */
public final class PowerLoss extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PowerLoss(String step) {
        super("power lost at " + step, null, false, false);
    }
}

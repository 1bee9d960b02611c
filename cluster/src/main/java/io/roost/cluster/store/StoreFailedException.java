package io.roost.cluster.store;

/**
 * A write or a sync failed, or the store's files contradict each other. What is on disk is unknown, so the OSD stops; the
 * failed step is never tried again, because a kernel may report a lost write only once (Rebello et al., ATC'20).
 */
public final class StoreFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What failed. */
    public StoreFailedException(String message) {
        super(message);
    }

    /** What failed, and why. */
    public StoreFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}

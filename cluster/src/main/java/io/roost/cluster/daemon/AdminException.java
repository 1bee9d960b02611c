package io.roost.cluster.daemon;

/** A request of the admin API that ends with an error answer. */
public final class AdminException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * The answer.
     *
     * @param status of HTTP, 400 to 599
     * @param message one line for the person who asked
     */
    public AdminException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}

package io.roost.cluster.daemon;

/** A request of the admin API that ends with an error answer. */
public final class AdminException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    /**
     * The answer.
     *
     * @param status of HTTP, 400 to 599
     * @param code names the error for programs: {@code NoSuchUser}
     * @param message one line for the person who asked
     */
    public AdminException(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Names the error. */
    public String code() {
        return code;
    }
}

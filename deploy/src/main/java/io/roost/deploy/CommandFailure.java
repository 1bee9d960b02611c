package io.roost.deploy;

/** What a command could not do, told to the user in one line; there is no stack trace to print. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The exit code of a command that was understood and failed. */
    public static final int FAILED = 1;

    /** The exit code of a command that could not run: wrong arguments, no node, no permission. */
    public static final int COULD_NOT_RUN = 2;

    private final int exitCode;

    /** A failure with the given exit code, {@link #FAILED} or {@link #COULD_NOT_RUN}. */
    public CommandFailure(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** The exit code of the process. */
    public int exitCode() {
        return exitCode;
    }
}

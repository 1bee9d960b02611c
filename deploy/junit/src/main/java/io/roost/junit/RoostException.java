package io.roost.junit;

/** The server could not be started, or has failed: the message says what to do about it. */
public final class RoostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RoostException(String message, Throwable cause) {
        super(message, cause);
    }
}

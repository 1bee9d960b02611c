package io.roost.cluster.object;

/** Bytes that are not what their format says: a damaged row, or a peer's malformed message. */
public final class MalformedBytesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What does not fit. */
    public MalformedBytesException(String message) {
        super(message);
    }
}

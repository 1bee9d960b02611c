package io.roost.cluster.store;

/** What the disk gives back is not what was written. The message names what is damaged; its bytes are never sent. */
public final class ChecksumException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is damaged. */
    public ChecksumException(String message) {
        super(message);
    }

    /** What is damaged, and how that was noticed. */
    public ChecksumException(String message, Throwable cause) {
        super(message, cause);
    }
}

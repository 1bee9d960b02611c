package io.roost.cluster.object;

/** An operating fault of the cluster, as the failure of a client's future. */
public final class ObjectException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ObjectError error;

    /** The fault and what it was about. */
    public ObjectException(ObjectError error, String message) {
        super(error + ": " + message);
        this.error = error;
    }

    /** Which fault. */
    public ObjectError error() {
        return error;
    }
}

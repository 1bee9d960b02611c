package io.roost.objectstore;

/** An S3 request that ends with an error answer. An expected outcome of a client's request, so it has no stack trace. */
public final class S3Exception extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final S3Error error;

    /** The error with AWS's usual message. */
    public S3Exception(S3Error error) {
        this(error, error.defaultMessage());
    }

    /** The error with a message of its own. */
    public S3Exception(S3Error error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    /** Which error. */
    public S3Error error() {
        return error;
    }
}

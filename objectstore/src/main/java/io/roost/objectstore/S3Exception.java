package io.roost.objectstore;

import java.util.List;

/** An S3 request that ends with an error answer. An expected outcome of a client's request, so it has no stack trace. */
public final class S3Exception extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final S3Error error;
    private final transient List<Detail> details;

    /**
     * An element of the error document beyond code and message.
     *
     * @param element its name, such as {@code HeadersNotSigned}
     * @param text its content, not escaped
     */
    public record Detail(String element, String text) {}

    /** The error with AWS's usual message. */
    public S3Exception(S3Error error) {
        this(error, error.defaultMessage());
    }

    /** The error with a message of its own, and what else its document says. */
    public S3Exception(S3Error error, String message, Detail... details) {
        super(message, null, false, false);
        this.error = error;
        this.details = List.of(details);
    }

    /** Which error. */
    public S3Error error() {
        return error;
    }

    /** Further elements of the error document, in order. Clients use some: {@code Region} redirects them. */
    public List<Detail> details() {
        return details;
    }
}

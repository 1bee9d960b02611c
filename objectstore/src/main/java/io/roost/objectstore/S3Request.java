package io.roost.objectstore;

import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * An authenticated request.
 *
 * @param operation what is asked for
 * @param target bucket and key
 * @param query the decoded query
 * @param headers all header fields
 * @param requester on whose behalf
 * @param body the payload
 * @param requestId the id that the answer carries
 * @param nowMillis wall clock when the request arrived, milliseconds since 1970
 */
public record S3Request(
        S3Operation operation,
        S3Target target,
        QueryParameters query,
        RequestHeaders headers,
        Requester requester,
        RequestBody body,
        String requestId,
        long nowMillis) {
    /** Checks that nothing is null. */
    public S3Request {
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(requester, "requester");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(requestId, "requestId");
    }

    /** The bucket's name. */
    public String bucket() {
        return target.bucket();
    }

    /** The key's bytes. */
    public Bytes key() {
        return target.key();
    }

    /** The first value of the header of a lower-case name, or null. */
    public String header(String name) {
        return headers.first(name);
    }
}

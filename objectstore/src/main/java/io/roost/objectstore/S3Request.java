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

    /**
     * A look at the source of a copy on behalf of this request: the same requester, another bucket and key, and of the headers only
     * whom the source's bucket must belong to.
     */
    public S3Request onSource(S3Target source) {
        String owner = header("x-amz-source-expected-bucket-owner");
        RequestHeaders ofSource =
                owner == null ? RequestHeaders.EMPTY : RequestHeaders.of("x-amz-expected-bucket-owner", owner);
        return new S3Request(
                S3Operation.GET_OBJECT, source, QueryParameters.NONE, ofSource, requester, body, requestId, nowMillis);
    }
}

package io.roost.objectstore.auth;

import io.roost.objectstore.RequestHeaders;
import java.util.Objects;

/**
 * A request exactly as it stood on the wire, which is what signatures cover. Every char is one byte (ISO 8859-1).
 *
 * @param method as sent, such as {@code PUT}
 * @param path the undecoded path, from the first slash to before the question mark
 * @param query the undecoded query, without the question mark; empty when there is none
 * @param headers all header fields in order
 * @param nowMillis the time of arrival, in milliseconds since 1970
 */
public record RawRequest(String method, String path, String query, RequestHeaders headers, long nowMillis) {
    /** Checks that nothing is missing. */
    public RawRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(headers, "headers");
    }
}

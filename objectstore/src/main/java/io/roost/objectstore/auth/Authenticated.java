package io.roost.objectstore.auth;

import io.roost.objectstore.RequestHeaders;
import java.util.Objects;

/**
 * A request whose claim has been proved.
 *
 * @param identity who makes it
 * @param payload how its body is protected; whoever reads the body must enforce that
 * @param headers the header fields that count: those sent, and the user metadata that a presigned URL holds in its query
 */
public record Authenticated(Identity identity, PayloadMode payload, RequestHeaders headers) {
    /** Checks that nothing is missing. */
    public Authenticated {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(headers, "headers");
    }
}

package io.roost.objectstore.auth;

import java.util.Objects;

/**
 * A request whose claim has been proved.
 *
 * @param identity who makes it
 * @param payload how its body is protected; whoever reads the body must enforce that
 */
public record Authenticated(Identity identity, PayloadMode payload) {
    /** Checks that nothing is missing. */
    public Authenticated {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(payload, "payload");
    }
}

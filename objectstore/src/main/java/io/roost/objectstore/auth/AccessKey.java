package io.roost.objectstore.auth;

import java.util.Objects;

/**
 * An access key with its secret and its owner. Its text form leaves the secret out.
 *
 * @param id the access key id, as requests carry it
 * @param secret what signatures are made with; never empty
 * @param identity who owns it
 */
public record AccessKey(String id, String secret, Identity identity) {
    /** Checks that there is an id, a secret and an owner. */
    public AccessKey {
        Objects.requireNonNull(identity, "identity");
        if (id.isEmpty() || secret.isEmpty() || identity.isAnonymous()) {
            throw new IllegalArgumentException("an access key without id, secret or owner");
        }
    }

    @Override
    public String toString() {
        return "AccessKey[id=" + id + ", identity=" + identity + "]";
    }
}

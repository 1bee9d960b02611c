package io.roost.objectstore.auth;

import java.util.Objects;

/**
 * Who makes a request.
 *
 * @param userId the canonical user id, as {@code Owner.ID} shows it; empty for the anonymous one
 * @param displayName what lists show beside the id; may be empty
 * @param role what the user may do beyond its own buckets
 */
public record Identity(String userId, String displayName, Role role) {
    /** A caller that gave no credentials. */
    public static final Identity ANONYMOUS = new Identity("", "", Role.ANONYMOUS);

    /** What a user may do beyond its own buckets. */
    public enum Role {
        /** Nobody in particular: only what a bucket opens to everyone. */
        ANONYMOUS,
        /** Owns buckets. */
        USER,
        /** May do everything. */
        ADMIN
    }

    /** Checks that exactly the anonymous identity has no user id. */
    public Identity {
        Objects.requireNonNull(displayName, "displayName");
        if (userId.isEmpty() != (role == Role.ANONYMOUS)) {
            throw new IllegalArgumentException("user id '" + userId + "' with role " + role);
        }
    }

    /** Whether the caller gave no credentials. */
    public boolean isAnonymous() {
        return role == Role.ANONYMOUS;
    }

    /** Whether the caller may do everything. */
    public boolean isAdmin() {
        return role == Role.ADMIN;
    }
}

package io.roost.objectstore;

import java.util.Objects;

/**
 * On whose behalf a request is carried out.
 *
 * @param userId the user's id, which buckets record as their owner
 * @param displayName how documents name the user
 * @param rights what the user may do besides using buckets of their own
 */
public record Requester(String userId, String displayName, Rights rights) {
    /** A user's rights. */
    public enum Rights {
        /** Uses buckets of their own. */
        OWNER,
        /** Uses every bucket. */
        ADMIN
    }

    /** Checks that nothing is null. */
    public Requester {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(displayName, "displayName");
        Objects.requireNonNull(rights, "rights");
    }

    /** True when the user may use what belongs to the owner. */
    public boolean mayUse(String ownerId) {
        return rights == Rights.ADMIN || userId.equals(ownerId);
    }
}

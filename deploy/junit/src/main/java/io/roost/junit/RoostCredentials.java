package io.roost.junit;

import java.util.Objects;

/**
 * What a client signs its requests with.
 *
 * @param accessKey the access key's id
 * @param secretKey its secret
 * @param region the region of the server; signatures that name another are accepted too
 */
public record RoostCredentials(String accessKey, String secretKey, String region) {
    /** Checks that nothing is null. */
    public RoostCredentials {
        Objects.requireNonNull(accessKey, "accessKey");
        Objects.requireNonNull(secretKey, "secretKey");
        Objects.requireNonNull(region, "region");
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "RoostCredentials[" + accessKey + ", " + region + "]";
    }
}

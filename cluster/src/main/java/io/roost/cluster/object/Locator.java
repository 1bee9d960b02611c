package io.roost.cluster.object;

import java.util.Objects;

/**
 * Names one ordered map of entries. All entries of a locator live in one placement group, which is computed from the
 * key alone, as RADOS computes it from an object locator key.
 *
 * @param pool the pool's id, greater than 0
 * @param key 1 to {@value #MAX_KEY_BYTES} bytes
 */
public record Locator(long pool, Bytes key) implements Comparable<Locator> {
    /** Longest key: an S3 bucket id and shard, or a stripe's name, need far less. */
    public static final int MAX_KEY_BYTES = 255;

    /** Checks the ranges above. */
    public Locator {
        Objects.requireNonNull(key, "key");
        if (pool <= 0) {
            throw new IllegalArgumentException("pool id " + pool);
        }
        if (key.isEmpty() || key.length() > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("locator key of " + key.length() + " bytes");
        }
    }

    @Override
    public int compareTo(Locator other) {
        int order = Long.compare(pool, other.pool);
        return order != 0 ? order : key.compareTo(other.key);
    }

    @Override
    public String toString() {
        return pool + ":" + key;
    }
}

package io.roost.objectstore.object;

import io.roost.cluster.client.IoContext;
import io.roost.objectstore.RandomIds;
import io.roost.objectstore.bucket.BucketDirectory;
import io.roost.objectstore.bucket.ObjectSizes;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * What operations on objects work with.
 *
 * @param buckets finds buckets and calls their shards
 * @param data pool of heads and stripes
 * @param ids random ids
 * @param wallClock milliseconds since 1970
 * @param sizes how bodies are cut up
 * @param garbageDelayMillis how long bytes that nobody refers to any more are kept for readers under way
 * @param listings counts what listings cost
 */
public record Storage(
        BucketDirectory buckets,
        IoContext data,
        RandomIds ids,
        LongSupplier wallClock,
        ObjectSizes sizes,
        LongSupplier garbageDelayMillis,
        ListingCounters listings) {
    /** Checks that nothing is null. */
    public Storage {
        Objects.requireNonNull(buckets, "buckets");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(ids, "ids");
        Objects.requireNonNull(wallClock, "wallClock");
        Objects.requireNonNull(sizes, "sizes");
        Objects.requireNonNull(garbageDelayMillis, "garbageDelayMillis");
        Objects.requireNonNull(listings, "listings");
    }

    /** When what a change leaves behind from now on may be deleted. */
    public long garbageDueMillis() {
        return wallClock.getAsLong() + garbageDelayMillis.getAsLong();
    }
}

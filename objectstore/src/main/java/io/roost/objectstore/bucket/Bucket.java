package io.roost.objectstore.bucket;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.ShardRef;

/**
 * A bucket as a gateway knows it: its record and what is computed from it once.
 *
 * @param record as last read
 * @param shards where its keys are
 * @param shardRef what writing calls tell of it
 */
public record Bucket(BucketRecord record, BucketShards shards, ShardRef shardRef) {
    /** The bucket of a record. */
    public static Bucket of(BucketRecord record) {
        return new Bucket(record, new BucketShards(record), ShardRef.of(record));
    }

    /** Locator key of the shard that has a key. */
    public Bytes locatorKeyOf(Bytes key) {
        return shards.locatorKeyOf(key);
    }
}

package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * What a writing call knows of the bucket, held against the shard's {@link ShardHeader}.
 *
 * @param bucketId 16 bytes
 * @param configEpoch of the bucket record the caller has
 * @param versioning as of that record
 */
public record ShardRef(Bytes bucketId, long configEpoch, Versioning versioning) {
    /** Checks the ranges above. */
    public ShardRef {
        EntryNames.checkId(bucketId);
        Objects.requireNonNull(versioning, "versioning");
        if (configEpoch < 1) {
            throw new IllegalArgumentException("config epoch " + configEpoch);
        }
    }

    /** What a bucket's record says. */
    public static ShardRef of(BucketRecord bucket) {
        return new ShardRef(bucket.id(), bucket.configEpoch(), bucket.versioning());
    }

    /** Writes bucket id (16 bytes), config epoch (varint), versioning (u8). */
    public void encode(ByteWriter out) {
        out.raw(bucketId).varint(configEpoch).u8(versioning.code());
    }

    /** Reads what {@link #encode} writes. */
    public static ShardRef decode(ByteReader in) {
        return new ShardRef(in.raw(EntryNames.ID_BYTES), in.varint(), Versioning.ofCode(in.u8()));
    }
}

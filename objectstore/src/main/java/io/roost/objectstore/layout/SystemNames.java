package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Where records are in the {@code system} pool.
 *
 * <pre>
 * locator           kind  rest of the name           row
 * "buckets"         0x10  bucket name                {@link BucketRecord}
 * "buckets"         0x11  owner, 00, bucket name     empty: the index by owner
 * "users.NN"        0x20  user name                  {@link UserRecord}
 * "access-keys.NN"  0x30  access key                 {@link AccessKeyRecord}
 * "gateways"        -     changes                    no row: what gateways watch
 * </pre>
 *
 * NN is two hex digits: the hash of the name modulo {@value #HASH_SHARDS}, so that look-ups are spread over placement
 * groups. Bucket records share one locator, so that creating a bucket is one transaction.
 */
public final class SystemNames {
    /** Locators over which users and keys are spread. */
    public static final int HASH_SHARDS = 16;

    /** Locator key of the bucket records. */
    public static final Bytes BUCKETS = Bytes.utf8("buckets");

    /** Locator key of what gateways watch; nothing is stored there. */
    public static final Bytes GATEWAYS = Bytes.utf8("gateways");

    /** Kind of bucket records. */
    public static final int BUCKET = 0x10;

    /** Kind of the index of buckets by owner. */
    public static final int BUCKET_OF_OWNER = 0x11;

    /** Kind of users. */
    public static final int USER = 0x20;

    /** Kind of access keys. */
    public static final int ACCESS_KEY = 0x30;

    private SystemNames() {}

    /** Name of a bucket's record. */
    public static Bytes bucket(String name) {
        return new ByteWriter(64).u8(BUCKET).raw(Bytes.utf8(name)).toBytes();
    }

    /** Name of a bucket's row in the index by owner. */
    public static Bytes bucketOfOwner(String owner, String name) {
        return bucketsOfOwner(owner).concat(Bytes.utf8(name));
    }

    /** What the names of an owner's rows in that index begin with. */
    public static Bytes bucketsOfOwner(String owner) {
        return new ByteWriter(96)
                .u8(BUCKET_OF_OWNER)
                .raw(Bytes.utf8(owner))
                .u8(0)
                .toBytes();
    }

    /** Locator key of a user's record. */
    public static Bytes userLocator(String name) {
        return shardLocator("users.", shardOf(name));
    }

    /** Locator keys of all users' records. */
    public static List<Bytes> userLocators() {
        return shardLocators("users.");
    }

    /** Name of a user's record. */
    public static Bytes user(String name) {
        return new ByteWriter(64).u8(USER).raw(Bytes.utf8(name)).toBytes();
    }

    /** Locator key of an access key's record. */
    public static Bytes accessKeyLocator(String accessKey) {
        return shardLocator("access-keys.", shardOf(accessKey));
    }

    /** Locator keys of all access keys' records. */
    public static List<Bytes> accessKeyLocators() {
        return shardLocators("access-keys.");
    }

    /** Name of an access key's record. */
    public static Bytes accessKey(String accessKey) {
        return new ByteWriter(64).u8(ACCESS_KEY).raw(Bytes.utf8(accessKey)).toBytes();
    }

    private static int shardOf(String name) {
        Bytes bytes = Bytes.utf8(name);
        return (int) Long.remainderUnsigned(BucketShards.hash(bytes, bytes.length()), HASH_SHARDS);
    }

    private static Bytes shardLocator(String prefix, int shard) {
        return Bytes.utf8(prefix + Character.forDigit(shard >> 4, 16) + Character.forDigit(shard & 15, 16));
    }

    private static List<Bytes> shardLocators(String prefix) {
        List<Bytes> locators = new ArrayList<>(HASH_SHARDS);
        for (int shard = 0; shard < HASH_SHARDS; shard++) {
            locators.add(shardLocator(prefix, shard));
        }
        return locators;
    }
}

package io.roost.objectstore.admin;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.ObjectException;
import io.roost.objectstore.classes.StripeClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Stripe;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Says of which object a stored entry is, as an administrator knows it: a shard's locator has the bucket's id and the
 * entry's name the key; a stripe says both in its back-reference. Knows the buckets of the moment it was loaded.
 */
public final class ObjectNames {
    private final IoContext data;
    private final Map<Bytes, String> bucketNames;

    /**
     * What an entry is of.
     *
     * @param bucket name of the bucket, empty when the entry is of none or that cannot be told
     * @param key of the object, empty when the entry is not one object's or that cannot be told
     * @param where {@code bucket/key}, or what comes closest to it
     */
    public record ObjectName(String bucket, String key, String where) {
        private static ObjectName of(String bucket, Bytes key) {
            return new ObjectName(bucket, key.utf8(), bucket + "/" + key.utf8());
        }
    }

    private ObjectNames(IoContext data, Map<Bytes, String> bucketNames) {
        this.data = data;
        this.bucketNames = bucketNames;
    }

    /** With the names of all buckets; of those alone that can be read when the records are damaged themselves. */
    public static Future<ObjectNames> load(IoContext data, BucketAdmin buckets) {
        return buckets.list()
                .recover(failure -> failure instanceof ObjectException
                        ? Future.succeededFuture(List.of())
                        : Future.failedFuture(failure))
                .map(records -> of(data, records));
    }

    /** With the names of these buckets. */
    static ObjectNames of(IoContext data, List<BucketRecord> buckets) {
        Map<Bytes, String> names = new HashMap<>();
        buckets.forEach(bucket -> names.put(bucket.id(), bucket.name()));
        return new ObjectNames(data, names);
    }

    /**
     * What an entry is of.
     *
     * @param name of the entry; null when it is not known
     */
    public Future<ObjectName> of(Locator locator, Bytes name) {
        if (locator.pool() == data.pool() && BucketShards.isShard(locator.key())) {
            return Future.succeededFuture(inShard(locator.key(), name));
        }
        if (locator.pool() == data.pool() && Stripe.isStripe(locator.key())) {
            return stripe(locator);
        }
        return Future.succeededFuture(nameless(locator, name));
    }

    /**
     * What an object's key, or a shard as a whole, is.
     *
     * @param shardKey locator key of the shard
     * @param key of the object; empty for the shard
     */
    public ObjectName inBucket(Bytes shardKey, Bytes key) {
        String bucket = bucketName(shardKey);
        return key.isEmpty() ? new ObjectName(bucket, "", bucket) : ObjectName.of(bucket, key);
    }

    private String bucketName(Bytes shardKey) {
        Bytes id = BucketShards.bucketIdOf(shardKey);
        String known = bucketNames.get(id);
        return known == null ? "bucket " + id.hex() : known;
    }

    private ObjectName inShard(Bytes shardKey, Bytes name) {
        Bytes key = name == null ? Bytes.EMPTY : keyIn(name);
        if (!key.isEmpty() || name == null) {
            return inBucket(shardKey, key);
        }
        String bucket = bucketName(shardKey);
        return new ObjectName(bucket, "", bucket + " (row " + name + ")");
    }

    /** The key in an entry's name, empty when there is none. */
    private static Bytes keyIn(Bytes name) {
        try {
            return switch (name.at(0)) {
                case EntryNames.KEY -> EntryNames.keyOfVersion(name);
                case EntryNames.NULL_VERSION -> EntryNames.keyOfNullVersion(name);
                case EntryNames.UPLOAD -> EntryNames.keyOfUpload(name);
                default -> Bytes.EMPTY;
            };
        } catch (MalformedBytesException malformed) {
            // Shown as it is.
            return Bytes.EMPTY;
        }
    }

    private Future<ObjectName> stripe(Locator locator) {
        return data.call(locator.key(), StripeClass.stat())
                .map(reply -> {
                    if (!reply.isOk()) {
                        return nameless(locator, null);
                    }
                    Stripe.Owner owner = StripeClass.StatReply.decode(reply.output())
                            .stripe()
                            .owner();
                    return BucketShards.isShard(owner.headLocator())
                            ? inBucket(owner.headLocator(), owner.key())
                            : nameless(locator, null);
                })
                .recover(failure -> failure instanceof ObjectException || failure instanceof MalformedBytesException
                        ? Future.succeededFuture(nameless(locator, null))
                        : Future.failedFuture(failure));
    }

    private static ObjectName nameless(Locator locator, Bytes name) {
        return new ObjectName("", "", name == null ? locator.toString() : locator + " / " + name);
    }
}

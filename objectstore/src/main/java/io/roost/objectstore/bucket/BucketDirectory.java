package io.roost.objectstore.bucket;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.BucketName;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.cache.RecordCache;
import io.roost.objectstore.cache.RecordChanges;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.SystemNames;
import io.vertx.core.Future;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * How operations find buckets, and how they call the shards of one. Records are kept until they change; a shard that
 * knows better than the record says so (NO_SUCH_BUCKET, STALE_BUCKET), then the record is read again and the call
 * repeated, so an old record is never acted upon. Safe for use from any thread.
 */
public final class BucketDirectory {
    /** A bucket's record can change under a call, but hardly more than once. */
    private static final int MAX_ATTEMPTS = 4;

    private final IoContext system;
    private final IoContext data;
    private final LongSupplier wallClock;
    private final RecordChanges changes;
    private final RecordCache<Bucket> cache;

    /**
     * A directory with nothing in its cache.
     *
     * @param system pool of the records
     * @param data pool of the shards
     * @param wallClock milliseconds since 1970
     * @param changes of records, by this gateway and others
     */
    public BucketDirectory(IoContext system, IoContext data, LongSupplier wallClock, RecordChanges changes) {
        this.system = system;
        this.data = data;
        this.wallClock = wallClock;
        this.changes = changes;
        this.cache = changes.cache(RecordChanges.Kind.BUCKET);
    }

    /**
     * The bucket that a request names, which its requester may use, as it was after every change that was answered before.
     * Fails with NoSuchBucket, InvalidBucketName or AccessDenied, the last also for a change of what only mail changes.
     */
    public Future<Bucket> of(S3Request request) {
        Bucket known = cache.get(request.bucket());
        if (known != null) {
            try {
                authorise(request, known.record());
                return Future.succeededFuture(known);
            } catch (S3Exception e) {
                return Future.failedFuture(e);
            }
        }
        return fresh(request);
    }

    /** The same as the cluster has it now. */
    public Future<Bucket> fresh(S3Request request) {
        if (!BucketName.isPossible(request.bucket())) {
            return Future.failedFuture(new S3Exception(S3Error.INVALID_BUCKET_NAME));
        }
        return read(request.bucket()).map(bucket -> {
            authorise(request, bucket.record());
            return bucket;
        });
    }

    private static void authorise(S3Request request, BucketRecord record) {
        String expectedOwner = request.header("x-amz-expected-bucket-owner");
        if (!request.requester().mayUse(record.owner())
                || (expectedOwner != null && !expectedOwner.equals(record.owner()))) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        if (record.use() == BucketRecord.Use.MAIL && !request.operation().isRead()) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED,
                    "This bucket is the mail store's: S3 reads it, and mail changes it by IMAP and LMTP only.");
        }
    }

    private Future<Bucket> read(String name) {
        RecordCache.Reading reading = cache.begin();
        return system.call(SystemNames.BUCKETS, BucketClass.get(name)).map(reply -> {
            if (ClassStatus.ofCode(reply.status()) != ClassStatus.OK) {
                cache.forget(name);
                throw new S3Exception(S3Error.NO_SUCH_BUCKET);
            }
            Bucket bucket = Bucket.of(BucketRecord.decode(reply.output()));
            cache.put(name, bucket, reading);
            return bucket;
        });
    }

    /** Tells all gateways that a bucket's record has changed; to be waited for before the change is answered. */
    Future<Void> changed(String name) {
        return changes.tell(RecordChanges.Kind.BUCKET, name);
    }

    /**
     * Calls a method on the shard of a key, again with a newer record when the shard wants one.
     *
     * @param call makes the call from the bucket as it is known then
     * @return the reply with the bucket it was made with; its status is none of NO_SUCH_BUCKET and STALE_BUCKET
     */
    public Future<BucketReply> callOnKey(S3Request request, Bytes key, Function<Bucket, ClassCall> call) {
        return of(request).compose(bucket -> callOnKey(request, bucket, key, call));
    }

    /** The same for a bucket that has been found already. */
    public Future<BucketReply> callOnKey(
            S3Request request, Bucket bucket, Bytes key, Function<Bucket, ClassCall> call) {
        return attempt(new Attempt(request, now -> now.locatorKeyOf(key), call), bucket, 1);
    }

    /**
     * Does something that asks several shards of a bucket, from its beginning again when the bucket turns out to be another
     * one of the same name by now, whose keys are spread in another way.
     *
     * @param work what to do with the bucket, by {@link #callOnShard}
     */
    public <T> Future<T> acrossShards(S3Request request, Function<Bucket, Future<T>> work) {
        return acrossShards(request, work, 1);
    }

    private <T> Future<T> acrossShards(S3Request request, Function<Bucket, Future<T>> work, int number) {
        return of(request).compose(work).recover(failure -> {
            if (!(failure instanceof ReplacedBucketException)) {
                return Future.failedFuture(failure);
            }
            return number == MAX_ATTEMPTS
                    ? Future.failedFuture(new S3Exception(S3Error.SERVICE_UNAVAILABLE))
                    : acrossShards(request, work, number + 1);
        });
    }

    /** The bucket is not the one that was known, so its shards are others. */
    private static final class ReplacedBucketException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReplacedBucketException(String bucket) {
            super("another bucket is called " + bucket + " now", null, false, false);
        }
    }

    /** Calls a method on a shard by its number, as part of {@link #acrossShards}. */
    public Future<BucketReply> callOnShard(
            S3Request request, Bucket bucket, int shard, Function<Bucket, ClassCall> call) {
        return attempt(new Attempt(request, now -> locatorKey(bucket, shard, now), call), bucket, 1);
    }

    private static Bytes locatorKey(Bucket bucket, int shard, Bucket now) {
        if (!now.record().id().equals(bucket.record().id())) {
            throw new ReplacedBucketException(bucket.record().name());
        }
        return now.shards().locatorKey(shard);
    }

    private record Attempt(S3Request request, Function<Bucket, Bytes> locator, Function<Bucket, ClassCall> call) {}

    /**
     * A reply of a shard.
     *
     * @param bucket as it was when the call was made
     * @param reply of the call
     */
    public record BucketReply(Bucket bucket, CallReply reply) {
        /** The reply's status. */
        public ClassStatus status() {
            return ClassStatus.ofCode(reply.status());
        }
    }

    private Future<BucketReply> attempt(Attempt attempt, Bucket bucket, int number) {
        Bytes locatorKey = attempt.locator().apply(bucket);
        return data.call(locatorKey, attempt.call().apply(bucket)).compose(reply -> {
            ClassStatus status = ClassStatus.ofCode(reply.status());
            if (status != ClassStatus.NO_SUCH_BUCKET && status != ClassStatus.STALE_BUCKET) {
                return Future.succeededFuture(new BucketReply(bucket, reply));
            }
            if (number == MAX_ATTEMPTS) {
                return Future.failedFuture(new S3Exception(S3Error.SERVICE_UNAVAILABLE));
            }
            return fresh(attempt.request())
                    .compose(newer -> heal(status, bucket, newer, locatorKey))
                    .compose(newer -> attempt(attempt, newer, number + 1));
        });
    }

    /** A shard without a header, of a bucket that is there, belongs to a creation that was cut short: it is opened. */
    private Future<Bucket> heal(ClassStatus status, Bucket older, Bucket newer, Bytes locatorKey) {
        if (newer.record().isDeleting()) {
            return Future.failedFuture(new S3Exception(S3Error.SERVICE_UNAVAILABLE));
        }
        if (status == ClassStatus.STALE_BUCKET
                || !newer.record().id().equals(older.record().id())) {
            return Future.succeededFuture(newer);
        }
        ClassCall init = new ShardClass.Parameters(newer.shardRef(), wallClock.getAsLong()).init();
        return data.call(locatorKey, init).map(newer);
    }
}

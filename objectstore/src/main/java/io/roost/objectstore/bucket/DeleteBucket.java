package io.roost.objectstore.bucket;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.SystemNames;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * DeleteBucket: marks the record, fences every shard that is empty, then removes the record; if one is not empty, all are
 * opened again. A deletion that was cut short is begun anew by the next one.
 */
public final class DeleteBucket implements Operation {
    private final IoContext system;
    private final IoContext data;
    private final BucketDirectory buckets;

    /** The operation. */
    public DeleteBucket(IoContext system, IoContext data, BucketDirectory buckets) {
        this.system = system;
        this.data = data;
        this.buckets = buckets;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        return buckets.fresh(request)
                .compose(bucket ->
                        change(BucketClass.Parameters.of(bucket.record()).markDeleting()))
                .compose(marked -> fence(request, Bucket.of(marked)));
    }

    private Future<BucketRecord> change(ClassCall call) {
        return system.call(SystemNames.BUCKETS, call).map(reply -> {
            ClassStatus status = ClassStatus.ofCode(reply.status());
            if (status != ClassStatus.OK) {
                throw ClassErrors.of(status);
            }
            return BucketRecord.decode(reply.output());
        });
    }

    private Future<S3Response> fence(S3Request request, Bucket bucket) {
        ShardClass.Parameters parameters = new ShardClass.Parameters(bucket.shardRef(), request.nowMillis());
        return onEveryShard(bucket, parameters.fence()).compose(statuses -> {
            if (statuses.contains(ClassStatus.NOT_EMPTY)) {
                return restore(bucket, parameters);
            }
            if (statuses.contains(ClassStatus.STALE_BUCKET)) {
                return Future.failedFuture(new S3Exception(S3Error.OPERATION_ABORTED));
            }
            return change(BucketClass.Parameters.of(bucket.record()).remove())
                    .compose(removed -> buckets.changed(request.bucket()))
                    .map(told -> new S3Response(204));
        });
    }

    private Future<S3Response> restore(Bucket bucket, ShardClass.Parameters parameters) {
        // A shard that another deletion has fenced since is that one's to open.
        return onEveryShard(bucket, parameters.restore())
                .compose(statuses ->
                        change(BucketClass.Parameters.of(bucket.record()).restore()))
                .compose(restored -> Future.failedFuture(new S3Exception(S3Error.BUCKET_NOT_EMPTY)));
    }

    private Future<List<ClassStatus>> onEveryShard(Bucket bucket, ClassCall call) {
        List<Future<CallReply>> replies = new ArrayList<>(bucket.shards().count());
        for (int shard = 0; shard < bucket.shards().count(); shard++) {
            replies.add(data.call(bucket.shards().locatorKey(shard), call));
        }
        return Future.join(replies).map(all -> {
            List<ClassStatus> statuses = new ArrayList<>(replies.size());
            for (Future<CallReply> reply : replies) {
                statuses.add(ClassStatus.ofCode(reply.result().status()));
            }
            return statuses;
        });
    }
}

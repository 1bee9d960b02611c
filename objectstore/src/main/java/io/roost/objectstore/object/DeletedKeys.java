package io.roost.objectstore.object;

import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.BucketDirectory.BucketReply;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.DeleteClass;
import io.roost.objectstore.classes.DeleteClass.Outcome;
import io.roost.objectstore.classes.DeleteClass.Target;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Deletes keys of one shard by as many transactions as they need. */
final class DeletedKeys {
    private final Storage storage;
    private final S3Request request;
    private final Bytes writeTag;
    private final long garbageDueMillis;

    DeletedKeys(Storage storage, S3Request request) {
        this.storage = storage;
        this.request = request;
        this.writeTag = storage.ids().id();
        this.garbageDueMillis = storage.garbageDueMillis();
    }

    /** What became of each target; all of them are keys of one shard of the bucket. */
    Future<List<Outcome>> delete(Bucket bucket, List<Target> targets) {
        return delete(bucket, targets, new ArrayList<>(targets.size()));
    }

    private Future<List<Outcome>> delete(Bucket bucket, List<Target> targets, List<Outcome> outcomes) {
        List<Target> left = targets.subList(outcomes.size(), targets.size());
        Bytes key = left.get(0).key();
        Function<Bucket, ClassCall> call = now -> parameters(now, left).call();
        // Of several keys only this bucket is known to have them in one shard.
        Future<BucketReply> called = targets.size() == 1
                ? storage.buckets().callOnKey(request, bucket, key, call)
                : storage.buckets().callOnShard(request, bucket, bucket.shards().shardOf(key), call);
        return called.compose(reply -> {
            outcomes.addAll(outcomes(reply, left));
            return outcomes.size() == targets.size()
                    ? Future.succeededFuture(outcomes)
                    : delete(reply.bucket(), targets, outcomes);
        });
    }

    private DeleteClass.Parameters parameters(Bucket bucket, List<Target> targets) {
        return new DeleteClass.Parameters(bucket.shardRef(), targets, request.nowMillis(), writeTag, garbageDueMillis);
    }

    private List<Outcome> outcomes(BucketReply reply, List<Target> targets) {
        if (reply.status() != ClassStatus.OK) {
            throw ClassErrors.of(reply.status());
        }
        return DeleteClass.Reply.decode(reply.reply().output(), parameters(reply.bucket(), targets))
                .outcomes();
    }
}

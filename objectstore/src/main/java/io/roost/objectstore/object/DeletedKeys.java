package io.roost.objectstore.object;

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
        return storage.buckets()
                .callOnKey(
                        request,
                        bucket,
                        left.get(0).key(),
                        now -> parameters(now, left).call())
                .compose(reply -> {
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

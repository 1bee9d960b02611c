package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.SystemNames;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Finishes deletions of buckets that were cut short: it begins such a deletion anew, under a config epoch of its own, so
 * that whoever began it can neither end it nor give it up any more. A deletion is cut short when its config epoch has not
 * changed for a while.
 *
 * <p>Rounds of one instance come one after the other.
 */
public final class DeletedBuckets {
    /** A deletion takes seconds. */
    public static final long STUCK_AFTER_MILLIS = 5 * 60 * 1000L;

    private final IoContext system;
    private final IoContext data;
    private final LongSupplier wallClock;
    private Map<Bytes, Sighting> seen = new HashMap<>();

    private record Sighting(long configEpoch, long firstSeenMillis) {}

    /**
     * A worker.
     *
     * @param system pool of the records
     * @param data pool of the shards
     * @param wallClock milliseconds since 1970
     */
    public DeletedBuckets(IoContext system, IoContext data, LongSupplier wallClock) {
        this.system = system;
        this.data = data;
        this.wallClock = wallClock;
    }

    /** Looks at all buckets, and finishes the deletions that it has seen unchanged for five minutes. */
    public Future<Void> round() {
        Map<Bytes, Sighting> before = seen;
        seen = new HashMap<>();
        return new AllBuckets(system).each(bucket -> visit(bucket, before.get(bucket.id())));
    }

    private Future<Void> visit(BucketRecord bucket, Sighting before) {
        if (!bucket.isDeleting()) {
            return Future.succeededFuture();
        }
        long nowMillis = wallClock.getAsLong();
        boolean isSame = before != null && before.configEpoch == bucket.configEpoch();
        seen.put(bucket.id(), isSame ? before : new Sighting(bucket.configEpoch(), nowMillis));
        if (!isSame || nowMillis - before.firstSeenMillis < STUCK_AFTER_MILLIS) {
            return Future.succeededFuture();
        }
        return change(BucketClass.Parameters.of(bucket).markDeleting())
                .compose(reply ->
                        // Gone, or another bucket by now, is as good as finished.
                        reply.isOk() ? finish(BucketRecord.decode(reply.output())) : Future.succeededFuture());
    }

    private Future<Void> finish(BucketRecord bucket) {
        BucketShards shards = new BucketShards(bucket);
        ShardClass.Parameters parameters = new ShardClass.Parameters(ShardRef.of(bucket), wallClock.getAsLong());
        ClassStatus[] refusal = {ClassStatus.OK};
        return onShards(shards, parameters.fence(), refusal).compose(fenced -> {
            if (refusal[0] == ClassStatus.OK) {
                return change(BucketClass.Parameters.of(bucket).remove()).mapEmpty();
            }
            if (refusal[0] != ClassStatus.NOT_EMPTY) {
                // A later deletion has taken over.
                return Future.succeededFuture();
            }
            return onShards(shards, parameters.restore(), new ClassStatus[1])
                    .compose(
                            restored -> change(BucketClass.Parameters.of(bucket).restore()))
                    .mapEmpty();
        });
    }

    /** Calls every shard; leaves the last status that is not OK. */
    private Future<Void> onShards(BucketShards shards, ClassCall call, ClassStatus[] refusal) {
        int[] next = {0};
        return Steps.repeat(() -> {
            if (next[0] == shards.count()) {
                return Future.succeededFuture(false);
            }
            return data.call(shards.locatorKey(next[0]++), call).map(reply -> {
                if (!reply.isOk()) {
                    refusal[0] = ClassStatus.ofCode(reply.status());
                }
                return true;
            });
        });
    }

    private Future<CallReply> change(ClassCall call) {
        return system.call(SystemNames.BUCKETS, call);
    }
}

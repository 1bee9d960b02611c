package io.roost.objectstore.object;

import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Finds a page of a bucket's keys or uploads: asks the shards that can have any, all at once, until the page is full.
 *
 * @param <I> the items
 */
public final class ListedPage<I> {
    private final Storage storage;
    private final S3Request request;
    private final Function<ListMerge.Ask, ClassCall> call;
    private final Function<Bytes, ListMerge.Page<I>> reply;

    /**
     * A way to ask shards.
     *
     * @param call makes the call for a shard's page
     * @param reply reads its output
     */
    public ListedPage(
            Storage storage,
            S3Request request,
            Function<ListMerge.Ask, ClassCall> call,
            Function<Bytes, ListMerge.Page<I>> reply) {
        this.storage = storage;
        this.request = request;
        this.call = call;
        this.reply = reply;
    }

    /** The items that the merge finds. */
    public Future<List<I>> find(Bucket bucket, ListMerge<I> merge) {
        List<ListMerge.Ask> asks = merge.next();
        storage.listings().onPage(asks.size());
        return find(bucket, merge, asks);
    }

    private Future<List<I>> find(Bucket bucket, ListMerge<I> merge, List<ListMerge.Ask> asks) {
        if (asks.isEmpty()) {
            return Future.succeededFuture(merge.items());
        }
        storage.listings().onCalls(asks.size());
        List<Future<Void>> replies = new ArrayList<>(asks.size());
        for (ListMerge.Ask ask : asks) {
            replies.add(ask(bucket, merge, ask));
        }
        // If one shard cannot answer, the listing fails: it never skips one.
        return Future.all(replies).compose(all -> find(bucket, merge, merge.next()));
    }

    private Future<Void> ask(Bucket bucket, ListMerge<I> merge, ListMerge.Ask ask) {
        return storage.buckets()
                .callOnShard(request, bucket, ask.shard(), now -> call.apply(ask))
                .map(answer -> {
                    if (answer.status() != ClassStatus.OK) {
                        throw ClassErrors.of(answer.status());
                    }
                    merge.onReply(ask.shard(), reply.apply(answer.reply().output()));
                    return null;
                });
    }
}

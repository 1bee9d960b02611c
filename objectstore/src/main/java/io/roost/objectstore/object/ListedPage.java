package io.roost.objectstore.object;

import io.roost.objectstore.S3Request;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.ListClass;
import io.roost.objectstore.classes.ListClass.Item;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Finds a page of a bucket's keys: asks the shards that can have any, all at once, until the page is full. */
final class ListedPage {
    private final Storage storage;
    private final S3Request request;

    ListedPage(Storage storage, S3Request request) {
        this.storage = storage;
        this.request = request;
    }

    /**
     * Items in byte order.
     *
     * @param first what to list; its number of items is the most that are found
     */
    Future<List<Item>> find(Bucket bucket, ListClass.Parameters first) {
        List<Integer> shards = bucket.shards().shardsOfPrefix(first.prefix());
        return advance(bucket, new ListMerge(shards, first));
    }

    private Future<List<Item>> advance(Bucket bucket, ListMerge merge) {
        List<ListMerge.Ask> asks = merge.next();
        if (asks.isEmpty()) {
            return Future.succeededFuture(merge.items());
        }
        List<Future<Void>> replies = new ArrayList<>(asks.size());
        for (ListMerge.Ask ask : asks) {
            replies.add(ask(bucket, merge, ask));
        }
        // If one shard cannot answer, the listing fails: it never skips one.
        return Future.all(replies).compose(all -> advance(bucket, merge));
    }

    private Future<Void> ask(Bucket bucket, ListMerge merge, ListMerge.Ask ask) {
        return storage.buckets()
                .callOnShard(
                        request, bucket, ask.shard(), now -> ask.parameters().call())
                .map(reply -> {
                    if (reply.status() != ClassStatus.OK) {
                        throw ClassErrors.of(reply.status());
                    }
                    merge.onReply(
                            ask.shard(), ListClass.Reply.decode(reply.reply().output()));
                    return null;
                });
    }
}

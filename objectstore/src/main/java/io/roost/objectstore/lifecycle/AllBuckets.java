package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.IoContext;
import io.roost.objectstore.classes.BucketClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.SystemNames;
import io.vertx.core.Future;
import java.util.function.Function;

/** Steps over the records of all buckets. */
final class AllBuckets {
    private static final int PAGE = 100;

    private final IoContext system;

    AllBuckets(IoContext system) {
        this.system = system;
    }

    /** Takes a step for each bucket, by name, until one fails. */
    Future<Void> each(Function<BucketRecord, Future<Void>> step) {
        String[] after = {""};
        return Steps.repeat(() -> system.call(
                        SystemNames.BUCKETS, new BucketClass.ListParameters("", after[0], PAGE).call())
                .compose(reply -> {
                    BucketClass.ListReply page = BucketClass.ListReply.decode(reply.output());
                    if (!page.buckets().isEmpty()) {
                        after[0] = page.buckets().get(page.buckets().size() - 1).name();
                    }
                    return Steps.each(page.buckets(), step).map(done -> page.isTruncated());
                }));
    }
}

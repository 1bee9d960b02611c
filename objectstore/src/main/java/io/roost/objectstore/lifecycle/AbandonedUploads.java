package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.UploadClass;
import io.roost.objectstore.classes.UploadListClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.ShardRef;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Aborts multipart uploads that were begun long ago and never ended (S3 lifecycle action AbortIncompleteMultipartUpload).
 * Never of its own accord: a bucket's owner asks for it.
 */
public final class AbandonedUploads {
    private static final int PAGE = 100;

    private final IoContext data;
    private final AtomicLong aborted = new AtomicLong();

    /** A worker on the pool of the shards. */
    public AbandonedUploads(IoContext data) {
        this.data = data;
    }

    /** Uploads aborted so far. */
    public long aborted() {
        return aborted.get();
    }

    /**
     * Aborts old uploads of a bucket.
     *
     * @param bucket as its record says now
     * @param prefix that the uploads' keys begin with, may be empty
     * @param initiatedBeforeMillis which uploads are old, Unix milliseconds
     * @param garbageDueMillis when their parts may be deleted, Unix milliseconds
     */
    public Future<Void> abort(BucketRecord bucket, Bytes prefix, long initiatedBeforeMillis, long garbageDueMillis) {
        BucketShards shards = new BucketShards(bucket);
        ShardRef shard = ShardRef.of(bucket);
        return Steps.each(shards.shardsOfPrefix(prefix), number -> {
            Bytes locatorKey = shards.locatorKey(number);
            UploadListClass.Parameters[] page = {
                new UploadListClass.Parameters(prefix, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, PAGE)
            };
            return Steps.repeat(() -> data.call(locatorKey, page[0].call()).compose(reply -> {
                if (!reply.isOk()) {
                    // The bucket has been deleted since.
                    return Future.succeededFuture(false);
                }
                UploadListClass.Reply uploads = UploadListClass.Reply.decode(reply.output());
                page[0] = page[0].next(uploads.cursor(), PAGE);
                List<UploadClass.AbortParameters> old = new ArrayList<>();
                for (UploadListClass.Item item : uploads.items()) {
                    if (item instanceof UploadListClass.Found found
                            && found.upload().initiatedMillis() < initiatedBeforeMillis) {
                        old.add(new UploadClass.AbortParameters(
                                shard, found.name(), found.uploadId(), garbageDueMillis));
                    }
                }
                return Steps.each(old, upload -> abort(locatorKey, upload))
                        .map(done -> !uploads.cursor().isEmpty());
            }));
        });
    }

    private Future<Void> abort(Bytes locatorKey, UploadClass.AbortParameters upload) {
        return data.call(locatorKey, upload.call()).compose(reply -> {
            if (reply.isOk()) {
                aborted.incrementAndGet();
            }
            // Ended by its client meanwhile.
            boolean isGone = ClassStatus.ofCode(reply.status()) == ClassStatus.NO_SUCH_UPLOAD;
            return isGone ? Future.succeededFuture() : StripeSets.expectOk(reply);
        });
    }
}

package io.roost.deploy;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.admin.AdminFailure;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.Conditions;
import io.roost.objectstore.classes.DeleteClass;
import io.roost.objectstore.classes.ListClass;
import io.roost.objectstore.classes.UploadClass;
import io.roost.objectstore.classes.UploadListClass;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.VersionId;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes a bucket with its versions, delete markers and uploads, shard by shard, a page at a time. Bytes of large objects
 * become garbage, which goes in its own time.
 */
final class BucketRemoval {
    private static final int PAGE = DeleteClass.MAX_TARGETS;

    private final Node node;
    private final IoContext data;
    private final SecureRandom random = new SecureRandom();

    BucketRemoval(Node node) {
        this.node = node;
        this.data = node.cluster().rados().pool("data");
    }

    /**
     * Removes a bucket; succeeds when there is none.
     *
     * @param tries how often it is emptied again when somebody has put something in meanwhile
     */
    Future<Void> remove(String name, int tries) {
        Future<Void> removed = node.buckets()
                .existing(name)
                .compose(record -> empty(Bucket.of(record), 0))
                .compose(emptied -> node.buckets().remove(name));
        return removed.recover(failure -> {
            if (isCode(failure, "NoSuchBucket")) {
                return Future.succeededFuture();
            }
            boolean again = tries > 1 && isCode(failure, "BucketNotEmpty");
            return again ? remove(name, tries - 1) : Future.failedFuture(failure);
        });
    }

    private static boolean isCode(Throwable failure, String code) {
        return failure instanceof AdminFailure refused && refused.code().equals(code);
    }

    /** Empties the shards from a number on. */
    private Future<Void> empty(Bucket bucket, int shard) {
        if (shard == bucket.shards().count()) {
            return Future.succeededFuture();
        }
        Bytes locator = bucket.shards().locatorKey(shard);
        return deleteVersions(bucket, locator, Bytes.EMPTY)
                .compose(deleted -> abortUploads(bucket, locator, Bytes.EMPTY))
                .compose(aborted -> empty(bucket, shard + 1));
    }

    private Future<Void> deleteVersions(Bucket bucket, Bytes locator, Bytes cursor) {
        ListClass.Parameters page = new ListClass.Parameters(
                ListClass.Mode.VERSIONS, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, VersionId.LATEST, cursor, PAGE);
        return call(locator, page.call()).map(ListClass.Reply::decode).compose(reply -> {
            List<DeleteClass.Target> targets = new ArrayList<>(reply.items().size());
            for (ListClass.Item item : reply.items()) {
                if (item instanceof ListClass.Found found) {
                    targets.add(new DeleteClass.Target(
                            found.name(), found.versionId(), random.nextLong(), Conditions.NONE));
                }
            }
            return delete(bucket, locator, targets)
                    .compose(deleted -> reply.cursor().isEmpty()
                            ? Future.succeededFuture()
                            : deleteVersions(bucket, locator, reply.cursor()));
        });
    }

    /** Deletes versions of a shard by as many transactions as they need. */
    private Future<Void> delete(Bucket bucket, Bytes locator, List<DeleteClass.Target> targets) {
        if (targets.isEmpty()) {
            return Future.succeededFuture();
        }
        byte[] writeTag = new byte[EntryNames.ID_BYTES];
        random.nextBytes(writeTag);
        DeleteClass.Parameters parameters = new DeleteClass.Parameters(
                bucket.shardRef(), targets, System.currentTimeMillis(), Bytes.wrap(writeTag), garbageDueMillis());
        return call(locator, parameters.call()).compose(output -> {
            int done = DeleteClass.Reply.decode(output, parameters).outcomes().size();
            return delete(bucket, locator, targets.subList(done, targets.size()));
        });
    }

    private Future<Void> abortUploads(Bucket bucket, Bytes locator, Bytes cursor) {
        UploadListClass.Parameters page =
                new UploadListClass.Parameters(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, cursor, PAGE);
        return call(locator, page.call()).map(UploadListClass.Reply::decode).compose(reply -> {
            Future<Void> aborted = Future.succeededFuture();
            for (UploadListClass.Item item : reply.items()) {
                if (item instanceof UploadListClass.Found found) {
                    aborted = aborted.compose(before -> abort(bucket, locator, found));
                }
            }
            return aborted.compose(all -> reply.cursor().isEmpty()
                    ? Future.succeededFuture()
                    : abortUploads(bucket, locator, reply.cursor()));
        });
    }

    private Future<Void> abort(Bucket bucket, Bytes locator, UploadListClass.Found upload) {
        UploadClass.AbortParameters parameters = new UploadClass.AbortParameters(
                bucket.shardRef(), upload.name(), upload.uploadId(), garbageDueMillis());
        return data.call(locator, parameters.call()).map(reply -> {
            // Completed or aborted since it was listed: the next look at the shard tells.
            if (ClassStatus.ofCode(reply.status()) != ClassStatus.NO_SUCH_UPLOAD) {
                checked(reply);
            }
            return null;
        });
    }

    private Future<Bytes> call(Bytes locator, ClassCall call) {
        return data.call(locator, call).map(BucketRemoval::checked);
    }

    private static Bytes checked(CallReply reply) {
        ClassStatus status = ClassStatus.ofCode(reply.status());
        if (status != ClassStatus.OK) {
            throw ClassErrors.of(status);
        }
        return reply.output();
    }

    private static long garbageDueMillis() {
        return System.currentTimeMillis() + Node.SHORT_GARBAGE_DELAY.toMillis();
    }
}

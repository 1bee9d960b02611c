package io.roost.objectstore.object;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.PayloadDigests;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.BucketDirectory.BucketReply;
import io.roost.objectstore.classes.Conditions;
import io.roost.objectstore.classes.PutClass;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.ChecksumType;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.StorageClass;
import io.vertx.core.Future;

/** The last step of what has written an object's bytes in one go: its head. */
final class ObjectCommit {
    private ObjectCommit() {}

    /** The head of an object all of whose bytes went through its digests. */
    static Head head(
            Storage storage,
            S3Request request,
            long length,
            PayloadDigests digests,
            StorageClass storageClass,
            Manifest manifest) {
        return new Head(
                new Head.State(false, false, storage.ids().tag()),
                length,
                request.nowMillis(),
                new ETag(digests.md5(), 0),
                storageClass,
                new ChecksumMark(digests.checksumAlgorithm(), ChecksumType.FULL_OBJECT),
                storage.ids().id(),
                manifest);
    }

    /**
     * Puts it.
     *
     * @param body with the head, empty when there are stripes
     * @return what {@link PutClass} answers
     */
    static Future<BucketReply> put(
            Storage storage,
            S3Request request,
            Bucket bucket,
            Head head,
            Bytes metadata,
            Conditions conditions,
            Data body) {
        long garbageDue = storage.garbageDueMillis();
        return storage.buckets()
                .callOnKey(
                        request,
                        bucket,
                        request.key(),
                        now -> new PutClass.Parameters(
                                        now.shardRef(), request.key(), head, metadata, conditions, garbageDue)
                                .call(body));
    }
}

package io.roost.objectstore.object;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.Operation;
import io.roost.objectstore.PayloadDigests;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.BucketDirectory.BucketReply;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.Conditions;
import io.roost.objectstore.classes.PutClass;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.StorageClass;
import io.vertx.core.Future;

/**
 * PutObject. Up to the bucket's head limit everything is one transaction; a larger body goes to stripes first and the
 * head's commit makes it the object. Conditions are evaluated inside that transaction.
 */
public final class PutObject implements Operation {
    private final Storage storage;

    /** The operation on a storage. */
    public PutObject(Storage storage) {
        this.storage = storage;
    }

    /** What was put, once the body has been verified. */
    private record Upload(
            S3Request request, StorageClass storageClass, Conditions conditions, PayloadDigests digests, long length) {}

    @Override
    public Future<S3Response> answer(S3Request request) {
        RequestHeaders headers = request.headers();
        ObjectHeaders.check(headers);
        // Reads the metadata only to refuse it before the body is taken.
        ObjectHeaders.metadata(headers, Bytes.EMPTY);
        StorageClass storageClass = ObjectHeaders.storageClass(headers);
        Conditions conditions = Preconditions.forWrite(headers);
        return storage.buckets().of(request).compose(bucket -> {
            long length = request.body().length();
            if (length <= bucket.record().layout().headLimitBytes()) {
                return request.body()
                        .read(blocksFor(length))
                        .compose(body -> commit(
                                        new Upload(
                                                request,
                                                storageClass,
                                                conditions,
                                                request.body().digests(),
                                                length),
                                        bucket,
                                        Manifest.inline(),
                                        body)
                                .onComplete(done -> body.release()));
            }
            StripedUpload striped = StripedUpload.ofObject(storage, request, bucket, StripedUpload.bodyOf(request));
            return striped.write()
                    .compose(written -> commit(
                            new Upload(
                                    request,
                                    storageClass,
                                    conditions,
                                    request.body().digests(),
                                    length),
                            written,
                            new Manifest.Striped(striped.set()),
                            Data.EMPTY));
        });
    }

    private static int blocksFor(long length) {
        return (int) Math.max(1, (length + Data.BLOCK_BYTES - 1) / Data.BLOCK_BYTES) * Data.BLOCK_BYTES;
    }

    private Future<S3Response> commit(Upload upload, Bucket bucket, Manifest manifest, Data body) {
        S3Request request = upload.request();
        PayloadDigests digests = upload.digests();
        Head head = ObjectCommit.head(storage, request, upload.length(), digests, upload.storageClass(), manifest);
        Bytes metadata =
                ObjectHeaders.metadata(request.headers(), digests.checksum()).encode();
        return ObjectCommit.put(storage, request, bucket, head, metadata, upload.conditions(), body)
                .map(reply -> answer(reply, head, digests));
    }

    private static S3Response answer(BucketReply reply, Head head, PayloadDigests digests) {
        if (reply.status() != ClassStatus.OK) {
            throw ClassErrors.of(reply.status());
        }
        PutClass.Reply written = PutClass.Reply.decode(reply.reply().output());
        S3Response response = new S3Response(200).header("etag", ObjectHeaders.quoted(head));
        ObjectHeaders.version(response, written.versionId());
        ObjectHeaders.checksum(response, head, digests.checksum());
        return response;
    }
}

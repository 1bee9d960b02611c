package io.roost.objectstore.multipart;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.UploadClass;
import io.roost.objectstore.object.Storage;
import io.vertx.core.Future;

/** AbortMultipartUpload. */
public final class AbortMultipartUpload implements Operation {
    private final Storage storage;

    /** The operation on a storage. */
    public AbortMultipartUpload(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        Bytes uploadId = UploadId.of(request);
        long garbageDue = storage.garbageDueMillis();
        return storage.buckets()
                .callOnKey(
                        request,
                        request.key(),
                        bucket -> new UploadClass.AbortParameters(
                                        bucket.shardRef(), request.key(), uploadId, garbageDue)
                                .call())
                .map(reply -> {
                    if (reply.status() != ClassStatus.OK) {
                        throw ClassErrors.of(reply.status());
                    }
                    return new S3Response(204);
                });
    }
}

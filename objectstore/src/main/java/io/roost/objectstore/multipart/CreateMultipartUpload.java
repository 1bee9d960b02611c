package io.roost.objectstore.multipart;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.UploadClass;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.UploadRow;
import io.roost.objectstore.object.ObjectHeaders;
import io.roost.objectstore.object.Storage;
import io.roost.objectstore.xml.UploadDocuments;
import io.vertx.core.Future;

/** CreateMultipartUpload. */
public final class CreateMultipartUpload implements Operation {
    private final Storage storage;

    /** The operation on a storage. */
    public CreateMultipartUpload(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        ObjectHeaders.check(request.headers());
        ChecksumMark checksum = UploadChecksum.of(request.headers());
        UploadRow row = new UploadRow(
                request.nowMillis(),
                ObjectHeaders.storageClass(request.headers()),
                checksum,
                request.requester().userId());
        Bytes metadata = ObjectHeaders.metadata(request.headers(), Bytes.EMPTY).encode();
        Bytes uploadId = UploadId.create(request.nowMillis(), storage.ids());
        return storage.buckets()
                .callOnKey(
                        request,
                        request.key(),
                        bucket -> new UploadClass.CreateParameters(
                                        bucket.shardRef(), request.key(), uploadId, row, metadata)
                                .call())
                .map(reply -> {
                    if (reply.status() != ClassStatus.OK) {
                        throw ClassErrors.of(reply.status());
                    }
                    S3Response response = new S3Response(200);
                    if (!checksum.isNone()) {
                        response.header("x-amz-checksum-algorithm", checksum.algorithm());
                        response.header("x-amz-checksum-type", checksum.type().name());
                    }
                    return response.xml(UploadDocuments.initiated(request.bucket(), request.key(), uploadId.hex()));
                });
    }
}

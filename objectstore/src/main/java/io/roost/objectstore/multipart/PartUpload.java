package io.roost.objectstore.multipart;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.PayloadDigests;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.bucket.Bucket;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.PartClass;
import io.roost.objectstore.classes.UploadClass;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.StripeSet;
import io.roost.objectstore.object.PartNumber;
import io.roost.objectstore.object.Storage;
import io.roost.objectstore.object.StripedUpload;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** What UploadPart and UploadPartCopy share: the open upload, the part's stripes, and the commit that makes it a part. */
final class PartUpload {
    private final Storage storage;
    private final S3Request request;
    private final Bytes uploadId;
    private final int number;

    /** The part that a request names. */
    PartUpload(Storage storage, S3Request request) {
        this.storage = storage;
        this.request = request;
        this.uploadId = UploadId.of(request);
        this.number = PartNumber.of(request);
    }

    /**
     * An open upload.
     *
     * @param bucket that it is in
     * @param checksum that its parts have
     */
    record Open(Bucket bucket, ChecksumMark checksum) {}

    /** Finds the upload; fails with NoSuchUpload. */
    Future<Open> open() {
        return storage.buckets()
                .callOnKey(
                        request, request.key(), bucket -> new UploadClass.GetParameters(request.key(), uploadId).call())
                .map(reply -> {
                    if (reply.status() != ClassStatus.OK) {
                        throw ClassErrors.of(reply.status());
                    }
                    UploadClass.GetReply found =
                            UploadClass.GetReply.decode(reply.reply().output());
                    return new Open(reply.bucket(), found.upload().checksum());
                });
    }

    /**
     * Writes the part's bytes and commits it.
     *
     * @param digests of the bytes, asked for when all of them have been read
     */
    Future<PartPage.Part> write(Open open, StripedUpload.Source source, Supplier<PayloadDigests> digests) {
        StripedUpload striped = StripedUpload.ofPart(storage, request, open.bucket(), uploadId, number, source);
        return striped.write().compose(bucket -> commit(bucket, part(open, striped.set(), digests.get())));
    }

    private PartPage.Part part(Open open, StripeSet set, PayloadDigests digests) {
        boolean isKept = open.checksum().algorithm().equals(digests.checksumAlgorithm());
        return new PartPage.Part(
                number, digests.md5(), request.nowMillis(), isKept ? digests.checksum() : Bytes.EMPTY, set);
    }

    private Future<PartPage.Part> commit(Bucket bucket, PartPage.Part part) {
        long garbageDue = storage.garbageDueMillis();
        return storage.buckets()
                .callOnKey(
                        request,
                        bucket,
                        request.key(),
                        now -> new PartClass.PutParameters(now.shardRef(), request.key(), uploadId, part, garbageDue)
                                .call())
                .map(reply -> {
                    if (reply.status() != ClassStatus.OK) {
                        throw ClassErrors.of(reply.status());
                    }
                    return part;
                });
    }
}

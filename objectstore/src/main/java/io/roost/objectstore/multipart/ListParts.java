package io.roost.objectstore.multipart;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.BucketDirectory.BucketReply;
import io.roost.objectstore.bucket.BucketSettings;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.PartClass;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.UploadRow;
import io.roost.objectstore.object.ListObjects;
import io.roost.objectstore.object.Storage;
import io.roost.objectstore.xml.UploadDocuments;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** ListParts. */
public final class ListParts implements Operation {
    private final Storage storage;

    /** The operation on a storage. */
    public ListParts(Storage storage) {
        this.storage = storage;
    }

    /** The part number after which the page begins, and the most parts. */
    private record Window(int marker, int maxParts) {}

    @Override
    public Future<S3Response> answer(S3Request request) {
        Bytes uploadId = UploadId.of(request);
        boolean hasMarker = request.query().has("part-number-marker");
        Window window = new Window(
                hasMarker ? ListObjects.limit(request.query(), "part-number-marker", PartPage.MAX_PART_NUMBER) : 0,
                ListObjects.limit(request.query(), "max-parts", PartClass.MAX_PAGE));
        PartClass.ListParameters parameters =
                new PartClass.ListParameters(request.key(), uploadId, window.marker(), Math.max(1, window.maxParts()));
        return storage.buckets()
                .callOnKey(request, request.key(), bucket -> parameters.call())
                .map(reply -> answer(request, uploadId, window, reply));
    }

    private static S3Response answer(S3Request request, Bytes uploadId, Window window, BucketReply reply) {
        if (reply.status() != ClassStatus.OK) {
            throw ClassErrors.of(reply.status());
        }
        PartClass.ListReply page = PartClass.ListReply.decode(reply.reply().output());
        UploadRow row = UploadRow.decode(page.upload());
        ChecksumMark mark = row.checksum();
        List<UploadDocuments.ListedPart> parts = new ArrayList<>(page.parts().size());
        if (window.maxParts() > 0) {
            for (PartPage.Part part : page.parts()) {
                parts.add(listed(part, mark));
            }
        }
        int next = parts.isEmpty() ? 0 : parts.get(parts.size() - 1).number();
        UploadDocuments.ListedUpload upload = new UploadDocuments.ListedUpload(
                request.key(),
                uploadId.hex(),
                row.initiatedMillis(),
                row.storageClass().name(),
                mark.algorithm(),
                mark.isNone() ? "" : mark.type().name());
        boolean isTruncated = page.isTruncated() && window.maxParts() > 0;
        return new S3Response(200)
                .xml(UploadDocuments.parts(
                        request.bucket(),
                        upload,
                        new UploadDocuments.PartPage(window.marker(), window.maxParts(), isTruncated, next),
                        parts,
                        BucketSettings.owner(request, reply.bucket().record())));
    }

    private static UploadDocuments.ListedPart listed(PartPage.Part part, ChecksumMark mark) {
        UploadDocuments.Checksum checksum = part.checksum().isEmpty() || mark.isNone()
                ? UploadDocuments.Checksum.NONE
                : new UploadDocuments.Checksum(
                        mark.algorithm(),
                        Base64.getEncoder().encodeToString(part.checksum().array()),
                        "");
        return new UploadDocuments.ListedPart(
                part.number(), part.lastModifiedMillis(), part.md5().hex(), part.sizeBytes(), checksum);
    }
}

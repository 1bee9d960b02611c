package io.roost.objectstore.multipart;

import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.classes.ByteSpan;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.VersionId;
import io.roost.objectstore.object.ByteRange;
import io.roost.objectstore.object.CopySource;
import io.roost.objectstore.object.ObjectBytes;
import io.roost.objectstore.object.Storage;
import io.roost.objectstore.xml.UploadDocuments;
import io.vertx.core.Future;
import java.util.Base64;

/** UploadPartCopy: a part from a range of an object. */
public final class UploadPartCopy implements Operation {
    private final Storage storage;

    /** The operation on a storage. */
    public UploadPartCopy(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        CopySource.Name name = CopySource.name(request);
        ByteSpan span = span(request.header("x-amz-copy-source-range"));
        PartUpload part = new PartUpload(storage, request);
        return part.open()
                .compose(open -> CopySource.find(storage, request, name, span).compose(source -> {
                    checkRange(span, source);
                    ObjectBytes bytes = source.bytes(storage, open.checksum().algorithm());
                    return part.write(open, bytes, bytes::digests)
                            .onComplete(done -> bytes.close())
                            .map(written -> answer(source, open.checksum(), written));
                }));
    }

    /** Unlike the Range header's, a copy's range must say both ends and lie within the object. */
    private static ByteSpan span(String header) {
        if (header == null) {
            return ByteSpan.all();
        }
        ByteSpan span = ByteRange.parse(header);
        if (span instanceof ByteSpan.Between between && between.last() != Long.MAX_VALUE) {
            return span;
        }
        throw new S3Exception(
                S3Error.INVALID_ARGUMENT,
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the"
                        + " zero-based offsets of the first and last bytes to copy");
    }

    private static void checkRange(ByteSpan span, CopySource source) {
        boolean isBeyond = span instanceof ByteSpan.Between between
                && between.last() >= source.head().sizeBytes();
        if (isBeyond) {
            source.inline().release();
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "Range specified is not valid for source object of size: "
                            + source.head().sizeBytes());
        }
    }

    private static S3Response answer(CopySource source, ChecksumMark mark, PartPage.Part part) {
        S3Response response = new S3Response(200);
        VersionId copied = source.found().versionId();
        if (copied.kind() != VersionId.Kind.LATEST) {
            response.header("x-amz-copy-source-version-id", copied.text());
        }
        UploadDocuments.Checksum checksum = part.checksum().isEmpty()
                ? UploadDocuments.Checksum.NONE
                : new UploadDocuments.Checksum(
                        mark.algorithm(),
                        Base64.getEncoder().encodeToString(part.checksum().array()),
                        "");
        return response.xml(UploadDocuments.copied(
                "CopyPartResult", part.lastModifiedMillis(), part.md5().hex(), checksum));
    }
}

package io.roost.objectstore.multipart;

import io.roost.objectstore.Operation;
import io.roost.objectstore.PayloadDigests;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.BucketAcl;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.object.Storage;
import io.roost.objectstore.object.StripedUpload;
import io.vertx.core.Future;
import java.util.Base64;
import java.util.Locale;

/** UploadPart. */
public final class UploadPart implements Operation {
    private final Storage storage;

    /** The operation on a storage. */
    public UploadPart(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        if (request.headers().contains("x-amz-server-side-encryption-customer-algorithm")) {
            throw BucketAcl.notImplemented("x-amz-server-side-encryption-customer-algorithm");
        }
        PartUpload part = new PartUpload(storage, request);
        return part.open()
                .compose(open -> {
                    agree(request, open.checksum());
                    return part.write(
                            open,
                            StripedUpload.bodyOf(request),
                            () -> request.body().digests());
                })
                .map(written -> answer(request, written));
    }

    /** All parts of an upload with a checksum have it: what the client does not send is computed. */
    private static void agree(S3Request request, ChecksumMark upload) {
        String sent = request.body().checksumAlgorithm();
        if (upload.isNone() || upload.algorithm().equals(sent)) {
            return;
        }
        if (!sent.isEmpty()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Checksum Type mismatch occurred, expected checksum Type: "
                            + upload.algorithm().toLowerCase(Locale.ROOT) + ", actual checksum Type: "
                            + sent.toLowerCase(Locale.ROOT));
        }
        request.body().requireChecksum(upload.algorithm());
    }

    private static S3Response answer(S3Request request, PartPage.Part part) {
        S3Response response =
                new S3Response(200).header("etag", '"' + part.md5().hex() + '"');
        PayloadDigests digests = request.body().digests();
        if (!digests.checksumAlgorithm().isEmpty()) {
            response.header(
                    "x-amz-checksum-" + digests.checksumAlgorithm().toLowerCase(Locale.ROOT),
                    Base64.getEncoder().encodeToString(digests.checksum().array()));
        }
        return response;
    }
}

package io.roost.objectstore.http;

import io.roost.cluster.object.ObjectException;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.S3Target;
import io.roost.objectstore.xml.ErrorDocument;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a failure into the answer a client gets: the one place where the cluster's faults become S3 errors. */
final class ErrorResponse {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponse.class);

    private ErrorResponse() {}

    /** The S3 error of any failure; what a client cannot have caused is logged. */
    static S3Exception translate(Throwable failure, String requestId) {
        if (failure instanceof S3Exception expected) {
            return expected;
        }
        if (failure instanceof ObjectException fault) {
            S3Error error = switch (fault.error()) {
                case NO_SPACE -> S3Error.STORAGE_FULL;
                case BUSY -> S3Error.SLOW_DOWN;
                case OUTCOME_UNKNOWN, TIMED_OUT, SHUT_DOWN -> S3Error.SERVICE_UNAVAILABLE;
                case NO_SUCH_POOL, NO_SUCH_CLASS, INVALID_OPERATION, IO_ERROR, CLASS_FAILED -> S3Error.INTERNAL_ERROR;
            };
            LOG.warn("request {}: {}", requestId, fault.getMessage());
            return new S3Exception(error);
        }
        LOG.error("request {} failed", requestId, failure);
        return new S3Exception(S3Error.INTERNAL_ERROR);
    }

    /**
     * The answer of an error.
     *
     * @param rawPath the resource as the request line named it
     */
    static S3Response of(S3Exception failure, S3Target target, String rawPath, String requestId, String hostId) {
        S3Error error = failure.error();
        S3Response response = new S3Response(error.status());
        if (error == S3Error.NOT_MODIFIED) {
            failure.details().forEach(detail -> response.header(detail.element(), detail.text()));
            return response;
        }
        for (S3Exception.Detail detail : failure.details()) {
            if (detail.element().equals("Region")) {
                // SDKs sign again with what they find here; the answer to HEAD has no document.
                response.header("x-amz-bucket-region", detail.text());
            }
        }
        return response.xml(ErrorDocument.of(
                error.code(), failure.getMessage(), details(failure, target), rawPath, requestId, hostId));
    }

    private static List<S3Exception.Detail> details(S3Exception failure, S3Target target) {
        List<S3Exception.Detail> details = new ArrayList<>(failure.details());
        switch (failure.error()) {
            case NO_SUCH_BUCKET,
                    BUCKET_ALREADY_EXISTS,
                    BUCKET_ALREADY_OWNED_BY_YOU,
                    BUCKET_NOT_EMPTY,
                    INVALID_BUCKET_NAME -> details.add(new S3Exception.Detail("BucketName", target.bucket()));
            case NO_SUCH_KEY, KEY_TOO_LONG ->
                details.add(new S3Exception.Detail("Key", target.key().utf8()));
            default -> {}
        }
        return details;
    }
}

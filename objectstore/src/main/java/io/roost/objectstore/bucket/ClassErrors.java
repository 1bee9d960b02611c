package io.roost.objectstore.bucket;

import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.classes.ClassStatus;

/** The one place where statuses of the object classes become errors of the S3 API. */
public final class ClassErrors {
    private ClassErrors() {}

    /** The error of a status that is not OK. */
    public static S3Exception of(ClassStatus status) {
        return new S3Exception(error(status));
    }

    /** The error of a status that is not OK. */
    public static S3Error error(ClassStatus status) {
        return switch (status) {
            case NO_SUCH_BUCKET -> S3Error.NO_SUCH_BUCKET;
            case NO_SUCH_KEY -> S3Error.NO_SUCH_KEY;
            case NO_SUCH_VERSION -> S3Error.NO_SUCH_VERSION;
            case IS_DELETE_MARKER -> S3Error.METHOD_NOT_ALLOWED;
            case PRECONDITION_FAILED -> S3Error.PRECONDITION_FAILED;
            case NOT_MODIFIED -> S3Error.NOT_MODIFIED;
            case INVALID_RANGE -> S3Error.INVALID_RANGE;
            case NO_SUCH_PART -> S3Error.INVALID_PART_NUMBER;
            case NO_SUCH_UPLOAD -> S3Error.NO_SUCH_UPLOAD;
            case INVALID_PART -> S3Error.INVALID_PART;
            case INVALID_PART_ORDER -> S3Error.INVALID_PART_ORDER;
            case ENTITY_TOO_SMALL -> S3Error.ENTITY_TOO_SMALL;
            case NOT_EMPTY -> S3Error.BUCKET_NOT_EMPTY;
            case ALREADY_EXISTS -> S3Error.BUCKET_ALREADY_EXISTS;
            case ALREADY_OWNED -> S3Error.BUCKET_ALREADY_OWNED_BY_YOU;
            case CONFLICT, SOURCE_CHANGED -> S3Error.OPERATION_ABORTED;
            case TOO_MANY -> S3Error.TOO_MANY_BUCKETS;
            case STALE_BUCKET, NO_SUCH_INTENT, STILL_LIVE -> S3Error.SERVICE_UNAVAILABLE;
            case OK, COPY_BYTES, NOT_FOUND -> S3Error.INTERNAL_ERROR;
        };
    }
}

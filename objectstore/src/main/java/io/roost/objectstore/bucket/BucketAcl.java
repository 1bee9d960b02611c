package io.roost.objectstore.bucket;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.util.List;

/** Access control lists in headers: those that mean what is in force anyway, the owner alone, are accepted. */
public final class BucketAcl {
    private static final List<String> OWNER_ALONE = List.of("private", "bucket-owner-full-control");
    private static final List<String> OPEN_TO_OTHERS = List.of(
            "public-read",
            "public-read-write",
            "authenticated-read",
            "aws-exec-read",
            "bucket-owner-read",
            "log-delivery-write");

    private BucketAcl() {}

    /**
     * Refuses what would open a bucket or an object to others.
     *
     * @throws S3Exception NotImplemented, InvalidArgument for an ACL that does not exist
     */
    public static void check(RequestHeaders headers) {
        String acl = headers.first("x-amz-acl");
        if (acl != null && !OWNER_ALONE.contains(acl)) {
            if (OPEN_TO_OTHERS.contains(acl)) {
                throw notImplemented("x-amz-acl");
            }
            throw new S3Exception(S3Error.INVALID_ARGUMENT);
        }
        for (int i = 0; i < headers.count(); i++) {
            if (headers.name(i).startsWith("x-amz-grant-")) {
                throw notImplemented(headers.name(i));
            }
        }
    }

    /** The error that names the header which asks for what is not implemented. */
    public static S3Exception notImplemented(String header) {
        return new S3Exception(
                S3Error.NOT_IMPLEMENTED,
                S3Error.NOT_IMPLEMENTED.defaultMessage(),
                new S3Exception.Detail("Header", header));
    }
}

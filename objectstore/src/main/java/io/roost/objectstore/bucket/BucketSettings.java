package io.roost.objectstore.bucket;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.Operation;
import io.roost.objectstore.Requester;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.xml.BucketDocuments;
import io.vertx.core.Future;

/**
 * What is asked about a bucket's settings. Those that it has are told; one that no bucket can have yet is answered as AWS
 * answers for a bucket where it has not been set, and removing it finds nothing to remove.
 */
public final class BucketSettings implements Operation {
    private final BucketDirectory buckets;
    private final BucketRegion region;

    /** The operations. */
    public BucketSettings(BucketDirectory buckets, BucketRegion region) {
        this.buckets = buckets;
        this.region = region;
    }

    /** True for the operations that this class answers. */
    public static boolean answers(S3Operation operation) {
        return switch (operation) {
            case GET_BUCKET_LOCATION,
                    GET_BUCKET_VERSIONING,
                    GET_BUCKET_ACL,
                    GET_BUCKET_REQUEST_PAYMENT,
                    GET_BUCKET_LOGGING,
                    GET_BUCKET_NOTIFICATION_CONFIGURATION,
                    GET_BUCKET_ACCELERATE_CONFIGURATION,
                    DELETE_BUCKET_CORS,
                    DELETE_BUCKET_ENCRYPTION,
                    DELETE_BUCKET_LIFECYCLE,
                    DELETE_BUCKET_OWNERSHIP_CONTROLS,
                    DELETE_BUCKET_POLICY,
                    DELETE_BUCKET_REPLICATION,
                    DELETE_BUCKET_TAGGING,
                    DELETE_BUCKET_WEBSITE,
                    DELETE_PUBLIC_ACCESS_BLOCK -> true;
            default -> unset(operation) != null;
        };
    }

    private static S3Error unset(S3Operation operation) {
        return switch (operation) {
            case GET_BUCKET_POLICY, GET_BUCKET_POLICY_STATUS -> S3Error.NO_SUCH_BUCKET_POLICY;
            case GET_BUCKET_CORS -> S3Error.NO_SUCH_CORS_CONFIGURATION;
            case GET_BUCKET_TAGGING -> S3Error.NO_SUCH_TAG_SET;
            case GET_BUCKET_LIFECYCLE_CONFIGURATION -> S3Error.NO_SUCH_LIFECYCLE_CONFIGURATION;
            case GET_BUCKET_ENCRYPTION -> S3Error.SERVER_SIDE_ENCRYPTION_CONFIGURATION_NOT_FOUND;
            case GET_BUCKET_WEBSITE -> S3Error.NO_SUCH_WEBSITE_CONFIGURATION;
            case GET_BUCKET_REPLICATION -> S3Error.REPLICATION_CONFIGURATION_NOT_FOUND;
            case GET_OBJECT_LOCK_CONFIGURATION -> S3Error.OBJECT_LOCK_CONFIGURATION_NOT_FOUND;
            case GET_PUBLIC_ACCESS_BLOCK -> S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK_CONFIGURATION;
            case GET_BUCKET_OWNERSHIP_CONTROLS -> S3Error.OWNERSHIP_CONTROLS_NOT_FOUND;
            default -> null;
        };
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        return buckets.fresh(request).map(bucket -> answer(request, bucket.record()));
    }

    private S3Response answer(S3Request request, BucketRecord bucket) {
        S3Error unset = unset(request.operation());
        if (unset != null) {
            throw new S3Exception(unset);
        }
        if (request.operation().method().equals("DELETE")) {
            return new S3Response(204);
        }
        Bytes document = switch (request.operation()) {
            case GET_BUCKET_LOCATION -> BucketDocuments.location(region.of(bucket));
            case GET_BUCKET_VERSIONING -> BucketDocuments.versioning(versioning(bucket));
            case GET_BUCKET_ACL -> BucketDocuments.ownerAcl(owner(request, bucket));
            case GET_BUCKET_REQUEST_PAYMENT -> BucketDocuments.requestPayment();
            case GET_BUCKET_LOGGING -> BucketDocuments.empty("BucketLoggingStatus");
            case GET_BUCKET_NOTIFICATION_CONFIGURATION -> BucketDocuments.empty("NotificationConfiguration");
            case GET_BUCKET_ACCELERATE_CONFIGURATION -> BucketDocuments.empty("AccelerateConfiguration");
            default ->
                throw new IllegalStateException(
                        "not a setting: " + request.operation().apiName());
        };
        return new S3Response(200).xml(document);
    }

    private static String versioning(BucketRecord bucket) {
        return switch (bucket.versioning()) {
            case NEVER -> "";
            case ENABLED -> "Enabled";
            case SUSPENDED -> "Suspended";
        };
    }

    /** A bucket's owner as documents show it; another's display name is not looked up. */
    public static Requester owner(S3Request request, BucketRecord bucket) {
        return request.requester().userId().equals(bucket.owner())
                ? request.requester()
                : new Requester(bucket.owner(), bucket.owner(), Requester.Rights.OWNER);
    }
}

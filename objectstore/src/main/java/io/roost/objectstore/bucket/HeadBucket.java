package io.roost.objectstore.bucket;

import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.vertx.core.Future;

/** HeadBucket: that it is there and may be used, and where it is. */
public final class HeadBucket implements Operation {
    private final BucketDirectory buckets;
    private final BucketRegion region;

    /** The operation. */
    public HeadBucket(BucketDirectory buckets, BucketRegion region) {
        this.buckets = buckets;
        this.region = region;
    }

    @Override
    public Future<S3Response> answer(S3Request request) {
        return buckets.fresh(request)
                .map(bucket -> new S3Response(200)
                        .header("x-amz-bucket-region", region.of(bucket.record()))
                        .header("x-amz-access-point-alias", "false"));
    }
}

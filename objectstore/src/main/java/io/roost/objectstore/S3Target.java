package io.roost.objectstore;

import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * What a request's path names.
 *
 * @param bucket the bucket's name, empty for the service itself
 * @param key the key's bytes, decoded from the raw path and never normalised; empty for the bucket itself
 */
public record S3Target(String bucket, Bytes key) {
    /** The service itself. */
    public static final S3Target SERVICE = new S3Target("", Bytes.EMPTY);

    /** Checks that a key is in a bucket. */
    public S3Target {
        Objects.requireNonNull(bucket, "bucket");
        if (bucket.isEmpty() && !key.isEmpty()) {
            throw new IllegalArgumentException("a key without a bucket");
        }
    }

    /** Whether service, bucket or object is named. */
    public S3Operation.Scope scope() {
        if (bucket.isEmpty()) {
            return S3Operation.Scope.SERVICE;
        }
        return key.isEmpty() ? S3Operation.Scope.BUCKET : S3Operation.Scope.OBJECT;
    }
}

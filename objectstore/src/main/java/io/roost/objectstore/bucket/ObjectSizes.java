package io.roost.objectstore.bucket;

import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.StripeSet;

/**
 * From which size on objects are cut up, and how. Chosen by who writes: a reader takes what the bucket's record and the
 * manifest say.
 *
 * @param headLimitBytes largest object that is one entry, for buckets made from now on; 0 and more
 * @param stripeBytes of what is written from now on, 1 and more; as request bodies are read by it, a multiple of the block
 *     size wherever these come over the network
 */
public record ObjectSizes(int headLimitBytes, int stripeBytes) {
    /** 4 MiB each. */
    public static final ObjectSizes DEFAULT =
            new ObjectSizes(BucketRecord.DEFAULT_HEAD_LIMIT_BYTES, StripeSet.DEFAULT_STRIPE_BYTES);

    /** Checks the ranges above. */
    public ObjectSizes {
        if (headLimitBytes < 0 || stripeBytes <= 0) {
            throw new IllegalArgumentException(
                    "a head limit of " + headLimitBytes + " bytes, stripes of " + stripeBytes);
        }
    }
}

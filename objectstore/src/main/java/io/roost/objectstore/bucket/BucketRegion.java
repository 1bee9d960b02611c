package io.roost.objectstore.bucket;

import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.layout.BucketRecord;

/**
 * The region of a gateway and which location constraints it takes.
 *
 * @param name such as us-east-1
 * @param rule whether a bucket may ask for another
 */
public record BucketRegion(String name, Rule rule) {
    private static final String US_EAST_1 = "us-east-1";

    /** Whether a location constraint matters. */
    public enum Rule {
        /** It must be ours. */
        EXACT,
        /** Any is taken and told again: for development. */
        ANY
    }

    /** True in the region where AWS has rules of its own. */
    boolean isUsEast1() {
        return name.equals(US_EAST_1);
    }

    /**
     * The location to record for a constraint.
     *
     * @throws S3Exception IllegalLocationConstraintException
     */
    String accepted(String constraint) {
        if (constraint.isEmpty() || constraint.equals(name)) {
            return "";
        }
        if (rule == Rule.ANY) {
            for (int i = 0; i < constraint.length(); i++) {
                char c = constraint.charAt(i);
                boolean isPlain =
                        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || (c >= 'A' && c <= 'Z');
                if (!isPlain || i > 63) {
                    throw new S3Exception(S3Error.INVALID_LOCATION_CONSTRAINT);
                }
            }
            return constraint;
        }
        throw new S3Exception(
                S3Error.ILLEGAL_LOCATION_CONSTRAINT,
                "The " + constraint + " location constraint is incompatible for the region specific endpoint this"
                        + " request was sent to.");
    }

    /** The region that a bucket is told to be in. */
    String of(BucketRecord bucket) {
        return bucket.location().isEmpty() ? name : bucket.location();
    }
}

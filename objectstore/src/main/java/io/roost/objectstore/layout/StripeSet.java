package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * Bytes cut into stripes, each an entry of its own. Written once under its id, never changed.
 *
 * @param id 16 bytes, never given twice
 * @param pool where the stripes are
 * @param stripeBytes of every stripe but the last, 1 and more
 * @param sizeBytes of all stripes together, 0 and more
 */
public record StripeSet(Bytes id, long pool, int stripeBytes, long sizeBytes) {
    /** Stripe size of what is written now; readers take the set's own. */
    public static final int DEFAULT_STRIPE_BYTES = 4 * 1024 * 1024;

    /** Checks the ranges above. */
    public StripeSet {
        Objects.requireNonNull(id, "id");
        EntryNames.checkId(id);
        if (pool <= 0 || stripeBytes <= 0 || sizeBytes < 0) {
            throw new IllegalArgumentException(
                    "stripe set of " + sizeBytes + " bytes by " + stripeBytes + " in pool " + pool);
        }
        Math.toIntExact((sizeBytes + stripeBytes - 1) / stripeBytes);
    }

    /** Number of stripes. */
    public int stripeCount() {
        return (int) ((sizeBytes + stripeBytes - 1) / stripeBytes);
    }

    /** Bytes of a stripe; the last one may be shorter. */
    public int stripeLength(int number) {
        return (int) Math.min(stripeBytes, sizeBytes - (long) number * stripeBytes);
    }

    /** Locator key of a stripe. */
    public Bytes locatorKey(int number) {
        return Stripe.locatorKey(id, number);
    }

    /** Writes id (16 bytes), pool, stripe bytes, size (varints). */
    public void encode(ByteWriter out) {
        out.raw(id).varint(pool).varint(stripeBytes).varint(sizeBytes);
    }

    /** Reads what {@link #encode} writes. */
    public static StripeSet decode(ByteReader in) {
        return new StripeSet(in.raw(EntryNames.ID_BYTES), in.varint(), in.count(Integer.MAX_VALUE), in.varint());
    }
}

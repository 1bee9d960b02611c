package io.roost.cluster.map;

/**
 * A modulo that moves as little as possible when the divisor grows: raising {@code b} by one splits exactly one value's
 * inputs in two (Ceph's {@code ceph_stable_mod}).
 */
public final class StableMod {
    private StableMod() {}

    /**
     * The placement group seed of a hash.
     *
     * @param x the hash, unsigned
     * @param b number of placement groups, greater than 0
     * @param mask {@link #mask} of b
     * @return a value in {@code [0, b)}
     */
    public static int of(int x, int b, int mask) {
        int low = x & mask;
        return low < b ? low : x & (mask >> 1);
    }

    /** The placement group seed of a hash: a value in {@code [0, b)}. */
    public static int of(int x, int b) {
        return of(x, b, mask(b));
    }

    /** The smallest 2^n - 1 that is at least b - 1, for b greater than 0. */
    public static int mask(int b) {
        if (b <= 0) {
            throw new IllegalArgumentException("divisor " + b);
        }
        return b == 1 ? 0 : -1 >>> Integer.numberOfLeadingZeros(b - 1);
    }
}

package io.roost.cluster.crush;

/**
 * How hard the mapper tries, and which of its historical forms it follows. The names are those of the text form.
 *
 * @param chooseLocalTries retries in the same bucket after a collision, 0 since bobtail
 * @param chooseLocalFallbackTries retries by permutation in the same bucket, 0 since bobtail
 * @param chooseTotalTries retries from the top
 * @param chooseleafDescendOnce 1: a failed leaf search restarts from the top instead of retrying below
 * @param chooseleafVaryR 0: leaf searches begin at the same r; n above 0: at the parent's r shifted right by n - 1
 * @param chooseleafStable 1: a leaf does not depend on its place in the result
 * @param strawCalcVersion of the old straw buckets; kept for the text form only
 * @param allowedBucketAlgs a bit set of bucket algorithms; kept for the text form only
 */
public record CrushTunables(
        int chooseLocalTries,
        int chooseLocalFallbackTries,
        int chooseTotalTries,
        int chooseleafDescendOnce,
        int chooseleafVaryR,
        int chooseleafStable,
        int strawCalcVersion,
        int allowedBucketAlgs) {
    /** The oldest behaviour: what a text map without tunables means. */
    public static final CrushTunables LEGACY = new CrushTunables(2, 5, 19, 0, 0, 0, 0, 22);
    /** Ceph 0.56 "bobtail". */
    public static final CrushTunables BOBTAIL = new CrushTunables(0, 0, 50, 1, 0, 0, 0, 22);
    /** Ceph 0.80 "firefly". */
    public static final CrushTunables FIREFLY = new CrushTunables(0, 0, 50, 1, 1, 0, 0, 22);
    /** Ceph 0.94 "hammer": firefly's values, and straw2 buckets. */
    public static final CrushTunables HAMMER = new CrushTunables(0, 0, 50, 1, 1, 0, 1, 54);
    /** Ceph 10.2 "jewel", the best known: what new maps use. */
    public static final CrushTunables JEWEL = new CrushTunables(0, 0, 50, 1, 1, 1, 1, 54);

    /** Most tries of any kind: bounds the work of one placement. */
    public static final int MAX_TRIES = 10_000;

    /** Checks that every number is in {@code [0, MAX_TRIES]}. */
    public CrushTunables {
        checkTries("choose_local_tries", chooseLocalTries);
        checkTries("choose_local_fallback_tries", chooseLocalFallbackTries);
        checkTries("choose_total_tries", chooseTotalTries);
        checkTries("chooseleaf_descend_once", chooseleafDescendOnce);
        checkTries("chooseleaf_vary_r", chooseleafVaryR);
        checkTries("chooseleaf_stable", chooseleafStable);
        checkTries("straw_calc_version", strawCalcVersion);
        checkTries("allowed_bucket_algs", allowedBucketAlgs);
    }

    private static void checkTries(String name, int value) {
        if (value < 0 || value > MAX_TRIES) {
            throw new IllegalArgumentException(name + " " + value + " is not in 0 to " + MAX_TRIES);
        }
    }
}

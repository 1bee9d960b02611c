package io.roost.cluster.map;

/**
 * How full an OSD's store may be, in thousandths of its usable capacity, ascending.
 *
 * @param nearFullPermille warns
 * @param backfillFullPermille takes no backfill
 * @param fullPermille refuses writes but deletes
 */
public record FullRatios(int nearFullPermille, int backfillFullPermille, int fullPermille) {
    /** 85 %, 90 %, 95 %. */
    public static final FullRatios DEFAULT = new FullRatios(850, 900, 950);

    /** Checks the order above. */
    public FullRatios {
        if (nearFullPermille < 0
                || nearFullPermille > backfillFullPermille
                || backfillFullPermille > fullPermille
                || fullPermille > 1000) {
            throw new IllegalArgumentException(
                    "full ratios " + nearFullPermille + ", " + backfillFullPermille + ", " + fullPermille);
        }
    }
}

package io.roost.cluster.crush;

/**
 * A child of a bucket.
 *
 * @param id a device (0 and above) or a bucket (below 0)
 * @param weight 16.16 fixed point, 0 and above; 0x10000 is 1.0
 */
public record CrushItem(int id, int weight) {
    /** The weight 1.0. */
    public static final int ONE = 0x10000;

    /** Checks the range above. */
    public CrushItem {
        if (weight < 0) {
            throw new IllegalArgumentException("weight " + weight + " of item " + id);
        }
    }
}

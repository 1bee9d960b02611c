package io.roost.cluster.crush;

/** How a bucket chooses one of its items. The older algorithms list, tree and straw are not supported. */
public enum BucketAlgorithm {
    /** By a pseudo-random permutation; all items have one weight. */
    UNIFORM(1, "uniform"),
    /** By the longest of weighted straws: a change of one weight moves data to or from that item only. */
    STRAW2(5, "straw2");

    private final int code;
    private final String text;

    BucketAlgorithm(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The number in encoded maps. */
    public int code() {
        return code;
    }

    /** The name in text maps. */
    public String text() {
        return text;
    }
}

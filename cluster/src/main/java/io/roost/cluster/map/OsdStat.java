package io.roost.cluster.map;

/**
 * How an OSD's store is.
 *
 * @param capacityBytes what it can hold
 * @param usedBytes what it holds
 * @param commitMicros how long a commit takes, lately
 */
public record OsdStat(long capacityBytes, long usedBytes, long commitMicros) {
    /** Checks that nothing is negative. */
    public OsdStat {
        if (capacityBytes < 0 || usedBytes < 0 || commitMicros < 0) {
            throw new IllegalArgumentException(
                    usedBytes + " of " + capacityBytes + " bytes used, a commit takes " + commitMicros + " us");
        }
    }

    /** How full it is, in thousandths. */
    public int usedPermille() {
        return capacityBytes == 0 ? 0 : (int) Math.min(1000, usedBytes * 1000.0 / capacityBytes);
    }
}

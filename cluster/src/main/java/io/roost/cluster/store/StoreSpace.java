package io.roost.cluster.store;

import io.roost.cluster.map.FullRatios;
import io.roost.cluster.map.OsdStat;

/**
 * How full a store is.
 *
 * @param totalBytes what the store may take, now that others have what they have of the disk
 * @param usedBytes rows and bodies; free space within data files is not used
 * @param growableBytes what may still be written to the disk before the reserve is touched
 * @param freeExtentBytes free space within data files
 * @param level what that means
 */
public record StoreSpace(long totalBytes, long usedBytes, long growableBytes, long freeExtentBytes, Level level) {
    /** What may still be written. */
    public enum Level {
        /** Everything. */
        OK,
        /** Everything; but it is time to add a disk. */
        NEARFULL,
        /** Nothing that makes the store grow; deletes go on. */
        FULL
    }

    /**
     * What others are told, who go by ratios. A store that is {@link Level#FULL} counts as full by theirs, whatever is free: some
     * of that is its reserve, which on a small disk is more than they leave, and some lies in data files, where rows have no place.
     */
    public OsdStat stat(FullRatios ratios, long commitMicros) {
        long leastBytes = level == Level.FULL ? (totalBytes / 1000 + 1) * ratios.fullPermille() : 0;
        return new OsdStat(totalBytes, Math.min(totalBytes, Math.max(usedBytes, leastBytes)), commitMicros);
    }
}

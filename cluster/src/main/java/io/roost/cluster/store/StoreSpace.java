package io.roost.cluster.store;

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
}

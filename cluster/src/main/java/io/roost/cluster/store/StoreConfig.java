package io.roost.cluster.store;

/**
 * Settings of an {@link ObjectStore}.
 *
 * @param capacityBytes how much of the disk the store may take; {@link Long#MAX_VALUE} for all that is free
 * @param inlineBytes bodies up to this size are kept in the key-value store, larger ones in data files; 0 to 1 MiB
 * @param nearfullPercent of the capacity from which the store is {@link StoreSpace.Level#NEARFULL}
 * @param fullPercent of the capacity from which the store is {@link StoreSpace.Level#FULL}
 */
public record StoreConfig(long capacityBytes, int inlineBytes, int nearfullPercent, int fullPercent) {
    /**
     * All of the disk, 3 KiB inline, nearfull at 85 and full at 95 percent. A body in the key-value store is written by its
     * log, a flush and several compactions; one in a data file once, at the cost of a second sync that its group shares.
     */
    public static final StoreConfig DEFAULT = new StoreConfig(Long.MAX_VALUE, 3 * 1024, 85, 95);

    /** Checks the ranges. */
    public StoreConfig {
        if (capacityBytes < 1024 * 1024) {
            throw new IllegalArgumentException("capacity of " + capacityBytes + " bytes is below 1 MiB");
        }
        if (inlineBytes < 0 || inlineBytes > InlineBody.MAX_BYTES) {
            throw new IllegalArgumentException("inline bodies of " + inlineBytes + " bytes");
        }
        if (nearfullPercent <= 0 || nearfullPercent > fullPercent || fullPercent > 99) {
            throw new IllegalArgumentException(
                    "nearfull at " + nearfullPercent + ", full at " + fullPercent + " percent");
        }
    }

    /** The same with another capacity. */
    public StoreConfig withCapacity(long bytes) {
        return new StoreConfig(bytes, inlineBytes, nearfullPercent, fullPercent);
    }

    /** The same with another limit for inline bodies. */
    public StoreConfig withInline(int bytes) {
        return new StoreConfig(capacityBytes, bytes, nearfullPercent, fullPercent);
    }
}

package io.roost.cluster.store;

import io.roost.cluster.store.StoreSpace.Level;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells how much may still be written. Rows and inline bodies take free disk space, bodies in extents take free space of
 * the data files first. A reserve of the disk is never given out: an LSM store has to write in order to delete, and to
 * compact in order to give space back. Measured now and then, estimated in between. Safe for any thread.
 */
final class SpaceGauge {
    /** The least reserve: one sixth of the disk up to this much, so that a compaction fits in it. */
    private static final long MIN_RESERVE_BYTES = 64L << 20;

    private static final long MAX_UNMEASURED_BYTES = 8L << 20;

    /** A store that cannot take a body of this size, the data of one transaction, is full. */
    private static final long MAX_BODY_BYTES = 8L << 20;

    private final StoreConfig config;
    private final KeyValue keyValue;
    private final BlockFiles folder;
    private final DataFiles files;
    private long unmeasuredBytes;
    private long reserveBytes;
    /** So much must be free, or the store is full. */
    private long leastFreeBytes;

    private long measuredFreeBytes;
    /** Of transactions that are on their way to the disk: bytes of rows, and of bodies in extents. */
    private final AtomicLong rowsComing = new AtomicLong();

    private final AtomicLong extentsComing = new AtomicLong();
    private volatile boolean reserveTouched;
    private volatile StoreSpace space;

    SpaceGauge(StoreConfig config, KeyValue keyValue, BlockFiles folder, DataFiles files) throws IOException {
        this.config = config;
        this.keyValue = keyValue;
        this.folder = folder;
        this.files = files;
        measure();
    }

    /** The newest estimate. */
    StoreSpace space() {
        return space;
    }

    /**
     * True when a transaction that adds so much would be taken after those that are coming. Measures before it says no: the disk may have got space
     * back by a compaction, with no commit since.
     *
     * @param logBytes what its row of the log takes, which is written in any case
     */
    boolean hasRoom(Growth growth, long logBytes) {
        if (fits(growth, logBytes)) {
            return true;
        }
        measured();
        return fits(growth, logBytes);
    }

    private boolean fits(Growth growth, long logBytes) {
        StoreSpace now = space;
        long freeExtents = now.freeExtentBytes() - extentsComing.get();
        long growable = now.growableBytes() - logBytes - rowsComing.get() + Math.min(0, freeExtents);
        return !reserveTouched && growth.fits(growable, Math.max(0, freeExtents));
    }

    /** A transaction that adds so much is on its way to the disk. */
    void coming(Growth growth) {
        rowsComing.addAndGet(growth.rowBytes());
        extentsComing.addAndGet(growth.extentBytes());
    }

    /** A transaction that was coming has been written, or refused. */
    void came(Growth growth) {
        rowsComing.addAndGet(-growth.rowBytes());
        extentsComing.addAndGet(-growth.extentBytes());
    }

    /** What the rows of all that is coming may take. */
    long rowsComing() {
        return rowsComing.get();
    }

    /** True when half of the reserve is gone: only what makes the store smaller may go on. */
    boolean isReserveTouched() {
        return reserveTouched;
    }

    /** What may be written to the disk before the reserve is touched. */
    synchronized long growableBytes() {
        return Math.max(0, unallocatedBytes() - reserveBytes);
    }

    /** What may be written of transactions that are owed: half of the reserve is for them. */
    synchronized long owedBytes() {
        return Math.max(0, unallocatedBytes() - reserveBytes / 2);
    }

    private long unallocatedBytes() {
        return measuredFreeBytes - unmeasuredBytes;
    }

    /** What the store may take. */
    long totalBytes() {
        return space.totalBytes();
    }

    /** Notes bytes written to the disk. */
    synchronized void wrote(long bytes) {
        unmeasuredBytes += bytes;
        publish(space.totalBytes());
    }

    /** Measures when the estimate may be off by much, or when the store is about full. */
    synchronized void measureIfDue() throws IOException {
        if (space.level() != Level.OK || unmeasuredBytes >= Math.min(MAX_UNMEASURED_BYTES, growableBytes() / 8)) {
            measure();
        }
    }

    /** What the disk says now. */
    StoreSpace measured() {
        try {
            measure();
        } catch (IOException e) {
            throw new StoreFailedException("the free space of the disk is unknown: " + e.getMessage(), e);
        }
        return space;
    }

    /** Asks the disk. */
    synchronized void measure() throws IOException {
        long rows = keyValue.sizeBytes();
        long taken = rows + files.totalBytes();
        long free = Math.max(0, Math.min(folder.availableBytes(), config.capacityBytes() - taken));
        long total = taken + free;
        // Not of what others leave of the disk: the less that is, the more it matters.
        long disk = Math.min(folder.capacityBytes(), config.capacityBytes());
        measuredFreeBytes = free;
        unmeasuredBytes = 0;
        reserveBytes = Math.max(total / 100 * (100 - config.fullPercent()), Math.min(MIN_RESERVE_BYTES, disk / 6));
        leastFreeBytes = Math.min(MAX_BODY_BYTES, (disk - reserveBytes) / 64);
        publish(total);
    }

    private void publish(long total) {
        reserveTouched = unallocatedBytes() < reserveBytes / 2;
        long freeExtents = files.allocator().freeBytes();
        long used = total - Math.max(0, unallocatedBytes()) - freeExtents;
        long growable = growableBytes();
        // On a small disk the reserve is more than the percentages leave, so they count what is beside it.
        long usable = Math.max(0, total - reserveBytes);
        Level level = Level.OK;
        // What was full is so until there is room for more than the next write, or each of them would turn the switch.
        boolean wasFull = space != null && space.level() == Level.FULL;
        if (growable <= (wasFull ? leastFreeBytes / 8 : 0)
                || growable + freeExtents < (wasFull ? 2 * leastFreeBytes : leastFreeBytes)) {
            level = Level.FULL;
        } else if (used >= usable / config.fullPercent() * config.nearfullPercent()) {
            level = Level.NEARFULL;
        }
        space = new StoreSpace(total, used, growable, freeExtents, level);
    }
}

package io.roost.cluster.sim;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A disk whose writes are volatile until they are synced. Every I/O is a numbered step; the power can be made to go off
 * at any of them, and any can be made to fail. {@link #restart} then decides for every un-synced piece what became of it.
 * {@link MemoryBlockFiles} and {@link MemoryKeyValue} live on it. For one thread.
 */
public final class SimDisk {
    /** What a planted bug leaves out. */
    public enum Bug {
        /** Syncs of data files do nothing. */
        SKIP_FILE_SYNC,
        /** Syncs of the key-value store's log do nothing. */
        SKIP_ROW_SYNC
    }

    final Random random;
    private final Set<Bug> bugs = new HashSet<>();
    private final List<String> journal = new ArrayList<>();
    private final List<Runnable> onRestart = new ArrayList<>();
    private long capacityBytes = Long.MAX_VALUE;
    private long othersBytes;
    private long takenBytes;
    private int missPercent;
    private long step;
    private long powerLossStep = -1;
    private long failingStep = -1;
    private boolean off;

    /** A disk whose accidents are decided by a seed. */
    public SimDisk(long seed) {
        random = new Random(seed);
    }

    /** Plants a bug. */
    public SimDisk plant(Bug bug) {
        bugs.add(bug);
        return this;
    }

    /** Limits the disk; writes beyond are refused. */
    public SimDisk capacity(long bytes) {
        capacityBytes = bytes;
        return this;
    }

    /** So much of the disk is others'; by default nothing is. */
    public SimDisk others(long bytes) {
        othersBytes = bytes;
        return this;
    }

    /** Makes so many of a hundred reads of tier MEMORY a miss. */
    public SimDisk misses(int percent) {
        missPercent = percent;
        return this;
    }

    /** Turns the power off when so many more steps have been taken. */
    public void losePowerAfter(long steps) {
        powerLossStep = step + steps;
    }

    /** Makes one step fail, after so many more. */
    public void failAfter(long steps) {
        failingStep = step + steps;
    }

    /** Steps taken so far. */
    public long steps() {
        return step;
    }

    /** The steps taken since the journal was cleared, in order: {@code "write data-1"}, {@code "sync rows"} ... */
    public List<String> journal() {
        return journal;
    }

    /** Power on again: every un-synced piece is kept, dropped or garbage. */
    public void restart() {
        off = false;
        powerLossStep = -1;
        failingStep = -1;
        onRestart.forEach(Runnable::run);
    }

    void onRestart(Runnable action) {
        onRestart.add(action);
    }

    void step(String what) throws IOException {
        if (off) {
            throw new PowerLoss(what);
        }
        step++;
        journal.add(what);
        if (step == powerLossStep) {
            off = true;
            throw new PowerLoss(what);
        }
        if (step == failingStep) {
            throw new IOException("input/output error at " + what);
        }
    }

    boolean has(Bug bug) {
        return bugs.contains(bug);
    }

    boolean isMiss() {
        return missPercent > 0 && random.nextInt(100) < missPercent;
    }

    long availableBytes() {
        return Math.max(0, capacityBytes - othersBytes - takenBytes);
    }

    long capacityBytes() {
        return capacityBytes;
    }

    void take(long bytes) {
        takenBytes += bytes;
    }
}

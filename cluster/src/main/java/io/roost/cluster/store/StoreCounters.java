package io.roost.cluster.store;

import java.util.concurrent.atomic.LongAdder;

/** What a store has done since it was opened, for metrics. Safe for any thread. */
public final class StoreCounters {
    final LongAdder gets = new LongAdder();
    final LongAdder seeks = new LongAdder();
    final LongAdder steps = new LongAdder();
    final LongAdder bodyBytesRead = new LongAdder();
    final LongAdder checksumFailures = new LongAdder();
    final LongAdder groups = new LongAdder();
    final LongAdder transactions = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder fileSyncs = new LongAdder();
    final LongAdder bodyBytesWritten = new LongAdder();

    StoreCounters() {}

    /** Rows looked up by key. */
    public long gets() {
        return gets.sum();
    }

    /** Cursors placed: opened and stepped once, or sought. */
    public long seeks() {
        return seeks.sum();
    }

    /** Entries stepped to by cursors. */
    public long steps() {
        return steps.sum();
    }

    /** Bytes of bodies read and verified. */
    public long bodyBytesRead() {
        return bodyBytesRead.sum();
    }

    /** Reads that ended with a {@link ChecksumException} for a body. */
    public long checksumFailures() {
        return checksumFailures.sum();
    }

    /** Groups committed. */
    public long groups() {
        return groups.sum();
    }

    /** Transactions committed. */
    public long transactions() {
        return transactions.sum();
    }

    /** Transactions refused. */
    public long refused() {
        return refused.sum();
    }

    /** Syncs of data files; each group has one sync of the key-value store besides. */
    public long fileSyncs() {
        return fileSyncs.sum();
    }

    /** Bytes of bodies committed. */
    public long bodyBytesWritten() {
        return bodyBytesWritten.sum();
    }
}

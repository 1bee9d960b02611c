package io.roost.cluster.store;

import io.roost.cluster.object.Bytes;
import java.util.List;

/**
 * Port to an ordered, durable key-value store with the key spaces of {@link Family}. Keys are ordered by unsigned bytes,
 * are not empty and do not begin with 0xFF. All methods are safe for any thread.
 */
public interface KeyValue extends KeyValueReads, AutoCloseable {
    /** An upper bound above every key. */
    Bytes LAST = Bytes.of(0xff);

    /**
     * Steps over a range of keys in order, beginning before the first. For one thread at a time. Steps end with
     * {@link io.roost.cluster.classes.StoreMiss} or {@link ChecksumException} as {@link KeyValueReads#get} does; after that the
     * cursor can only be closed.
     */
    interface Cursor extends AutoCloseable {
        /** Steps to the next key; false at the end of the range. */
        boolean next();

        /** Steps to the first key of the range that is at or after the given one; false when there is none. */
        boolean seek(Bytes key);

        /** The key stepped to. */
        Bytes key();

        /** The value stepped to. */
        Bytes value();

        @Override
        void close();
    }

    /** A state that does not change until it is closed. */
    interface Snapshot extends KeyValueReads, AutoCloseable {
        @Override
        void close();
    }

    /** The newest committed state, held until it is closed. */
    Snapshot snapshot();

    /**
     * Makes all of a batch durable and visible, or nothing of it, with one sync.
     *
     * @throws StoreFailedException when that failed; what is on disk is then unknown, and the store must not be used on
     */
    void write(KeyValueBatch batch);

    /** What is known to be damaged on the disk and does not keep the store from running, for an administrator. */
    List<String> damage();

    /** Bytes that the store takes on its disk now. */
    long sizeBytes();

    /**
     * Begins to turn deleted rows into free space in the background; returns at once, and does nothing when it is
     * already under way.
     */
    void reclaim();

    @Override
    void close();
}

package io.roost.cluster.pg;

import io.roost.cluster.message.ReplicationMessage;

/**
 * How many entries of a placement group may be on their way to other OSDs at a time: a few of any size, and more while they
 * are small, so that a commit on the other side takes many of them. One whose size is not known yet counts as a quarter of
 * all.
 */
final class SendWindow {
    /** Entries whatever their size. */
    private static final int MIN_ENTRIES = 4;

    private static final int MAX_ENTRIES = 64;
    private static final long MAX_BYTES = 1 << 20;

    /** The size to count for an entry that has not been read. */
    static final long UNKNOWN_BYTES = MAX_BYTES / MIN_ENTRIES;

    private SendWindow() {}

    /**
     * True when one more may be sent.
     *
     * @param entries on their way
     * @param bytes of them
     */
    static boolean hasRoom(int entries, long bytes) {
        return entries < MIN_ENTRIES || (entries < MAX_ENTRIES && bytes < MAX_BYTES);
    }

    /** The size to count for an entry that has been read; null for one that is to be removed. */
    static long bytes(ReplicationMessage.Content content) {
        return content == null ? 0 : content.sizeBytes();
    }
}

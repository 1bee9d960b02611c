package io.roost.cluster.message;

import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * How a monitor that has missed too much gets it. Pages of the whole store are read while it changes; the log from the
 * version of the first page to that of the last, applied on top, makes a state of one version of them.
 */
public sealed interface SyncMessage extends MonPeerMessage {
    /**
     * A page of the store, please.
     *
     * @param after where the page before ended; empty for the first
     */
    record GetRows(Bytes after) implements SyncMessage {
        /** Checks for null. */
        public GetRows {
            Objects.requireNonNull(after, "after");
        }
    }

    /**
     * A page.
     *
     * @param after as asked for
     * @param lastCommitted version of the store when it was read
     * @param rows an encoded transaction that puts them
     * @param next where the next page begins, empty when this is the last
     */
    record Rows(Bytes after, long lastCommitted, Bytes rows, Bytes next) implements SyncMessage {}

    /** Versions of the log from one on, please. */
    record GetVersions(long first) implements SyncMessage {}

    /**
     * Versions of the log.
     *
     * @param firstCommitted oldest that the sender has
     * @param lastCommitted newest one
     * @param committed from the one asked for on, as many as fit; none when that is not there
     */
    record CommittedVersions(long firstCommitted, long lastCommitted, PaxosMessage.Versions committed)
            implements SyncMessage {
        /** Checks for null. */
        public CommittedVersions {
            Objects.requireNonNull(committed, "committed");
        }
    }
}

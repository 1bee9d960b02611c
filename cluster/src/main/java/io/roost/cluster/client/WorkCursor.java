package io.roost.cluster.client;

import io.roost.cluster.object.Bytes;

/**
 * A position in the entries of a placement group; opaque to callers.
 *
 * @param position empty for the start
 */
public record WorkCursor(Bytes position) {
    /** Before the first entry. */
    public static final WorkCursor START = new WorkCursor(Bytes.EMPTY);
}

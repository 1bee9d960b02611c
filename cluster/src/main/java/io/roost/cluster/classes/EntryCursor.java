package io.roost.cluster.classes;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;

/**
 * Steps over entries of a range in order. It begins before the first entry. Every {@link #next} and {@link #seek} may end
 * the evaluation with {@link StoreMiss}. Closed by the view when the evaluation ends.
 */
public interface EntryCursor {
    /** Steps to the next entry; false at the end of the range. */
    boolean next();

    /** Steps to the first entry whose name is at or after the given one and within the range; false when there is none. */
    boolean seek(Bytes name);

    /** Name of the entry stepped to. */
    Bytes name();

    /** The entry stepped to. */
    Entry entry();
}

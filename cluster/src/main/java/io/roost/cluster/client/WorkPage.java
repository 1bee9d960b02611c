package io.roost.cluster.client;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import java.util.List;

/**
 * A page of entries of a placement group.
 *
 * @param entries by locator and name
 * @param next where the next page begins, null when this is the last
 */
public record WorkPage(List<Item> entries, WorkCursor next) {
    /** Copies the list. */
    public WorkPage {
        entries = List.copyOf(entries);
    }

    /**
     * An entry.
     *
     * @param locatorKey where it is
     * @param name of the entry; from 0x80 on for pending work
     * @param entry with its attributes
     */
    public record Item(Bytes locatorKey, Bytes name, Entry entry) {}
}

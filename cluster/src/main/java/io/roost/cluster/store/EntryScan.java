package io.roost.cluster.store;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.MalformedBytesException;

/** Steps over the entries of many locators, by key: of a whole placement group, say. For one thread; to be closed. */
public final class EntryScan implements AutoCloseable {
    private final KeyValue.Cursor cursor;
    private final StoreCounters counters;

    EntryScan(KeyValue.Cursor cursor, StoreCounters counters) {
        this.cursor = cursor;
        this.counters = counters;
    }

    /** Steps to the next entry; false at the end of the range. */
    public boolean next() {
        counters.steps.increment();
        return cursor.next();
    }

    /** The key of the entry stepped to; a scan may begin at a key, or behind it with a 00 appended. */
    public Bytes key() {
        return cursor.key();
    }

    /** Locator and name of the entry stepped to. */
    public KeyLayout.EntryKey entryKey() {
        return KeyLayout.parse(cursor.key());
    }

    /** The entry stepped to. */
    public Entry entry() {
        try {
            return CatalogueRow.decode(cursor.value()).entry();
        } catch (MalformedBytesException e) {
            KeyLayout.EntryKey key = entryKey();
            throw new ChecksumException("the row of " + key + " is damaged", key.locator(), key.name(), e);
        }
    }

    @Override
    public void close() {
        cursor.close();
    }
}

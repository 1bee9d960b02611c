package io.roost.cluster.store;

import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.MalformedBytesException;

/** Steps over the entries of one locator in a range of names. For one thread; to be closed. */
public final class StoreCursor implements EntryCursor, AutoCloseable {
    private final KeyValue.Cursor cursor;
    private final Bytes prefix;
    private final StoreCounters counters;
    private boolean placed;
    private Entry entry;

    StoreCursor(KeyValue.Cursor cursor, Bytes prefix, StoreCounters counters) {
        this.cursor = cursor;
        this.prefix = prefix;
        this.counters = counters;
    }

    @Override
    public boolean next() {
        (placed ? counters.steps : counters.seeks).increment();
        placed = true;
        entry = null;
        try {
            return cursor.next();
        } catch (ChecksumException e) {
            throw damaged(e);
        }
    }

    @Override
    public boolean seek(Bytes name) {
        counters.seeks.increment();
        placed = true;
        entry = null;
        try {
            return cursor.seek(prefix.concat(name));
        } catch (ChecksumException e) {
            throw damaged(e);
        }
    }

    @Override
    public Bytes name() {
        Bytes key = cursor.key();
        return key.slice(prefix.length(), key.length());
    }

    @Override
    public Entry entry() {
        Entry known = entry;
        if (known == null) {
            try {
                known = CatalogueRow.decode(cursor.value()).entry();
            } catch (MalformedBytesException e) {
                KeyLayout.EntryKey key = KeyLayout.parse(cursor.key());
                throw new ChecksumException("the row of " + key + " is damaged", key.locator(), key.name(), e);
            }
            entry = known;
        }
        return known;
    }

    /** Which of the entries ahead is damaged is not known, only whose. */
    private ChecksumException damaged(ChecksumException cause) {
        return new ChecksumException(cause.getMessage(), KeyLayout.parse(prefix).locator(), null, cause);
    }

    @Override
    public void close() {
        cursor.close();
    }
}

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
        return cursor.next();
    }

    @Override
    public boolean seek(Bytes name) {
        counters.seeks.increment();
        placed = true;
        entry = null;
        return cursor.seek(prefix.concat(name));
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
                throw new ChecksumException("the row of " + KeyLayout.parse(cursor.key()) + " is damaged", e);
            }
            entry = known;
        }
        return known;
    }

    @Override
    public void close() {
        cursor.close();
    }
}

package io.roost.cluster.pg;

import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;

/** The cursor over a range in which no name can be. */
final class NoEntries implements EntryCursor {
    static final EntryCursor CURSOR = new NoEntries();

    private NoEntries() {}

    @Override
    public boolean next() {
        return false;
    }

    @Override
    public boolean seek(Bytes name) {
        return false;
    }

    @Override
    public Bytes name() {
        throw new IllegalStateException("there is no entry");
    }

    @Override
    public Entry entry() {
        throw new IllegalStateException("there is no entry");
    }
}

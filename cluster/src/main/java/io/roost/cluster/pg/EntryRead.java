package io.roost.cluster.pg;

import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreReader;
import io.roost.cluster.store.Tier;

/** Reads a whole entry from the state of the moment it was made, on any thread. */
final class EntryRead implements Runnable {
    private final StoreReader snapshot;
    private final KeyLayout.EntryKey key;
    private ObjectVersion version = ObjectVersion.NONE;
    private ReplicationMessage.Content content;

    EntryRead(ObjectStore store, Bytes key) {
        this.snapshot = store.snapshot(Tier.DISK);
        this.key = KeyLayout.parse(key);
    }

    @Override
    public void run() {
        try (StoreReader reader = snapshot) {
            Entry entry = reader.entry(key.locator(), key.name());
            if (entry != null) {
                version = entry.version();
                Bytes value = entry.valueLength() == 0 ? Bytes.EMPTY : reader.value(key.locator(), key.name());
                content = new ReplicationMessage.Content(
                        entry.attributes(), value, entry.hasBody() ? body(reader) : null);
            }
        }
    }

    /** A copy of the body: whoever sends it does not say when it has gone. */
    private Data body(StoreReader reader) {
        Data body = reader.body(key.locator(), key.name(), 0, Long.MAX_VALUE);
        try {
            return Data.wrap(body.toArray());
        } finally {
            body.release();
        }
    }

    /** The entry's version, {@link ObjectVersion#NONE} when there is none; known also when the rest is damaged. */
    ObjectVersion version() {
        return version;
    }

    /** The entry, null when there is none. */
    ReplicationMessage.Content content() {
        return content;
    }
}

package io.roost.cluster.mon;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.Tier;
import java.util.Optional;

/**
 * A monitor's keys in a local store, beside whatever else is there: family META, {@code 'm'}, the prefix, a byte 0, the
 * key.
 */
public final class KeyValueMonStore implements MonStore {
    private static final Bytes ROWS = Bytes.utf8("m");

    private final KeyValue store;

    /** Keys in this store, which the caller opened and closes. */
    public KeyValueMonStore(KeyValue store) {
        this.store = store;
    }

    private static Bytes row(MonKey key) {
        return ROWS.concat(key.encode());
    }

    @Override
    public Optional<Bytes> get(MonKey key) {
        return Optional.ofNullable(store.get(Family.META, row(key), Tier.DISK));
    }

    @Override
    public MonTransaction rows(Optional<MonKey> after, int maxBytes) {
        // A key's first successor is itself with a byte 0 behind.
        Bytes from = after.map(key -> row(key).concat(Bytes.of(0))).orElse(ROWS);
        MonTransaction rows = new MonTransaction();
        int sizeBytes = 0;
        try (KeyValue.Cursor cursor = store.cursor(Family.META, from, ROWS.prefixEnd(), Tier.DISK)) {
            while (sizeBytes < maxBytes && cursor.next()) {
                Bytes key = cursor.key();
                rows.put(MonKey.decode(key.slice(ROWS.length(), key.length())), cursor.value());
                sizeBytes += key.length() + cursor.value().length();
            }
        }
        return rows;
    }

    @Override
    public void write(MonTransaction transaction) {
        KeyValueBatch batch = new KeyValueBatch();
        for (MonTransaction.Change change : transaction.changes()) {
            if (change.value().isPresent()) {
                batch.put(Family.META, row(change.key()), change.value().get());
            } else {
                batch.delete(Family.META, row(change.key()));
            }
        }
        store.write(batch);
    }
}

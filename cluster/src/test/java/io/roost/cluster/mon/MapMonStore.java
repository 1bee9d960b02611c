package io.roost.cluster.mon;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A monitor's store in a sorted map, which can fail in the middle of a life. */
final class MapMonStore implements MonStore {
    final TreeMap<MonKey, Bytes> rows = new TreeMap<>();
    int writes;
    /** Writes that succeed before one fails; negative for all. */
    int writesLeft = -1;

    @Override
    public Optional<Bytes> get(MonKey key) {
        return Optional.ofNullable(rows.get(key));
    }

    @Override
    public MonTransaction rows(Optional<MonKey> after, int maxBytes) {
        MonTransaction rows = new MonTransaction();
        NavigableMap<MonKey, Bytes> from = after.isEmpty() ? this.rows : this.rows.tailMap(after.get(), false);
        int sizeBytes = 0;
        for (Map.Entry<MonKey, Bytes> row : from.entrySet()) {
            if (sizeBytes >= maxBytes) {
                break;
            }
            rows.put(row.getKey(), row.getValue());
            sizeBytes += row.getKey().encode().length() + row.getValue().length();
        }
        return rows;
    }

    @Override
    public void write(MonTransaction transaction) {
        if (writesLeft == 0) {
            throw new IllegalStateException("the power is gone");
        }
        writesLeft--;
        writes++;
        for (MonTransaction.Change change : transaction.changes()) {
            change.value().ifPresentOrElse(value -> rows.put(change.key(), value), () -> rows.remove(change.key()));
        }
    }
}

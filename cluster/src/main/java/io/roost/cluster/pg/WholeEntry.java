package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.ReplicationMessage.Content;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.StoreTransaction;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.List;

/** Makes an entry what it is elsewhere, whatever it was before. */
final class WholeEntry {
    private WholeEntry() {}

    /**
     * The transaction that does so.
     *
     * @param version that the entry gets: its own
     * @param content null when there must be none
     * @param rows that change with it
     */
    static StoreTransaction transaction(
            PgId pg, Bytes key, ObjectVersion version, Content content, List<RowChange> rows) {
        KeyLayout.EntryKey entry = KeyLayout.parse(key);
        Mutation mutation = content == null
                ? new Mutation.Delete(entry.name())
                : new Mutation.Put(entry.name(), content.attributes(), content.value(), content.body());
        return new StoreTransaction(pg, entry.locator(), version, List.of(mutation), rows);
    }
}

package io.roost.deploy.clients;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.Tier;
import io.roost.cluster.store.rocksdb.RocksConfig;
import io.roost.cluster.store.rocksdb.RocksKeyValue;
import io.roost.mailstore.mailbox.MailRows;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/** Takes the rows of all mailboxes out of the store of a stopped server, as a damaged disk would. */
final class LostRows {
    /** Of a new cluster; users are in the other one. */
    private static final long DATA_POOL = 2;

    private LostRows() {}

    /**
     * Bodies stay, and everything of S3.
     *
     * @param data of the server
     * @return how many are gone
     */
    static int of(Path data) {
        KeyValueBatch batch = new KeyValueBatch();
        try (RocksKeyValue store =
                RocksKeyValue.open(data.resolve("osd.0/db"), RocksConfig.forCapacity(1L << 30), failure -> {
                    throw new AssertionError(failure);
                })) {
            each(store, Family.CATALOGUE, 0, batch::delete);
            int rows = batch.size();
            each(store, Family.DATA, 1, batch::delete);
            store.write(batch);
            return rows;
        }
    }

    private static void each(KeyValue store, Family family, int skipped, BiConsumer<Family, Bytes> gone) {
        try (KeyValue.Cursor rows = store.cursor(family, Bytes.of(0), KeyValue.LAST, Tier.DISK)) {
            while (rows.next()) {
                Bytes key = rows.key();
                KeyLayout.EntryKey entry = KeyLayout.parse(key.slice(skipped, key.length()));
                boolean isOfMailbox = entry.locator().pool() == DATA_POOL
                        && entry.name().at(0) >= MailRows.ACCOUNT
                        && entry.name().at(0) <= MailRows.KEPT;
                if (isOfMailbox) {
                    gone.accept(family, key);
                }
            }
        }
    }
}

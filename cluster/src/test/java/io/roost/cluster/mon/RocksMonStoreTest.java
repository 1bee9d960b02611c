package io.roost.cluster.mon;

import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.rocksdb.RocksConfig;
import io.roost.cluster.store.rocksdb.RocksKeyValue;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class RocksMonStoreTest extends MonStoreContract {
    @TempDir
    Path folder;

    private KeyValue rows;

    @Override
    MonStore create() {
        rows = RocksKeyValue.open(folder.resolve("mon"), RocksConfig.forCapacity(64 << 20), reason -> {
            throw new AssertionError(reason);
        });
        return new KeyValueMonStore(rows);
    }

    @Override
    MonStore reopened() {
        rows.close();
        return create();
    }

    @AfterEach
    void close() {
        rows.close();
    }
}

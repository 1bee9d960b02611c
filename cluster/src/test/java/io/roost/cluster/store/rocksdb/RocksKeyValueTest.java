package io.roost.cluster.store.rocksdb;

import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RocksKeyValueTest extends KeyValueContract {
    @TempDir
    Path folder;

    @Override
    protected KeyValue open() {
        return RocksKeyValue.open(folder.resolve("rocks"), RocksConfig.forCapacity(64 << 20), reason -> {
            throw new AssertionError(reason);
        });
    }

    /** Compacts: the index of a table below level 0 is in memory only once somebody has read by it. */
    @Override
    protected void settle() {
        RocksKeyValue rocks = (RocksKeyValue) store;
        rocks.reclaim();
        rocks.awaitReclaimed();
    }
}

package io.roost.cluster.store.rocksdb;

import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.ObjectStoreContract;
import io.roost.cluster.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RocksObjectStoreTest extends ObjectStoreContract {
    @TempDir
    Path folder;

    @Override
    protected ObjectStore open(StoreConfig config) throws IOException {
        RocksKeyValue rocks =
                RocksKeyValue.open(folder.resolve("rocks"), RocksConfig.forCapacity(256 << 20), reason -> {
                    throw new AssertionError(reason);
                });
        return ObjectStore.open(config, rocks, FileBlockFiles.open(folder.resolve("files")), pool);
    }
}

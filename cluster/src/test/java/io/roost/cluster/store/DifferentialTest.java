package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.BlockPool;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.rocksdb.FileBlockFiles;
import io.roost.cluster.store.rocksdb.RocksConfig;
import io.roost.cluster.store.rocksdb.RocksKeyValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same random transactions on RocksDB and files, on the models, and on plain maps: all three agree. */
class DifferentialTest {
    private static final StoreConfig CONFIG = new StoreConfig(64 << 20, 1000, 85, 95);

    @TempDir
    Path folder;

    private final BlockPool pool = new BlockPool(4);

    private ObjectStore openReal() throws IOException {
        RocksKeyValue rocks = RocksKeyValue.open(folder.resolve("rocks"), RocksConfig.forCapacity(64 << 20), reason -> {
            throw new AssertionError(reason);
        });
        return ObjectStore.open(CONFIG, rocks, FileBlockFiles.open(folder.resolve("files")), pool);
    }

    @Test
    void rocksDbAndFilesDoWhatTheModelsDo() throws IOException {
        long seed = 31;
        Random random = new Random(seed);
        SimDisk disk = new SimDisk(seed).capacity(256 << 20);
        StoreModel expected = new StoreModel();
        ObjectStore simulated = ObjectStore.open(CONFIG, new MemoryKeyValue(disk), new MemoryBlockFiles(disk), pool);
        ObjectStore real = openReal();
        try {
            long number = 0;
            for (int round = 0; round < 120; round++) {
                List<StoreTransaction> group = new ArrayList<>();
                for (int i = random.nextInt(6); i >= 0; i--) {
                    group.add(expected.next(random, ++number));
                }
                assertThat(real.commit(group)).isEqualTo(simulated.commit(group));
                if (round % 30 == 29) {
                    real.close();
                    real = openReal();
                    assertThat(StoreModel.verify(real)).isEmpty();
                }
                if (round % 10 == 0) {
                    assertThat(StoreModel.read(real))
                            .as("seed %d round %d", seed, round)
                            .isEqualTo(expected);
                    assertThat(StoreModel.read(simulated))
                            .as("seed %d round %d", seed, round)
                            .isEqualTo(expected);
                }
            }
        } finally {
            real.close();
        }
    }
}

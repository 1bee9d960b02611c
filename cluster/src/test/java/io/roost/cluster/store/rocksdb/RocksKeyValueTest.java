package io.roost.cluster.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.store.Family;
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
    protected void settle() throws InterruptedException {
        RocksKeyValue rocks = (RocksKeyValue) store;
        rocks.reclaim();
        int tries = 0;
        while (tablesToCompact(rocks, Family.CATALOGUE) + tablesToCompact(rocks, Family.DATA) > 0) {
            assertThat(++tries).isLessThan(3000);
            Thread.sleep(10);
        }
    }

    private static long tablesToCompact(RocksKeyValue rocks, Family family) {
        return rocks.property(family, "rocksdb.num-entries-active-mem-table")
                + rocks.property(family, "rocksdb.num-entries-imm-mem-tables")
                + rocks.property(family, "rocksdb.num-files-at-level0");
    }
}

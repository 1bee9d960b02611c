package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreTransaction;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RangeScanTest {
    private static final PgId PG = new PgId(1, 0);
    private static final Locator LOCATOR = new Locator(1, Bytes.utf8("locator"));
    private static final int ENTRIES = 10;
    private static final int BODY_BYTES = 100_000;

    private ObjectStore store;

    @BeforeEach
    void fill() {
        SimDisk disk = new SimDisk(1).capacity(256 << 20);
        store = ObjectStore.open(
                StoreConfig.DEFAULT, new MemoryKeyValue(disk), new MemoryBlockFiles(disk), new BlockPool(8));
        for (int i = 0; i < ENTRIES; i++) {
            Mutation put = new Mutation.Put(
                    Bytes.utf8("entry" + i), Bytes.EMPTY, Bytes.EMPTY, Data.wrap(new byte[BODY_BYTES]));
            store.commit(
                    List.of(new StoreTransaction(PG, LOCATOR, new ObjectVersion(1, i + 1), List.of(put), List.of())));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private RangeScan scan(int maxEntries, long maxBytes) {
        RangeScan scan =
                new RangeScan(store, KeyLayout.entriesOf(PG, 1), Bytes.EMPTY, PgInfo.COMPLETE, maxEntries, maxBytes);
        scan.run();
        return scan;
    }

    @Test
    void aScanOfEverythingIsNotCut() {
        RangeScan scan = scan(ENTRIES, Long.MAX_VALUE);
        assertThat(scan.versions()).hasSize(ENTRIES);
        assertThat(scan.isCut()).isFalse();
    }

    @Test
    void itIsCutAfterSoManyEntries() {
        RangeScan scan = scan(ENTRIES - 1, Long.MAX_VALUE);
        assertThat(scan.versions()).hasSize(ENTRIES - 1);
        assertThat(scan.isCut()).isTrue();
        assertThat(scan.last()).isEqualTo(KeyLayout.entry(LOCATOR, Bytes.utf8("entry" + (ENTRIES - 2))));
    }

    @Test
    void itIsCutAfterSoManyBytes() {
        RangeScan scan = scan(ENTRIES, 3 * BODY_BYTES - 1);
        assertThat(scan.versions()).hasSize(3);
        assertThat(scan.isCut()).isTrue();
    }

    @Test
    void oneEntryIsInItHoweverLarge() {
        assertThat(scan(ENTRIES, 1).versions()).hasSize(1);
    }
}

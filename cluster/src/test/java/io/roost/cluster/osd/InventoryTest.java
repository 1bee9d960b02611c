package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InventoryTest {
    private static final int OSD = 0;

    private final SimDisk disk = new SimDisk(20261129);
    private final ObjectStore store = ObjectStore.open(
            StoreConfig.DEFAULT.withCapacity(32 << 20),
            new MemoryKeyValue(disk),
            new MemoryBlockFiles(disk),
            new BlockPool(4));
    private final TreeMap<Integer, OsdMap> maps = new TreeMap<>(Map.of(1, SampleMaps.of("host3x3")));

    private void next(OsdMapChange... changes) {
        OsdMap next = SampleMaps.next(maps.lastEntry().getValue(), changes);
        maps.put(next.epoch(), next);
    }

    private Inventory taken(int actedOn) {
        return taken(OSD, actedOn);
    }

    private Inventory taken(int osd, int actedOn) {
        OsdMap newest = maps.lastEntry().getValue();
        Inventory inventory = new Inventory(osd, store, pg -> true, MapHistory.of(maps), newest, actedOn);
        inventory.run();
        return inventory;
    }

    /** Found by the simulation: the OSD ended when later maps were on its disk already, and the copy was not. */
    @Test
    void goesBackToTheMapThatMadeAPoolWhoseCopiesAreNotThere() {
        next();
        next(new OsdMapChange.PutPool(SampleMaps.pool(1, 32, 32, 0)));
        for (int i = 0; i < 10; i++) {
            next();
        }
        assertThat(taken(9).past().oldest().epoch()).isEqualTo(2);
    }

    @Test
    void goesBackToWhatWasActedOnWhenNothingIsUnexplained() {
        for (int i = 0; i < 10; i++) {
            next();
        }
        assertThat(taken(9).past().oldest().epoch()).isEqualTo(8);
        assertThat(taken(0).past().from(0)).as("a new store").hasSize(1);
    }

    @Test
    void doesNotGoBackBeforeItsStore() {
        next(new OsdMapChange.PutPool(SampleMaps.pool(1, 32, 32, 0)));
        next();
        OsdInfo info = maps.get(1).osd(OSD);
        next(new OsdMapChange.PutOsd(
                info.up(4, UUID.randomUUID(), info.publicAddress(), info.clusterAddress(), info.features())));
        next();
        assertThat(taken(0).past().oldest().epoch()).isEqualTo(3);
    }

    /** Found by the simulation: nobody made such a placement group, and what was asked of it waited for ever. */
    @Test
    void whoWasAloneHadAlsoWhatWasNeverUsedOfAPoolThatIsOlderThanItsMaps() {
        maps.clear();
        maps.put(1, SampleMaps.of("single1", SampleMaps.pool(1, 4, 4, 0)));
        for (int i = 0; i < 5; i++) {
            next();
        }
        maps.headMap(4).clear();
        assertThat(taken(6).unused()).as("it acted on no other map").hasSize(4);
        next(new OsdMapChange.PutOsd(OsdInfo.created(1, UUID.randomUUID())));
        next();
        for (int actedOn = 6; actedOn <= 8; actedOn++) {
            Inventory inventory = taken(actedOn);
            assertThat(inventory.unused()).hasSize(4);
            assertThat(inventory.aloneThrough()).isEqualTo(6);
            assertThat(inventory.past().oldest().epoch()).isLessThanOrEqualTo(6);
        }
        assertThat(taken(0).unused()).as("a new store").isEmpty();
        assertThat(taken(1, 8).unused()).as("another was alone").isEmpty();
        maps.headMap(7).clear();
        assertThat(taken(8).unused()).as("nothing tells that it was alone").isEmpty();
    }
}

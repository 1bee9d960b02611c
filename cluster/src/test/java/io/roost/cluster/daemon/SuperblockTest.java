package io.roost.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.StoreFailedException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SuperblockTest {
    private static final UUID STORE = new UUID(3, 4);

    private final SimDisk disk = new SimDisk(1);
    private final MemoryKeyValue store = new MemoryKeyValue(disk);

    @Test
    void isWrittenAsReleased() {
        GoldenFile.check("superblock-v2.hex", new Superblock.Row(SampleMaps.FSID, 2, STORE, 77).encode());
    }

    @Test
    void readsTheReleasedForms() {
        assertThat(Superblock.Row.decode(GoldenFile.read("superblock-v1.hex")))
                .isEqualTo(new Superblock.Row(SampleMaps.FSID, 2, STORE, 0));
        assertThat(Superblock.Row.decode(GoldenFile.read("superblock-v2.hex")))
                .isEqualTo(new Superblock.Row(SampleMaps.FSID, 2, STORE, 77));
    }

    @Test
    void keepsTheNewestEpochOverAPowerLoss() {
        Superblock made = Superblock.of(store, SampleMaps.FSID, 2);
        assertThat(made.newestEpoch()).isZero();
        OsdMap first = SampleMaps.of("single1");
        OsdMap second = SampleMaps.next(first);
        made.reach(second);
        made.reach(first);
        disk.restart();
        Superblock found = Superblock.of(store, SampleMaps.FSID, 2);
        assertThat(found.newestEpoch()).isEqualTo(2);
        assertThat(found.uuid()).isEqualTo(made.uuid());
    }

    @Test
    void mapsThatAreOnlyKeptAreNotActedOn() {
        Superblock made = Superblock.of(store, SampleMaps.FSID, 2);
        OsdMap map = SampleMaps.of("single1");
        made.reach(map);
        made.maps().neededFrom(Integer.MAX_VALUE);
        for (int epoch = 2; epoch <= OsdMapHistory.MIN_EPOCHS + 20; epoch++) {
            map = SampleMaps.next(map);
            made.keep(map);
        }
        made.keep(SampleMaps.of("single1"));
        disk.restart();
        Superblock found = Superblock.of(store, SampleMaps.FSID, 2);
        assertThat(found.newestEpoch())
                .as("what an old copy of a disk is known by")
                .isEqualTo(1);
        assertThat(found.maps().newest()).contains(map);
        assertThat(found.maps().at(map.epoch() - OsdMapHistory.MIN_EPOCHS)).isNotNull();
        assertThat(found.maps().at(map.epoch() - OsdMapHistory.MIN_EPOCHS - 1)).isNull();
    }

    @Test
    void mapsThatAreNeededAreKeptAndAllUntilThatIsKnown() {
        Superblock made = Superblock.of(store, SampleMaps.FSID, 2);
        OsdMap map = SampleMaps.of("single1");
        made.reach(map);
        while (map.epoch() < OsdMapHistory.MIN_EPOCHS + 20) {
            map = SampleMaps.next(map);
            made.keep(map);
        }
        assertThat(made.maps().at(1)).isNotNull();
        made.maps().neededFrom(10);
        made.keep(SampleMaps.next(map));
        assertThat(made.maps().at(9)).isNull();
        assertThat(made.maps().at(10)).isNotNull();
    }

    @Test
    void refusesTheStoreOfAnother() {
        Superblock.of(store, SampleMaps.FSID, 2);
        assertThatThrownBy(() -> Superblock.of(store, SampleMaps.FSID, 3)).isInstanceOf(StoreFailedException.class);
        assertThatThrownBy(() -> Superblock.of(store, STORE, 2)).isInstanceOf(StoreFailedException.class);
    }
}

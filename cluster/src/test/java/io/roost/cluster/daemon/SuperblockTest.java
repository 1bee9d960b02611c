package io.roost.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.GoldenFile;
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
        made.reach(7);
        made.reach(5);
        disk.restart();
        Superblock found = Superblock.of(store, SampleMaps.FSID, 2);
        assertThat(found.newestEpoch()).isEqualTo(7);
        assertThat(found.uuid()).isEqualTo(made.uuid());
    }

    @Test
    void refusesTheStoreOfAnother() {
        Superblock.of(store, SampleMaps.FSID, 2);
        assertThatThrownBy(() -> Superblock.of(store, SampleMaps.FSID, 3)).isInstanceOf(StoreFailedException.class);
        assertThatThrownBy(() -> Superblock.of(store, STORE, 2)).isInstanceOf(StoreFailedException.class);
    }
}

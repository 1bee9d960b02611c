package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.BlockPool;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.PowerLoss;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.ObjectStore.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Power losses at every step of commits, and failures of every step: what was acknowledged is there byte for byte, a group
 * that was not is there as a whole or not at all, and every piece of the data files is free or some body's.
 */
class ObjectStoreCrashTest {
    private static final StoreConfig CONFIG = new StoreConfig(16 << 20, 1000, 85, 95);

    private final BlockPool pool = new BlockPool(4);

    /** A store on a disk of its own, with what it must hold. */
    private final class Machine {
        private final SimDisk disk;
        private final MemoryKeyValue rows;
        private final MemoryBlockFiles files;
        private final Random random;
        private StoreModel acknowledged = new StoreModel();
        private StoreModel inFlight = new StoreModel();
        private ObjectStore store;
        private long number;
        private long acknowledgedNumber;

        Machine(long seed) {
            disk = new SimDisk(seed).capacity(32 << 20);
            rows = new MemoryKeyValue(disk);
            files = new MemoryBlockFiles(disk);
            random = new Random(seed);
        }

        void open() {
            store = ObjectStore.open(CONFIG, rows, files, pool);
        }

        void commit() {
            inFlight = acknowledged.copy();
            List<StoreTransaction> group = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                group.add(inFlight.next(random, ++number));
            }
            assertThat(store.commit(group)).containsOnly(Outcome.COMMITTED);
            acknowledged = inFlight;
            acknowledgedNumber = number;
        }

        /** Power on again; true when the store holds what it must, whichever of the two states that is. */
        boolean recovers() {
            disk.restart();
            open();
            StoreModel now = StoreModel.read(store);
            if (now.equals(acknowledged)) {
                number = acknowledgedNumber;
            } else if (!now.equals(inFlight)) {
                return false;
            }
            acknowledged = now;
            acknowledgedNumber = number;
            return StoreModel.verify(store).isEmpty();
        }
    }

    private static boolean losesPower(Runnable step) {
        try {
            step.run();
            return false;
        } catch (PowerLoss e) {
            return true;
        }
    }

    /** Runs a seed's transactions with the power going off at a step; false when the run ended before that step. */
    private boolean survives(long seed, long powerLossStep, int groups, SimDisk.Bug... bugs) {
        Machine machine = new Machine(seed);
        for (SimDisk.Bug bug : bugs) {
            machine.disk.plant(bug);
        }
        machine.disk.losePowerAfter(powerLossStep);
        boolean lost = losesPower(() -> {
            machine.open();
            for (int i = 0; i < groups; i++) {
                machine.commit();
            }
        });
        boolean kept = machine.recovers();
        if (kept) {
            // The store that came back is a store like any other.
            for (int i = 0; i < 2; i++) {
                machine.commit();
            }
            kept = StoreModel.read(machine.store).equals(machine.acknowledged)
                    && StoreModel.verify(machine.store).isEmpty();
        }
        if (!lost && bugs.length == 0) {
            assertThat(kept).isTrue();
        }
        return kept;
    }

    private static long stepsOf(long seed, int groups, BlockPool pool) {
        SimDisk disk = new SimDisk(seed).capacity(32 << 20);
        ObjectStore store = ObjectStore.open(CONFIG, new MemoryKeyValue(disk), new MemoryBlockFiles(disk), pool);
        Random random = new Random(seed);
        StoreModel model = new StoreModel();
        long number = 0;
        for (int g = 0; g < groups; g++) {
            List<StoreTransaction> group = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                group.add(model.next(random, ++number));
            }
            store.commit(group);
        }
        return disk.steps();
    }

    /** S19: also when it leaves pieces of a body on the disk, or garbage. */
    @Test
    void aPowerLossAtAnyStepKeepsWhatWasAcknowledgedAndTearsNoGroup() {
        for (long seed = 1; seed <= 3; seed++) {
            int groups = 8;
            long steps = stepsOf(seed, groups, pool);
            assertThat(steps).isGreaterThan(50);
            for (long step = 1; step <= steps; step++) {
                assertThat(survives(seed, step, groups))
                        .as("seed %d, power lost at step %d of %d", seed, step, steps)
                        .isTrue();
            }
        }
        assertThat(pool.out()).isZero();
    }

    @Test
    void oneStoreSurvivesManyPowerLossesInARow() {
        long seed = 77;
        Machine machine = new Machine(seed);
        machine.open();
        for (int life = 0; life < 150; life++) {
            machine.disk.losePowerAfter(1 + machine.random.nextInt(60));
            while (!losesPower(machine::commit)) {
                machine.disk.journal().clear();
            }
            assertThat(machine.recovers()).as("seed %d, life %d", seed, life).isTrue();
        }
    }

    private int seedsThatSurvive(int seeds, SimDisk.Bug bug) {
        int survivors = 0;
        for (long seed = 1; seed <= seeds; seed++) {
            boolean kept;
            try {
                kept = survives(seed, 100 + 7 * seed, 40, bug);
            } catch (StoreFailedException | ChecksumException e) {
                // The store noticed by itself that acknowledged bytes are gone.
                kept = false;
            }
            survivors += kept ? 1 : 0;
        }
        return survivors;
    }

    @Test
    void aStoreThatDoesNotSyncItsDataFilesIsFoundOut() {
        assertThat(seedsThatSurvive(20, SimDisk.Bug.SKIP_FILE_SYNC)).isLessThan(5);
    }

    @Test
    void aStoreThatDoesNotSyncItsRowsIsFoundOut() {
        assertThat(seedsThatSurvive(20, SimDisk.Bug.SKIP_ROW_SYNC)).isLessThan(5);
    }

    /** S20: after a sync that failed nobody knows what is on the disk; syncing again would say that all is well. */
    @Test
    void aFailedWriteOrSyncStopsTheStoreForGoodAndLosesNothingAcknowledged() {
        long seed = 5;
        long steps = stepsOf(seed, 6, pool);
        for (long step = 2; step <= steps; step++) {
            Machine machine = new Machine(seed);
            machine.open();
            machine.disk.failAfter(step);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 8; i++) {
                            machine.commit();
                        }
                    })
                    .as("step %d", step)
                    .isInstanceOf(StoreFailedException.class);
            assertThat(machine.store.isFailed()).isTrue();
            assertThatThrownBy(() -> machine.store.commit(List.of())).isInstanceOf(StoreFailedException.class);
            assertThat(machine.recovers()).as("step %d", step).isTrue();
        }
    }

    @Test
    void aGroupSyncsEachFileItWroteToOnceAndThenTheRowsOnce() {
        Machine machine = new Machine(9);
        machine.open();
        for (int i = 0; i < 30; i++) {
            machine.disk.journal().clear();
            machine.commit();
            List<String> syncs = machine.disk.journal().stream()
                    .filter(step -> step.startsWith("sync"))
                    .toList();
            assertThat(syncs).doesNotHaveDuplicates().endsWith("sync rows");
            List<String> written = machine.disk.journal().stream()
                    .filter(step -> step.startsWith("write data"))
                    .map(step -> step.replace("write", "sync"))
                    .distinct()
                    .toList();
            assertThat(syncs.subList(0, syncs.size() - 1)).containsExactlyInAnyOrderElementsOf(written);
            assertThat(machine.disk.journal().indexOf("write rows"))
                    .isGreaterThan(machine.disk.journal().lastIndexOf(written.isEmpty() ? "none" : written.get(0)));
        }
    }
}

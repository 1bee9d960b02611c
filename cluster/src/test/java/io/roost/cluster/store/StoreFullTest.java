package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.MemoryKeyValue;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.store.ObjectStore.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A disk that gets full: bodies are refused, deletes go on, and what they free is usable again. */
class StoreFullTest {
    private static final PgId PG = new PgId(1, 0);
    private static final Locator LOCATOR = new Locator(1, Bytes.utf8("locator"));
    private static final int LARGE = 300_000;
    private static final int SMALL = 2_000;
    private static final int MAX_ANSWER = 200;

    private final BlockPool pool = new BlockPool(4);
    private SimDisk disk;
    private ObjectStore store;
    private MemoryKeyValue rows;
    private MemoryBlockFiles files;
    private long version;

    private void open(SimDisk onDisk, StoreConfig config) {
        disk = onDisk;
        rows = new MemoryKeyValue(disk);
        files = new MemoryBlockFiles(disk);
        store = ObjectStore.open(config, rows, files, pool);
    }

    private StoreTransaction transaction(List<StoreTransaction.RowChange> rows, Mutation... mutations) {
        return new StoreTransaction(PG, LOCATOR, new ObjectVersion(1, ++version), List.of(mutations), rows);
    }

    private Outcome commit(Mutation... mutations) {
        StoreTransaction transaction = transaction(List.of(), mutations);
        Outcome outcome = store.commit(List.of(transaction)).get(0);
        if (outcome != Outcome.COMMITTED) {
            store.resume(PG);
        }
        return outcome;
    }

    private static Bytes name(int number) {
        return Bytes.utf8("n" + number);
    }

    private static byte[] body(int number, int length) {
        byte[] bytes = new byte[length];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    private Outcome put(int number, int length) {
        return commit(new Mutation.Put(name(number), Bytes.EMPTY, Bytes.EMPTY, Data.wrap(body(number, length))));
    }

    private static Mutation.Put put(int number, int attributes, int length) {
        return new Mutation.Put(
                name(number), Bytes.wrap(new byte[attributes]), Bytes.EMPTY, Data.wrap(body(number, length)));
    }

    private static boolean hasRoom(ObjectStore store, int length) {
        return store.hasRoom(LOCATOR, List.of(put(0, 0, length)), 0);
    }

    /** On a disk of 8 MiB the store said yes to what it then refused: bodies fill whole units, and rows take space too. */
    @Test
    void whatItHasRoomForIsTaken() {
        int refused = 0;
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            open(new SimDisk(seed).capacity(8 << 20), StoreConfig.DEFAULT.withInline(4096));
            for (int number = 0; refused < 20 * (seed + 1); number++) {
                int length = 1 + random.nextInt(1 << random.nextInt(20));
                Mutation.Put put = put(number, random.nextInt(2000), length);
                if (store.hasRoom(LOCATOR, List.of(put), 0)) {
                    assertThat(commit(put))
                            .as("%d bytes, seed %d", length, seed)
                            .isEqualTo(Outcome.COMMITTED);
                } else {
                    refused++;
                    commit(new Mutation.Delete(name(random.nextInt(number + 1))));
                }
            }
        }
    }

    /** The same of what it is asked while others are on their way, each with a row of the log. */
    @Test
    void whatItHasRoomForAfterWhatIsComingIsTaken() {
        int refused = 0;
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            open(new SimDisk(seed).capacity(8 << 20), StoreConfig.DEFAULT.withInline(4096));
            Map<StoreTransaction, ObjectStore.Coming> coming = new LinkedHashMap<>();
            for (int number = 0; refused < 20 * (seed + 1); number++) {
                int length = 1 + random.nextInt(1 << random.nextInt(20));
                Mutation.Put put = put(number, random.nextInt(2000), length);
                if (store.hasRoom(LOCATOR, List.of(put), MAX_ANSWER)) {
                    Bytes key = KeyLayout.logEntry(PG, new ObjectVersion(1, version + 1));
                    Bytes row = Bytes.wrap(new byte[random.nextInt(MAX_ANSWER)]);
                    StoreTransaction transaction =
                            transaction(List.of(new StoreTransaction.RowChange.PutRow(Family.PGLOG, key, row)), put);
                    coming.put(transaction, store.coming(transaction));
                } else {
                    refused++;
                    write(coming, seed);
                    commit(new Mutation.Delete(name(random.nextInt(number + 1))));
                }
                if (random.nextInt(8) == 0) {
                    write(coming, seed);
                }
            }
        }
    }

    private void write(Map<StoreTransaction, ObjectStore.Coming> coming, int seed) {
        assertThat(store.commit(List.copyOf(coming.keySet())))
                .as("seed %d", seed)
                .allMatch(outcome -> outcome == Outcome.COMMITTED);
        coming.values().forEach(store::came);
        coming.clear();
    }

    /** Others may have what a transaction kept from them when it has come, also when it was refused: nothing of it stays kept. */
    @Test
    void whatHasComeKeepsNothingFromOthers() {
        open(new SimDisk(1).capacity(8 << 20), StoreConfig.DEFAULT.withInline(4096));
        for (int number = 0; number < 1000; number++) {
            StoreTransaction transaction = transaction(List.of(), put(0, 100, number % 2 == 0 ? LARGE : SMALL));
            ObjectStore.Coming coming = store.coming(transaction);
            if (number % 3 != 0) {
                assertThat(store.commit(List.of(transaction))).containsExactly(Outcome.COMMITTED);
            }
            store.came(coming);
        }
        assertThat(hasRoom(store, LARGE)).isTrue();
        ObjectStore.Coming all = store.coming(transaction(List.of(), put(0, 0, 7 << 20)));
        assertThat(hasRoom(store, LARGE)).isFalse();
        store.came(all);
        assertThat(hasRoom(store, LARGE)).isTrue();
    }

    private int fill(int from, int length) {
        int number = from;
        while (put(number, length) == Outcome.COMMITTED) {
            assertThat(++number).isLessThan(from + 1_000_000);
        }
        return number - from;
    }

    private void assertHolds(int number, int length) {
        Data data = store.disk().body(LOCATOR, name(number), 0, Long.MAX_VALUE);
        assertThat(data.toArray()).isEqualTo(body(number, length));
        data.release();
    }

    @Test
    void largeBodiesAreRefusedWhenTheDiskIsFullAndTheirSpaceIsUsableAgainAfterDeletes() {
        open(new SimDisk(1).capacity(64 << 20), StoreConfig.DEFAULT.withInline(4096));
        int stored = fill(0, LARGE);
        // The reserve is a sixth of so small a disk.
        assertThat((long) stored * LARGE).isBetween(48L << 20, 54L << 20);
        assertThat(hasRoom(store, LARGE)).isFalse();
        assertThat(store.space().level()).isEqualTo(StoreSpace.Level.FULL);
        assertHolds(0, LARGE);
        assertHolds(stored - 1, LARGE);
        for (int i = 0; i < stored; i += 2) {
            assertThat(commit(new Mutation.Delete(name(i)))).isEqualTo(Outcome.COMMITTED);
        }
        int again = fill(1_000_000, LARGE);
        assertThat(again).isGreaterThanOrEqualTo(stored / 2 - 2);
        assertHolds(1, LARGE);
        assertHolds(1_000_000, LARGE);
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void smallBodiesGetTheSpaceThatLargeOnesLeave() {
        open(new SimDisk(1).capacity(64 << 20), StoreConfig.DEFAULT.withInline(4096));
        int large = fill(0, LARGE);
        assertThat(put(500_000, SMALL)).isEqualTo(Outcome.NO_SPACE);
        for (int i = 0; i < large; i++) {
            assertThat(commit(new Mutation.Delete(name(i)))).isEqualTo(Outcome.COMMITTED);
        }
        int small = fill(600_000, SMALL);
        assertThat((long) small * SMALL).isGreaterThan(30L << 20);
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void aFullStoreStillTakesDeletesMarkersAndRowsButNoGrowth() {
        open(new SimDisk(1).capacity(16 << 20), StoreConfig.DEFAULT);
        int stored = fill(0, SMALL);
        assertThat(stored).isPositive();
        assertThat(hasRoom(store, SMALL)).isFalse();
        assertThat(commit(Mutation.Put.row(Bytes.utf8("marker"), Bytes.wrap(new byte[100]))))
                .isEqualTo(Outcome.COMMITTED);
        assertThat(commit(Mutation.Put.row(Bytes.utf8("much"), Bytes.wrap(new byte[20_000]))))
                .isEqualTo(Outcome.NO_SPACE);
        for (int i = 0; i < stored; i++) {
            assertThat(commit(new Mutation.Delete(name(i)), Mutation.Put.row(Bytes.utf8("counter"), name(i))))
                    .isEqualTo(Outcome.COMMITTED);
        }
        assertThat(fill(1_000_000, SMALL)).isGreaterThan(stored - stored / 50);
    }

    /** What others have this store must not be without; then there still is room for deletes. */
    @Test
    void whatIsOwedMayTakeHalfOfTheReserve() {
        open(new SimDisk(1).capacity(64 << 20), StoreConfig.DEFAULT.withInline(4096));
        int stored = fill(0, LARGE);
        int owed = 0;
        while (owe(1_000_000 + owed) == Outcome.COMMITTED) {
            assertThat(++owed).isLessThan(1_000);
        }
        long half = (64L << 20) / 6 / 2;
        assertThat((long) owed * LARGE).isBetween(half - (2L << 20), half);
        assertHolds(1_000_000, LARGE);
        assertThat(put(2_000_000, LARGE)).isEqualTo(Outcome.NO_SPACE);
        for (int i = 0; i < stored; i++) {
            assertThat(commit(new Mutation.Delete(name(i)))).isEqualTo(Outcome.COMMITTED);
        }
        assertThat(put(2_000_000, LARGE)).isEqualTo(Outcome.COMMITTED);
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    private Outcome owe(int number) {
        Outcome outcome = store.commit(
                        List.of(transaction(List.of(), put(number, 0, LARGE)).owed()))
                .get(0);
        if (outcome != Outcome.COMMITTED) {
            store.resume(PG);
        }
        return outcome;
    }

    @Test
    void aRefusedTransactionLeavesNothingBehind() {
        open(new SimDisk(1).capacity(16 << 20), StoreConfig.DEFAULT.withInline(4096));
        int stored = fill(0, LARGE);
        long free = store.space().freeExtentBytes();
        // The first body fits into what is left or not; the transaction as a whole does not.
        assertThat(commit(
                        new Mutation.Put(name(0), Bytes.utf8("new"), Bytes.EMPTY, Data.wrap(body(7, 10_000))),
                        new Mutation.Put(name(1), Bytes.utf8("new"), Bytes.EMPTY, Data.wrap(body(8, 4 << 20)))))
                .isEqualTo(Outcome.NO_SPACE);
        assertHolds(0, LARGE);
        assertHolds(1, LARGE);
        assertHolds(stored - 1, LARGE);
        assertThat(store.space().freeExtentBytes()).isEqualTo(free);
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void aConfiguredCapacityCountsLikeASmallDisk() {
        open(new SimDisk(1).capacity(1L << 40), StoreConfig.DEFAULT.withCapacity(32 << 20));
        int stored = fill(0, LARGE);
        assertThat((long) stored * LARGE).isBetween(22L << 20, 27L << 20);
        ObjectStore again = ObjectStore.open(StoreConfig.DEFAULT.withCapacity(32 << 20), rows, files, pool);
        assertThat(hasRoom(again, LARGE)).isFalse();
        assertThat(StoreModel.verify(again)).isEmpty();
    }

    @Test
    void spaceThatComesBackWithoutACommitIsSeenWhenAskedFor() {
        open(new SimDisk(1).capacity(64 << 20), StoreConfig.DEFAULT.withInline(4096));
        fill(0, LARGE);
        assertThat(hasRoom(store, LARGE)).isFalse();
        assertThat(store.measuredSpace().level()).isEqualTo(StoreSpace.Level.FULL);
        disk.capacity(128 << 20);
        assertThat(store.space().level()).isEqualTo(StoreSpace.Level.FULL);
        assertThat(store.measuredSpace().level()).isEqualTo(StoreSpace.Level.OK);
        assertThat(store.space().level()).isEqualTo(StoreSpace.Level.OK);
        assertThat(hasRoom(store, LARGE)).isTrue();
    }

    /** Others have filled the disk but for less than the reserve: it is full before anything is written to it. */
    @Test
    void aDiskThatOthersFillIsFull() {
        open(new SimDisk(1).capacity(1L << 30), StoreConfig.DEFAULT.withInline(4096));
        for (int i = 0; i < 10; i++) {
            assertThat(put(i, LARGE)).isEqualTo(Outcome.COMMITTED);
        }
        disk.others((1L << 30) - (72 << 20));
        assertThat(store.space().level()).isEqualTo(StoreSpace.Level.OK);
        assertThat(store.measuredSpace().level()).isEqualTo(StoreSpace.Level.FULL);
        assertThat(hasRoom(store, 8 << 20)).isFalse();
        disk.others(0);
        assertThat(store.measuredSpace().level()).isEqualTo(StoreSpace.Level.OK);
    }

    /** Or clients would be let in and turned away in turns, each time by a new map for all. */
    @Test
    void whatWasFullIsFullUntilThereIsRoomForMoreThanMadeItFull() {
        open(new SimDisk(1).capacity(64 << 20), StoreConfig.DEFAULT.withInline(4096));
        int stored = 0;
        while (store.space().level() != StoreSpace.Level.FULL) {
            assertThat(put(stored++, LARGE)).isEqualTo(Outcome.COMMITTED);
        }
        long freeWhenFull = free(store.space());
        int deleted = 0;
        while (store.space().level() == StoreSpace.Level.FULL) {
            assertThat(commit(new Mutation.Delete(name(deleted++)))).isEqualTo(Outcome.COMMITTED);
        }
        assertThat(free(store.space())).isGreaterThan(2 * freeWhenFull);
        for (int i = 0; free(store.space()) > 2 * freeWhenFull - LARGE; i++) {
            assertThat(put(1_000_000 + i, LARGE)).isEqualTo(Outcome.COMMITTED);
        }
        assertThat(store.space().level()).isNotEqualTo(StoreSpace.Level.FULL);
    }

    private static long free(StoreSpace space) {
        return space.growableBytes() + space.freeExtentBytes();
    }

    @Test
    void nearfullComesBeforeFull() {
        open(new SimDisk(1).capacity(1L << 40), new StoreConfig(2L << 30, 4096, 1, 95));
        assertThat(store.space().level()).isEqualTo(StoreSpace.Level.OK);
        for (int i = 0; store.space().level() == StoreSpace.Level.OK; i++) {
            assertThat(put(i, LARGE)).isEqualTo(Outcome.COMMITTED);
            assertThat(i).isLessThan(200);
        }
        assertThat(store.space().level()).isEqualTo(StoreSpace.Level.NEARFULL);
        assertThat(hasRoom(store, LARGE)).isTrue();
    }

    @Test
    void othersThatFillTheDiskMakeBodiesBeRefusedAndNothingElse() {
        open(new SimDisk(1).capacity(64 << 20), StoreConfig.DEFAULT.withInline(4096));
        for (int i = 0; i < 10; i++) {
            assertThat(put(i, LARGE)).isEqualTo(Outcome.COMMITTED);
        }
        disk.others(48 << 20);
        int more = fill(100, LARGE);
        assertThat(more).isLessThan(20);
        for (int i = 0; i < 10; i++) {
            assertHolds(i, LARGE);
            assertThat(commit(new Mutation.Delete(name(i)))).isEqualTo(Outcome.COMMITTED);
        }
        disk.others(0);
        assertThat(commit(new Mutation.Delete(name(100)))).isEqualTo(Outcome.COMMITTED);
        assertThat(put(1000, LARGE)).isEqualTo(Outcome.COMMITTED);
        assertThat(StoreModel.verify(store)).isEmpty();
    }
}

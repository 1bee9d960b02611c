package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.roost.cluster.store.StoreFinding.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store some of whose rows or files are damaged opens, serves everything else, and makes nothing worse. */
class DamagedStoreTest {
    private static final PgId PG = new PgId(1, 0);
    private static final Locator LOCATOR = new Locator(1, Bytes.utf8("locator"));
    private static final int BODIES = 8;
    private static final int BODY_BYTES = 150_000;

    private final SimDisk disk = new SimDisk(1).capacity(256 << 20);
    private final MemoryKeyValue rows = new MemoryKeyValue(disk);
    private final MemoryBlockFiles files = new MemoryBlockFiles(disk);
    private final BlockPool pool = new BlockPool(4);
    private ObjectStore store;
    private long version;

    @BeforeEach
    void fill() {
        reopen();
        for (int i = 0; i < BODIES; i++) {
            put(i);
        }
        assertThat(store.damage()).isEmpty();
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    private void reopen() {
        store = ObjectStore.open(StoreConfig.DEFAULT, rows, files, pool);
    }

    private static Bytes name(int number) {
        return Bytes.utf8("n" + number);
    }

    private static Bytes listKey(int number) {
        return KeyLayout.data(KeyLayout.EXTENTS, LOCATOR, name(number));
    }

    private static byte[] body(int number) {
        byte[] bytes = new byte[BODY_BYTES];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    private void commit(Mutation mutation) {
        StoreTransaction transaction =
                new StoreTransaction(PG, LOCATOR, new ObjectVersion(1, ++version), List.of(mutation), List.of());
        assertThat(store.commit(List.of(transaction))).containsExactly(Outcome.COMMITTED);
    }

    private void put(int number) {
        commit(new Mutation.Put(name(number), Bytes.EMPTY, Bytes.EMPTY, Data.wrap(body(number))));
    }

    private void delete(int number) {
        commit(new Mutation.Delete(name(number)));
    }

    private boolean holds(int number) {
        Data data = store.disk().body(LOCATOR, name(number), 0, Long.MAX_VALUE);
        try {
            return data.length() == BODY_BYTES && java.util.Arrays.equals(data.toArray(), body(number));
        } finally {
            data.release();
        }
    }

    private void assertHolds(int from, int to) {
        for (int i = from; i < to; i++) {
            assertThat(holds(i)).as("body %d", i).isTrue();
        }
    }

    private void assertDamaged(int number) {
        assertThatThrownBy(() -> holds(number)).isInstanceOf(ChecksumException.class);
    }

    /** Writes and deletes so much that every free byte would be used again. */
    private void churn() {
        for (int round = 0; round < 3; round++) {
            for (int i = 100; i < 140; i++) {
                put(i);
            }
            for (int i = 100; i < 140; i += 2) {
                delete(i);
            }
        }
        for (int i = 101; i < 140; i += 2) {
            assertThat(holds(i)).isTrue();
        }
    }

    private void writeRow(Bytes key, Bytes value) {
        rows.write(new KeyValueBatch().put(Family.DATA, key, value));
    }

    @Test
    void spaceThatAnUnreadableListMayNameIsNotHandedOut() {
        rows.spoil(Family.DATA, listKey(3));
        reopen();
        assertThat(store.damage()).extracting(StoreFinding::kind).containsExactly(Kind.DAMAGED);
        assertDamaged(3);
        assertHolds(0, 3);
        churn();
        assertHolds(4, BODIES);
        // What was unreadable is readable again: another cable, another controller.
        rows.heal();
        reopen();
        assertThat(store.damage()).isEmpty();
        assertHolds(0, BODIES);
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void aListOfNonsenseIsNamedAndItsEntryCanBeReplacedOrDeleted() {
        writeRow(listKey(3), Bytes.of(1, 2, 3));
        writeRow(listKey(4), Bytes.of(1));
        reopen();
        assertThat(store.damage())
                .extracting(StoreFinding::entry)
                .containsExactly(new KeyLayout.EntryKey(LOCATOR, name(3)), new KeyLayout.EntryKey(LOCATOR, name(4)));
        churn();
        put(3);
        delete(4);
        assertThat(holds(3)).isTrue();
        assertThat(store.disk().entry(LOCATOR, name(4))).isNull();
        assertHolds(5, BODIES);
        reopen();
        assertThat(store.damage()).isEmpty();
        churn();
        assertHolds(0, 4);
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void aListThatBecomesUnreadableWhileTheStoreIsOpenCanBeReplacedOrDeleted() {
        rows.spoil(Family.DATA, listKey(3));
        rows.spoil(Family.DATA, listKey(4));
        put(3);
        delete(4);
        rows.heal();
        assertThat(holds(3)).isTrue();
        assertThat(StoreModel.verify(store)).extracting(StoreFinding::kind).containsOnly(Kind.LEAKED);
        reopen();
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void anEntryThatIsUnreadableIsNotChangedAndNothingElseSuffers() {
        rows.spoil(Family.CATALOGUE, KeyLayout.entry(LOCATOR, name(3)));
        Mutation put = new Mutation.Put(name(50), Bytes.EMPTY, Bytes.EMPTY, Data.wrap(body(50)));
        StoreTransaction refused = new StoreTransaction(
                PG, LOCATOR, new ObjectVersion(1, ++version), List.of(put, new Mutation.Delete(name(3))), List.of());
        long free = store.space().freeExtentBytes();
        assertThat(store.commit(List.of(refused))).containsExactly(Outcome.DAMAGED);
        store.resume(PG);
        assertThat(store.isFailed()).isFalse();
        assertThat(store.disk().entry(LOCATOR, name(50))).isNull();
        assertThat(store.space().freeExtentBytes()).isEqualTo(free);
        put(50);
        rows.heal();
        assertHolds(0, BODIES);
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void anEntryWhoseRowIsNonsenseCanBeReplacedOrDeletedAndNothingOfItIsLeft() {
        commit(new Mutation.Put(name(20), Bytes.EMPTY, Bytes.utf8("value"), Data.wrap(new byte[10])));
        for (int i : List.of(3, 4, 20)) {
            rows.flipFirst(Family.CATALOGUE, KeyLayout.entry(LOCATOR, name(i)));
            assertThatThrownBy(() -> store.disk().entry(LOCATOR, name(i))).isInstanceOf(ChecksumException.class);
        }
        put(3);
        delete(4);
        commit(new Mutation.Put(name(20), Bytes.EMPTY, Bytes.EMPTY, null));
        assertThat(holds(3)).isTrue();
        assertThat(store.disk().entry(LOCATOR, name(4))).isNull();
        assertThat(store.usage(PG).entries()).isEqualTo(BODIES);
        assertThat(StoreModel.verify(store)).isEmpty();
        reopen();
        churn();
        assertHolds(0, 4);
        assertHolds(5, BODIES);
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void anEntryWhoseRowIsNonsenseStaysSoWhenItsAttributesAreChanged() {
        rows.flipFirst(Family.CATALOGUE, KeyLayout.entry(LOCATOR, name(3)));
        commit(new Mutation.SetAttributes(name(3), Bytes.utf8("new"), Bytes.utf8("value")));
        rows.flipFirst(Family.CATALOGUE, KeyLayout.entry(LOCATOR, name(3)));
        assertThatThrownBy(() -> store.disk().entry(LOCATOR, name(3))).isInstanceOf(ChecksumException.class);
        put(3);
        assertThat(holds(3)).isTrue();
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void aListThatIsMissingDoesNotStopTheStore() {
        rows.write(new KeyValueBatch().delete(Family.DATA, listKey(3)).delete(Family.DATA, listKey(4)));
        reopen();
        put(3);
        delete(4);
        assertHolds(0, 4);
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void bodiesInOnePlaceAreNamedAndNeitherGivesItsSpaceAway() {
        Bytes list = rows.get(Family.DATA, listKey(3), Tier.DISK);
        Bytes row = rows.get(Family.CATALOGUE, KeyLayout.entry(LOCATOR, name(3)), Tier.DISK);
        rows.write(new KeyValueBatch()
                .put(Family.DATA, listKey(50), list)
                .put(Family.CATALOGUE, KeyLayout.entry(LOCATOR, name(50)), row));
        reopen();
        assertThat(store.damage()).extracting(StoreFinding::kind).containsOnly(Kind.OVERLAPPING);
        delete(50);
        churn();
        assertHolds(0, BODIES);
        reopen();
        assertThat(store.damage()).isEmpty();
        churn();
        assertHolds(0, BODIES);
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void aFileThatIsGoneOrTooShortDamagesOnlyWhatWasInIt() throws IOException {
        for (int i = 200; i < 350; i++) {
            put(i);
        }
        assertThat(files.list()).hasSizeGreaterThan(1);
        int last = files.list().get(files.list().size() - 1);
        files.delete(last);
        files.open(1).truncate(8 << 20);
        reopen();
        assertThat(store.damage()).extracting(StoreFinding::kind).containsOnly(Kind.OVERLAPPING);
        int damaged = 0;
        for (int i = 200; i < 350; i++) {
            try {
                assertThat(holds(i)).isTrue();
            } catch (ChecksumException e) {
                damaged++;
            }
        }
        assertThat(damaged).isBetween(1, 149);
        churn();
        for (int i = 0; i < BODIES; i++) {
            delete(i);
        }
        for (int i = 200; i < 350; i++) {
            delete(i);
        }
        churn();
        reopen();
        assertThat(store.damage()).isEmpty();
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void theListOfDamageHasALimit() {
        for (int i = 400; i < 400 + ObjectStore.MAX_DAMAGE_LISTED + 50; i++) {
            writeRow(listKey(i), Bytes.of(1));
        }
        reopen();
        assertThat(store.damage()).hasSize(ObjectStore.MAX_DAMAGE_LISTED);
    }
}

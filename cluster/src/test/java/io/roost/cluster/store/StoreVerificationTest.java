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
import io.roost.cluster.store.StoreFinding.Kind;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Verification finds each kind of damage, and reads never return damaged bytes. */
class StoreVerificationTest {
    private static final PgId PG = new PgId(1, 0);
    private static final Locator LOCATOR = new Locator(1, Bytes.utf8("locator"));
    private static final Bytes SMALL = Bytes.utf8("small");
    private static final Bytes LARGE = Bytes.utf8("large");

    private final SimDisk disk = new SimDisk(1).capacity(64 << 20);
    private final MemoryKeyValue rows = new MemoryKeyValue(disk);
    private final MemoryBlockFiles files = new MemoryBlockFiles(disk);
    private final BlockPool pool = new BlockPool(4);
    private ObjectStore store;

    @BeforeEach
    void fill() {
        store = ObjectStore.open(StoreConfig.DEFAULT, rows, files, pool);
        store.commit(List.of(new StoreTransaction(
                PG,
                LOCATOR,
                new ObjectVersion(1, 1),
                List.of(
                        new Mutation.Put(SMALL, Bytes.EMPTY, Bytes.utf8("value"), Data.wrap(new byte[100])),
                        new Mutation.Put(LARGE, Bytes.EMPTY, Bytes.EMPTY, Data.wrap(new byte[150_000]))),
                List.of())));
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    private Bytes data(int kind, Bytes name) {
        return KeyLayout.data(kind, LOCATOR, name);
    }

    private List<Kind> kinds() {
        return StoreModel.verify(store).stream().map(StoreFinding::kind).toList();
    }

    @Test
    void aFlippedBitInADataFileIsFoundAndNamedAndNeverRead() {
        files.flip(1, 70_000);
        List<StoreFinding> findings = StoreModel.verify(store);
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).kind()).isEqualTo(Kind.DAMAGED);
        assertThat(findings.get(0).subject()).isEqualTo("1:locator / large");
        assertThat(findings.get(0).entry()).isEqualTo(new KeyLayout.EntryKey(LOCATOR, LARGE));
        assertThatThrownBy(() -> store.disk().body(LOCATOR, LARGE, 0, 150_000))
                .isInstanceOf(ChecksumException.class)
                .hasMessageContaining("1:locator / large")
                .isInstanceOfSatisfying(ChecksumException.class, damage -> {
                    assertThat(damage.locator()).isEqualTo(LOCATOR);
                    assertThat(damage.name()).isEqualTo(LARGE);
                });
        // A range within the damaged block too, though the flipped bit is not in it; other blocks are fine.
        assertThatThrownBy(() -> store.disk().body(LOCATOR, LARGE, 65536, 10)).isInstanceOf(ChecksumException.class);
        store.disk().body(LOCATOR, LARGE, 0, 65536).release();
        store.disk().body(LOCATOR, LARGE, 131_072, 10).release();
        assertThat(store.counters().checksumFailures()).isEqualTo(2);
        assertThat(pool.out()).isZero();
    }

    @Test
    void aFlippedBitInAnInlineBodyIsFoundAndNeverRead() {
        Bytes row = rows.get(Family.DATA, data('b', SMALL), Tier.DISK);
        byte[] damaged = row.array().clone();
        damaged[50] ^= 1;
        rows.write(new KeyValueBatch().put(Family.DATA, data('b', SMALL), Bytes.wrap(damaged)));
        assertThat(kinds()).containsExactly(Kind.DAMAGED);
        assertThatThrownBy(() -> store.disk().body(LOCATOR, SMALL, 90, 5))
                .isInstanceOf(ChecksumException.class)
                .hasMessageContaining("small");
    }

    @Test
    void aDamagedRowOfAnEntryIsNamedByEveryRead() {
        rows.write(new KeyValueBatch().put(Family.CATALOGUE, KeyLayout.entry(LOCATOR, SMALL), Bytes.of(0x7f)));
        List<StoreFinding> findings = StoreModel.verify(store);
        assertThat(findings).extracting(StoreFinding::entry).contains(new KeyLayout.EntryKey(LOCATOR, SMALL));
        assertThatThrownBy(() -> store.disk().entry(LOCATOR, SMALL)).satisfies(this::namesSmall);
        try (StoreCursor cursor = store.disk().cursor(LOCATOR, SMALL)) {
            assertThat(cursor.next()).isTrue();
            assertThatThrownBy(cursor::entry).satisfies(this::namesSmall);
        }
    }

    private void namesSmall(Throwable thrown) {
        assertThat(thrown).isInstanceOfSatisfying(ChecksumException.class, damage -> {
            assertThat(damage.locator()).isEqualTo(LOCATOR);
            assertThat(damage.name()).isEqualTo(SMALL);
        });
    }

    @Test
    void aMissingRowAndAnOrphanedRowAreFound() {
        rows.write(new KeyValueBatch().delete(Family.DATA, data('v', SMALL)).delete(Family.DATA, data('b', SMALL)));
        assertThat(kinds()).containsExactly(Kind.MISSING, Kind.MISSING);
        assertThatThrownBy(() -> store.disk().body(LOCATOR, SMALL, 0, 5)).isInstanceOf(ChecksumException.class);
        rows.write(new KeyValueBatch()
                .delete(Family.CATALOGUE, KeyLayout.entry(LOCATOR, SMALL))
                .put(Family.DATA, data('v', SMALL), InlineBody.valueRow(SMALL)));
        assertThat(kinds()).containsExactly(Kind.ORPHANED);
    }

    @Test
    void aLostListOfExtentsLeaksItsSpace() {
        rows.write(new KeyValueBatch().delete(Family.DATA, data('e', LARGE)));
        assertThat(kinds()).containsExactly(Kind.MISSING, Kind.LEAKED);
    }

    @Test
    void twoBodiesInOnePlaceAreFoundAndNamedWhenTheStoreIsOpened() {
        Bytes list = rows.get(Family.DATA, data('e', LARGE), Tier.DISK);
        Bytes row = rows.get(Family.CATALOGUE, KeyLayout.entry(LOCATOR, LARGE), Tier.DISK);
        Bytes twin = Bytes.utf8("twin");
        rows.write(new KeyValueBatch()
                .put(Family.DATA, data('e', twin), list)
                .put(Family.CATALOGUE, KeyLayout.entry(LOCATOR, twin), row));
        assertThat(kinds()).containsExactly(Kind.OVERLAPPING);
        assertThat(ObjectStore.open(StoreConfig.DEFAULT, rows, files, pool).damage())
                .extracting(StoreFinding::entry)
                .containsExactly(new KeyLayout.EntryKey(LOCATOR, twin));
    }

    @Test
    void aGapInTheLogIsFound() {
        KeyValueBatch batch = new KeyValueBatch();
        for (int version : new int[] {7, 8, 10}) {
            batch.put(Family.PGLOG, KeyLayout.logEntry(PG, new ObjectVersion(1, version)), Bytes.EMPTY);
        }
        batch.put(Family.PGLOG, KeyLayout.logEntry(new PgId(1, 1), new ObjectVersion(1, 1)), Bytes.EMPTY);
        rows.write(batch);
        List<StoreFinding> findings = StoreModel.verify(store);
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).kind()).isEqualTo(Kind.BROKEN_LOG);
        assertThat(findings.get(0).detail()).isEqualTo("version 1'10 follows 1'8");
    }
}

package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.map.PgId;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.ObjectStore.Outcome;
import io.roost.cluster.store.StoreTransaction.RowChange;
import io.roost.cluster.store.StoreTransaction.RowChange.DeleteRow;
import io.roost.cluster.store.StoreTransaction.RowChange.PutRow;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an {@link ObjectStore} does over every pair of ports. */
public abstract class ObjectStoreContract {
    protected static final PgId PG = new PgId(1, 5);
    protected static final Locator LOCATOR = new Locator(1, Bytes.utf8("locator"));

    protected final BlockPool pool = new BlockPool(8);
    protected ObjectStore store;
    private long version;

    /** Opens the ports' store; the same one again when it was open before. */
    protected abstract ObjectStore open(StoreConfig config) throws Exception;

    @BeforeEach
    void openIt() throws Exception {
        store = open(StoreConfig.DEFAULT);
    }

    @AfterEach
    void closeIt() {
        assertThat(pool.out()).as("buffers not given back").isZero();
        store.close();
    }

    protected static Bytes name(String name) {
        return Bytes.utf8(name);
    }

    protected static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    protected StoreTransaction of(Mutation... mutations) {
        return new StoreTransaction(PG, LOCATOR, new ObjectVersion(1, ++version), List.of(mutations), List.of());
    }

    protected void commit(Mutation... mutations) {
        assertThat(store.commit(List.of(of(mutations)))).containsExactly(Outcome.COMMITTED);
    }

    protected static Mutation put(String name, byte[] body) {
        return new Mutation.Put(
                name(name), Bytes.utf8("attributes of " + name), Bytes.EMPTY, body == null ? null : Data.wrap(body));
    }

    protected byte[] body(String name, long offset, long length) {
        Data data = store.disk().body(LOCATOR, name(name), offset, length);
        if (data == null) {
            return null;
        }
        assertThat(data.isIntact()).isTrue();
        byte[] bytes = data.toArray();
        data.release();
        return bytes;
    }

    protected byte[] body(String name) {
        return body(name, 0, Long.MAX_VALUE);
    }

    @Test
    void anEntryHasVersionAttributesValueAndBody() {
        commit(new Mutation.Put(name("a"), name("attributes"), name("value"), Data.wrap(random(10))));
        Entry entry = store.disk().entry(LOCATOR, name("a"));
        assertThat(entry).isEqualTo(new Entry(new ObjectVersion(1, 1), name("attributes"), 5, 10));
        assertThat(store.memory().value(LOCATOR, name("a"))).isEqualTo(name("value"));
        assertThat(body("a")).isEqualTo(random(10));
        assertThat(store.disk().entry(LOCATOR, name("b"))).isNull();
        assertThat(store.disk().value(LOCATOR, name("b"))).isEqualTo(Bytes.EMPTY);
        assertThat(body("b")).isNull();
    }

    @Test
    void bodiesOfEverySizeComeBackByteForByteInEveryRange() {
        int[] sizes = {0, 1, 4095, 4096, 65535, 65536, 65537, 131072, 200_000, 1 << 20, (1 << 20) + 1};
        for (int size : sizes) {
            commit(put("s" + size, random(size)));
        }
        commit(put("none", null));
        assertThat(body("none")).isNull();
        Random random = new Random(3);
        for (int size : sizes) {
            byte[] all = random(size);
            assertThat(body("s" + size)).isEqualTo(all);
            for (int i = 0; i < 20; i++) {
                int offset = random.nextInt(size + 10);
                int length = random.nextInt(size + 10);
                int end = Math.min(size, offset + length);
                byte[] expected = offset < end ? java.util.Arrays.copyOfRange(all, offset, end) : new byte[0];
                assertThat(body("s" + size, offset, length)).isEqualTo(expected);
            }
        }
    }

    @Test
    void aPutReplacesEverythingAndADeleteRemovesIt() {
        int[] sizes = {-1, 0, 100, 100_000, 300_000};
        for (int before : sizes) {
            for (int after : sizes) {
                Data first = before < 0 ? null : Data.wrap(random(before));
                Data second = after < 0 ? null : Data.wrap(random(after));
                commit(new Mutation.Put(name("x"), name("1"), name("value"), first));
                commit(new Mutation.Put(name("x"), name("2"), Bytes.EMPTY, second));
                assertThat(store.disk().value(LOCATOR, name("x"))).isEqualTo(Bytes.EMPTY);
                assertThat(body("x")).isEqualTo(after < 0 ? null : random(after));
                commit(new Mutation.Delete(name("x")));
                assertThat(store.disk().entry(LOCATOR, name("x"))).isNull();
                assertThat(body("x")).isNull();
            }
        }
        commit(new Mutation.Delete(name("x")));
        assertThat(store.disk().entry(LOCATOR, name("x"))).isNull();
    }

    @Test
    void setAttributesKeepsTheBody() {
        commit(put("small", random(100)), put("large", random(100_000)), put("none", null));
        commit(
                new Mutation.SetAttributes(name("small"), name("new"), name("value")),
                new Mutation.SetAttributes(name("large"), name("new"), name("value")),
                new Mutation.SetAttributes(name("none"), name("new"), name("value")));
        assertThat(body("small")).isEqualTo(random(100));
        assertThat(body("large")).isEqualTo(random(100_000));
        assertThat(body("none")).isNull();
        assertThat(store.disk().entry(LOCATOR, name("large")))
                .isEqualTo(new Entry(new ObjectVersion(1, 2), name("new"), 5, 100_000));
        assertThat(store.disk().value(LOCATOR, name("none"))).isEqualTo(name("value"));
    }

    @Test
    void laterTransactionsOfAGroupSeeEarlierOnes() {
        assertThat(store.commit(List.of(
                        of(put("a", random(100_000)), put("b", random(5))),
                        of(new Mutation.SetAttributes(name("a"), name("new"), Bytes.EMPTY)),
                        of(put("b", random(150_000))),
                        of(new Mutation.Delete(name("a")), put("c", random(70_000))),
                        of(put("c", random(7))))))
                .containsOnly(Outcome.COMMITTED);
        assertThat(store.disk().entry(LOCATOR, name("a"))).isNull();
        assertThat(body("a")).isNull();
        assertThat(body("b")).isEqualTo(random(150_000));
        assertThat(body("c")).isEqualTo(random(7));
    }

    @Test
    void cursorsStepOverTheNamesOfOneFamilyOfOneLocator() {
        commit(put("a", null), put("b", null), put("c", random(70_000)));
        commit(Mutation.Put.row(Bytes.of(0x80, 1), name("work")), Mutation.Put.row(Bytes.of(0xff), name("more")));
        Locator other = new Locator(1, Bytes.utf8("locatos"));
        store.commit(List.of(new StoreTransaction(
                PG, other, new ObjectVersion(1, 99), List.of(Mutation.Put.row(name("b"), name("other"))), List.of())));
        List<String> names = new ArrayList<>();
        try (StoreCursor cursor = store.disk().cursor(LOCATOR, Bytes.EMPTY)) {
            while (cursor.next()) {
                names.add(cursor.name().utf8());
            }
        }
        assertThat(names).containsExactly("a", "b", "c");
        try (StoreCursor cursor = store.disk().cursor(LOCATOR, name("b"), name("c"))) {
            assertThat(cursor.seek(name("a"))).isTrue();
            assertThat(cursor.name()).isEqualTo(name("b"));
            assertThat(cursor.entry().attributes()).isEqualTo(name("attributes of b"));
            assertThat(cursor.next()).isFalse();
        }
        try (StoreCursor cursor = store.disk().cursor(LOCATOR, Bytes.of(0x80))) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.name()).isEqualTo(Bytes.of(0x80, 1));
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.entry().attributes()).isEqualTo(name("more"));
            assertThat(cursor.next()).isFalse();
        }
        int pgNum = 8;
        int found = 0;
        for (int seed = 0; seed < pgNum; seed++) {
            KeyLayout.KeyRange range = KeyLayout.entriesOf(new PgId(1, seed), pgNum);
            try (EntryScan scan = store.disk().scan(Family.CATALOGUE, range)) {
                while (scan.next()) {
                    assertThat(store.disk()
                                    .entry(
                                            scan.entryKey().locator(),
                                            scan.entryKey().name()))
                            .isEqualTo(scan.entry());
                    found++;
                }
            }
        }
        assertThat(found).isEqualTo(4);
    }

    @Test
    void rowsOfTheLogAndOfMetaAreCommittedWithTheEntries() {
        Bytes log = KeyLayout.logEntry(PG, new ObjectVersion(1, 1));
        Bytes info = KeyLayout.meta(PG, "info");
        store.commit(List.of(new StoreTransaction(
                PG,
                LOCATOR,
                new ObjectVersion(1, 1),
                List.of(put("a", random(10))),
                List.of(
                        new RowChange.PutRow(Family.PGLOG, log, name("entry")),
                        new RowChange.PutRow(Family.META, info, name("info"))))));
        assertThat(store.memory().meta(info)).isEqualTo(name("info"));
        try (KeyValue.Cursor rows = store.disk().log(PG, ObjectVersion.NONE)) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.key()).isEqualTo(log);
            assertThat(rows.next()).isFalse();
        }
        store.commit(List.of(StoreTransaction.ofRows(
                PG, List.of(new RowChange.DeleteRow(Family.PGLOG, log), new RowChange.DeleteRow(Family.META, info)))));
        assertThat(store.disk().meta(info)).isNull();
        try (KeyValue.Cursor rows = store.disk().log(PG, ObjectVersion.NONE)) {
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void aSnapshotReadsBodiesThatWereReplacedSince() {
        commit(put("large", random(300_000)), put("small", random(10)));
        try (StoreReader snapshot = store.snapshot(Tier.DISK)) {
            for (int i = 0; i < 5; i++) {
                commit(put("large", random(300_001 + i)), new Mutation.Delete(name("small")));
            }
            Data old = snapshot.body(LOCATOR, name("large"), 0, Long.MAX_VALUE);
            assertThat(old.toArray()).isEqualTo(random(300_000));
            old.release();
            assertThat(snapshot.body(LOCATOR, name("small"), 0, 10).toArray()).isEqualTo(random(10));
        }
        assertThat(body("large")).isEqualTo(random(300_005));
    }

    @Test
    void freedSpaceIsUsedAgain() {
        for (int i = 0; i < 40; i++) {
            commit(put("a", random((1 << 20) - i)));
        }
        // Two bodies of 1 MiB are alive at a time, so 40 of them fit into what was grown for a few.
        assertThat(store.space().freeExtentBytes()).isLessThan(20 << 20);
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    /** S24: a body is replaced while somebody reads it, and what it took is not written over. */
    @Test
    void spaceIsNotUsedAgainDuringASnapshotThatMaySeeIt() {
        commit(put("a", random(1 << 20)));
        long before = store.space().freeExtentBytes();
        try (StoreReader snapshot = store.snapshot(Tier.DISK)) {
            commit(new Mutation.Delete(name("a")));
            commit(put("small", null));
            assertThat(store.space().freeExtentBytes()).isEqualTo(before);
            Data body = snapshot.body(LOCATOR, name("a"), 0, Long.MAX_VALUE);
            assertThat(body.toArray()).isEqualTo(random(1 << 20));
            body.release();
        }
        commit(put("small", null));
        assertThat(store.space().freeExtentBytes()).isEqualTo(before + (1 << 20));
    }

    @Test
    void verifyFindsNothingWrongBesideRunningCommits() {
        for (int i = 0; i < 30; i++) {
            commit(put("n" + i, random(i * 5000)));
        }
        try (StoreVerification verification = store.verify()) {
            int round = 0;
            while (!verification.isDone()) {
                assertThat(verification.step(3)).isEmpty();
                commit(
                        put("n" + round % 30, random(100_000 + round)),
                        new Mutation.Delete(name("n" + (round + 7) % 30)));
                round++;
            }
            assertThat(verification.rowsChecked()).isEqualTo(30 + 29);
        }
        assertThat(StoreModel.verify(store)).isEmpty();
    }

    @Test
    void bodiesInDataFilesAreAMissInMemory() {
        commit(put("large", random(100_000)));
        assertThatThrownBy(() -> store.memory().body(LOCATOR, name("large"), 0, 10))
                .isInstanceOf(StoreMiss.class);
    }

    @Test
    void dataThatIsNotIntactIsRefusedAndItsPlacementGroupHeld() {
        byte[] bytes = random(100);
        Data data = Data.wrap(bytes);
        bytes[50] ^= 1;
        StoreTransaction damaged = of(put("before", null), new Mutation.Put(name("a"), Bytes.EMPTY, Bytes.EMPTY, data));
        StoreTransaction next = of(put("b", null));
        StoreTransaction other = StoreTransaction.ofRows(
                new PgId(1, 6), List.of(new RowChange.PutRow(Family.META, name("m"), name("1"))));
        assertThat(store.commit(List.of(damaged, next, other)))
                .containsExactly(Outcome.DAMAGED, Outcome.HELD, Outcome.COMMITTED);
        assertThat(store.disk().entry(LOCATOR, name("before"))).isNull();
        assertThat(store.disk().entry(LOCATOR, name("b"))).isNull();
        store.resume(PG);
        commit(put("b", null));
    }

    @Test
    void everythingIsThereAfterReopening() throws Exception {
        commit(put("small", random(1000)), put("large", random(250_000)), put("gone", random(250_000)));
        commit(new Mutation.Delete(name("gone")));
        store.close();
        store = open(StoreConfig.DEFAULT);
        assertThat(body("small")).isEqualTo(random(1000));
        assertThat(body("large")).isEqualTo(random(250_000));
        assertThat(body("gone")).isNull();
        commit(put("more", random(400_000)));
        assertThat(body("large")).isEqualTo(random(250_000));
        assertThat(body("more")).isEqualTo(random(400_000));
    }

    private static PutRow metaRow(Bytes key, String value) {
        return new PutRow(Family.META, key, name(value));
    }

    @Test
    void aGroupScanStepsOverBothFamiliesInOrderOfKeys() {
        Random random = new Random(17);
        TreeMap<Bytes, ObjectVersion> expected = new TreeMap<>();
        List<StoreTransaction> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Locator locator = new Locator(1, name("l" + random.nextInt(9)));
            Bytes name = Bytes.of(random.nextInt(256), random.nextInt(256));
            ObjectVersion own = new ObjectVersion(1, i + 1);
            all.add(new StoreTransaction(PG, locator, own, List.of(Mutation.Put.row(name, Bytes.EMPTY)), List.of()));
            expected.put(KeyLayout.entry(locator, name), own);
        }
        store.commit(all);
        PgId whole = new PgId(1, 0);
        KeyLayout.KeyRange range = KeyLayout.entriesOf(whole, 1);
        assertThat(scan(range)).isEqualTo(expected).hasSizeGreaterThan(200);
        Bytes middle = new ArrayList<>(expected.keySet()).get(100);
        assertThat(scan(new KeyLayout.KeyRange(middle, range.end()))).isEqualTo(expected.tailMap(middle));
        Bytes behind = middle.concat(Bytes.of(0));
        assertThat(scan(new KeyLayout.KeyRange(range.begin(), behind))).isEqualTo(expected.headMap(behind));
    }

    private NavigableMap<Bytes, ObjectVersion> scan(KeyLayout.KeyRange range) {
        TreeMap<Bytes, ObjectVersion> found = new TreeMap<>();
        try (GroupScan scan = store.disk().scan(range)) {
            while (scan.next()) {
                assertThat(found.isEmpty() || found.lastKey().compareTo(scan.key()) < 0)
                        .isTrue();
                found.put(scan.key(), scan.entry().version());
            }
        }
        return found;
    }

    @Test
    void anEntryIsRecoveredWithItsOwnVersionTogetherWithTheRowThatSaidItWasMissing() {
        Bytes key = KeyLayout.entry(LOCATOR, name("a"));
        Bytes other = KeyLayout.entry(LOCATOR, Bytes.hex("80ff"));
        store.commit(List.of(StoreTransaction.ofRows(
                PG,
                List.of(
                        metaRow(KeyLayout.missing(PG, key), "need"),
                        metaRow(KeyLayout.missing(PG, other), "need"),
                        metaRow(KeyLayout.missing(new PgId(1, 6), key), "another's"),
                        metaRow(KeyLayout.meta(PG, "info"), "info")))));
        assertThat(missing()).containsExactlyInAnyOrder(key, other);
        ObjectVersion own = new ObjectVersion(3, 77);
        commit(put("a", random(100_000)));
        store.commit(List.of(new StoreTransaction(
                PG,
                LOCATOR,
                own,
                List.of(put("a", random(20))),
                List.of(new DeleteRow(Family.META, KeyLayout.missing(PG, key))))));
        assertThat(missing()).containsExactly(other);
        try (StoreReader snapshot = store.snapshot(Tier.DISK)) {
            assertThat(snapshot.entry(LOCATOR, name("a")).version()).isEqualTo(own);
            assertThat(snapshot.body(LOCATOR, name("a"), 0, Long.MAX_VALUE).toArray())
                    .isEqualTo(random(20));
        }
    }

    private List<Bytes> missing() {
        List<Bytes> found = new ArrayList<>();
        try (KeyValue.Cursor rows = store.disk().meta(KeyLayout.missingOf(PG))) {
            while (rows.next()) {
                found.add(KeyLayout.missingEntry(PG, rows.key()));
            }
        }
        return found;
    }

    @Test
    void placementGroupsAreThoseWithRows() {
        PgId logged = new PgId(300, 7);
        PgId described = new PgId(2, 70_000);
        assertThat(store.disk().placementGroups()).isEmpty();
        List<StoreTransaction> all = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            Bytes log = KeyLayout.logEntry(logged, new ObjectVersion(1, i));
            all.add(StoreTransaction.ofRows(logged, List.of(new PutRow(Family.PGLOG, log, Bytes.of(i)))));
        }
        all.add(StoreTransaction.ofRows(described, List.of(metaRow(KeyLayout.meta(described, "info"), "x"))));
        all.add(StoreTransaction.ofRows(logged, List.of(metaRow(KeyLayout.meta(logged, "info"), "x"))));
        store.commit(all);
        assertThat(store.disk().placementGroups()).containsExactly(described, logged);
    }
}

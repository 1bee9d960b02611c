package io.roost.cluster.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.ObjectStore.Outcome;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreFailedException;
import io.roost.cluster.store.StoreFinding;
import io.roost.cluster.store.StoreTransaction;
import io.roost.cluster.store.StoreTransaction.RowChange;
import io.roost.cluster.store.StoreVerification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;

/** Tables with a flipped byte: what is in the block is not served, everything else is, and a restart does not change that. */
class DamagedTableTest {
    private static final PgId PG = new PgId(1, 0);
    private static final Locator LOCATOR = new Locator(1, Bytes.utf8("locator"));
    private static final int ENTRIES = 500;

    @TempDir
    Path temp;

    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final BlockPool pool = new BlockPool(4);
    private Path sound;
    private Map<Family, String> tables;
    private Path folder;
    private RocksKeyValue rows;
    private ObjectStore store;
    private long version;
    private int copies;

    @BeforeEach
    void fill() throws Exception {
        sound = temp.resolve("sound");
        folder = sound;
        open();
        put(0, ENTRIES);
        close();
        open();
        rows.reclaim();
        rows.awaitReclaimed();
        close();
        tables = tables(sound.resolve("db"));
        assertThat(tables).containsKeys(Family.CATALOGUE, Family.DATA, Family.META, Family.PGLOG);
    }

    private void open() throws IOException {
        rows = RocksKeyValue.open(folder.resolve("db"), RocksConfig.forCapacity(256 << 20), failures::add);
        store = ObjectStore.open(StoreConfig.DEFAULT, rows, FileBlockFiles.open(folder.resolve("data")), pool);
    }

    private void close() {
        store.close();
    }

    private static Map<Family, String> tables(Path db) throws Exception {
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY));
        for (Family family : Family.values()) {
            byte[] name = family.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
            families.add(new ColumnFamilyDescriptor(name));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        Map<Family, String> tables = new EnumMap<>(Family.class);
        try (DBOptions options = new DBOptions();
                RocksDB readOnly = RocksDB.openReadOnly(options, db.toString(), families, handles)) {
            for (LiveFileMetaData file : readOnly.getLiveFilesMetaData()) {
                String family = new String(file.columnFamilyName(), StandardCharsets.US_ASCII);
                tables.put(
                        Family.valueOf(family.toUpperCase(Locale.ROOT)),
                        file.fileName().substring(1));
            }
            handles.forEach(ColumnFamilyHandle::close);
        }
        return tables;
    }

    private static Bytes name(int number) {
        return Bytes.utf8("n" + number);
    }

    private static byte[] body(int number) {
        byte[] bytes = new byte[number % 3 == 0 ? 20_000 : 300];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    private static Bytes attributes(int number) {
        byte[] bytes = new byte[300];
        new Random(-number).nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private void put(int from, int to) {
        put(IntStream.range(from, to).boxed().toList());
    }

    private void put(List<Integer> numbers) {
        List<StoreTransaction> group = new ArrayList<>();
        for (int number : numbers) {
            ObjectVersion next = new ObjectVersion(1, ++version);
            Mutation put = new Mutation.Put(name(number), attributes(number), Bytes.EMPTY, Data.wrap(body(number)));
            RowChange log = new RowChange.PutRow(Family.PGLOG, KeyLayout.logEntry(PG, next), name(number));
            RowChange info = new RowChange.PutRow(Family.META, KeyLayout.meta(PG, "info" + number), attributes(number));
            group.add(new StoreTransaction(PG, LOCATOR, next, List.of(put), List.of(log, info)));
        }
        assertThat(store.commit(group)).containsOnly(Outcome.COMMITTED);
    }

    /** Which entries are served, and rightly; all others must be told to be damaged. */
    private List<Integer> served() {
        List<Integer> served = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            try {
                assertThat(store.disk().entry(LOCATOR, name(i)).attributes()).isEqualTo(attributes(i));
                Data body = store.disk().body(LOCATOR, name(i), 0, Long.MAX_VALUE);
                assertThat(body.toArray()).as("body %d", i).isEqualTo(body(i));
                body.release();
                served.add(i);
            } catch (ChecksumException damaged) {
                assertThat(damaged.name()).isEqualTo(name(i));
            }
        }
        return served;
    }

    /** A copy of the sound store with one byte of a table changed. */
    private Path damaged(Family family, long at) throws IOException {
        folder = temp.resolve("copy-" + ++copies);
        for (String sub : List.of("db", "data")) {
            Files.createDirectories(folder.resolve(sub));
            try (Stream<Path> files = Files.list(sound.resolve(sub))) {
                for (Path file : files.filter(f -> !f.endsWith("LOCK")).toList()) {
                    Files.copy(file, folder.resolve(sub).resolve(file.getFileName()));
                }
            }
        }
        Path table = folder.resolve("db").resolve(tables.get(family));
        byte[] bytes = Files.readAllBytes(table);
        bytes[(int) at] ^= 0x20;
        Files.write(table, bytes);
        return table;
    }

    private long size(Family family) throws IOException {
        return Files.size(sound.resolve("db").resolve(tables.get(family)));
    }

    @Test
    void aDamagedBlockOfEntriesIsNotServedAndTheRestIs() throws IOException {
        for (Family family : List.of(Family.CATALOGUE, Family.DATA)) {
            for (int part = 1; part < 8; part += 2) {
                Path table = damaged(family, size(family) * part / 10);
                open();
                List<Integer> served = served();
                assertThat(served).hasSizeBetween(ENTRIES / 4, ENTRIES - 1);
                assertThat(findings()).extracting(StoreFinding::kind).contains(StoreFinding.Kind.DAMAGED);
                List<Integer> more = new ArrayList<>(served.subList(0, 50));
                more.addAll(IntStream.range(ENTRIES, ENTRIES + 50).boxed().toList());
                putInSpiteOf(table, more);
                close();
                open();
                assertThat(served()).isEqualTo(served);
                close();
                assertThat(failures).allSatisfy(failure -> assertThat(failure).contains(table.toString()));
                failures.clear();
            }
        }
    }

    /** RocksDB may compact at any time, and finds the damage then: that stops the store, once. */
    private void putInSpiteOf(Path table, List<Integer> numbers) throws IOException {
        try {
            put(numbers);
        } catch (StoreFailedException stopped) {
            assertThat(failures.get(0)).contains(table.toString());
            close();
            failures.clear();
            open();
            put(numbers);
        }
    }

    private List<StoreFinding> findings() {
        List<StoreFinding> findings = new ArrayList<>();
        try (StoreVerification verification = store.verify()) {
            while (!verification.isDone()) {
                findings.addAll(verification.step(100));
            }
        }
        return findings;
    }

    @Test
    void entriesWhoseBodyIsDamagedCanBeReplaced() throws IOException {
        Path table = damaged(Family.DATA, size(Family.DATA) / 10);
        open();
        List<Integer> damaged =
                new ArrayList<>(IntStream.range(0, ENTRIES).boxed().toList());
        damaged.removeAll(served());
        assertThat(damaged).isNotEmpty();
        putInSpiteOf(table, damaged);
        assertThat(served()).hasSize(ENTRIES);
        close();
        open();
        assertThat(served()).hasSize(ENTRIES);
        close();
    }

    @Test
    void aDamagedRowThatEverythingRestsOnKeepsTheStoreFromOpening() throws IOException {
        Path table = damaged(Family.META, size(Family.META) * 3 / 4);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining(table.getFileName().toString());
    }

    @Test
    void damageOutsideOfBlocksNamesTheTable() throws IOException {
        for (long fromEnd : new long[] {2, 30, 100, 400}) {
            Path table = damaged(Family.CATALOGUE, size(Family.CATALOGUE) - fromEnd);
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreFailedException.class)
                    .hasMessageContaining(table.getFileName().toString());
        }
    }

    @Test
    void aTableThatCannotBeCompactedStopsTheStoreOnceAndIsThenLeftAlone() throws Exception {
        Path table = damaged(Family.CATALOGUE, size(Family.CATALOGUE) / 2);
        byte[] damagedBytes = Files.readAllBytes(table);
        open();
        List<Integer> served = served();
        put(served.subList(0, 20));
        rows.reclaim();
        rows.awaitReclaimed();
        assertThat(failures.get(0))
                .contains(table.toString())
                .contains(folder.resolve("db/damaged-tables").toString());
        assertThatThrownBy(() -> put(0, 1)).isInstanceOf(StoreFailedException.class);
        close();
        failures.clear();
        // RocksDB merges tables of level 0 when there are four.
        for (int start = 0; start < 6; start++) {
            open();
            assertThat(store.damage()).hasSize(1);
            assertThat(store.damage().get(0).detail()).contains(table.toString());
            assertThat(served()).isEqualTo(served);
            put(ENTRIES, ENTRIES + 10);
            put(served.subList(0, 10));
            rows.reclaim();
            close();
        }
        assertThat(failures).isEmpty();
        assertThat(Files.readAllBytes(table)).isEqualTo(damagedBytes);
        // The disk is right again, and the administrator says so.
        Files.copy(sound.resolve("db").resolve(table.getFileName()), table, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(folder.resolve("db/damaged-tables"));
        open();
        assertThat(store.damage()).isEmpty();
        rows.reclaim();
        rows.awaitReclaimed();
        assertThat(served()).hasSize(ENTRIES);
        close();
        assertThat(failures).isEmpty();
    }
}

package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link KeyValue} keeps to. */
public abstract class KeyValueContract {
    protected KeyValue store;

    /** Opens the store; the same one again when it was open before. */
    protected abstract KeyValue open() throws Exception;

    /** Moves what was written as far from memory as the store can. */
    protected void settle() throws Exception {}

    @BeforeEach
    void openIt() throws Exception {
        store = open();
    }

    @AfterEach
    void closeIt() {
        store.close();
    }

    private static Bytes text(String text) {
        return Bytes.utf8(text);
    }

    private List<String> keys(KeyValueReads reads, Family family, String from, String to) {
        List<String> found = new ArrayList<>();
        try (KeyValue.Cursor cursor = reads.cursor(family, text(from), text(to), Tier.DISK)) {
            while (cursor.next()) {
                found.add(cursor.key().utf8() + "=" + cursor.value().utf8());
            }
        }
        return found;
    }

    @Test
    void readsWhatWasWrittenInItsFamilyOnly() {
        store.write(
                new KeyValueBatch().put(Family.CATALOGUE, text("k"), text("c")).put(Family.META, text("k"), text("m")));
        assertThat(store.get(Family.CATALOGUE, text("k"), Tier.DISK)).isEqualTo(text("c"));
        assertThat(store.get(Family.META, text("k"), Tier.MEMORY)).isEqualTo(text("m"));
        assertThat(store.get(Family.WORK, text("k"), Tier.DISK)).isNull();
    }

    @Test
    void aValueMayBeEmptyOrOfTwoParts() {
        byte[] body = new byte[100_000];
        new Random(1).nextBytes(body);
        store.write(new KeyValueBatch()
                .put(Family.META, text("empty"), Bytes.EMPTY)
                .put(Family.DATA, text("parts"), text("head"), Data.wrap(body)));
        assertThat(store.get(Family.META, text("empty"), Tier.DISK)).isEqualTo(Bytes.EMPTY);
        assertThat(store.get(Family.DATA, text("parts"), Tier.DISK))
                .isEqualTo(text("head").concat(Bytes.wrap(body)));
    }

    @Test
    void laterChangesOfABatchWin() {
        store.write(new KeyValueBatch()
                .put(Family.META, text("a"), text("1"))
                .delete(Family.META, text("a"))
                .put(Family.META, text("b"), text("1"))
                .put(Family.META, text("b"), text("2"))
                .delete(Family.META, text("never there")));
        assertThat(keys(store, Family.META, "", "z")).containsExactly("b=2");
        store.write(new KeyValueBatch().singleDelete(Family.PGLOG, text("x")).put(Family.PGLOG, text("y"), text("1")));
        store.write(new KeyValueBatch().singleDelete(Family.PGLOG, text("y")));
        assertThat(keys(store, Family.PGLOG, "", "z")).isEmpty();
    }

    @Test
    void cursorsStepInByteOrderWithinTheirRange() {
        store.write(new KeyValueBatch()
                .put(Family.META, Bytes.of('b', 0xff), text("2"))
                .put(Family.META, Bytes.of('b'), text("1"))
                .put(Family.META, Bytes.of('c'), text("3"))
                .put(Family.META, Bytes.of('a'), text("0")));
        try (KeyValue.Cursor cursor = store.cursor(Family.META, text("b"), text("c"), Tier.DISK)) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.key()).isEqualTo(text("b"));
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.key()).isEqualTo(Bytes.of('b', 0xff));
            assertThat(cursor.next()).isFalse();
        }
        try (KeyValue.Cursor cursor = store.cursor(Family.META, text("b"), KeyValue.LAST, Tier.MEMORY)) {
            assertThat(cursor.seek(text("a"))).isTrue();
            assertThat(cursor.key()).isEqualTo(text("b"));
            assertThat(cursor.seek(text("bb"))).isTrue();
            assertThat(cursor.value()).isEqualTo(text("2"));
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.key()).isEqualTo(text("c"));
            assertThat(cursor.seek(text("d"))).isFalse();
            assertThat(cursor.seek(text("b"))).isTrue();
            assertThat(cursor.value()).isEqualTo(text("1"));
        }
        try (KeyValue.Cursor cursor = store.cursor(Family.META, text("b"), text("b"), Tier.DISK)) {
            assertThat(cursor.next()).isFalse();
            assertThat(cursor.seek(text("b"))).isFalse();
        }
    }

    @Test
    void aSnapshotAndAnOpenCursorDoNotSeeLaterChanges() {
        store.write(new KeyValueBatch().put(Family.META, text("a"), text("1")).put(Family.META, text("b"), text("1")));
        try (KeyValue.Snapshot snapshot = store.snapshot();
                KeyValue.Cursor cursor = store.cursor(Family.META, text("a"), text("z"), Tier.DISK)) {
            store.write(new KeyValueBatch()
                    .put(Family.META, text("a"), text("2"))
                    .delete(Family.META, text("b"))
                    .put(Family.META, text("c"), text("2")));
            assertThat(snapshot.get(Family.META, text("a"), Tier.DISK)).isEqualTo(text("1"));
            assertThat(keys(snapshot, Family.META, "", "z")).containsExactly("a=1", "b=1");
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.value()).isEqualTo(text("1"));
        }
        assertThat(keys(store, Family.META, "", "z")).containsExactly("a=2", "c=2");
    }

    @Test
    void whatWasWrittenIsThereAfterReopening() throws Exception {
        store.write(new KeyValueBatch().put(Family.CATALOGUE, text("k"), text("v")));
        store.close();
        store = open();
        assertThat(store.get(Family.CATALOGUE, text("k"), Tier.DISK)).isEqualTo(text("v"));
    }

    @Test
    void memoryNeverTellsAnythingButTheTruth() throws Exception {
        KeyValueBatch batch = new KeyValueBatch();
        for (int i = 0; i < 2000; i += 2) {
            batch.put(Family.CATALOGUE, text("k" + i), text("value " + i));
            batch.put(Family.DATA, text("k" + i), Bytes.EMPTY);
        }
        store.write(batch);
        settle();
        store.close();
        store = open();
        assertMemoryIsRightOrMisses();
        // Of other rows; now part of what the tables consist of is in memory, and part of it is not.
        store.get(Family.CATALOGUE, text("k1998"), Tier.DISK);
        store.get(Family.DATA, text("k1998"), Tier.DISK);
        assertMemoryIsRightOrMisses();
        for (int i = 0; i < 2000; i++) {
            store.get(Family.CATALOGUE, text("k" + i), Tier.DISK);
            store.get(Family.DATA, text("k" + i), Tier.DISK);
        }
        assertMemoryIsRightOrMisses();
    }

    private void assertMemoryIsRightOrMisses() {
        try (KeyValue.Snapshot snapshot = store.snapshot()) {
            for (KeyValueReads reads : List.of(store, snapshot)) {
                for (int i = 0; i < 2000; i++) {
                    boolean isThere = i % 2 == 0;
                    assertRightOrMiss(reads, Family.CATALOGUE, "k" + i, isThere ? text("value " + i) : null);
                    assertRightOrMiss(reads, Family.DATA, "k" + i, isThere ? Bytes.EMPTY : null);
                }
            }
        }
    }

    private static void assertRightOrMiss(KeyValueReads reads, Family family, String key, Bytes expected) {
        Bytes found;
        try {
            found = reads.get(family, text(key), Tier.MEMORY);
        } catch (StoreMiss miss) {
            return;
        }
        assertThat(found).as("%s of %s", key, family).isEqualTo(expected);
    }

    @Test
    void agreesWithASortedMapOverRandomBatches() throws Exception {
        long seed = 20;
        Random random = new Random(seed);
        TreeMap<Bytes, Bytes> model = new TreeMap<>();
        for (int round = 0; round < 300; round++) {
            KeyValueBatch batch = new KeyValueBatch();
            for (int i = random.nextInt(8); i >= 0; i--) {
                Bytes key = Bytes.utf8("k" + random.nextInt(200));
                if (random.nextInt(3) == 0) {
                    batch.delete(Family.CATALOGUE, key);
                    model.remove(key);
                } else {
                    Bytes value = Bytes.utf8("v" + random.nextInt());
                    batch.put(Family.CATALOGUE, key, value);
                    model.put(key, value);
                }
            }
            store.write(batch);
            Bytes from = Bytes.utf8("k" + random.nextInt(200));
            Bytes to = Bytes.utf8("k" + random.nextInt(200));
            if (from.compareTo(to) < 0) {
                TreeMap<Bytes, Bytes> seen = new TreeMap<>();
                try (KeyValue.Cursor cursor = store.cursor(Family.CATALOGUE, from, to, Tier.DISK)) {
                    while (cursor.next()) {
                        seen.put(cursor.key(), cursor.value());
                    }
                }
                assertThat(seen).as("seed %d round %d", seed, round).isEqualTo(model.subMap(from, to));
            }
            if (round % 100 == 99) {
                store.close();
                store = open();
            }
        }
    }
}

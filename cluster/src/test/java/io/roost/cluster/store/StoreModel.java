package io.roost.cluster.store;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** What a store must hold, as plain maps, and random transactions for it. */
final class StoreModel {
    static final PgId PG = new PgId(1, 0);
    private static final List<Locator> LOCATORS =
            List.of(new Locator(1, Bytes.utf8("one")), new Locator(1, Bytes.of('t', 0, 'w')));
    private static final int NAMES = 10;

    private final TreeMap<Bytes, String> rows;

    StoreModel() {
        this(Map.of());
    }

    private StoreModel(Map<Bytes, String> rows) {
        this.rows = new TreeMap<>(rows);
    }

    StoreModel copy() {
        return new StoreModel(rows);
    }

    private static String describe(ObjectVersion version, Bytes attributes, Bytes value, byte[] body) {
        return version + " " + attributes + " " + value + " "
                + (body == null ? "no body" : body.length + ":" + java.util.Arrays.hashCode(body));
    }

    /** A transaction that fits the state, and carries it out on the state. */
    StoreTransaction next(Random random, long number) {
        Locator locator = LOCATORS.get(random.nextInt(LOCATORS.size()));
        ObjectVersion version = new ObjectVersion(1, number);
        List<Mutation> mutations = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            mutations.add(mutation(random, locator, version));
        }
        List<RowChange> changes = new ArrayList<>();
        Bytes log = KeyLayout.logEntry(PG, version);
        changes.add(new RowChange.PutRow(Family.PGLOG, log, Bytes.utf8("log " + number)));
        rows.put(Bytes.of('l').concat(log), "log " + number);
        if (number > 5) {
            Bytes trimmed = KeyLayout.logEntry(PG, new ObjectVersion(1, number - 5));
            changes.add(new RowChange.DeleteRow(Family.PGLOG, trimmed));
            rows.remove(Bytes.of('l').concat(trimmed));
        }
        return new StoreTransaction(PG, locator, version, mutations, changes);
    }

    private Mutation mutation(Random random, Locator locator, ObjectVersion version) {
        int number = random.nextInt(NAMES);
        Bytes name = number == 0 ? Bytes.of(0x90, 1) : Bytes.utf8("n" + number);
        Bytes key = Bytes.of('c').concat(KeyLayout.entry(locator, name));
        String old = rows.get(key);
        Bytes attributes = Bytes.utf8("a" + random.nextInt(1000));
        Bytes value = random.nextBoolean() ? Bytes.EMPTY : Bytes.utf8("v" + random.nextInt(1000));
        int kind = random.nextInt(10);
        if (kind < 3) {
            rows.remove(key);
            return new Mutation.Delete(name);
        }
        if (kind == 3 && old != null) {
            String body = old.substring(old.indexOf(' ', old.indexOf(' ', old.indexOf(' ') + 1) + 1) + 1);
            rows.put(key, version + " " + attributes + " " + value + " " + body);
            return new Mutation.SetAttributes(name, attributes, value);
        }
        byte[] body = body(random);
        rows.put(key, describe(version, attributes, value, body));
        return new Mutation.Put(name, attributes, value, body == null ? null : Data.wrap(body));
    }

    private static byte[] body(Random random) {
        int length = switch (random.nextInt(8)) {
            case 0 -> -1;
            case 1 -> 0;
            case 2 -> random.nextInt(1000);
            case 3 -> 140_000 + random.nextInt(10_000);
            case 4 -> 65536 + 4096 * random.nextInt(3);
            default -> 1 + random.nextInt(20_000);
        };
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** What a store holds, in the form of a model. */
    static StoreModel read(ObjectStore store) {
        TreeMap<Bytes, String> rows = new TreeMap<>();
        StoreReader reader = store.disk();
        for (Family family : List.of(Family.CATALOGUE, Family.WORK)) {
            try (EntryScan scan = reader.scan(family, new KeyLayout.KeyRange(Bytes.of(0), KeyValue.LAST))) {
                while (scan.next()) {
                    Locator locator = scan.entryKey().locator();
                    Bytes name = scan.entryKey().name();
                    Entry entry = scan.entry();
                    Data body = reader.body(locator, name, 0, Long.MAX_VALUE);
                    byte[] bytes = body == null ? null : body.toArray();
                    if (body != null) {
                        body.release();
                    }
                    Bytes value = reader.value(locator, name);
                    rows.put(
                            Bytes.of('c').concat(scan.key()),
                            describe(entry.version(), entry.attributes(), value, bytes));
                }
            }
        }
        try (KeyValue.Cursor log = reader.log(PG, ObjectVersion.NONE)) {
            while (log.next()) {
                rows.put(Bytes.of('l').concat(log.key()), log.value().utf8());
            }
        }
        return new StoreModel(rows);
    }

    /** All findings of a full verification. */
    static List<StoreFinding> verify(ObjectStore store) {
        List<StoreFinding> findings = new ArrayList<>();
        try (StoreVerification verification = store.verify()) {
            while (!verification.isDone()) {
                findings.addAll(verification.step(7));
            }
        }
        return findings;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoreModel that && rows.equals(that.rows);
    }

    @Override
    public int hashCode() {
        return rows.hashCode();
    }

    @Override
    public String toString() {
        return rows.toString();
    }
}

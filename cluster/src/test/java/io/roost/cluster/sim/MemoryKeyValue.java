package io.roost.cluster.sim;

import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.StoreFailedException;
import io.roost.cluster.store.Tier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * A {@link KeyValue} on a {@link SimDisk}: sorted maps, and a log of batches that are durable once it is synced. At a
 * power loss any number of the oldest un-synced batches survive, each as a whole, as with a log of checksummed records.
 * Reads of tier MEMORY miss as often as the disk says, and rows can be made unreadable. Closing it does nothing, so that it can be opened again.
 */
public final class MemoryKeyValue implements KeyValue {
    private final SimDisk disk;
    private Rows rows = new Rows();
    private Rows durable = new Rows();
    private final List<List<Row>> unsynced = new ArrayList<>();
    private final Map<Family, Set<Bytes>> unreadable = new EnumMap<>(Family.class);

    /** An empty store. */
    public MemoryKeyValue(SimDisk disk) {
        this.disk = disk;
        disk.onRestart(this::restart);
    }

    /** A row as a batch leaves it: its value, or null when it is removed. */
    private record Row(Family family, Bytes key, Bytes value) {}

    /** The rows of a family. */
    private static final class Table {
        private final NavigableMap<Bytes, Bytes> rows;
        /** Cursors and snapshots that read this state: as long as there are any, a change is made in a copy. */
        private int holders;

        Table(NavigableMap<Bytes, Bytes> rows) {
            this.rows = rows;
        }

        Table copy() {
            return new Table(new TreeMap<>(rows));
        }
    }

    /** A state: rows by family. */
    private static final class Rows {
        private final Map<Family, Table> tables = new EnumMap<>(Family.class);
        private long sizeBytes;

        Rows() {
            for (Family family : Family.values()) {
                tables.put(family, new Table(new TreeMap<>()));
            }
        }

        Rows copy() {
            Rows copy = new Rows();
            copy.tables.replaceAll((family, none) -> tables.get(family).copy());
            copy.sizeBytes = sizeBytes;
            return copy;
        }

        void apply(List<Row> batch) {
            for (Row row : batch) {
                Table table = tables.get(row.family());
                if (table.holders > 0) {
                    table = table.copy();
                    tables.put(row.family(), table);
                }
                int length = row.key().length();
                Bytes old = row.value() == null ? table.rows.remove(row.key()) : table.rows.put(row.key(), row.value());
                sizeBytes += row.value() == null ? 0 : length + row.value().length();
                sizeBytes -= old == null ? 0 : length + old.length();
            }
        }
    }

    private static List<Row> rows(KeyValueBatch batch) {
        List<Row> rows = new ArrayList<>(batch.size());
        for (KeyValueBatch.Change change : batch.changes()) {
            Bytes value = change.kind() == KeyValueBatch.Kind.PUT
                    ? change.head().concat(Bytes.wrap(change.body().toArray()))
                    : null;
            rows.add(new Row(change.family(), change.key(), value));
        }
        return rows;
    }

    private Bytes get(Table table, Family family, Bytes key, Tier tier) {
        missOn(tier);
        checkReadable(family, key);
        return table.rows.get(key);
    }

    /** Makes a row unreadable, durably: bit rot in its block. */
    public void spoil(Family family, Bytes key) {
        unreadable.computeIfAbsent(family, f -> new HashSet<>()).add(key);
    }

    /** Flips a bit of the last byte of a row, durably: what a checksum within the row has to notice. */
    public void flipLast(Family family, Bytes key) {
        flip(family, key, -1);
    }

    /** Flips a bit of the first byte of a row, its format, durably: it is nonsense then. */
    public void flipFirst(Family family, Bytes key) {
        flip(family, key, 0);
    }

    private void flip(Family family, Bytes key, int at) {
        for (Rows state : List.of(rows, durable)) {
            state.tables.get(family).rows.computeIfPresent(key, (same, value) -> {
                byte[] bytes = value.array().clone();
                bytes[Math.floorMod(at, bytes.length)] ^= 4;
                return Bytes.wrap(bytes);
            });
        }
    }

    /** Makes all rows readable again. */
    public void heal() {
        unreadable.clear();
    }

    private void checkReadable(Family family, Bytes key) {
        if (unreadable.getOrDefault(family, Set.of()).contains(key)) {
            throw new ChecksumException("row " + key + " of " + family + " cannot be read");
        }
    }

    private void missOn(Tier tier) {
        if (tier == Tier.MEMORY && disk.isMiss()) {
            throw new StoreMiss();
        }
    }

    private final class TableCursor implements Cursor {
        private final Family family;
        private final Table table;
        private final NavigableMap<Bytes, Bytes> range;
        private final Tier tier;
        private Map.Entry<Bytes, Bytes> at;
        private boolean isPlaced;
        private boolean isClosed;

        TableCursor(Family family, Table table, Bytes from, Bytes to, Tier tier) {
            this.family = family;
            this.table = table;
            this.tier = tier;
            range = from.compareTo(to) < 0 ? table.rows.subMap(from, true, to, false) : new TreeMap<>();
            table.holders++;
        }

        @Override
        public boolean next() {
            checkOpen();
            if (!isPlaced) {
                at = range.firstEntry();
            } else if (at != null) {
                at = range.higherEntry(at.getKey());
            }
            return place();
        }

        @Override
        public boolean seek(Bytes key) {
            checkOpen();
            at = range.ceilingEntry(key);
            return place();
        }

        /** Rows may change under one that is closed. */
        private void checkOpen() {
            if (isClosed) {
                throw new IllegalStateException("the cursor is closed");
            }
            missOn(tier);
        }

        private boolean place() {
            isPlaced = true;
            if (at != null) {
                checkReadable(family, at.getKey());
            }
            return at != null;
        }

        @Override
        public Bytes key() {
            return at.getKey();
        }

        @Override
        public Bytes value() {
            return at.getValue();
        }

        @Override
        public void close() {
            table.holders -= isClosed ? 0 : 1;
            isClosed = true;
        }
    }

    /** The state when it was taken. */
    private final class State implements Snapshot {
        private final Map<Family, Table> tables = new EnumMap<>(rows.tables);
        private boolean isClosed;

        State() {
            tables.values().forEach(table -> table.holders++);
        }

        private Table table(Family family) {
            if (isClosed) {
                throw new IllegalStateException("the snapshot is closed");
            }
            return tables.get(family);
        }

        @Override
        public Bytes get(Family family, Bytes key, Tier tier) {
            return MemoryKeyValue.this.get(table(family), family, key, tier);
        }

        @Override
        public Cursor cursor(Family family, Bytes from, Bytes to, Tier tier) {
            return new TableCursor(family, table(family), from, to, tier);
        }

        @Override
        public void close() {
            if (!isClosed) {
                tables.values().forEach(table -> table.holders--);
            }
            isClosed = true;
        }
    }

    @Override
    public Bytes get(Family family, Bytes key, Tier tier) {
        return get(rows.tables.get(family), family, key, tier);
    }

    @Override
    public Cursor cursor(Family family, Bytes from, Bytes to, Tier tier) {
        return new TableCursor(family, rows.tables.get(family), from, to, tier);
    }

    @Override
    public Snapshot snapshot() {
        return new State();
    }

    @Override
    public void write(KeyValueBatch batch) {
        try {
            long before = rows.sizeBytes;
            List<Row> changed = rows(batch);
            unsynced.add(changed);
            disk.step("write rows");
            rows.apply(changed);
            disk.take(rows.sizeBytes - before);
            disk.step("sync rows");
            if (!disk.has(SimDisk.Bug.SKIP_ROW_SYNC)) {
                unsynced.forEach(durable::apply);
                unsynced.clear();
            }
            disk.step("rows are durable");
        } catch (IOException e) {
            throw new StoreFailedException("rows cannot be written: " + e.getMessage(), e);
        }
    }

    private void restart() {
        int survivors = disk.random.nextInt(unsynced.size() + 1);
        unsynced.subList(0, survivors).forEach(durable::apply);
        unsynced.clear();
        disk.take(durable.sizeBytes - rows.sizeBytes);
        rows = durable.copy();
    }

    @Override
    public List<String> damage() {
        return List.of();
    }

    @Override
    public long sizeBytes() {
        return rows.sizeBytes;
    }

    @Override
    public void reclaim() {}

    @Override
    public void close() {}
}

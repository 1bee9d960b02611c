package io.roost.cluster.sim;

import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.KeyValueReads;
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
    private final List<KeyValueBatch> unsynced = new ArrayList<>();
    private final Map<Family, Set<Bytes>> unreadable = new EnumMap<>(Family.class);

    /** An empty store. */
    public MemoryKeyValue(SimDisk disk) {
        this.disk = disk;
        disk.onRestart(this::restart);
    }

    /** A state: rows by family. Copied before a change when somebody holds it. */
    private final class Rows implements KeyValueReads {
        private final Map<Family, TreeMap<Bytes, Bytes>> families = new EnumMap<>(Family.class);
        private boolean held;
        private long sizeBytes;

        Rows() {
            for (Family family : Family.values()) {
                families.put(family, new TreeMap<>());
            }
        }

        Rows copy() {
            Rows copy = new Rows();
            families.forEach((family, rows) -> copy.families.get(family).putAll(rows));
            copy.sizeBytes = sizeBytes;
            return copy;
        }

        void apply(KeyValueBatch batch) {
            for (KeyValueBatch.Change change : batch.changes()) {
                TreeMap<Bytes, Bytes> family = families.get(change.family());
                Bytes old;
                if (change.kind() == KeyValueBatch.Kind.PUT) {
                    Bytes value = change.head().concat(Bytes.wrap(change.body().toArray()));
                    old = family.put(change.key(), value);
                    sizeBytes += change.key().length() + value.length();
                } else {
                    old = family.remove(change.key());
                }
                sizeBytes -= old == null ? 0 : change.key().length() + old.length();
            }
        }

        @Override
        public Bytes get(Family family, Bytes key, Tier tier) {
            missOn(tier);
            checkReadable(family, key);
            return families.get(family).get(key);
        }

        @Override
        public Cursor cursor(Family family, Bytes from, Bytes to, Tier tier) {
            held = true;
            NavigableMap<Bytes, Bytes> range =
                    from.compareTo(to) < 0 ? families.get(family).subMap(from, true, to, false) : new TreeMap<>();
            return new MapCursor(family, range, tier);
        }
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
            state.families.get(family).computeIfPresent(key, (same, value) -> {
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

    private final class MapCursor implements Cursor {
        private final Family family;
        private final NavigableMap<Bytes, Bytes> range;
        private final Tier tier;
        private Map.Entry<Bytes, Bytes> at;
        private boolean placed;

        MapCursor(Family family, NavigableMap<Bytes, Bytes> range, Tier tier) {
            this.family = family;
            this.range = range;
            this.tier = tier;
        }

        @Override
        public boolean next() {
            missOn(tier);
            if (!placed) {
                at = range.firstEntry();
            } else if (at != null) {
                at = range.higherEntry(at.getKey());
            }
            placed = true;
            return isPlaced();
        }

        private boolean isPlaced() {
            if (at != null) {
                checkReadable(family, at.getKey());
            }
            return at != null;
        }

        @Override
        public boolean seek(Bytes key) {
            missOn(tier);
            placed = true;
            at = range.ceilingEntry(key);
            return isPlaced();
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
        public void close() {}
    }

    @Override
    public Bytes get(Family family, Bytes key, Tier tier) {
        return rows.get(family, key, tier);
    }

    @Override
    public Cursor cursor(Family family, Bytes from, Bytes to, Tier tier) {
        return rows.cursor(family, from, to, tier);
    }

    @Override
    public Snapshot snapshot() {
        rows.held = true;
        Rows state = rows;
        return new Snapshot() {
            @Override
            public Bytes get(Family family, Bytes key, Tier tier) {
                return state.get(family, key, tier);
            }

            @Override
            public Cursor cursor(Family family, Bytes from, Bytes to, Tier tier) {
                return state.cursor(family, from, to, tier);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void write(KeyValueBatch batch) {
        try {
            if (rows.held) {
                rows = rows.copy();
            }
            long before = rows.sizeBytes;
            unsynced.add(batch);
            disk.step("write rows");
            rows.apply(batch);
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

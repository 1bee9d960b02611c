package io.roost.cluster.store;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.CatalogueRow.Place;
import io.roost.cluster.store.ObjectStore.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The transactions of one commit, made into one batch of rows, bodies to be written, and extents that become free.
 * A transaction sees what those before it in the group do. What it takes is given back when it is refused.
 */
final class CommitGroup {
    /** {@link Growth#SMALL_BYTES} when half of the reserve is gone. */
    private static final long TINY_GROWTH_BYTES = 128;

    private final KeyValue keyValue;
    private final DataFiles files;
    private final SpaceGauge gauge;
    private final int inlineBytes;

    private final KeyValueBatch batch = new KeyValueBatch();
    private final Map<Bytes, State> states = new HashMap<>();
    private final List<Body> bodies = new ArrayList<>();
    private final List<Extent> freed = new ArrayList<>();
    private final Map<PgId, PgUsage> usageChanges = new TreeMap<>();
    private long rowBytes;
    private long reclaimableBytes;

    // Of the transaction being planned.
    private final Map<Bytes, State> ownStates = new HashMap<>();
    private long growth;
    private long ownInlineBytes;
    private PgUsage ownUsage = PgUsage.NONE;
    /** What is being planned. */
    private StoreTransaction own;

    private Outcome outcome;

    CommitGroup(KeyValue keyValue, DataFiles files, SpaceGauge gauge, int inlineBytes) {
        this.keyValue = keyValue;
        this.files = files;
        this.gauge = gauge;
        this.inlineBytes = inlineBytes;
    }

    /**
     * An entry as the group leaves it so far, and its body's space; a null row means that it does not exist. One whose row
     * is nonsense has the row that can be guessed: it can be replaced and deleted, and stays nonsense when its attributes
     * alone are changed.
     */
    private record State(CatalogueRow row, List<Extent> extents, boolean isNonsense) {
        static final State ABSENT = new State(null, List.of());

        State(CatalogueRow row, List<Extent> extents) {
            this(row, extents, false);
        }
    }

    /** A body and where it goes. */
    private record Body(Data data, List<Extent> extents) {}

    /** The rows of all transactions planned. */
    KeyValueBatch batch() {
        return batch;
    }

    /** Extents that are free once the batch is durable. */
    List<Extent> freed() {
        return freed;
    }

    /** About how many bytes the batch adds to the key-value store. */
    long rowBytes() {
        return rowBytes;
    }

    /** Bytes of rows that the batch removes or replaces: they take space until they are compacted. */
    long reclaimableBytes() {
        return reclaimableBytes;
    }

    /** What the transactions change of what placement groups take. */
    Map<PgId, PgUsage> usageChanges() {
        return usageChanges;
    }

    /** Writes all bodies; returns their bytes. */
    long writeBodies() throws IOException {
        long bytes = 0;
        for (Body body : bodies) {
            files.write(body.data(), body.extents());
            bytes += body.data().length();
        }
        return bytes;
    }

    /** Adds a transaction to the group, all of it or nothing. */
    Outcome plan(StoreTransaction transaction) throws IOException {
        for (Mutation mutation : transaction.mutations()) {
            if (mutation instanceof Mutation.Put put
                    && put.body() != null
                    && !put.body().isIntact()) {
                return Outcome.DAMAGED;
            }
        }
        int batchMark = batch.size();
        int bodiesMark = bodies.size();
        int freedMark = freed.size();
        ownStates.clear();
        growth = 0;
        ownInlineBytes = 0;
        ownUsage = PgUsage.NONE;
        outcome = Outcome.COMMITTED;
        own = transaction;
        planMutations(transaction);
        if (outcome == Outcome.COMMITTED && !hasRoom()) {
            outcome = Outcome.NO_SPACE;
        }
        if (outcome != Outcome.COMMITTED) {
            batch.truncate(batchMark);
            freed.subList(freedMark, freed.size()).clear();
            List<Body> own = bodies.subList(bodiesMark, bodies.size());
            own.forEach(body -> body.extents().forEach(files::release));
            own.clear();
            return outcome;
        }
        states.putAll(ownStates);
        if (!ownUsage.equals(PgUsage.NONE)) {
            usageChanges.merge(transaction.pg(), ownUsage, PgUsage::plus);
        }
        planRows(transaction.rows());
        rowBytes += Math.max(0, growth);
        return Outcome.COMMITTED;
    }

    private void planMutations(StoreTransaction transaction) throws IOException {
        Bytes prefix = transaction.locator() == null ? Bytes.EMPTY : KeyLayout.locator(transaction.locator());
        try {
            for (int i = 0; i < transaction.mutations().size() && outcome == Outcome.COMMITTED; i++) {
                Mutation mutation = transaction.mutations().get(i);
                plan(prefix.concat(mutation.name()), mutation, transaction.version());
            }
        } catch (ChecksumException | MalformedBytesException damagedEntry) {
            outcome = Outcome.DAMAGED;
        }
    }

    private boolean hasRoom() {
        long room = writableBytes() - rowBytes;
        if (ownInlineBytes > 0 || growth > Growth.SMALL_BYTES) {
            return room > growth;
        }
        return growth <= TINY_GROWTH_BYTES || !gauge.isReserveTouched();
    }

    private long writableBytes() {
        return own.isOwed() ? gauge.owedBytes() : gauge.growableBytes();
    }

    private void planRows(List<StoreTransaction.RowChange> rows) {
        for (StoreTransaction.RowChange change : rows) {
            if (change instanceof StoreTransaction.RowChange.PutRow put) {
                batch.put(put.family(), put.key(), put.value());
                rowBytes += put.key().length() + put.value().length() + Growth.ROW_OVERHEAD_BYTES;
            } else if (change.family() == Family.PGLOG) {
                batch.singleDelete(change.family(), change.key());
            } else {
                batch.delete(change.family(), change.key());
            }
        }
    }

    private void plan(Bytes key, Mutation mutation, ObjectVersion version) throws IOException {
        Family family = Mutation.isWork(mutation.name()) ? Family.WORK : Family.CATALOGUE;
        State old = state(family, key);
        State now;
        if (mutation instanceof Mutation.Put put) {
            now = planPut(key, put, version, old);
        } else if (mutation instanceof Mutation.SetAttributes set) {
            if (old.row() == null) {
                throw new IllegalStateException("attributes of an entry that does not exist: " + key);
            }
            if (old.isNonsense()) {
                // What was there must not come back when the disk gives the row's first bytes back after all.
                Bytes row = keyValue.get(family, key, Tier.DISK);
                batch.put(family, key, CatalogueRow.spoiled(row));
                return;
            }
            long bodyLength = old.row().entry().bodyLength();
            Entry entry = new Entry(version, set.attributes(), set.value().length(), bodyLength);
            now = new State(new CatalogueRow(entry, old.row().place()), old.extents());
            planValue(key, set.value(), old);
        } else {
            now = State.ABSENT;
            planValue(key, Bytes.EMPTY, old);
            dropBody(key, old, Place.NONE);
        }
        if (now.row() != null) {
            Bytes row = now.row().encode();
            batch.put(family, key, row);
            growth += key.length() + row.length() + Growth.ROW_OVERHEAD_BYTES;
        } else if (old.row() != null) {
            batch.delete(family, key);
        }
        if (old.row() != null) {
            replaced(key.length() + old.row().entry().attributes().length());
        }
        ownStates.put(key, now);
        if (family == Family.CATALOGUE) {
            ownUsage = ownUsage.plus(change(old.row(), now.row()));
        }
    }

    private static PgUsage change(CatalogueRow old, CatalogueRow now) {
        return new PgUsage((now == null ? 0 : 1) - (old == null ? 0 : 1), bytes(now) - bytes(old));
    }

    private static long bytes(CatalogueRow row) {
        if (row == null) {
            return 0;
        }
        Entry entry = row.entry();
        return entry.attributes().length() + entry.valueLength() + (entry.hasBody() ? entry.bodyLength() : 0);
    }

    private State planPut(Bytes key, Mutation.Put put, ObjectVersion version, State old) throws IOException {
        Data body = put.body();
        long length = body == null ? Entry.NO_BODY : body.length();
        Place place = body == null ? Place.NONE : length <= inlineBytes ? Place.INLINE : Place.EXTENTS;
        CatalogueRow row = new CatalogueRow(
                new Entry(version, put.attributes(), put.value().length(), length), place);
        planValue(key, put.value(), old);
        dropBody(key, old, row.hasInlineRow() ? Place.INLINE : place == Place.EXTENTS ? place : Place.NONE);
        if (row.hasInlineRow()) {
            Bytes head = InlineBody.head(body);
            batch.put(Family.DATA, KeyLayout.data(KeyLayout.INLINE_BODY, key), head, body);
            growth += key.length() + head.length() + length + Growth.ROW_OVERHEAD_BYTES;
            ownInlineBytes += length;
        }
        if (place != Place.EXTENTS) {
            return new State(row, List.of());
        }
        List<Extent> extents = allocate(Extent.roundUp(length));
        if (extents.isEmpty()) {
            outcome = Outcome.NO_SPACE;
            return State.ABSENT;
        }
        bodies.add(new Body(body, extents));
        ExtentsRow list = ExtentsRow.of(body, extents);
        Bytes encoded = list.encode();
        batch.put(Family.DATA, KeyLayout.data(KeyLayout.EXTENTS, key), encoded);
        growth += key.length() + encoded.length() + Growth.ROW_OVERHEAD_BYTES;
        return new State(row, extents);
    }

    private void planValue(Bytes key, Bytes value, State old) {
        boolean had = old.row() != null && (old.isNonsense() || old.row().hasValueRow());
        if (!value.isEmpty()) {
            batch.put(Family.DATA, KeyLayout.data(KeyLayout.VALUE, key), InlineBody.valueRow(value));
            growth += key.length() + value.length() + Growth.ROW_OVERHEAD_BYTES;
        } else if (had) {
            batch.delete(Family.DATA, KeyLayout.data(KeyLayout.VALUE, key));
        }
        if (had) {
            replaced(key.length() + old.row().entry().valueLength());
        }
    }

    /** Removes the old body's row unless the new body replaces it, and frees its extents. */
    private void dropBody(Bytes key, State old, Place replacedBy) {
        if (old.row() == null) {
            return;
        }
        if (old.isNonsense() || old.row().hasInlineRow()) {
            if (replacedBy != Place.INLINE) {
                batch.delete(Family.DATA, KeyLayout.data(KeyLayout.INLINE_BODY, key));
            }
            replaced(key.length() + Math.max(0, old.row().entry().bodyLength()));
        }
        if (old.isNonsense() || old.row().hasExtentsRow()) {
            if (replacedBy != Place.EXTENTS) {
                batch.delete(Family.DATA, KeyLayout.data(KeyLayout.EXTENTS, key));
            }
            freed.addAll(old.extents());
        }
    }

    private void replaced(long bytes) {
        growth -= bytes + Growth.ROW_OVERHEAD_BYTES;
        reclaimableBytes += bytes + Growth.ROW_OVERHEAD_BYTES;
    }

    private State state(Family family, Bytes key) {
        State known = ownStates.get(key);
        if (known == null) {
            known = states.get(key);
        }
        if (known != null) {
            return known;
        }
        Bytes row = keyValue.get(family, key, Tier.DISK);
        if (row == null) {
            return State.ABSENT;
        }
        try {
            CatalogueRow catalogue = CatalogueRow.decode(row);
            return new State(catalogue, catalogue.hasExtentsRow() ? extents(key) : List.of());
        } catch (MalformedBytesException nonsense) {
            return new State(CatalogueRow.guess(row), extents(key), true);
        }
    }

    /**
     * The space that an entry gives back when it is replaced or deleted; none when nobody knows any more. That space is
     * found when the store is opened without the damaged row.
     */
    private List<Extent> extents(Bytes key) {
        try {
            Bytes list = keyValue.get(Family.DATA, KeyLayout.data(KeyLayout.EXTENTS, key), Tier.DISK);
            return list == null ? List.of() : ExtentsRow.decode(list).extents();
        } catch (ChecksumException | MalformedBytesException damaged) {
            return List.of();
        }
    }

    /** Takes free space, growing the files when no piece is long enough; empty when there is not so much. */
    private List<Extent> allocate(long bytes) throws IOException {
        ExtentAllocator allocator = files.allocator();
        if (allocator.longestBytes() < bytes) {
            long capacity = gauge.totalBytes();
            // Data files must not take what its rows need, nor those of others that are coming.
            long ownRowBytes =
                    Growth.of(own.locator(), own.mutations(), inlineBytes).rowBytes();
            long forRows = Math.max(rowBytes + ownRowBytes, gauge.rowsComing());
            long room = Extent.roundDown(writableBytes() - forRows);
            long step = Math.min(Math.max(bytes, DataFiles.stepBytes(capacity)), room);
            if (step >= bytes || allocator.freeBytes() + step >= bytes) {
                grow(step, capacity);
            }
        }
        return gauge.isReserveTouched() ? List.of() : allocator.allocate(bytes);
    }

    private void grow(long step, long capacity) throws IOException {
        if (step <= 0) {
            return;
        }
        try {
            long before = files.totalBytes();
            files.grow(step, capacity);
            gauge.wrote(files.totalBytes() - before);
        } catch (BlockFile.NoSpaceException e) {
            // Others filled the disk since it was measured; the body fits into what is free already, or is refused.
            gauge.measure();
        }
    }
}

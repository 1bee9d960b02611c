package io.roost.cluster.store;

import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.map.PgId;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ScrubDepth;
import io.roost.cluster.store.KeyLayout.KeyRange;
import java.nio.ByteBuffer;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads of a store, as far down as its tier allows: of the newest committed state at each call, or of one state until it
 * is closed. Readers of the newest state and snapshots are safe for any thread. Every read may throw {@link StoreMiss}
 * (tier {@link Tier#MEMORY} only) and {@link ChecksumException}.
 */
public final class StoreReader implements AutoCloseable {
    /** Reads of the newest state find a body that is just moving between a row and extents again within so many tries. */
    private static final int BODY_TRIES = 16;

    private final KeyValueReads reads;
    private final Tier tier;
    private final BodyReader bodies;
    private final StoreCounters counters;
    private final Runnable onClose;

    StoreReader(KeyValueReads reads, Tier tier, BodyReader bodies, StoreCounters counters, Runnable onClose) {
        this.reads = reads;
        this.tier = tier;
        this.bodies = bodies;
        this.counters = counters;
        this.onClose = onClose;
    }

    /** The entry of a name, or null. */
    public Entry entry(Locator locator, Bytes name) {
        CatalogueRow row = row(locator, name);
        return row == null ? null : row.entry();
    }

    private CatalogueRow row(Locator locator, Bytes name) {
        counters.gets.increment();
        try {
            Bytes row = reads.get(family(name), KeyLayout.entry(locator, name), tier);
            return row == null ? null : CatalogueRow.decode(row);
        } catch (ChecksumException | MalformedBytesException e) {
            throw damaged("row", locator, name, e);
        }
    }

    /** The value of an entry, empty when it has none or does not exist. */
    public Bytes value(Locator locator, Bytes name) {
        counters.gets.increment();
        try {
            Bytes row = reads.get(Family.DATA, KeyLayout.data(KeyLayout.VALUE, locator, name), tier);
            return row == null ? Bytes.EMPTY : InlineBody.value(row);
        } catch (ChecksumException | MalformedBytesException e) {
            throw damaged("value", locator, name, e);
        }
    }

    /**
     * Bytes {@code [offset, offset + length)} of an entry's body, verified; what lies beyond its end is left out. To be
     * released by the caller. Bodies in data files are always a miss in tier {@link Tier#MEMORY}.
     *
     * @return null when the entry has no body or does not exist
     */
    public Data body(Locator locator, Bytes name, long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("range of " + length + " bytes at " + offset);
        }
        try {
            for (int i = 0; i < BODY_TRIES; i++) {
                counters.gets.increment();
                Bytes inline = reads.get(Family.DATA, KeyLayout.data(KeyLayout.INLINE_BODY, locator, name), tier);
                Data body = inline != null
                        ? bodies.inline(inline, offset, length)
                        : bodyInExtents(locator, name, offset, length);
                if (body != null) {
                    counters.bodyBytesRead.add(body.length());
                    return body;
                }
                CatalogueRow row = row(locator, name);
                if (row == null || row.place() == CatalogueRow.Place.NONE) {
                    return null;
                }
                if (row.entry().bodyLength() == 0) {
                    return Data.EMPTY;
                }
            }
            throw new ChecksumException("the row with the body is missing");
        } catch (ChecksumException | MalformedBytesException e) {
            counters.checksumFailures.increment();
            throw damaged("body", locator, name, e);
        }
    }

    private Data bodyInExtents(Locator locator, Bytes name, long offset, long length) {
        // Begun before the row is read: from here on nothing it may name is used again.
        ReadGuards.Guard guard = bodies.guards().begin();
        try {
            counters.gets.increment();
            Bytes list = reads.get(Family.DATA, KeyLayout.data(KeyLayout.EXTENTS, locator, name), tier);
            if (list == null) {
                return null;
            }
            if (tier == Tier.MEMORY) {
                throw new StoreMiss();
            }
            return bodies.inExtents(ExtentsRow.decode(list), offset, length);
        } finally {
            guard.close();
        }
    }

    /**
     * A checksum over an entry, from one state: its body is read block by block and not kept.
     *
     * @param depth whether value and body are read, or what is recorded of them counts
     * @return null when there is no such entry
     * @throws ChecksumException when something of it is not as it was written, or missing
     */
    public EntryDigest digest(Locator locator, Bytes name, ScrubDepth depth) {
        CatalogueRow row = row(locator, name);
        if (row == null) {
            return null;
        }
        Entry entry = row.entry();
        ByteWriter canonical = new ByteWriter()
                .version(entry.version())
                .bytes(entry.attributes())
                .varint(entry.valueLength())
                .varint(entry.bodyLength() + 1);
        if (depth == ScrubDepth.DEEP) {
            Bytes value = value(locator, name);
            if (value.length() != entry.valueLength()) {
                throw new ChecksumException(
                        "value of " + locator + " / " + name + " has another length", locator, name, null);
            }
            canonical.raw(value);
        }
        try {
            digestBody(KeyLayout.entry(locator, name), row, depth, canonical);
        } catch (ChecksumException | MalformedBytesException e) {
            counters.checksumFailures.increment();
            throw damaged("body", locator, name, e);
        }
        long bytesRead = depth == ScrubDepth.DEEP && entry.hasBody() ? entry.bodyLength() : 0;
        return new EntryDigest(entry.version(), Data.crc32c(ByteBuffer.wrap(canonical.toArray())), bytesRead);
    }

    private void digestBody(Bytes key, CatalogueRow row, ScrubDepth depth, ByteWriter out) {
        long length = 0;
        if (row.hasInlineRow()) {
            Bytes inline = reads.get(Family.DATA, KeyLayout.data(KeyLayout.INLINE_BODY, key), tier);
            Data body = inline == null ? Data.EMPTY : InlineBody.decode(inline);
            if (depth == ScrubDepth.DEEP && !body.isIntact()) {
                throw new ChecksumException("a block in its row has another checksum");
            }
            body.blocks().forEach(block -> out.u32(block.crc32c()));
            length = body.length();
        } else if (row.hasExtentsRow()) {
            ReadGuards.Guard guard = bodies.guards().begin();
            try {
                Bytes list = reads.get(Family.DATA, KeyLayout.data(KeyLayout.EXTENTS, key), tier);
                if (list != null) {
                    ExtentsRow extents = ExtentsRow.decode(list);
                    if (depth == ScrubDepth.DEEP) {
                        bodies.verify(extents);
                    }
                    for (int block = 0; block < extents.blocks(); block++) {
                        out.u32(extents.crc32c(block));
                    }
                    length = extents.bodyLength();
                }
            } finally {
                guard.close();
            }
        }
        if (length != Math.max(0, row.entry().bodyLength())) {
            throw new ChecksumException(
                    "body of " + length + " bytes instead of " + row.entry().bodyLength());
        }
    }

    private static ChecksumException damaged(String what, Locator locator, Bytes name, RuntimeException cause) {
        String message = what + " of " + locator + " / " + name + ": " + cause.getMessage();
        return cause instanceof ChecksumException known && known.name() != null
                ? known
                : new ChecksumException(message, locator, name, cause);
    }

    /**
     * A cursor over the entries of names in {@code [from, to)}, all of one family.
     *
     * @param from empty for the first name below 0x80
     * @param to not below {@code from}
     */
    public StoreCursor cursor(Locator locator, Bytes from, Bytes to) {
        Bytes prefix = KeyLayout.locator(locator);
        return cursor(prefix, from, prefix.concat(to));
    }

    /** A cursor over the entries of names from the given one on, to the end of its family. */
    public StoreCursor cursor(Locator locator, Bytes from) {
        Bytes prefix = KeyLayout.locator(locator);
        return cursor(prefix, from, prefix.prefixEnd());
    }

    private StoreCursor cursor(Bytes prefix, Bytes from, Bytes end) {
        return new StoreCursor(reads.cursor(family(from), prefix.concat(from), end, tier), prefix, counters);
    }

    /**
     * A scan over entries by key, of any locators.
     *
     * @param family {@link Family#CATALOGUE} or {@link Family#WORK}
     * @param range as of {@link KeyLayout#entriesOf}
     */
    public EntryScan scan(Family family, KeyRange range) {
        counters.seeks.increment();
        return new EntryScan(reads.cursor(family, range.begin(), range.end(), tier), counters);
    }

    /** A scan over the entries of both families by key. */
    public GroupScan scan(KeyRange range) {
        return new GroupScan(scan(Family.CATALOGUE, range), scan(Family.WORK, range));
    }

    /** A cursor over the log rows of a placement group after a version, oldest first. */
    public KeyValue.Cursor log(PgId pg, ObjectVersion after) {
        counters.seeks.increment();
        Bytes from = KeyLayout.logEntry(pg, after).concat(Bytes.of(0));
        return reads.cursor(Family.PGLOG, from, KeyLayout.logOf(pg).end(), tier);
    }

    /** A row of the meta family, or null. */
    public Bytes meta(Bytes key) {
        counters.gets.increment();
        return reads.get(Family.META, key, tier);
    }

    /** A cursor over rows of the meta family. */
    public KeyValue.Cursor meta(KeyRange range) {
        counters.seeks.increment();
        return reads.cursor(Family.META, range.begin(), range.end(), tier);
    }

    /** The placement groups that have rows here. */
    public SortedSet<PgId> placementGroups() {
        SortedSet<PgId> found = new TreeSet<>();
        try (KeyValue.Cursor rows = reads.cursor(Family.PGLOG, Bytes.of(1), KeyValue.LAST, tier)) {
            for (boolean has = rows.next(); has; ) {
                PgId pg = KeyLayout.group(rows.key());
                found.add(pg);
                has = rows.seek(KeyLayout.logOf(pg).end());
            }
        }
        Bytes begin = Bytes.of(KeyLayout.GROUP);
        try (KeyValue.Cursor rows = meta(new KeyRange(begin, begin.prefixEnd()))) {
            for (boolean has = rows.next(); has; ) {
                PgId pg = KeyLayout.group(rows.key().slice(1, rows.key().length()));
                found.add(pg);
                has = rows.seek(KeyLayout.metaOf(pg).end());
            }
        }
        return found;
    }

    private static Family family(Bytes name) {
        return !name.isEmpty() && Mutation.isWork(name) ? Family.WORK : Family.CATALOGUE;
    }

    /** Ends a snapshot; does nothing for readers of the newest state. */
    @Override
    public void close() {
        onClose.run();
    }
}

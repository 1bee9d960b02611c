package io.roost.cluster.store;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.StoreFinding.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Checks one state of a store, a bounded step at a time, beside running commits and reads: every entry has its rows and
 * every row its entry, all checksums hold, extents lie apart from each other and from free space and nothing is lost
 * between them, log rows have no gap. Space that is freed meanwhile is not used again before it is closed. For one
 * thread.
 */
public final class StoreVerification implements AutoCloseable {
    /** A step ends when it has read so much of bodies. */
    private static final long MAX_STEP_BYTES = 8L << 20;

    private static final List<Family> ORDER = List.of(Family.CATALOGUE, Family.WORK, Family.DATA, Family.PGLOG);

    private final KeyValueReads rows;
    private final BodyReader bodies;
    private final Map<Integer, Long> fileSizes;
    private final Runnable onClose;
    private final TreeMap<Integer, BitSet> taken = new TreeMap<>();
    private final List<StoreFinding> found = new ArrayList<>();
    private int phase;
    private Bytes from = Bytes.of(0);
    private Bytes lastLogKey;
    private boolean extentsUnread;
    private long rowsChecked;
    private long bytesChecked;

    /**
     * Begins.
     *
     * @param free space of the same moment as the rows
     * @param fileSizes of the same moment
     */
    StoreVerification(
            KeyValueReads rows, BodyReader bodies, List<Extent> free, Map<Integer, Long> fileSizes, Runnable onClose) {
        this.rows = rows;
        this.bodies = bodies;
        this.fileSizes = fileSizes;
        this.onClose = onClose;
        fileSizes.forEach((file, size) -> taken.put(file, new BitSet((int) (size / Extent.UNIT_BYTES))));
        free.forEach(extent -> take(extent, detail -> StoreFinding.of(Kind.OVERLAPPING, "free space", detail)));
    }

    /** True when everything has been checked. */
    public boolean isDone() {
        return phase > ORDER.size();
    }

    /** Rows checked so far. */
    public long rowsChecked() {
        return rowsChecked;
    }

    /** Bytes of bodies read and verified so far. */
    public long bytesChecked() {
        return bytesChecked;
    }

    /**
     * Goes on.
     *
     * @param maxRows to be checked at most
     * @return what this step has found wrong
     */
    public List<StoreFinding> step(int maxRows) {
        if (phase == ORDER.size()) {
            checkSpace();
            phase++;
        } else if (phase < ORDER.size()) {
            Family family = ORDER.get(phase);
            try (KeyValue.Cursor cursor = rows.cursor(family, from, KeyValue.LAST, Tier.DISK)) {
                checkRows(family, cursor, maxRows);
            } catch (ChecksumException e) {
                String detail = "rows behind " + from.hex() + " cannot be read: " + e.getMessage();
                found.add(StoreFinding.of(Kind.DAMAGED, "family " + family, detail));
                skipDamaged(family);
            }
        }
        List<StoreFinding> findings = List.copyOf(found);
        found.clear();
        return findings;
    }

    private void checkRows(Family family, KeyValue.Cursor cursor, int maxRows) {
        long stopAt = bytesChecked + MAX_STEP_BYTES;
        for (int i = 0; i < maxRows && bytesChecked < stopAt; i++) {
            if (!cursor.next()) {
                nextPhase();
                return;
            }
            rowsChecked++;
            Bytes key = cursor.key();
            from = key.concat(Bytes.of(0));
            try {
                switch (family) {
                    case DATA -> checkDataRow(key, cursor.value());
                    case PGLOG -> checkLogRow(key);
                    default -> checkEntry(key, cursor.value());
                }
            } catch (ChecksumException | MalformedBytesException e) {
                found.add(StoreFinding.of(Kind.DAMAGED, family, key, String.valueOf(e.getMessage())));
            }
        }
    }

    /** Which key comes behind unreadable rows is not known; that of the next kind of rows is. */
    private void skipDamaged(Family family) {
        if (family != Family.DATA || from.at(0) >= KeyLayout.VALUE) {
            nextPhase();
        } else if (from.at(0) >= KeyLayout.EXTENTS) {
            // Whose space the unread lists name is not known, so nothing can be said of what is left over.
            extentsUnread = true;
            from = Bytes.of(KeyLayout.VALUE);
        } else {
            from = Bytes.of(KeyLayout.EXTENTS);
        }
    }

    private void nextPhase() {
        phase++;
        from = Bytes.of(0);
    }

    private void checkEntry(Bytes key, Bytes value) {
        CatalogueRow row = CatalogueRow.decode(value);
        KeyLayout.parse(key);
        if (row.hasValueRow()) {
            Bytes found = rows.get(Family.DATA, KeyLayout.data(KeyLayout.VALUE, key), Tier.DISK);
            expect(
                    key,
                    "value",
                    row.entry().valueLength(),
                    found == null ? -1 : InlineBody.value(found).length());
        }
        if (row.hasInlineRow()) {
            Bytes found = rows.get(Family.DATA, KeyLayout.data(KeyLayout.INLINE_BODY, key), Tier.DISK);
            Data body = found == null ? null : bodies.inline(found, 0, Long.MAX_VALUE);
            expect(key, "body", row.entry().bodyLength(), body == null ? -1 : body.length());
        }
        if (row.hasExtentsRow()) {
            Bytes found = rows.get(Family.DATA, KeyLayout.data(KeyLayout.EXTENTS, key), Tier.DISK);
            ExtentsRow list = found == null ? null : ExtentsRow.decode(found);
            expect(key, "body", row.entry().bodyLength(), list == null ? -1 : list.bodyLength());
            if (list != null) {
                bytesChecked += list.bodyLength();
                bodies.verify(list);
            }
        } else {
            bytesChecked += Math.max(0, row.entry().bodyLength());
        }
    }

    private void expect(Bytes key, String what, long expected, long actual) {
        if (expected != actual) {
            String detail = actual < 0
                    ? what + " of " + expected + " bytes has no row"
                    : what + " of " + expected + " bytes has a row of " + actual;
            found.add(StoreFinding.of(Kind.MISSING, Family.CATALOGUE, key, detail));
        }
    }

    private void checkDataRow(Bytes dataKey, Bytes value) {
        Bytes key = dataKey.slice(1, dataKey.length());
        KeyLayout.EntryKey named = KeyLayout.parse(key);
        Family family = Mutation.isWork(named.name()) ? Family.WORK : Family.CATALOGUE;
        Bytes entry = rows.get(family, key, Tier.DISK);
        CatalogueRow row = entry == null ? null : CatalogueRow.decode(entry);
        int kind = dataKey.at(0);
        boolean owned = row != null
                && (kind == KeyLayout.VALUE
                        ? row.hasValueRow()
                        : kind == KeyLayout.INLINE_BODY
                                ? row.hasInlineRow()
                                : kind == KeyLayout.EXTENTS && row.hasExtentsRow());
        if (!owned) {
            String detail = "row '" + (char) kind + "' of no entry";
            found.add(StoreFinding.of(Kind.ORPHANED, Family.DATA, dataKey, detail));
        }
        if (kind == KeyLayout.EXTENTS) {
            for (Extent extent : ExtentsRow.decode(value).extents()) {
                take(extent, detail -> StoreFinding.of(Kind.OVERLAPPING, Family.DATA, dataKey, detail));
            }
        }
    }

    private void take(Extent extent, Function<String, StoreFinding> finding) {
        BitSet units = taken.get(extent.file());
        int begin = (int) (extent.offset() / Extent.UNIT_BYTES);
        int end = (int) (extent.end() / Extent.UNIT_BYTES);
        if (units == null || extent.end() > fileSizes.get(extent.file())) {
            found.add(finding.apply("extent " + extent + " is behind the end of its file"));
            return;
        }
        int clash = units.nextSetBit(begin);
        if (clash >= 0 && clash < end) {
            found.add(finding.apply("extent " + extent + " is free space or another body's too"));
        }
        units.set(begin, end);
    }

    private void checkLogRow(Bytes key) {
        ObjectVersion version = KeyLayout.logVersion(key);
        Bytes last = lastLogKey;
        lastLogKey = key;
        int pgBytes = key.length() - 12;
        if (last == null || last.length() != key.length() || !key.startsWith(last.slice(0, pgBytes))) {
            return;
        }
        long expected = KeyLayout.logVersion(last).version() + 1;
        if (version.version() != expected) {
            String detail = "version " + version + " follows " + KeyLayout.logVersion(last);
            found.add(StoreFinding.of(
                    Kind.BROKEN_LOG, "log " + key.slice(0, pgBytes).hex(), detail));
        }
    }

    private void checkSpace() {
        if (extentsUnread) {
            return;
        }
        taken.forEach((file, units) -> {
            long lost = fileSizes.get(file) / Extent.UNIT_BYTES - units.cardinality();
            if (lost != 0) {
                String detail = lost * Extent.UNIT_BYTES + " bytes are neither free nor any body's";
                found.add(StoreFinding.of(Kind.LEAKED, "data file " + file, detail));
            }
        });
    }

    /** Ends; must be called. */
    @Override
    public void close() {
        onClose.run();
    }
}

package io.roost.cluster.pg.log;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreTransaction;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.ArrayList;
import java.util.List;

/** The rows of a placement group's log in the store: one for each entry. */
public final class LogRows {
    private LogRows() {}

    /**
     * The store transaction of one placement group transaction.
     *
     * @param row its log entry
     * @param trimmed versions whose entries are dropped
     * @param more other rows that change with it
     */
    public static StoreTransaction transaction(
            PgId pg,
            Locator locator,
            ObjectVersion version,
            List<Mutation> mutations,
            Bytes row,
            List<ObjectVersion> trimmed,
            List<RowChange> more) {
        List<RowChange> rows = new ArrayList<>(1 + trimmed.size() + more.size());
        rows.add(new RowChange.PutRow(Family.PGLOG, KeyLayout.logEntry(pg, version), row));
        for (ObjectVersion old : trimmed) {
            rows.add(new RowChange.DeleteRow(Family.PGLOG, KeyLayout.logEntry(pg, old)));
        }
        rows.addAll(more);
        return mutations.isEmpty()
                ? StoreTransaction.ofRows(pg, rows)
                : new StoreTransaction(pg, locator, version, mutations, rows);
    }

    /** The log entry of a version, or null when it has been trimmed; reads the disk. */
    public static LogEntry read(ObjectStore store, PgId pg, ObjectVersion version) {
        ObjectVersion before = new ObjectVersion(version.epoch(), version.version() - 1);
        try (KeyValue.Cursor rows = store.disk().log(pg, before)) {
            if (!rows.next()) {
                return null;
            }
            LogEntry entry = LogEntry.decode(rows.value());
            return entry.version().equals(version) ? entry : null;
        }
    }

    /** The log entries after a version up to another, oldest first, as far as they are kept; reads the disk. */
    public static List<LogEntry> read(ObjectStore store, PgId pg, ObjectVersion after, ObjectVersion through) {
        List<LogEntry> entries = new ArrayList<>();
        try (KeyValue.Cursor rows = store.disk().log(pg, after)) {
            while (rows.next()) {
                LogEntry entry = LogEntry.decode(rows.value());
                if (entry.version().compareTo(through) > 0) {
                    break;
                }
                entries.add(entry);
            }
        }
        return entries;
    }

    /**
     * The log of a placement group as the store has it; reads the disk.
     *
     * @param tail where it begins
     * @throws IllegalStateException when its versions are not contiguous: the store has lost what it acknowledged
     */
    public static PgLog load(ObjectStore store, PgId pg, ObjectVersion tail) {
        PgLog log = new PgLog(tail);
        try (KeyValue.Cursor rows = store.disk().log(pg, tail)) {
            while (rows.next()) {
                LogEntry entry = LogEntry.decode(rows.value());
                log.append(entry.version(), entry.request(), rows.value().length());
            }
        }
        return log;
    }
}

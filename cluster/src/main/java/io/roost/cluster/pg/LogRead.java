package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.LogRows;
import io.roost.cluster.store.ObjectStore;
import java.util.List;

/** A read of the log for peering. */
final class LogRead implements Runnable {
    private final ObjectStore store;
    private final PgId pg;
    private final ObjectVersion since;
    private final ObjectVersion head;
    private final long token;
    private List<LogEntry> entries;

    /** @param token of peering */
    LogRead(ObjectStore store, PgId pg, ObjectVersion since, ObjectVersion head, long token) {
        this.store = store;
        this.pg = pg;
        this.since = since;
        this.head = head;
        this.token = token;
    }

    @Override
    public void run() {
        entries = LogRows.read(store, pg, since, head);
    }

    /** Whom peering asked it for. */
    long token() {
        return token;
    }

    /** What was read, oldest first. */
    List<LogEntry> entries() {
        return entries;
    }
}

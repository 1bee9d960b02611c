package io.roost.cluster.pg.peering;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MissingItem;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One OSD of a {@link PeeringCluster}: a disk that keeps rows and versions of entries, and in each life a peering. */
final class PeeringOsd implements PeeringEffects {
    final int id;
    final PgId pg;
    final PeeringCluster cluster;
    final TreeMap<Bytes, Bytes> logRows = new TreeMap<>();
    final TreeMap<Bytes, Bytes> metaRows = new TreeMap<>();
    /** Key of an entry → its version. */
    final TreeMap<Bytes, ObjectVersion> entries = new TreeMap<>();

    LocalCopy copy;
    Peering peering;
    OsdMap map;
    boolean isAlive = true;
    private int bornEpoch;
    Activation activation;
    int wantedUpThru;
    List<Integer> wantedPgTemp;

    PeeringOsd(PeeringCluster cluster, int id, PgId pg, OsdMap map) {
        this.cluster = cluster;
        this.id = id;
        this.pg = pg;
        this.map = map;
    }

    boolean isActive() {
        return activation != null;
    }

    /** Makes the empty copy of a new placement group. */
    void create() {
        copy = LocalCopy.created(pg, map.epoch());
        peering = new Peering(pg, id, copy, map);
        peering.begin(this);
    }

    /** True when it is up by its map, in the life that it is in. */
    boolean isRunning() {
        return isAlive && map.isUp(id) && map.osd(id).upFrom() > bornEpoch;
    }

    void onMap(OsdMap next) {
        boolean wasRunning = isRunning();
        boolean isNewInterval = Interval.endsBetween(pg, map, next);
        map = next;
        if (wantedUpThru > 0 && next.osd(id).upThru() >= wantedUpThru) {
            wantedUpThru = 0;
        }
        if (wasRunning && !isRunning()) {
            // Wrongly marked down: it begins again as if it had been restarted.
            bornEpoch = next.epoch();
            activation = null;
            wantedUpThru = 0;
        }
        if (isNewInterval || !isRunning()) {
            wantedPgTemp = null;
        }
        if (peering == null) {
            return;
        }
        if (wasRunning && isRunning()) {
            peering.onMap(next, this);
        } else {
            peering.advance(next);
            if (isRunning()) {
                peering.begin(this);
            }
        }
    }

    /** Ends this life; the disk stays. */
    void crash() {
        isAlive = false;
        peering = null;
        copy = null;
        activation = null;
        wantedUpThru = 0;
        wantedPgTemp = null;
    }

    /** Begins another life, with the newest map, after the maps that it has missed; it runs when it is marked up. */
    void restart() {
        isAlive = true;
        map = cluster.newest();
        bornEpoch = map.epoch();
        Bytes row = metaRows.get(LocalCopy.infoKey(pg));
        if (row != null) {
            load(row);
            follow(Math.max(copy.mapEpoch(), cluster.oldestEpoch()));
        }
    }

    private void load(Bytes row) {
        PgLog log = new PgLog(LocalCopy.tailOf(row));
        logRows.values().stream()
                .map(LogEntry::decode)
                .forEach(entry -> log.append(
                        entry.version(), entry.request(), entry.encode().length()));
        TreeMap<Bytes, MissingItem> missing = new TreeMap<>();
        Bytes prefix = KeyLayout.missing(pg, Bytes.EMPTY);
        for (Map.Entry<Bytes, Bytes> item :
                metaRows.subMap(prefix, prefix.prefixEnd()).entrySet()) {
            missing.put(
                    item.getKey().slice(prefix.length(), item.getKey().length()),
                    MissingItem.read(new ByteReader(item.getValue())));
        }
        copy = LocalCopy.load(pg, row, log, new MissingSet(missing));
    }

    private void follow(int from) {
        peering = new Peering(pg, id, copy, cluster.map(from));
        for (int epoch = from + 1; epoch <= map.epoch(); epoch++) {
            peering.advance(cluster.map(epoch));
        }
    }

    void onMessage(int from, PeeringMessage message) {
        if (peering == null) {
            if (message instanceof PeeringMessage.QueryInfo query) {
                send(from, new PeeringMessage.Notify(pg, map.epoch(), query.queried(), PgInfo.ABSENT, List.of()));
                return;
            } else if (message instanceof PeeringMessage.Notify notify && map.primary(pg) == id) {
                copy = LocalCopy.absent(pg, notify.info().history(), notify.mapEpoch(), notify.pastIntervals());
            } else if (message instanceof PeeringMessage.Activate activate) {
                copy = LocalCopy.absent(pg, activate.info().history(), activate.mapEpoch(), activate.pastIntervals());
            } else {
                return;
            }
            follow(Math.max(message.mapEpoch(), cluster.oldestEpoch()));
            peering.begin(this);
        }
        peering.onMessage(from, message, this);
    }

    /** Writes an entry of the log, and the changes it tells of, as the primary orders. */
    void append(LogEntry entry) {
        copy.log().append(entry.version(), entry.request(), entry.encode().length());
        logRows.put(KeyLayout.logEntry(pg, entry.version()), entry.encode());
        for (LogEntry.Change change : entry.changes()) {
            Bytes key = cluster.key(change.name());
            if (key.compareTo(copy.lastBackfill()) <= 0) {
                change(key, change.kind() == LogEntry.Kind.DELETE ? null : entry.version());
            }
        }
        write(copy.rows());
    }

    private void change(Bytes key, ObjectVersion version) {
        if (version == null) {
            entries.remove(key);
        } else {
            entries.put(key, version);
        }
        copy.missing().recovered(key);
    }

    /** Gets a missing name as it should be. */
    void recover(Bytes key, ObjectVersion version) {
        change(key, version);
        write(copy.rows());
    }

    /** Trims the log to so many entries. */
    void trim(int maxEntries) {
        List<ObjectVersion> trimmed = copy.log()
                .trim(
                        new PgLog.Limits(maxEntries, Long.MAX_VALUE, 0),
                        copy.log().head());
        trimmed.forEach(version -> logRows.remove(KeyLayout.logEntry(pg, version)));
        copy.trimmed();
        write(copy.rows());
    }

    void write(List<RowChange> rows) {
        for (RowChange row : rows) {
            TreeMap<Bytes, Bytes> family = row.family() == Family.PGLOG ? logRows : metaRows;
            if (row instanceof RowChange.PutRow put) {
                family.put(put.key(), put.value());
            } else {
                family.remove(row.key());
            }
        }
    }

    // ---- effects ----

    @Override
    public void send(int osd, PeeringMessage message) {
        cluster.send(this, osd, message);
    }

    @Override
    public void persist(PgId group, List<RowChange> rows) {
        write(rows);
    }

    @Override
    public void readLog(PgId group, ObjectVersion since, long token) {
        List<LogEntry> read = new ArrayList<>();
        logRows.values().stream()
                .map(LogEntry::decode)
                .filter(entry -> entry.version().compareTo(since) > 0)
                .forEach(read::add);
        Peering asking = peering;
        cluster.later(this, () -> asking.onLogRead(token, read, this));
    }

    @Override
    public void wantUpThru(int epoch) {
        wantedUpThru = Math.max(wantedUpThru, epoch);
    }

    @Override
    public void wantPgTemp(PgId group, List<Integer> osds) {
        wantedPgTemp = osds;
    }

    @Override
    public void deactivate(PgId group) {
        activation = null;
    }

    @Override
    public void activate(PgId group, Activation begins) {
        activation = begins;
        cluster.onActive(this);
    }

    @Override
    public void activateReplica(PgId group, int ordering) {
        cluster.note(this, "takes part");
    }

    @Override
    public void remove(PgId group) {
        cluster.note(this, "removes its copy");
        peering = null;
        copy = null;
        logRows.clear();
        metaRows.clear();
        entries.clear();
    }

    @Override
    public void count(String event) {
        cluster.count(event);
    }
}

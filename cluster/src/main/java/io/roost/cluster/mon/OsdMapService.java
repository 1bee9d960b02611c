package io.roost.cluster.mon;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonStoreException;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.wire.MapCodec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The OSD map. Every epoch is kept whole and as a difference; what was pending together becomes one epoch. An epoch is
 * trimmed when enough newer ones are there and no OSD needs it any more.
 */
final class OsdMapService implements MonService {
    static final String PREFIX = "osdmap";
    static final MonKey FIRST = MonKey.of(PREFIX, "first_committed");
    static final MonKey LAST = MonKey.of(PREFIX, "last_committed");
    /** Most differences in one message. */
    static final int MAX_MESSAGE_EPOCHS = 40;
    /** No further difference goes into a message of so many bytes: what else the session carries waits behind it. */
    static final int MAX_MESSAGE_BYTES = 10 << 20;

    private static final String FULL = "full_";
    private static final String INCREMENTAL = "inc_";
    /** Fewer than this part of what is trimmed at most are not worth it. */
    private static final int WORTH_A_TRIM = 10;
    /** Differences kept in memory: what subscribers that follow closely ask for. */
    private static final int CACHED_EPOCHS = 64;

    private final MonStore store;
    private final ClusterLog log;
    private final LogLimits limits;
    private final OsdRecords records;
    private final OsdLives lives;
    private final PgStats stats = new PgStats();
    private final OsdMapCommands commands;
    private final TreeMap<Integer, Difference> recent = new TreeMap<>();
    private final List<OsdMapChange> pending = new ArrayList<>();
    /** OSD → lowest epoch it says it needs. */
    private final TreeMap<Integer, Integer> neededByOsd = new TreeMap<>();

    private OsdMap map;
    private OsdMap pendingMap;
    private int firstCommitted;

    /** A difference, and how long it is as bytes. */
    private record Difference(OsdMap.Incremental incremental, int sizeBytes) {}

    /**
     * The service of a store.
     *
     * @param limits which epochs are kept, as if they were versions of a log
     */
    OsdMapService(MonStore store, ConfigService configs, ClusterLog log, LogLimits limits) {
        this.store = store;
        this.log = log;
        this.limits = limits;
        records = new OsdRecords(store);
        lives = new OsdLives(this, records, configs, log);
        commands = new OsdMapCommands(this, log);
        refresh();
    }

    /** The committed map. */
    OsdMap map() {
        return map;
    }

    /** Which OSDs are up and in. */
    OsdLives lives() {
        return lives;
    }

    /** What OSDs have reported. */
    PgStats stats() {
        return stats;
    }

    /** The map as the pending changes will make it. */
    OsdMap pendingMap() {
        return pendingMap == null ? map : pendingMap;
    }

    /** True when there is a pending change. */
    boolean isPending() {
        return !pending.isEmpty();
    }

    /** The epoch that the pending changes will make. */
    int pendingEpoch() {
        return map.epoch() + 1;
    }

    /**
     * Adds a pending change.
     *
     * @throws IllegalArgumentException when the map would break a rule of its own; nothing is pending then
     */
    void change(OsdMapChange change, Clocks now) {
        changeAll(List.of(change), now);
    }

    /** As {@link #change}, all or nothing. */
    void changeAll(List<OsdMapChange> more, Clocks now) {
        List<OsdMapChange> changes = new ArrayList<>(pending);
        changes.addAll(more);
        pendingMap = map.apply(incremental(changes, now.wallMillis(), 0));
        pending.addAll(more);
    }

    void onBeacon(int osd, int minLastEpochClean) {
        neededByOsd.put(osd, minLastEpochClean);
    }

    private OsdMap.Incremental incremental(List<OsdMapChange> changes, long wallMillis, int fullCrc) {
        return new OsdMap.Incremental(pendingEpoch(), map.fsid(), wallMillis, changes, fullCrc);
    }

    @Override
    public Prepared prepare(MonMessage.ToMonitor message, Clocks now) {
        if (message instanceof MonMessage.OsdPgTemp request) {
            List<OsdMapChange> changes = PgTemps.requested(request, pendingMap());
            if (changes.isEmpty()) {
                return Prepared.answered();
            }
            changeAll(changes, now);
            return Prepared.pending();
        } else if (message instanceof MonMessage.OsdPgStats reported) {
            stats.onStats(reported, map);
            return Prepared.answered();
        } else if (message instanceof MonMessage.GetStats get) {
            return Prepared.answered(new MonMessage.StatsReply(get.tid(), stats.osds(), stats.pgs()));
        } else if (message instanceof MonMessage.Command command) {
            return commands.prepare(command, now);
        }
        return lives.prepare(message, now);
    }

    @Override
    public void onTerm(Clocks now) {
        stats.begin(now.monotonicMillis());
        neededByOsd.clear();
        lives.onTerm(now);
    }

    @Override
    public void onTick(Clocks now) {
        lives.onTick(now);
        commands.onTick(now);
        watchFull(now);
        List<Long> over = map.state().blocklist().entrySet().stream()
                .filter(entry -> entry.getValue() <= now.wallMillis())
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(client -> change(new OsdMapChange.SetBlocklisted(client, 0), now));
    }

    /** Writes end everywhere while an OSD is full, for it may be a replica of anything; and go on when none is. */
    private void watchFull(Clocks now) {
        OsdMap current = pendingMap();
        boolean isFull = current.isSet(OsdMapFlag.FULL);
        if (isFull == stats.isAnyFull(current, isFull)) {
            return;
        }
        Set<OsdMapFlag> flags = EnumSet.noneOf(OsdMapFlag.class);
        flags.addAll(current.state().flags());
        if (isFull) {
            flags.remove(OsdMapFlag.FULL);
            log.info("no OSD is full any more: writes go on");
        } else {
            flags.add(OsdMapFlag.FULL);
            log.warn("an OSD is full: nothing is written until there is space");
        }
        change(new OsdMapChange.SetFlags(flags), now);
    }

    @Override
    public void encodePending(MonTransaction transaction, long wallMillis) {
        records.encodePending(transaction);
        if (pending.isEmpty()) {
            return;
        }
        pending.addAll(PgTemps.primed(map, pendingMap()));
        pending.addAll(PgTemps.useless(pendingMap()));
        pending.addAll(Upmaps.useless(pendingMap()));
        OsdMap next = map.apply(incremental(pending, wallMillis, 0));
        Bytes full = MapCodec.encode(next);
        OsdMap.Incremental difference = incremental(pending, wallMillis, MapCodec.crc(full));
        transaction
                .put(MonKey.of(PREFIX, INCREMENTAL, next.epoch()), MapCodec.encode(difference))
                .put(MonKey.of(PREFIX, FULL, next.epoch()), full)
                .put(LAST, next.epoch());
        trim(transaction, next);
        pending.clear();
        pendingMap = null;
    }

    static void encodeFirst(MonTransaction transaction, OsdMap map) {
        transaction
                .put(MonKey.of(PREFIX, FULL, map.epoch()), MapCodec.encode(map))
                .put(FIRST, map.epoch())
                .put(LAST, map.epoch());
    }

    private void trim(MonTransaction transaction, OsdMap next) {
        int keepFrom = Math.min(next.epoch() - limits.minVersions(), stats.minLastEpochClean(next));
        for (OsdInfo osd : next.osds()) {
            if (osd.isUp()) {
                keepFrom = Math.min(keepFrom, neededByOsd.getOrDefault(osd.id(), 0));
            }
        }
        int end = Math.min(keepFrom, firstCommitted + limits.trimVersions());
        if (end - firstCommitted < Math.max(1, limits.trimVersions() / WORTH_A_TRIM)) {
            return;
        }
        for (int epoch = firstCommitted; epoch < end; epoch++) {
            transaction.remove(MonKey.of(PREFIX, FULL, epoch)).remove(MonKey.of(PREFIX, INCREMENTAL, epoch));
        }
        transaction.put(FIRST, end);
    }

    @Override
    public void refresh() {
        int last = (int) store.number(LAST);
        firstCommitted = (int) store.number(FIRST);
        if (map == null || map.epoch() + 1 < firstCommitted || last - map.epoch() > CACHED_EPOCHS) {
            map = full(last);
        }
        while (map.epoch() < last) {
            Difference next = difference(map.epoch() + 1);
            map = MapCodec.apply(map, next.incremental());
            recent.put(map.epoch(), next);
            if (recent.size() > CACHED_EPOCHS) {
                recent.pollFirstEntry();
            }
        }
        stats.onMap(map);
    }

    /** A committed epoch. */
    OsdMap full(int epoch) {
        if (map != null && map.epoch() == epoch) {
            return map;
        }
        return MapCodec.osdMap(MonStoreException.require(store, MonKey.of(PREFIX, FULL, epoch)));
    }

    private Difference difference(int epoch) {
        Difference cached = recent.get(epoch);
        if (cached != null) {
            return cached;
        }
        Bytes encoded = MonStoreException.require(store, MonKey.of(PREFIX, INCREMENTAL, epoch));
        return new Difference(MapCodec.incremental(encoded), encoded.length());
    }

    /**
     * What brings a subscriber up to date.
     *
     * @param start first epoch wanted, 0 for just the newest
     */
    List<MonMessage.FromMonitor> since(long start) {
        if (start == 0) {
            return wholeFrom(map.epoch());
        }
        return start <= firstCommitted ? wholeFrom(start) : from(Optional.empty(), start);
    }

    /** The same, and the first is whole: the oldest there is of the epochs from the start on. */
    List<MonMessage.FromMonitor> wholeFrom(long start) {
        int first = Math.max((int) start, firstCommitted);
        return from(Optional.of(full(first)), first + 1L);
    }

    private List<MonMessage.FromMonitor> from(Optional<OsdMap> whole, long start) {
        List<MonMessage.FromMonitor> messages = new ArrayList<>();
        Optional<OsdMap> full = whole;
        long next = start;
        while (full.isPresent() || next <= map.epoch()) {
            List<OsdMap.Incremental> incrementals = new ArrayList<>();
            int sizeBytes = 0;
            while (next <= map.epoch() && incrementals.size() < MAX_MESSAGE_EPOCHS && sizeBytes < MAX_MESSAGE_BYTES) {
                Difference difference = difference((int) next++);
                incrementals.add(difference.incremental());
                sizeBytes += difference.sizeBytes();
            }
            messages.add(new MonMessage.OsdMaps(full, incrementals, firstCommitted, map.epoch()));
            full = Optional.empty();
        }
        return messages;
    }
}

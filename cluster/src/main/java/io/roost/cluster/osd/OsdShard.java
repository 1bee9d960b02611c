package io.roost.cluster.osd;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.PlacementGroup;
import io.roost.cluster.pg.log.LogRows;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * The placement groups of an OSD that belong to one event loop (Ceph's OSDShard): takes what clients ask, compares maps,
 * and routes it. The log of a placement group is read when it is first used, away from the event loop.
 *
 * <p>A machine: one thread calls it, time is an input, effects come out in order.
 */
public final class OsdShard {
    /** Requests that wait for a newer map, or for one placement group's log; more are refused. */
    private static final int MAX_WAITING = 1024;

    /** Of {@link OsdEffects#read}, when it reads a log; a placement group's own tokens are not negative. */
    private static final long LOG_TOKEN = -1;

    private final int osd;
    private final ClassRegistry classes;
    private final ObjectStore store;
    private final PgLog.Limits logLimits;
    private final Map<PgId, PlacementGroup> groups = new HashMap<>();
    private final Map<PgId, Loading> loading = new HashMap<>();
    private final Watches watches = new Watches();
    private final ArrayDeque<Waiting> waitingForMap = new ArrayDeque<>();
    private OsdMap map;

    private record Waiting(long session, OsdMessage.ToPrimary message) {}

    /** A placement group whose log is being read. */
    private static final class Loading {
        private final ArrayDeque<Waiting> messages = new ArrayDeque<>();
        private PgLog log;
    }

    /**
     * A shard without placement groups yet.
     *
     * @param osd this OSD's id
     * @param map one that shows this OSD up
     */
    public OsdShard(int osd, ClassRegistry classes, ObjectStore store, PgLog.Limits logLimits, OsdMap map) {
        this.osd = osd;
        this.classes = classes;
        this.store = store;
        this.logLimits = logLimits;
        this.map = map;
    }

    /** The newest map known. */
    public OsdMap map() {
        return map;
    }

    /** A message of a client. */
    public void onMessage(long session, OsdMessage.ToPrimary message, long nowMillis, OsdEffects out) {
        if (message.mapEpoch() > map.epoch()) {
            if (waitingForMap.size() >= MAX_WAITING) {
                refuse(session, message, ObjectError.BUSY, "too many requests wait for a newer map", out);
            } else {
                waitingForMap.addLast(new Waiting(session, message));
                out.wantMap(map.epoch());
            }
        } else if (isMine(session, message, out)) {
            if (message instanceof OsdMessage.Watch watch) {
                watches.onWatch(session, watch, map.epoch(), out);
            } else if (message instanceof OsdMessage.Unwatch unwatch) {
                watches.onUnwatch(session, unwatch, map.epoch(), out);
            } else if (message instanceof OsdMessage.Notify notify) {
                watches.onNotify(session, notify, map.epoch(), nowMillis, out);
            } else if (message instanceof OsdMessage.NotifyAck ack) {
                watches.onNotifyAck(session, ack, map.epoch(), out);
            } else {
                onGroupMessage(session, message, out);
            }
        }
    }

    /** True when this OSD is the primary for a message; its sender is told otherwise. */
    private boolean isMine(long session, OsdMessage.ToPrimary message, OsdEffects out) {
        PgId pg = message.pg();
        Pool pool = map.pool(pg.pool());
        if (pool == null) {
            refuse(session, message, ObjectError.NO_SUCH_POOL, "pool " + pg.pool(), out);
            return false;
        }
        boolean isMine = pg.seed() < pool.pgNum()
                && map.primary(pg) == osd
                && !(message instanceof OsdMessage.Operation operation
                        && !map.pgOf(operation.locator()).equals(pg));
        if (!isMine) {
            answer(session, message, new OsdMessage.WrongPrimary(message.request(), map.epoch()), out);
        }
        return isMine;
    }

    private void refuse(long session, OsdMessage.ToPrimary message, ObjectError error, String text, OsdEffects out) {
        answer(session, message, new OsdMessage.Refusal(message.request(), map.epoch(), error, text), out);
    }

    /** Nobody waits for an answer to an acknowledgement, and its request is another client's. */
    private static void answer(long session, OsdMessage.ToPrimary message, OsdMessage.ToClient answer, OsdEffects out) {
        if (!(message instanceof OsdMessage.NotifyAck)) {
            out.reply(session, answer);
        }
    }

    private void onGroupMessage(long session, OsdMessage.ToPrimary message, OsdEffects out) {
        PgId pg = message.pg();
        PlacementGroup group = groups.get(pg);
        if (group == null) {
            awaitLog(session, message, out);
        } else if (message instanceof OsdMessage.Operation operation) {
            group.onOperation(session, operation, out);
        } else if (message instanceof OsdMessage.ScanWork scan) {
            group.onScanWork(session, scan, map.pool(pg.pool()).pgNum(), out);
        }
    }

    private void awaitLog(long session, OsdMessage.ToPrimary message, OsdEffects out) {
        PgId pg = message.pg();
        Loading begun = loading.get(pg);
        if (begun == null) {
            Loading begins = new Loading();
            loading.put(pg, begins);
            out.read(pg, LOG_TOKEN, () -> begins.log = LogRows.load(store, pg));
            begun = begins;
        }
        if (begun.messages.size() >= MAX_WAITING) {
            refuse(session, message, ObjectError.BUSY, "too many requests wait for the log of " + pg, out);
        } else {
            begun.messages.addLast(new Waiting(session, message));
        }
    }

    private void onLog(PgId pg, RuntimeException failure, OsdEffects out) {
        if (failure != null) {
            throw new IllegalStateException("the log of " + pg + " cannot be read", failure);
        }
        Loading loaded = loading.remove(pg);
        if (map.pool(pg.pool()) != null) {
            PlacementGroup group = new PlacementGroup(pg, classes, store, loaded.log, logLimits);
            group.onActive(map.epoch());
            groups.put(pg, group);
        }
        for (Waiting waiting : loaded.messages) {
            if (isMine(waiting.session(), waiting.message(), out)) {
                onGroupMessage(waiting.session(), waiting.message(), out);
            }
        }
    }

    /** A newer map; what waited for it goes on. */
    public void onMap(OsdMap newer, long nowMillis, OsdEffects out) {
        if (newer.epoch() <= map.epoch()) {
            return;
        }
        map = newer;
        groups.values().removeIf(group -> newer.pool(group.id().pool()) == null);
        groups.values().forEach(group -> group.onActive(newer.epoch()));
        watches.onMap(locator -> newer.pool(locator.pool()) != null && newer.primary(newer.pgOf(locator)) == osd);
        int count = waitingForMap.size();
        for (int i = 0; i < count; i++) {
            Waiting waiting = waitingForMap.pollFirst();
            onMessage(waiting.session(), waiting.message(), nowMillis, out);
        }
    }

    /** A transaction, and all before it of its placement group, is on disk here. */
    public void onPersisted(PgId pg, ObjectVersion version, OsdEffects out) {
        PlacementGroup group = groups.get(pg);
        if (group != null) {
            group.onPersisted(version, out);
        }
    }

    /** The store did nothing of a transaction, nor of those after it of its placement group. */
    public void onRefused(PgId pg, ObjectVersion version, ObjectError error, OsdEffects out) {
        PlacementGroup group = groups.get(pg);
        if (group != null) {
            group.onRefused(version, error, out);
        }
    }

    /** A read away from the event loop has ended; failure is null when it succeeded. */
    public void onRead(PgId pg, long token, RuntimeException failure, OsdEffects out) {
        if (token == LOG_TOKEN) {
            onLog(pg, failure, out);
            return;
        }
        PlacementGroup group = groups.get(pg);
        if (group != null) {
            group.onRead(token, failure, out);
        }
    }

    /** Time has passed. */
    public void onTick(long nowMillis, OsdEffects out) {
        watches.onTick(nowMillis, map.epoch(), out);
    }

    /** A client's session has ended. */
    public void onSessionClosed(long session, OsdEffects out) {
        watches.onSessionClosed(session, map.epoch(), out);
    }

    /** Transactions in flight in all placement groups. */
    public int inFlightCount() {
        int count = 0;
        for (PlacementGroup group : groups.values()) {
            count += group.inFlightCount();
        }
        return count;
    }
}

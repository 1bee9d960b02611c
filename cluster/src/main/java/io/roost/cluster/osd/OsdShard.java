package io.roost.cluster.osd;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.LogRows;
import io.roost.cluster.pg.PgLog;
import io.roost.cluster.pg.PlacementGroup;
import io.roost.cluster.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * The placement groups of an OSD that belong to one event loop (Ceph's OSDShard): takes what clients ask, compares maps,
 * and routes it. Logs are loaded when a placement group is first used.
 *
 * <p>A machine: one thread calls it, time is an input, effects come out in order.
 */
public final class OsdShard {
    /** Requests that wait for a newer map; more are refused. */
    private static final int MAX_WAITING_FOR_MAP = 1024;

    private final int osd;
    private final ClassRegistry classes;
    private final ObjectStore store;
    private final PgLog.Limits logLimits;
    private final Map<PgId, PlacementGroup> groups = new HashMap<>();
    private final Watches watches = new Watches();
    private final ArrayDeque<Waiting> waitingForMap = new ArrayDeque<>();
    private OsdMap map;

    private record Waiting(long session, OsdMessage.ToPrimary message) {}

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
            if (waitingForMap.size() >= MAX_WAITING_FOR_MAP) {
                refuse(session, message, ObjectError.BUSY, "too many requests wait for a newer map", out);
                return;
            }
            waitingForMap.addLast(new Waiting(session, message));
            out.wantMap(map.epoch());
            return;
        }
        if (map.pool(message.pg().pool()) == null) {
            refuse(
                    session,
                    message,
                    ObjectError.NO_SUCH_POOL,
                    "pool " + message.pg().pool(),
                    out);
            return;
        }
        PgId pg = message.pg();
        boolean misplaced = pg.seed() >= map.pool(pg.pool()).pgNum()
                || map.primary(pg) != osd
                || (message instanceof OsdMessage.Operation operation
                        && !map.pgOf(operation.locator()).equals(pg));
        if (misplaced) {
            answer(session, message, new OsdMessage.WrongPrimary(message.request(), map.epoch()), out);
            return;
        }
        if (message instanceof OsdMessage.Operation operation) {
            group(pg).onOperation(session, operation, out);
        } else if (message instanceof OsdMessage.ScanWork scan) {
            group(pg).onScanWork(session, scan, map.pool(pg.pool()).pgNum(), out);
        } else if (message instanceof OsdMessage.Watch watch) {
            watches.onWatch(session, watch, map.epoch(), out);
        } else if (message instanceof OsdMessage.Unwatch unwatch) {
            watches.onUnwatch(session, unwatch, map.epoch(), out);
        } else if (message instanceof OsdMessage.Notify notify) {
            watches.onNotify(session, notify, map.epoch(), nowMillis, out);
        } else if (message instanceof OsdMessage.NotifyAck ack) {
            watches.onNotifyAck(session, ack, map.epoch(), out);
        }
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

    private PlacementGroup group(PgId pg) {
        PlacementGroup group = groups.get(pg);
        if (group == null) {
            group = new PlacementGroup(pg, classes, store, LogRows.load(store, pg), logLimits);
            group.onActive(map.epoch());
            groups.put(pg, group);
        }
        return group;
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

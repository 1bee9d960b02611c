package io.roost.cluster.osd;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.pg.PlacementGroup;
import io.roost.cluster.pg.log.LogRows;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The placement groups of an OSD that belong to one event loop (Ceph's OSDShard): takes what clients and other OSDs say,
 * compares maps, and routes it. The log of a placement group is read when it is first used, away from the event loop.
 *
 * <p>A machine: one thread calls it, time is an input, effects come out in order.
 */
public final class OsdShard {
    /** Requests that wait for a newer map, or for one placement group; more are refused. */
    private static final int MAX_WAITING = 1024;

    /** Of {@link OsdEffects#read}, when it reads a log; a placement group's own tokens are not negative. */
    private static final long LOG_TOKEN = -1;

    private final int osd;
    private final ClassRegistry classes;
    private final ObjectStore store;
    private final PgLog.Limits logLimits;
    private final Map<PgId, PlacementGroup> groups = new TreeMap<>();
    private final Map<PgId, Loading> loading = new HashMap<>();
    private final Watches watches = new Watches();
    private final ArrayDeque<Waiting> waitingForMap = new ArrayDeque<>();
    private OsdMap map;

    /** What waits for something. */
    private sealed interface Waiting {
        /** A client's message. */
        record Request(long session, OsdMessage.ToPrimary message) implements Waiting {}

        /** Another OSD's. */
        record OfPeer(int from, PeerMessage message) implements Waiting {}
    }

    /** A placement group whose log is being read. */
    private static final class Loading {
        private final ArrayDeque<Waiting> messages = new ArrayDeque<>();
        private PgLog log;
    }

    /** Who takes part in a placement group, and since when they are up: what an interval is made of. */
    private record Standing(int primary, List<Integer> acting, List<Integer> upFrom) {
        static Standing of(OsdMap map, PgId pg) {
            List<Integer> acting = map.acting(pg);
            List<Integer> upFrom = new ArrayList<>(acting.size());
            acting.forEach(osd -> upFrom.add(map.osd(osd).upFrom()));
            return new Standing(map.primary(pg), acting, upFrom);
        }
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
                waitingForMap.addLast(new Waiting.Request(session, message));
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
            Loading begun = load(pg, out);
            if (begun.messages.size() >= MAX_WAITING) {
                refuse(session, message, ObjectError.BUSY, "too many requests wait for the log of " + pg, out);
            } else {
                begun.messages.addLast(new Waiting.Request(session, message));
            }
        } else if (message instanceof OsdMessage.Operation operation) {
            group.onOperation(session, operation, out);
        } else if (message instanceof OsdMessage.ScanWork scan) {
            group.onScanWork(session, scan, map.pool(pg.pool()).pgNum(), out);
        }
    }

    /** A message of another OSD. */
    public void onPeerMessage(int from, PeerMessage message, long nowMillis, OsdEffects out) {
        PgId pg = message.pg();
        PlacementGroup group = groups.get(pg);
        if (message.mapEpoch() > map.epoch()) {
            waitingForMap.addLast(new Waiting.OfPeer(from, message));
            out.wantMap(map.epoch());
        } else if (group != null) {
            if (message instanceof ReplicationMessage replication) {
                group.onMessage(from, replication, out);
            }
        } else if (map.acting(pg).contains(osd)) {
            load(pg, out).messages.addLast(new Waiting.OfPeer(from, message));
        }
    }

    /** The connection to an OSD broke; what was said to it may be lost. */
    public void onPeerReset(int peer, OsdEffects out) {
        groups.values().forEach(group -> group.onPeerReset(peer, out));
    }

    private Loading load(PgId pg, OsdEffects out) {
        Loading begun = loading.get(pg);
        if (begun == null) {
            Loading begins = new Loading();
            loading.put(pg, begins);
            out.read(pg, LOG_TOKEN, () -> begins.log = LogRows.load(store, pg));
            begun = begins;
        }
        return begun;
    }

    private void onLog(PgId pg, RuntimeException failure, long nowMillis, OsdEffects out) {
        if (failure != null) {
            throw new IllegalStateException("the log of " + pg + " cannot be read", failure);
        }
        Loading loaded = loading.remove(pg);
        if (map.pool(pg.pool()) != null) {
            PlacementGroup group = new PlacementGroup(pg, classes, store, loaded.log, logLimits);
            begin(group);
            groups.put(pg, group);
        }
        goOn(loaded.messages, nowMillis, out);
    }

    private void goOn(ArrayDeque<Waiting> messages, long nowMillis, OsdEffects out) {
        int count = messages.size();
        for (int i = 0; i < count; i++) {
            Waiting next = messages.pollFirst();
            if (next instanceof Waiting.Request request) {
                onMessage(request.session(), request.message(), nowMillis, out);
            } else if (next instanceof Waiting.OfPeer ofPeer) {
                onPeerMessage(ofPeer.from(), ofPeer.message(), nowMillis, out);
            }
        }
    }

    /** Lets a placement group take the part that the map gives it. */
    private void begin(PlacementGroup group) {
        List<Integer> acting = map.acting(group.id());
        if (map.primary(group.id()) == osd) {
            List<Integer> others = new ArrayList<>(acting);
            others.remove((Integer) osd);
            group.onPrimary(map.epoch(), others);
        } else if (acting.contains(osd)) {
            group.onReplica(map.epoch(), map.primary(group.id()));
        } else {
            group.onIntervalEnd();
        }
    }

    /** A newer map; what waited for it goes on. */
    public void onMap(OsdMap newer, long nowMillis, OsdEffects out) {
        if (newer.epoch() <= map.epoch()) {
            return;
        }
        OsdMap older = map;
        map = newer;
        groups.values().removeIf(group -> newer.pool(group.id().pool()) == null);
        for (PlacementGroup group : groups.values()) {
            if (Standing.of(newer, group.id()).equals(Standing.of(older, group.id()))) {
                group.onMap(newer.epoch());
            } else {
                begin(group);
            }
        }
        watches.onMap(locator -> newer.pool(locator.pool()) != null && newer.primary(newer.pgOf(locator)) == osd);
        goOn(waitingForMap, nowMillis, out);
    }

    /** The transaction of a number, and all before it of its placement group, are on disk here. */
    public void onPersisted(PgId pg, long number, OsdEffects out) {
        PlacementGroup group = groups.get(pg);
        if (group != null) {
            group.onPersisted(number, out);
        }
    }

    /** The store did nothing of a transaction, nor of those after it of its placement group. */
    public void onRefused(PgId pg, long number, ObjectError error, OsdEffects out) {
        PlacementGroup group = groups.get(pg);
        if (group != null) {
            group.onRefused(number, error, out);
        }
    }

    /** A read away from the event loop has ended; failure is null when it succeeded. */
    public void onRead(PgId pg, long token, RuntimeException failure, long nowMillis, OsdEffects out) {
        if (token == LOG_TOKEN) {
            onLog(pg, failure, nowMillis, out);
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

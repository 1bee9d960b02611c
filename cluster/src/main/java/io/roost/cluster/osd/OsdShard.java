package io.roost.cluster.osd;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.PgQuery;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ReadFrom;
import io.roost.cluster.object.ScrubKind;
import io.roost.cluster.pg.PlacementGroup;
import io.roost.cluster.pg.ReservationSide;
import io.roost.cluster.pg.ScrubTimes;
import io.roost.cluster.pg.StoredCopy;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

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
    private final ObjectStore store;
    private final Predicate<PgId> isOfShard;
    private final PlacementGroups groups;
    private final Map<PgId, Loading> loading = new HashMap<>();
    private final Watches watches = new Watches(this::isAlone);
    private final ArrayDeque<Waiting> waitingForMap = new ArrayDeque<>();
    private final ArrayDeque<Waiting> waitingForStart = new ArrayDeque<>();
    /** For placement groups that this OSD leads by the map; who has them has not told it yet. */
    private final Map<PgId, ArrayDeque<Waiting>> waitingForNews = new TreeMap<>();

    private OsdMap map;
    private boolean hasBeenAlone;
    private boolean hasHadCompany;
    private ScrubTimes scrubTimes = ScrubTimes.DEFAULT;

    /** What waits for something. */
    private sealed interface Waiting {
        /** A client's message. */
        record Request(long session, OsdMessage.ToPrimary message) implements Waiting {}

        /** Another OSD's. */
        record OfPeer(int from, PeerMessage message) implements Waiting {}

        /** An administrator's wish. */
        record Scrub(PgId pg, ScrubKind kind) implements Waiting {}
    }

    /** A placement group whose log is being read. */
    private static final class Loading {
        private final ArrayDeque<Waiting> messages = new ArrayDeque<>();
        private LocalCopy copy;
    }

    /**
     * A shard without placement groups yet. Reads the disk.
     *
     * @param osd this OSD's id
     * @param isOfShard which placement groups are this shard's
     * @param maps that have been, up to the given one
     * @param map one that shows this OSD up
     */
    public OsdShard(
            int osd,
            ClassRegistry classes,
            ObjectStore store,
            PgLog.Limits logLimits,
            Predicate<PgId> isOfShard,
            MapHistory maps,
            OsdMap map) {
        this.osd = osd;
        this.store = store;
        this.isOfShard = isOfShard;
        this.map = map;
        groups = new PlacementGroups(osd, classes, store, logLimits, isOfShard, maps, map);
        hasHadCompany = StoredCopy.hasAnyPeered(store, isOfShard);
    }

    /**
     * True when there has never been another OSD: there is nobody to peer with, and no past to know of. One that is left of
     * several has a past, and goes on as it did.
     */
    private boolean isAlone() {
        return map.hasOneOsd() && !hasHadCompany;
    }

    /**
     * Begins to run, before any other input.
     *
     * @param actedOn newest epoch that this OSD has acted on in an earlier life
     */
    public void start(int actedOn, OsdEffects out) {
        if (!isAlone()) {
            groups.start(actedOn, out);
        }
    }

    /** The newest map known. */
    public OsdMap map() {
        return map;
    }

    /** A message of a client. */
    public void onMessage(long session, OsdMessage.ToPrimary message, long nowMillis, OsdEffects out) {
        if (message instanceof OsdMessage.Operation operation && operation.readFrom() == ReadFrom.REPLICA) {
            onReplicaRead(session, operation, out);
        } else if (message.mapEpoch() > map.epoch()) {
            if (waitingForMap.size() >= MAX_WAITING) {
                refuse(session, message, ObjectError.BUSY, "too many requests wait for a newer map", out);
            } else {
                waitingForMap.addLast(new Waiting.Request(session, message));
                out.wantMap(map.epoch());
            }
        } else if (isMine(session, message, out)) {
            if (message instanceof OsdMessage.Watch watch) {
                watches.onWatch(session, watch, map.epoch(), nowMillis, out);
            } else if (message instanceof OsdMessage.Unwatch unwatch) {
                watches.onUnwatch(session, unwatch, map.epoch(), out);
            } else if (message instanceof OsdMessage.Notify notify) {
                watches.onNotify(session, notify, map.epoch(), nowMillis, out);
            } else if (message instanceof OsdMessage.NotifyAck ack) {
                watches.onNotifyAck(session, ack, map.epoch(), nowMillis, out);
            } else if (message instanceof OsdMessage.Scrub scrub) {
                OsdMessage.ScrubStart start = scrub(scrub.pg(), scrub.kind(), out);
                out.reply(session, new OsdMessage.ScrubReply(scrub.request(), map.epoch(), start));
            } else if (message instanceof OsdMessage.QueryPg query) {
                out.reply(
                        session, new OsdMessage.PgQueried(query.request(), map.epoch(), query(query.pg(), nowMillis)));
            } else {
                onGroupMessage(session, message, out);
            }
        }
    }

    /** What a replica cannot answer it leaves to the primary: nothing of it waits here for a map, or for a log. */
    private void onReplicaRead(long session, OsdMessage.Operation operation, OsdEffects out) {
        PgId pg = operation.pg();
        PlacementGroup group = groups.isStarted() && !isAlone() ? groups.get(pg) : null;
        if (group != null && map.pool(pg.pool()) != null && isOfItsGroup(operation)) {
            group.onReplicaRead(session, operation, map.epoch(), out);
        } else {
            out.reply(session, new OsdMessage.WrongPrimary(operation.request(), map.epoch()));
        }
    }

    /** How a placement group is that this OSD leads by the map; little when it has not heard of it yet. */
    PgQuery query(PgId pg, long nowMillis) {
        PlacementGroup group = groups.get(pg);
        PgQuery query = group == null ? null : group.query(nowMillis);
        return query == null ? withoutPeering(pg, group) : query;
    }

    private PgQuery withoutPeering(PgId pg, PlacementGroup group) {
        ScrubHistory scrubs = group == null ? ScrubHistory.NONE : group.copy().scrubs();
        return PgReport.withoutPeering(map, pg, isAlone(), store.usage(pg), scrubs);
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
                && !(message instanceof OsdMessage.Operation operation && !isOfItsGroup(operation));
        if (!isMine) {
            answer(session, message, new OsdMessage.WrongPrimary(message.request(), map.epoch()), out);
        }
        return isMine;
    }

    /** True when the locator is in the placement group that is named, whose pool the map has. */
    private boolean isOfItsGroup(OsdMessage.Operation operation) {
        PgId pg = operation.pg();
        return operation.locator().pool() == pg.pool()
                && map.pgOf(operation.locator()).equals(pg);
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
        PlacementGroup group = isAlone() || groups.isStarted() ? groups.get(pg) : null;
        if (group == null) {
            awaitGroup(session, message, out);
        } else if (message instanceof OsdMessage.Operation operation) {
            group.onOperation(session, operation, out);
        } else if (message instanceof OsdMessage.ScanWork scan) {
            group.onScanWork(session, scan, map.pool(pg.pool()).pgNum(), out);
        }
    }

    private void awaitGroup(long session, OsdMessage.ToPrimary message, OsdEffects out) {
        PgId pg = message.pg();
        ArrayDeque<Waiting> waiting = isAlone()
                ? load(pg, out).messages
                : groups.isStarted()
                        ? waitingForNews.computeIfAbsent(pg, unknown -> new ArrayDeque<>())
                        : waitingForStart;
        if (waiting.size() >= MAX_WAITING) {
            refuse(session, message, ObjectError.BUSY, "too many requests wait for the log of " + pg, out);
        } else {
            waiting.addLast(new Waiting.Request(session, message));
        }
    }

    /** Lets those go on who wait for placement groups of which something is known now, or that are others' now. */
    private void goOnWithNews(long nowMillis, OsdEffects out) {
        for (PgId pg : List.copyOf(waitingForNews.keySet())) {
            if (groups.get(pg) != null || map.pool(pg.pool()) == null || map.primary(pg) != osd) {
                goOn(waitingForNews.remove(pg), nowMillis, out);
            }
        }
    }

    /** A message of another OSD. */
    public void onPeerMessage(int from, PeerMessage message, long nowMillis, OsdEffects out) {
        if (message.mapEpoch() > map.epoch()) {
            waitingForMap.addLast(new Waiting.OfPeer(from, message));
            out.wantMap(map.epoch());
        } else if (!groups.isStarted()) {
            waitingForStart.addLast(new Waiting.OfPeer(from, message));
        } else if (message instanceof PeeringMessage peering && !isOfPresentLife(from, peering)) {
            out.count("osd: peering message of one that is down");
        } else {
            PlacementGroup group = groups.get(message.pg());
            if (group == null && message instanceof PeeringMessage peering) {
                group = groups.heardOf(from, peering, out);
            }
            if (group != null) {
                group.onPeerMessage(from, message, out);
                goOnWithNews(nowMillis, out);
            }
        }
    }

    /**
     * False when the sender is down by this OSD's map, or said this before it came up: nothing could be asked of it, and when
     * it is up it tells of itself again (Ceph's OSDMap::has_been_up_since).
     */
    private boolean isOfPresentLife(int from, PeeringMessage message) {
        return map.isUp(from) && message.mapEpoch() >= map.osd(from).upFrom();
    }

    /** The connection to an OSD broke, in one direction or both; what was said and not answered may be lost. */
    public void onPeerReset(int peer, OsdEffects out) {
        groups.all().forEach(group -> group.onPeerReset(peer, out));
    }

    private Loading load(PgId pg, OsdEffects out) {
        Loading begun = loading.get(pg);
        if (begun == null) {
            Loading begins = new Loading();
            loading.put(pg, begins);
            out.read(pg, LOG_TOKEN, () -> begins.copy = StoredCopy.load(store, pg, 0));
            begun = begins;
        }
        return begun;
    }

    private void onLog(PgId pg, RuntimeException failure, long nowMillis, OsdEffects out) {
        if (failure != null) {
            throw new IllegalStateException("the log of " + pg + " cannot be read", failure);
        }
        Loading loaded = loading.remove(pg);
        if (isAlone() && map.pool(pg.pool()) != null) {
            PlacementGroup group = groups.add(loaded.copy);
            group.onAlone(map.epoch(), out);
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
            } else if (next instanceof Waiting.Scrub scrub) {
                scrub(scrub.pg(), scrub.kind(), out);
            }
        }
    }

    /** The next map, or one that is newer when those between are gone; what waited for it goes on. */
    public void onMap(OsdMap newer, long nowMillis, OsdEffects out) {
        if (newer.epoch() <= map.epoch()) {
            return;
        }
        boolean wasAlone = isAlone();
        OsdMap older = map;
        map = newer;
        groups.onMap(newer, out);
        if (isAlone()) {
            groups.all().forEach(group -> group.onMapAlone(newer.epoch()));
        } else if (wasAlone) {
            endAlone(older, out);
        } else {
            groups.follow(older, out);
        }
        watches.onMap(pg -> newer.pool(pg.pool()) != null && newer.primary(pg) == osd);
        goOn(waitingForMap, nowMillis, out);
        goOnWithNews(nowMillis, out);
    }

    /** There is another OSD now. This one has all there is; what it writes from here on others may know. */
    private void endAlone(OsdMap lastAlone, OsdEffects out) {
        hasBeenAlone = true;
        hasHadCompany = true;
        groups.all().forEach(group -> group.onNotAlone(lastAlone.epoch(), out));
        groups.start(lastAlone.epoch(), out);
    }

    /** The transaction of a number, and all before it of its placement group, are on disk here. */
    public void onPersisted(PgId pg, long number, OsdEffects out) {
        PlacementGroup group = groups.ofDisk(pg);
        if (group != null) {
            group.onPersisted(number, out);
        }
    }

    /** The store did nothing of a transaction, nor of those after it of its placement group. */
    public void onRefused(PgId pg, long number, ObjectError error, OsdEffects out) {
        PlacementGroup group = groups.ofDisk(pg);
        if (group != null) {
            group.onRefused(number, error, out);
        }
    }

    /** It is a placement group's turn, as it asked for with a token. */
    public void onReserved(ReservationSide side, PgId pg, long token, OsdEffects out) {
        PlacementGroup group = groups.get(pg);
        if (group != null) {
            group.onReserved(side, token, out);
        }
    }

    /** The turn that a placement group had by a token is another's. */
    public void onPreempted(ReservationSide side, PgId pg, long token, OsdEffects out) {
        PlacementGroup group = groups.get(pg);
        if (group != null) {
            group.onPreempted(side, token, out);
        }
    }

    /** A read away from the event loop has ended; failure is null when it succeeded. */
    public void onRead(PgId pg, long token, RuntimeException failure, long nowMillis, OsdEffects out) {
        if (token == LOG_TOKEN) {
            onLog(pg, failure, nowMillis, out);
            return;
        } else if (token == PlacementGroups.START_TOKEN) {
            groups.onAllRead(failure, hasBeenAlone, out);
            goOn(waitingForStart, nowMillis, out);
            return;
        } else if (token == PlacementGroups.MAPS_TOKEN) {
            groups.onMapsRead(failure, out);
            goOnWithNews(nowMillis, out);
            return;
        } else if (token == PlacementGroups.LEFT_TOKEN) {
            groups.onLeftoversRead(failure, out);
            return;
        }
        PlacementGroup group = groups.ofDisk(pg);
        if (group != null) {
            group.onRead(token, failure, out);
        }
    }

    /** Time has passed. */
    public void onTick(long nowMillis, OsdEffects out) {
        watches.onTick(nowMillis, map.epoch(), out);
        groups.removeInTurn(out);
        if (isAlone()) {
            loadNext(out);
        } else {
            groups.onTick(out);
        }
        groups.all().forEach(group -> {
            int pgNum = map.pool(group.id().pool()).pgNum();
            group.scrubInTurn(scrubTimes, map.state().flags(), pgNum, out);
        });
    }

    /** When the only OSD looks at the next placement group, whether it has to be compared: what is there is read for that. */
    private void loadNext(OsdEffects out) {
        if (!loading.isEmpty()) {
            return;
        }
        PgId pg = groups.nextToLookAt();
        if (pg != null && groups.isUnknown(pg) && store.usage(pg).entries() > 0) {
            load(pg, out);
        }
    }

    /** From now on, copies are compared when these say that it is time. */
    public void setScrubTimes(ScrubTimes times) {
        scrubTimes = times;
    }

    /** A client's session has ended. */
    public void onSessionClosed(long session, long nowMillis, OsdEffects out) {
        watches.onSessionClosed(session, map.epoch(), nowMillis, out);
    }

    /**
     * Has all copies of a placement group compared when it is its turn, unless that is under way already.
     *
     * @return NOT_CLEAN also when another OSD leads it
     */
    public OsdMessage.ScrubStart scrub(PgId pg, ScrubKind kind, OsdEffects out) {
        PlacementGroup group = groups.get(pg);
        Pool pool = map.pool(pg.pool());
        if (pool == null || map.primary(pg) != osd) {
            return OsdMessage.ScrubStart.NOT_CLEAN;
        } else if (group == null && isAlone()) {
            load(pg, out).messages.addLast(new Waiting.Scrub(pg, kind));
            return OsdMessage.ScrubStart.BEGINS;
        }
        return group == null ? OsdMessage.ScrubStart.NOT_CLEAN : group.scrub(kind);
    }

    /** How the placement groups are that this OSD leads, as far as they are known here, and what all of them need. */
    public PgReport report(long nowMillis) {
        TreeMap<PgId, PgStat> stats = new TreeMap<>();
        int cleanThrough = map.epoch();
        int mapsFrom = groups.neededForRemoval();
        if (isAlone()) {
            stats.putAll(PgReport.alone(osd, map, isOfShard, store::usage));
            groups.all()
                    .forEach(group -> stats.computeIfPresent(
                            group.id(), (pg, stat) -> stat.with(group.copy().scrubs(), group.scrubStates())));
        } else if (!groups.isStarted()) {
            return new PgReport(stats, 0, 0);
        }
        for (PlacementGroup group : isAlone() ? List.<PlacementGroup>of() : groups.all()) {
            PgStat stat = group.stat(nowMillis);
            if (stat != null) {
                stats.put(group.id(), stat);
                cleanThrough = Math.min(cleanThrough, stat.lastEpochClean());
            }
            mapsFrom = Math.min(mapsFrom, group.copy().neededMapEpoch());
        }
        return new PgReport(stats, cleanThrough, mapsFrom);
    }

    /** Transactions in flight in all placement groups. */
    public int inFlightCount() {
        int count = 0;
        for (PlacementGroup group : groups.all()) {
            count += group.inFlightCount();
        }
        return count;
    }
}

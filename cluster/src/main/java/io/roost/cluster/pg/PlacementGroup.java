package io.roost.cluster.pg;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.LeaseMessage;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.PgQuery;
import io.roost.cluster.message.ReplicationMessage;
import io.roost.cluster.message.ReservationMessage;
import io.roost.cluster.message.ScrubMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ScrubKind;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.pg.peering.Activation;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.pg.peering.Peering;
import io.roost.cluster.pg.peering.PeeringEffects;
import io.roost.cluster.pg.peering.PeeringPhase;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreTransaction;
import io.roost.cluster.store.StoreTransaction.RowChange;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * An OSD's copy of one placement group, through all intervals of maps: in each it peers, and then is the {@link Primary},
 * a {@link Replica} or neither. What an ended interval had under way is void; what it gave to the store still gets there,
 * before anything of the next. Where there is no other OSD there is nobody to peer with.
 *
 * <p>A machine: one thread calls it, effects come out in order, it has no clock and does no I/O but reads of memory.
 */
public final class PlacementGroup {
    /** Operations that wait until the placement group is active; more are refused. */
    private static final int MAX_WAITING = 1024;

    private final PgId id;
    private final int osd;
    private final ClassRegistry classes;
    private final ObjectStore store;
    private final PgLog.Limits limits;
    private LocalCopy copy;
    private final Commits commits;
    private final Reads reads;
    private final Outlet outlet = new Outlet();
    private final ArrayDeque<PeeringMessage> toSelf = new ArrayDeque<>();
    private final Map<Long, LogRead> logReads = new HashMap<>();
    private final ArrayDeque<Commits.Step> waitingForActive = new ArrayDeque<>();
    private OsdMap map;
    private Peering peering;
    private Leadership lead;
    private Replica replica;
    private EntrySource source;
    private Removal removal;
    private final Turns turns;
    private final Handover handover = new Handover();
    private boolean isRecoveredKnown;
    private boolean isLeaving;

    /**
     * A placement group without a part in it yet.
     *
     * @param osd this OSD
     * @param copy as the store has it, or to be stored
     * @param firstToken of its reads: not one that an earlier group of the same id may still wait for
     */
    public PlacementGroup(
            PgId id,
            int osd,
            ClassRegistry classes,
            ObjectStore store,
            LocalCopy copy,
            PgLog.Limits limits,
            long firstToken) {
        this.id = id;
        this.osd = osd;
        this.classes = classes;
        this.store = store;
        this.copy = copy;
        this.limits = limits;
        this.commits = new Commits(id);
        this.reads = new Reads(store, firstToken);
        this.turns = new Turns(id, reads, store);
    }

    /** The placement group's id. */
    public PgId id() {
        return id;
    }

    /** What is here besides entries. */
    public LocalCopy copy() {
        return copy;
    }

    /** Where its peering stands. */
    public PeeringPhase phase() {
        return peering == null ? PeeringPhase.ACTIVE : peering.phase();
    }

    /** The newest version that all who take part have on disk, as far as is known here. */
    public ObjectVersion committed() {
        return lead == null ? ObjectVersion.NONE : lead.primary().committed();
    }

    /** Transactions in flight. */
    public int inFlightCount() {
        return lead == null ? 0 : lead.primary().inFlightCount();
    }

    /** How it is, when this OSD leads it; null when another does, or this is the only OSD. */
    public PgStat stat(long nowMillis) {
        return isLedHere() ? description(nowMillis).stat() : null;
    }

    /** All that is known of how it is; null when another OSD leads it, or this is the only one. */
    public PgQuery query(long nowMillis) {
        return isLedHere() ? description(nowMillis).query() : null;
    }

    private boolean isLedHere() {
        return peering != null && peering.isPrimary();
    }

    private Description description(long nowMillis) {
        return new Description(
                osd, map, peering, copy, store.usage(id), lead, handover.isOver(osd, this::hasEnded, nowMillis));
    }

    /** What is to be said of it because its copies were compared, or are; nothing when another OSD leads it. */
    public Set<PgState> scrubStates() {
        return lead == null ? EnumSet.noneOf(PgState.class) : lead.scrubStates(copy.scrubs());
    }

    /**
     * Has all copies compared when it is its turn, unless that is under way already.
     *
     * @return NOT_CLEAN also when another OSD leads it
     */
    public OsdMessage.ScrubStart scrub(ScrubKind kind) {
        if (lead == null || (peering != null && !peering.isClean())) {
            return OsdMessage.ScrubStart.NOT_CLEAN;
        }
        return lead.scrubs().want(kind) ? OsdMessage.ScrubStart.BEGINS : OsdMessage.ScrubStart.UNDER_WAY;
    }

    /**
     * Begins a scrub that is wanted or due, when it is its turn; a few times a second.
     *
     * @param flags of the cluster
     * @param pgNum of the pool
     */
    public void scrubInTurn(ScrubTimes times, Set<OsdMapFlag> flags, int pgNum, PgEffects out) {
        if (lead != null) {
            boolean isClean = peering == null || peering.isClean();
            lead.scrubs().goOn(times, flags, isClean, pgNum, out);
        }
    }

    // ---- maps ----

    /**
     * This OSD is the only one there is: operations may come at once.
     *
     * @param mapEpoch becomes the epoch of every new version; never less than that of the log's head
     */
    public void onAlone(int mapEpoch, PgEffects out) {
        end();
        activate(new Activation(mapEpoch, List.of(osd), new TreeMap<>()), out);
    }

    /** A newer map, while this OSD still is the only one. */
    public void onMapAlone(int mapEpoch) {
        lead.primary().onMap(mapEpoch);
    }

    /** This OSD is not the only one any more; until it begins to peer it does nothing. */
    public void onNotAlone(int lastEpochAlone, PgEffects out) {
        turns.end(out);
        end();
        ScrubHistory known = copy.scrubs();
        copy = LocalCopy.alone(id, copy.log(), lastEpochAlone);
        copy.learn(known);
    }

    /**
     * Begins to peer.
     *
     * @param maps without gaps as far as there are any, the first one that of {@link LocalCopy#mapEpoch} or, when that is
     *     gone, one newer; the last one the newest
     */
    public void begin(List<OsdMap> maps, PgEffects out) {
        turns.end(out);
        end();
        peering = new Peering(id, osd, copy, maps.get(0));
        maps.subList(1, maps.size()).forEach(peering::advance);
        map = maps.get(maps.size() - 1);
        peering.begin(outlet.to(out));
        settle(out);
    }

    /** The next map. */
    public void onMap(OsdMap next, PgEffects out) {
        map = next;
        if (lead != null) {
            lead.primary().onMap(next.epoch());
        }
        peering.onMap(next, outlet.to(out));
        if (lead != null) {
            lead.upkeep().onMap(next::isUp, out);
        }
        settle(out);
    }

    /** Its pool is gone: nothing goes on, and others get its turns. {@link #removeWithPool} takes it off the disk. */
    public void leave(PgEffects out) {
        isLeaving = true;
        turns.end(out);
        end();
    }

    /**
     * Goes on with taking it off the disk, now that its pool is gone; a few times a second, until it {@link #isGone}. It begins
     * when nothing is on its way to the disk any more.
     *
     * @param pgNum of the pool, in the last map that had it
     */
    public void removeWithPool(int pgNum, PgEffects out) {
        if (removal != null) {
            removal.forget(out);
        } else if (commits.areDurable()) {
            removal = new Removal(id, copy, commits, reads, store, KeyLayout.entriesOf(id, pgNum));
            removal.begin(out);
        }
    }

    /** True when the disk does not let it be removed. */
    public boolean cannotBeRemoved() {
        return removal != null && removal.hasFailed();
    }

    private void end() {
        waitingForActive.clear();
        handover.intervalBegins();
        toSelf.clear();
        logReads.clear();
        isRecoveredKnown = false;
        if (lead != null) {
            lead.end();
            lead = null;
        }
        if (replica != null) {
            replica.end();
            replica = null;
        }
        if (source != null) {
            source.end();
            source = null;
        }
        if (removal != null) {
            removal.end();
            removal = null;
        }
    }

    private void activate(Activation activation, PgEffects out) {
        if (activation.epoch() < copy.log().head().epoch()) {
            throw new IllegalStateException(id + " active in epoch " + activation.epoch() + " before its log's "
                    + copy.log().head());
        }
        int epoch = activation.epoch();
        Members members = new Members(activation.peers(), copy.log().head());
        Pipeline pipeline = new Pipeline(id, copy, limits, commits, members, epoch);
        Upkeep upkeep = new Upkeep(
                id, osd, epoch, copy, members, pipeline, commits, reads, store, this::others, keys(), this::onScrubbed);
        turns.lead(epoch);
        ReadLease lease = new ReadLease(
                id,
                epoch,
                activation.acting().stream().filter(other -> other != osd).toList());
        lead = new Leadership(
                new Primary(id, classes, store, reads, pipeline, upkeep, lease, this::isAnyFull, epoch),
                upkeep,
                new RecoverySchedule(members, upkeep.recovery(), upkeep.backfill(), turns.toRecover()),
                new ScrubSchedule(id, epoch, copy, members, commits, upkeep.scrub(), turns.toScrub()),
                lease);
        commits.whenDurable(lead.scrubs()::begin, out);
    }

    private void onScrubbed(ScrubResult result, PgEffects out) {
        lead.scrubs().onEnd(result, out);
    }

    private boolean isAnyFull() {
        return peering != null && map.isSet(OsdMapFlag.FULL);
    }

    /** Who is no member, and may have entries. */
    private SortedSet<Integer> others() {
        return peering == null ? Collections.emptySortedSet() : peering.others();
    }

    /** The keys of its entries; none are compared where there is nobody to compare with. */
    private KeyLayout.KeyRange keys() {
        return map == null
                ? new KeyLayout.KeyRange(Bytes.EMPTY, Bytes.EMPTY)
                : KeyLayout.entriesOf(id, map.pool(id.pool()).pgNum());
    }

    /** Lets what an input has brought about come to its end. */
    private void settle(PgEffects out) {
        while (!toSelf.isEmpty()) {
            peering.onMessage(osd, toSelf.pollFirst(), outlet.to(out));
        }
        if (!waitingForActive.isEmpty() && isServing(out)) {
            List<Commits.Step> steps = List.copyOf(waitingForActive);
            waitingForActive.clear();
            steps.forEach(step -> step.run(out));
        }
        if (lead != null
                && peering != null
                && !isRecoveredKnown
                && lead.recovery()
                        .goOn(
                                map,
                                map.pool(id.pool()),
                                peering.mapping().acting().size(),
                                out)) {
            isRecoveredKnown = true;
            peering.onRecovered(outlet.to(out));
        }
    }

    // ---- clients ----

    /** True when it is active, and enough OSDs act. */
    private boolean hasEnough() {
        return lead != null
                && (peering == null
                        || peering.mapping().acting().size()
                                >= map.pool(id.pool()).minSize());
    }

    /** True when no process of an OSD runs; of one that the map does not know nobody can say. */
    private boolean hasEnded(int other) {
        OsdInfo info = map.osd(other);
        return info != null && info.isGone();
    }

    /** True when the placement group serves: also, no earlier primary can be reading any more. */
    private boolean isServing(PgEffects out) {
        return hasEnough() && (peering == null || handover.isOver(osd, this::hasEnded, out.nowMillis()));
    }

    /** An operation of a client, for a locator of this placement group, whose primary this OSD is. */
    public void onOperation(long session, OsdMessage.Operation operation, PgEffects out) {
        serve(session, operation, then -> lead.primary().onOperation(session, operation, then), out);
    }

    /** A page of the entries of this placement group, whose primary this OSD is. */
    public void onScanWork(long session, OsdMessage.ScanWork scan, int pgNum, PgEffects out) {
        serve(session, scan, then -> lead.primary().onScanWork(session, scan, pgNum, then), out);
    }

    private void serve(long session, OsdMessage.ToPrimary message, Commits.Step step, PgEffects out) {
        if (isServing(out)) {
            step.run(out);
            settle(out);
        } else if (waitingForActive.size() < MAX_WAITING) {
            waitingForActive.addLast(step);
        } else {
            String text = "too many requests wait for " + id + ", which is " + phase();
            out.reply(session, new OsdMessage.Refusal(message.request(), map.epoch(), ObjectError.BUSY, text));
        }
    }

    // ---- other OSDs ----

    /** A message of another OSD, by a map that this one has too. One of another interval is void. */
    public void onPeerMessage(int from, PeerMessage message, PgEffects out) {
        if (message instanceof PeeringMessage peeringMessage) {
            if (message instanceof PeeringMessage.Notify notify && notify.mapEpoch() >= peering.sameIntervalSince()) {
                handover.onHeard(from, notify.promise(), out.nowMillis());
            }
            peering.onMessage(from, peeringMessage, outlet.to(out));
            if (message instanceof PeeringMessage.Notify && lead != null) {
                lead.upkeep().recovery().onOther(from, out);
            }
        } else if (message.mapEpoch() < peering.sameIntervalSince()) {
            out.count("pg: a message of an interval that has ended");
        } else if (message instanceof ReplicationMessage replication) {
            onReplication(from, replication, out);
        } else if (message instanceof ScrubMessage scrub) {
            onScrubMessage(from, scrub, out);
        } else if (message instanceof ReservationMessage reservation) {
            onReservation(from, reservation, out);
        } else if (message instanceof LeaseMessage.Ask ask
                && replica != null
                && from == peering.mapping().primary()) {
            handover.promise(from, out.nowMillis());
            out.send(from, new LeaseMessage.Promise(id, map.epoch(), ask.sentMillis()));
        } else if (message instanceof LeaseMessage.Promise promise && lead != null) {
            lead.lease().onPromise(from, promise, out);
        }
        settle(out);
    }

    /** Its OSD has just started, and does not remember what it did before. */
    public void onStarted(PgEffects out) {
        handover.begun(out.nowMillis());
    }

    /** Time has passed; a few times a second. */
    public void onTick(PgEffects out) {
        if (lead != null) {
            lead.lease().goOn(out);
            turns.onTick(map.state().fullRatios(), out);
            settle(out);
        } else if (replica != null) {
            turns.onTick(map.state().fullRatios(), out);
        } else if (removal != null && handover.left(out.nowMillis()).millis() == 0) {
            removal.forget(out);
        }
    }

    private void onReservation(int from, ReservationMessage message, PgEffects out) {
        if (lead != null || (replica != null && from == peering.mapping().primary())) {
            turns.onMessage(from, message, map.state().fullRatios(), out);
        }
    }

    /** It is its turn, as it asked for with a token. */
    public void onReserved(ReservationSide side, long token, PgEffects out) {
        turns.onReserved(side, token, out);
        settle(out);
    }

    /** The turn that it had by a token is another's. */
    public void onPreempted(ReservationSide side, long token, PgEffects out) {
        turns.onPreempted(side, token, out);
        settle(out);
    }

    /** True when nobody needs it here any more, and nothing of it is left. */
    public boolean isGone() {
        return removal != null && removal.isGone();
    }

    private void onScrubMessage(int from, ScrubMessage message, PgEffects out) {
        if (lead != null && message instanceof ScrubMessage.Known known) {
            lead.scrubs().onKnown(known, out);
        } else if (lead != null) {
            lead.upkeep().scrub().onMessage(from, message, out);
        } else if (replica != null) {
            replica.onScrub(from, message, out);
        }
    }

    private void onReplication(int from, ReplicationMessage message, PgEffects out) {
        if (lead != null) {
            lead.primary().onMessage(from, message, out);
        } else if (message instanceof ReplicationMessage.Pull pull) {
            if (source == null) {
                source = new EntrySource(
                        id, peering.mapping().primary(), peering.sameIntervalSince(), copy, commits, reads, store);
            }
            source.onPull(from, pull, out);
        } else if (replica != null) {
            replica.onMessage(from, message, out);
        }
    }

    /** The connection to an OSD broke, in one direction or both; what was said and not answered may be lost. */
    public void onPeerReset(int peer, PgEffects out) {
        if (peering != null) {
            peering.onReset(peer, outlet.to(out));
            if (lead != null) {
                lead.primary().onPeerReset(peer, out);
            }
            turns.onPeerReset(peer, out);
            settle(out);
        }
    }

    // ---- the disk ----

    /** The transaction of a number, and all before it, are on disk. */
    public void onPersisted(long number, PgEffects out) {
        commits.onPersisted(number, out);
        settle(out);
    }

    /**
     * The store did nothing of the transaction of a number, nor of those after it.
     *
     * @throws IllegalStateException when other OSDs may have it: this one's copy is no longer theirs, and it must stop
     */
    public void onRefused(long number, ObjectError error, PgEffects out) {
        if (removal != null) {
            removal.onRefused(number, out);
            return;
        }
        if (isLeaving) {
            commits.takeBack(number);
            out.resume(id);
            return;
        }
        if (peering != null) {
            throw new IllegalStateException(id + ": " + error + " for a transaction that others may have");
        }
        lead.primary().onRefused(number, error, out);
    }

    /** The task of {@link PgEffects#read} has ended; failure is null when it succeeded. */
    public void onRead(long token, RuntimeException failure, PgEffects out) {
        LogRead logRead = logReads.remove(token);
        if (logRead != null) {
            if (failure != null) {
                throw new IllegalStateException("the log of " + id + " cannot be read", failure);
            }
            peering.onLogRead(logRead.token(), logRead.entries(), outlet.to(out));
        } else if (lead != null) {
            lead.primary().onRead(token, failure, out);
        } else if (source != null && source.onRead(token, failure, out)) {
            out.count("pg: an entry is given to the primary");
        } else if (replica != null) {
            replica.onRead(token, failure, out);
        } else if (removal != null) {
            removal.onRead(token, failure, out);
        }
        settle(out);
    }

    /** Carries out what peering wants. */
    private final class Outlet implements PeeringEffects {
        private PgEffects out;

        Outlet to(PgEffects effects) {
            out = effects;
            return this;
        }

        @Override
        public void send(int to, PeeringMessage message) {
            commits.whenDurable(
                    then -> {
                        if (to == osd) {
                            toSelf.addLast(message);
                        } else if (message instanceof PeeringMessage.Notify notify) {
                            then.send(to, notify.with(handover.left(then.nowMillis())));
                        } else {
                            then.send(to, message);
                        }
                    },
                    out);
        }

        @Override
        public void persist(PgId pg, List<RowChange> rows) {
            if (removal == null || !removal.isForgetting()) {
                commits.submit(StoreTransaction.ofRows(pg, rows), out);
            }
        }

        @Override
        public void readLog(PgId pg, ObjectVersion since, long token) {
            LogRead read = new LogRead(store, id, since, copy.log().head(), token);
            long own = reads.newToken();
            logReads.put(own, read);
            commits.whenDurable(then -> then.read(id, own, read), out);
        }

        @Override
        public void wantUpThru(int epoch) {
            out.wantUpThru(epoch);
        }

        @Override
        public void wantPgTemp(PgId pg, List<Integer> osds) {
            out.wantPgTemp(pg, osds);
        }

        @Override
        public void deactivate(PgId pg) {
            turns.end(out);
            end();
        }

        @Override
        public void activate(PgId pg, Activation activation) {
            out.count("pg: active");
            PlacementGroup.this.activate(activation, out);
        }

        @Override
        public void activateReplica(PgId pg, int primaryOsd) {
            replica = new Replica(
                    id, primaryOsd, copy.history().sameIntervalSince(), copy, commits, reads, store, keys());
        }

        @Override
        public void remove(PgId pg) {
            if (removal == null) {
                removal = new Removal(id, copy, commits, reads, store, keys());
                removal.begin(out);
            }
        }

        @Override
        public void count(String event) {
            out.count(event);
        }
    }
}

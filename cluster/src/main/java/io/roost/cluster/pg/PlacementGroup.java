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
import io.roost.cluster.pg.peering.PeeringPhase;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * An OSD's copy of one placement group, through all intervals of maps: in each it peers, and then has a {@link Role}. What an ended interval had under way is void; what it gave to the store still gets there,
 * before anything of the next. Where there is no other OSD there is nobody to peer with.
 *
 * <p>A machine: one thread calls it, effects come out in order, it has no clock and does no I/O but reads of memory.
 */
public final class PlacementGroup {
    /** Operations that wait until the placement group is active; more are refused. */
    private static final int MAX_WAITING = 1024;

    private final PgId id;
    private final int osd;
    private final ObjectStore store;
    private LocalCopy copy;
    private final Commits commits;
    private final Reads reads;
    private final PeeringOutlet outlet;
    private final WaitingOperations waiting = new WaitingOperations(MAX_WAITING);
    private OsdMap map;
    private Peering peering;
    private final Turns turns;
    private final Role role;
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
        this.store = store;
        this.copy = copy;
        this.commits = new Commits(id);
        this.reads = new Reads(store, firstToken);
        this.turns = new Turns(id, reads, store);
        this.role = new Role(id, osd, classes, store, limits, commits, reads, turns);
        this.outlet = new PeeringOutlet(id, osd, store, commits, reads, handover, role, new OfPeering());
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
        return role.lead() == null ? ObjectVersion.NONE : role.lead().primary().committed();
    }

    /** Transactions in flight. */
    public int inFlightCount() {
        return role.lead() == null ? 0 : role.lead().primary().inFlightCount();
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
                osd, map, peering, copy, store.usage(id), role.lead(), handover.isOver(osd, this::hasEnded, nowMillis));
    }

    /** What is to be said of it because its copies were compared, or are; nothing when another OSD leads it. */
    public Set<PgState> scrubStates() {
        return role.lead() == null ? EnumSet.noneOf(PgState.class) : role.lead().scrubStates(copy.scrubs());
    }

    /**
     * Has all copies compared when it is its turn, unless that is under way already.
     *
     * @return NOT_CLEAN also when another OSD leads it
     */
    public OsdMessage.ScrubStart scrub(ScrubKind kind) {
        if (role.lead() == null || (peering != null && !peering.isClean())) {
            return OsdMessage.ScrubStart.NOT_CLEAN;
        }
        return role.lead().scrubs().want(kind) ? OsdMessage.ScrubStart.BEGINS : OsdMessage.ScrubStart.UNDER_WAY;
    }

    /**
     * Begins a scrub that is wanted or due, when it is its turn; a few times a second.
     *
     * @param flags of the cluster
     * @param pgNum of the pool
     */
    public void scrubInTurn(ScrubTimes times, Set<OsdMapFlag> flags, int pgNum, PgEffects out) {
        if (role.lead() != null) {
            boolean isClean = peering == null || peering.isClean();
            role.lead().scrubs().goOn(times, flags, isClean, pgNum, out);
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
        commits.shared(false);
        lead(new Activation(mapEpoch, List.of(osd), new TreeMap<>()), out);
    }

    /** A newer map, while this OSD still is the only one. */
    public void onMapAlone(int mapEpoch) {
        role.lead().primary().onMap(mapEpoch);
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
        commits.shared(true);
        peering = new Peering(id, osd, copy, maps.get(0));
        maps.subList(1, maps.size()).forEach(peering::advance);
        map = maps.get(maps.size() - 1);
        peering.begin(outlet.to(out));
        settle(out);
    }

    /** The next map. */
    public void onMap(OsdMap next, PgEffects out) {
        map = next;
        if (role.lead() != null) {
            role.lead().primary().onMap(next.epoch());
        }
        peering.onMap(next, outlet.to(out));
        if (role.lead() != null) {
            role.lead().upkeep().onMap(next::isUp, out);
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
        if (role.removal() != null) {
            role.removal().forget(out);
        } else if (commits.areDurable()) {
            role.remove(copy, KeyLayout.entriesOf(id, pgNum), out);
        }
    }

    /** True when the disk does not let it be removed. */
    public boolean cannotBeRemoved() {
        return role.removal() != null && role.removal().hasFailed();
    }

    private void end() {
        waiting.clear();
        handover.intervalBegins();
        outlet.clear();
        isRecoveredKnown = false;
        role.end();
    }

    private void lead(Activation activation, PgEffects out) {
        role.lead(copy, activation, keys(), this::others, this::isAnyFull, out);
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
        for (PeeringMessage said = outlet.nextToSelf(); said != null; said = outlet.nextToSelf()) {
            peering.onMessage(osd, said, outlet.to(out));
        }
        if (!waiting.isEmpty() && isServing(out)) {
            waiting.carryOut(out);
        }
        if (role.lead() != null
                && peering != null
                && !isRecoveredKnown
                && role.lead()
                        .recovery()
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
        return role.lead() != null
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
        serve(session, operation, then -> role.lead().primary().onOperation(session, operation, then), out);
    }

    /** An operation of a client that a replica may answer, by a map of this epoch. */
    public void onReplicaRead(long session, OsdMessage.Operation operation, int epoch, PgEffects out) {
        role.onReplicaRead(session, operation, epoch, out);
    }

    /** A page of the entries of this placement group, whose primary this OSD is. */
    public void onScanWork(long session, OsdMessage.ScanWork scan, int pgNum, PgEffects out) {
        serve(session, scan, then -> role.lead().primary().onScanWork(session, scan, pgNum, then), out);
    }

    private void serve(long session, OsdMessage.ToPrimary message, Commits.Step step, PgEffects out) {
        if (isServing(out)) {
            step.run(out);
            settle(out);
        } else if (!waiting.add(step)) {
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
            if (message instanceof PeeringMessage.Notify && role.lead() != null) {
                role.lead().upkeep().recovery().onOther(from, out);
            }
        } else if (message.mapEpoch() < peering.sameIntervalSince()) {
            out.count("pg: a message of an interval that has ended");
        } else if (message instanceof ReplicationMessage replication) {
            role.onReplication(from, replication, this::source, out);
        } else if (message instanceof ScrubMessage scrub) {
            role.onScrub(from, scrub, out);
        } else if (message instanceof ReservationMessage reservation) {
            onReservation(from, reservation, out);
        } else if (message instanceof LeaseMessage.Ask ask
                && role.isReplica()
                && from == peering.mapping().primary()) {
            handover.promise(from, out.nowMillis());
            out.send(from, new LeaseMessage.Promise(id, map.epoch(), ask.sentMillis()));
        } else if (message instanceof LeaseMessage.Promise promise && role.lead() != null) {
            role.lead().lease().onPromise(from, promise, out);
        }
        settle(out);
    }

    /** Its OSD has just started, and does not remember what it did before. */
    public void onStarted(PgEffects out) {
        handover.begun(out.nowMillis());
    }

    /** Time has passed; a few times a second. */
    public void onTick(PgEffects out) {
        if (role.lead() != null) {
            role.lead().lease().goOn(out);
            turns.onTick(map.state().fullRatios(), out);
            settle(out);
        } else if (role.isReplica()) {
            turns.onTick(map.state().fullRatios(), out);
        } else if (role.removal() != null && handover.left(out.nowMillis()).millis() == 0) {
            role.removal().forget(out);
        }
    }

    private void onReservation(int from, ReservationMessage message, PgEffects out) {
        if (role.lead() != null
                || (role.isReplica() && from == peering.mapping().primary())) {
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
        return role.removal() != null && role.removal().isGone();
    }

    private EntrySource source() {
        return new EntrySource(
                id, peering.mapping().primary(), peering.sameIntervalSince(), copy, commits, reads, store);
    }

    /** The connection to an OSD broke, in one direction or both; what was said and not answered may be lost. */
    public void onPeerReset(int peer, PgEffects out) {
        if (peering != null) {
            peering.onReset(peer, outlet.to(out));
            role.onPeerReset(peer, out);
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
        if (role.removal() != null) {
            role.removal().onRefused(number, out);
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
        role.onRefused(number, error, out);
    }

    /** The task of {@link PgEffects#read} has ended; failure is null when it succeeded. */
    public void onRead(long token, RuntimeException failure, PgEffects out) {
        LogRead logRead = outlet.logRead(token);
        if (logRead != null) {
            if (failure != null) {
                throw new IllegalStateException("the log of " + id + " cannot be read", failure);
            }
            peering.onLogRead(logRead.token(), logRead.entries(), outlet.to(out));
        } else {
            role.onRead(token, failure, out);
        }
        settle(out);
    }

    /** What its peering brings about here. */
    private final class OfPeering implements PeeringOutlet.Group {
        @Override
        public LocalCopy copy() {
            return copy;
        }

        @Override
        public KeyLayout.KeyRange keys() {
            return PlacementGroup.this.keys();
        }

        @Override
        public void end(PgEffects out) {
            turns.end(out);
            PlacementGroup.this.end();
        }

        @Override
        public void lead(Activation activation, PgEffects out) {
            PlacementGroup.this.lead(activation, out);
        }
    }
}

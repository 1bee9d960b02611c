package io.roost.cluster.pg.peering;

import io.roost.cluster.machine.Invariant;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgMapping;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An interval's peering on the primary, in Ceph's steps: GetInfo (what has everyone that matters?), the choice of whose
 * log counts and of who should act, GetLog (make it mine), GetMissing (what do the others lack?), WaitUpThru, and
 * activation (make it theirs). One class, because all its steps are about one state: what has been heard of whom, and who
 * has not answered.
 */
final class PrimaryPeering {
    private final PgId pg;
    private final int osd;
    private final LocalCopy copy;
    private final LogReads logReads;
    private final PgMapping mapping;
    /** Epoch at which this peering began: answers to older questions are of an OSD that was another then. */
    private final int queried;

    private final TreeMap<Integer, PgInfo> infos = new TreeMap<>();
    private final TreeMap<Integer, MissingSet> peerMissing = new TreeMap<>();
    private final TreeMap<Integer, LogMerge> peerMerges = new TreeMap<>();
    private final TreeMap<Integer, PeeringMessage> unanswered = new TreeMap<>();
    private OsdMap map;
    private PriorSet prior;
    private PeeringPhase phase = PeeringPhase.GET_INFO;
    private ActingChoice choice;
    private PeeringMessage.Log authority;
    private List<LogEntry> recent = List.of();
    private ObjectVersion recentSince;
    private long reading = LogReads.NONE;
    /** Logs are compared as a whole: what is likely the same of them was not. */
    private boolean isWhole;

    private int activationEpoch;
    private boolean isClean;

    /**
     * A peering that has not begun.
     *
     * @param heard what others have said in this interval, in an earlier peering of it
     */
    PrimaryPeering(
            PgId pg,
            int osd,
            LocalCopy copy,
            LogReads logReads,
            OsdMap map,
            PgMapping mapping,
            SortedMap<Integer, PgInfo> heard) {
        infos.putAll(heard);
        this.pg = pg;
        this.osd = osd;
        this.copy = copy;
        this.logReads = logReads;
        this.map = map;
        this.mapping = mapping;
        queried = map.epoch();
        prior = priorSet();
    }

    PeeringPhase phase() {
        return phase;
    }

    boolean isClean() {
        return isClean;
    }

    PeeringStatus status() {
        return new PeeringStatus(
                infos,
                unanswered.navigableKeySet(),
                phase == PeeringPhase.DOWN ? prior.blockedBy() : new TreeSet<>(),
                new TreeSet<>(prior.down().keySet()));
    }

    SortedSet<Integer> others() {
        TreeSet<Integer> others = new TreeSet<>();
        infos.forEach((other, info) -> {
            if (!isMember(other) && map.isUp(other) && !info.lastBackfill().isEmpty()) {
                others.add(other);
            }
        });
        return others;
    }

    private PriorSet priorSet() {
        return PriorSet.of(map, mapping, copy.history().lastEpochStarted(), copy.pastIntervals());
    }

    // ---- GetInfo ----

    void begin(PeeringEffects out) {
        if (!isNotedAsUp()) {
            // Asked for now, needed at the end: it takes a round of the monitors.
            out.wantUpThru(copy.history().sameIntervalSince());
        }
        infos.put(osd, copy.info());
        askForInfos(out);
        onInfos(out);
    }

    private void askForInfos(PeeringEffects out) {
        for (int peer : prior.probe()) {
            if (!infos.containsKey(peer) && !unanswered.containsKey(peer)) {
                ask(peer, new PeeringMessage.QueryInfo(pg, map.epoch(), queried), out);
            }
        }
    }

    private void ask(int peer, PeeringMessage question, PeeringEffects out) {
        unanswered.put(peer, question);
        out.send(peer, question);
    }

    void onMessage(int from, PeeringMessage message, PeeringEffects out) {
        if (message instanceof PeeringMessage.Notify notify) {
            onNotify(from, notify, out);
        } else if (message instanceof PeeringMessage.Log log) {
            onLog(from, log, out);
        } else if (message instanceof PeeringMessage.Activated activated) {
            onActivated(from, activated, out);
        }
    }

    private void onNotify(int from, PeeringMessage.Notify notify, PeeringEffects out) {
        if (phase == PeeringPhase.ACTIVATING || phase == PeeringPhase.ACTIVE) {
            if (!isMember(from)) {
                infos.put(from, notify.info());
                removeStrays(out);
            } else if (unanswered.get(from) instanceof PeeringMessage.Activate said && isVoid(said, notify)) {
                out.count("an activation is said again");
                ask(from, activation(from, said.interval()), out);
            } else if (hasLost(from, notify.info())) {
                onLost(from, notify.info(), out);
            }
            return;
        }
        if (unanswered.get(from) instanceof PeeringMessage.QueryInfo && notify.queried() < queried) {
            return;
        }
        infos.put(from, notify.info());
        boolean isStartedLater = copy.learn(notify.info().history());
        if (phase == PeeringPhase.GET_INFO || phase == PeeringPhase.DOWN || phase == PeeringPhase.INCOMPLETE) {
            unanswered.remove(from);
            if (isStartedLater) {
                // Intervals before that start need not be heard any more.
                prior = priorSet();
                unanswered.keySet().retainAll(prior.probe());
                askForInfos(out);
            }
            onInfos(out);
        }
    }

    /**
     * True when a member has begun anew by a newer map than the one of its activation, because those before it are gone: it
     * cannot tell that the interval is the same, and what was said before is void to it. It had nothing, so that the same can
     * be said again.
     */
    private static boolean isVoid(PeeringMessage.Activate said, PeeringMessage.Notify notify) {
        return said.start() == PeeringMessage.Start.BACKFILL && said.mapEpoch() < notify.mapEpoch();
    }

    /** True when a member that had something has begun anew like that, and what it had proves nothing any more. */
    private boolean hasLost(int member, PgInfo info) {
        return info.lastBackfill().isEmpty()
                && !infos.get(member).lastBackfill().isEmpty();
    }

    private void onLost(int member, PgInfo info, PeeringEffects out) {
        out.count("a member has outlived its maps");
        infos.put(member, info);
        if (mapping.acting().contains(member)) {
            // Others have to serve while it is filled, and that makes another interval.
            want(choose(osd), out);
        } else if (phase == PeeringPhase.ACTIVATING) {
            peerMissing.put(member, new MissingSet());
            recentSince = copy.log().tail();
            reading = logReads.ask(recentSince, out);
        }
    }

    private void onInfos(PeeringEffects out) {
        if (!unanswered.isEmpty()) {
            phase = PeeringPhase.GET_INFO;
            return;
        }
        if (prior.isDown()) {
            phase = PeeringPhase.DOWN;
            out.count("pg down");
            return;
        }
        OptionalInt best = ActingChoice.authority(infos, osd);
        if (best.isEmpty()) {
            phase = PeeringPhase.INCOMPLETE;
            out.count("pg incomplete");
            return;
        }
        choice = choose(best.getAsInt());
        if (isOtherThanActing(choice)) {
            phase = PeeringPhase.WAIT_ACTING_CHANGE;
            want(choice, out);
            return;
        }
        PgInfo info = infos.get(choice.authority());
        if (info.lastUpdate().equals(copy.log().head())) {
            findMissing(out);
        } else {
            phase = PeeringPhase.GET_LOG;
            askForLog(choice.authority(), agreed(copy.info()), out);
        }
    }

    private void askForLog(int peer, ObjectVersion since, PeeringEffects out) {
        ask(peer, new PeeringMessage.QueryLog(pg, map.epoch(), queried, since), out);
    }

    /**
     * Before this version an OSD's log is most likely as everyone's: it has recorded a start in that epoch. Only if that
     * start was completed it surely is.
     */
    private static ObjectVersion agreed(PgInfo info) {
        return new ObjectVersion(info.lastEpochStarted(), 0);
    }

    private ActingChoice choose(int authority) {
        return ActingChoice.of(infos, authority, mapping, map.pool(pg.pool()).size());
    }

    private boolean isOtherThanActing(ActingChoice wanted) {
        return wanted.acting().get(0) != mapping.primary()
                || !new HashSet<>(wanted.acting()).equals(new HashSet<>(mapping.acting()));
    }

    private void want(ActingChoice wanted, PeeringEffects out) {
        boolean isUp = wanted.acting().get(0) == mapping.upPrimary()
                && new HashSet<>(wanted.acting()).equals(new HashSet<>(mapping.up()));
        out.wantPgTemp(pg, isUp ? List.of() : wanted.acting());
    }

    // ---- GetLog ----

    private void onLog(int from, PeeringMessage.Log log, PeeringEffects out) {
        if (log.queried() != queried || !(unanswered.get(from) instanceof PeeringMessage.QueryLog)) {
            return;
        }
        unanswered.remove(from);
        if (phase == PeeringPhase.GET_MISSING) {
            onPeerLog(from, log, out);
            return;
        }
        authority = log;
        List<LogEntry> entries = decode(log.entries());
        ObjectVersion head = copy.log().head();
        if (head.equals(log.since())
                || entries.stream().anyMatch(entry -> entry.version().equals(head))) {
            merge(List.of(), head, entries, out);
        } else {
            out.count("divergent primary");
            reading = logReads.ask(copy.log().floor(log.since()), out);
        }
    }

    private static List<LogEntry> decode(List<Bytes> rows) {
        return rows.stream().map(LogEntry::decode).toList();
    }

    private void merge(List<LogEntry> own, ObjectVersion ownSince, List<LogEntry> entries, PeeringEffects out) {
        Optional<LogMerge> merge = LogMerge.of(own, ownSince, entries, authority.since());
        if (merge.isEmpty()) {
            out.count("logs compared as a whole");
            askForLog(choice.authority(), ObjectVersion.NONE, out);
            return;
        }
        copy.apply(merge.get());
        copy.persist(out);
        infos.put(osd, copy.info());
        findMissing(out);
    }

    void onLogRead(long token, List<LogEntry> own, PeeringEffects out) {
        if (token != reading) {
            return;
        }
        reading = LogReads.NONE;
        if (phase == PeeringPhase.GET_LOG) {
            merge(own, copy.log().floor(authority.since()), decode(authority.entries()), out);
        } else {
            recent = List.copyOf(own);
            if (phase == PeeringPhase.GET_MISSING) {
                askForMissing(out);
            } else {
                startLostOver(out);
            }
        }
    }

    // ---- GetMissing ----

    /** The OSDs that will take every change, but this one. */
    private Set<Integer> peers() {
        TreeSet<Integer> peers = new TreeSet<>(choice.acting());
        peers.addAll(choice.backfill());
        peers.remove(osd);
        return peers;
    }

    private boolean isMember(int peer) {
        return peer == osd || peers().contains(peer);
    }

    /** True when a peer's copy, though not acting, can go on from where its backfill was. */
    private boolean isStartedOver(int peer) {
        PgInfo info = infos.get(peer);
        return choice.backfill().contains(peer)
                && (info.lastBackfill().isEmpty()
                        || info.lastUpdate().compareTo(copy.log().tail()) < 0);
    }

    private void findMissing(PeeringEffects out) {
        phase = PeeringPhase.GET_MISSING;
        // Who has the log of one that took part in a start proves as much as that one.
        copy.activatedAt(infos.get(choice.authority()).lastEpochStarted());
        ObjectVersion head = copy.log().head();
        ObjectVersion since = head;
        for (int peer : peers()) {
            PgInfo info = infos.get(peer);
            if (isStartedOver(peer)) {
                since = copy.log().tail();
            } else if (!info.lastUpdate().equals(head)) {
                ObjectVersion agreed = copy.log().floor(least(agreed(info), info.lastUpdate()));
                since = isWhole ? copy.log().tail() : least(since, agreed);
            }
        }
        recentSince = since;
        if (since.equals(head)) {
            askForMissing(out);
        } else {
            reading = logReads.ask(since, out);
        }
    }

    private static ObjectVersion least(ObjectVersion one, ObjectVersion other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void askForMissing(PeeringEffects out) {
        ObjectVersion head = copy.log().head();
        for (int peer : peers()) {
            PgInfo info = infos.get(peer);
            boolean isSame = info.lastUpdate().equals(head);
            if (isStartedOver(peer) || (isSame && info.missingCount() == 0)) {
                peerMissing.put(peer, new MissingSet());
            } else {
                askForLog(peer, isSame ? head : isWhole ? ObjectVersion.NONE : agreed(info), out);
            }
        }
        waitUpThru(out);
    }

    private void onPeerLog(int from, PeeringMessage.Log log, PeeringEffects out) {
        Optional<LogMerge> merged = LogMerge.of(decode(log.entries()), log.since(), recent, recentSince);
        if (merged.isEmpty()) {
            Invariant.check(!isWhole, "the log of osd." + from + " meets that of its primary");
            out.count("logs compared as a whole");
            isWhole = true;
            unanswered.clear();
            findMissing(out);
            return;
        }
        LogMerge merge = merged.get();
        if (!merge.divergent().isEmpty()) {
            out.count("divergent peer");
        }
        MissingSet missing = new MissingSet(log.missing());
        missing.onDivergent(merge.divergent(), pg.pool(), log.info().lastBackfill());
        merge.added()
                .forEach(entry -> missing.onEntry(entry, pg.pool(), log.info().lastBackfill()));
        infos.put(from, log.info());
        peerMissing.put(from, missing);
        peerMerges.put(from, merge);
        waitUpThru(out);
    }

    // ---- WaitUpThru, activation ----

    private boolean isNotedAsUp() {
        OsdInfo info = map.osd(osd);
        return info != null && info.upThru() >= copy.history().sameIntervalSince();
    }

    private void waitUpThru(PeeringEffects out) {
        if (!unanswered.isEmpty()) {
            return;
        }
        phase = PeeringPhase.WAIT_UP_THRU;
        if (isNotedAsUp()) {
            activate(out);
        } else {
            out.count("wait for up_thru");
        }
    }

    /** True when a map without a new interval changes whom this peering must hear, or takes away whom it has heard. */
    boolean isUpsetBy(OsdMap next) {
        return phase != PeeringPhase.ACTIVATING
                && phase != PeeringPhase.ACTIVE
                && (prior.isAffectedBy(next) || !infos.keySet().stream().allMatch(next::isUp));
    }

    /** What those have said that are still up by a map. */
    SortedMap<Integer, PgInfo> heard(OsdMap next) {
        TreeMap<Integer, PgInfo> heard = new TreeMap<>(infos);
        heard.keySet().removeIf(peer -> !next.isUp(peer));
        return heard;
    }

    void onMap(OsdMap next, PeeringEffects out) {
        map = next;
        if (phase == PeeringPhase.WAIT_UP_THRU && isNotedAsUp()) {
            activate(out);
        }
    }

    private void activate(PeeringEffects out) {
        phase = PeeringPhase.ACTIVATING;
        activationEpoch = map.epoch();
        if (isStarting()) {
            copy.activatedAt(activationEpoch);
        }
        int interval = copy.history().sameIntervalSince();
        for (int peer : peers()) {
            ask(peer, activation(peer, interval), out);
        }
        PeeringMessage own = new PeeringMessage.Activated(pg, map.epoch(), interval);
        unanswered.put(osd, own);
        copy.persist(out);
        out.send(osd, own);
    }

    /** With fewer than min_size it recovers but takes no writes, and later intervals need not hear of it. */
    private boolean isStarting() {
        return mapping.acting().size() >= map.pool(pg.pool()).minSize();
    }

    private PeeringMessage.Activate activation(int peer, int interval) {
        PeeringMessage.Start start = PeeringMessage.Start.AS_IT_IS;
        ObjectVersion since = copy.log().head();
        List<LogEntry> entries = List.of();
        LogMerge merge = peerMerges.get(peer);
        if (isStartedOver(peer)) {
            start = PeeringMessage.Start.BACKFILL;
            since = recentSince;
            entries = recent;
        } else if (merge != null) {
            since = merge.common();
            entries = merge.added();
        }
        List<Bytes> rows = entries.stream().map(LogEntry::encode).toList();
        return new PeeringMessage.Activate(
                pg, map.epoch(), interval, copy.info(), since, rows, copy.pastIntervals(), start);
    }

    private void startLostOver(PeeringEffects out) {
        for (int peer : peers()) {
            if (isStartedOver(peer)
                    && unanswered.get(peer) instanceof PeeringMessage.Activate said
                    && said.start() == PeeringMessage.Start.AS_IT_IS) {
                ask(peer, activation(peer, said.interval()), out);
            }
        }
    }

    private void onActivated(int from, PeeringMessage.Activated activated, PeeringEffects out) {
        if (phase != PeeringPhase.ACTIVATING
                || activated.interval() != copy.history().sameIntervalSince()
                || unanswered.remove(from) == null
                || !unanswered.isEmpty()) {
            return;
        }
        phase = PeeringPhase.ACTIVE;
        // Only now: an OSD that knows of this start must not be needed before all of them have recorded it.
        if (isStarting()) {
            copy.learn(copy.history().started(activationEpoch));
        }
        shareHistory(out);
        TreeMap<Integer, Activation.Peer> peers = new TreeMap<>();
        for (int peer : peers()) {
            Bytes lastBackfill =
                    isStartedOver(peer) ? Bytes.EMPTY : infos.get(peer).lastBackfill();
            peers.put(peer, new Activation.Peer(lastBackfill, peerMissing.get(peer)));
        }
        recent = List.of();
        peerMerges.clear();
        out.activate(pg, new Activation(activationEpoch, mapping.acting(), peers));
    }

    private void shareHistory(PeeringEffects out) {
        copy.persist(out);
        int interval = copy.history().sameIntervalSince();
        for (int peer : peers()) {
            out.send(peer, new PeeringMessage.HistoryUpdate(pg, map.epoch(), interval, copy.history()));
        }
    }

    // ---- after activation ----

    /** Nothing is missing anywhere, and everyone is filled: those that placement gives can act, or all is clean. */
    void onRecovered(PeeringEffects out) {
        for (int peer : peers()) {
            infos.put(peer, copy.info());
        }
        infos.put(osd, copy.info());
        ActingChoice now = choose(osd);
        if (isOtherThanActing(now)) {
            want(now, out);
        } else if (!isClean && mapping.acting().size() >= map.pool(pg.pool()).size()) {
            isClean = true;
            copy.learn(copy.history().clean(map.epoch()));
            shareHistory(out);
            removeStrays(out);
        }
    }

    private void removeStrays(PeeringEffects out) {
        if (isClean) {
            List<Integer> strays = new ArrayList<>(infos.keySet());
            strays.removeIf(this::isMember);
            for (int stray : strays) {
                infos.remove(stray);
                int interval = copy.history().sameIntervalSince();
                out.send(stray, new PeeringMessage.Remove(pg, map.epoch(), interval));
            }
        }
    }

    /** A connection to an OSD has broken: what it has not answered is asked again. */
    void onReset(int peer, PeeringEffects out) {
        PeeringMessage question = unanswered.get(peer);
        if (question != null && peer != osd) {
            out.send(peer, question);
        }
    }
}

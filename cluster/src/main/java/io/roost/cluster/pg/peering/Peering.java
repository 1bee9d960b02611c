package io.roost.cluster.pg.peering;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgMapping;
import io.roost.cluster.message.PeeringMessage;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.PgInterval;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The peering of one placement group on one OSD: follows the maps, keeps account of intervals, and at the beginning of
 * each takes part in the agreement on its log, as the primary ({@link PrimaryPeering}) or not ({@link MemberPeering}).
 *
 * <p>What may never happen is that a placement group serves without something that was acknowledged. Three rules keep
 * that away. A write is acknowledged when every acting OSD has it. A primary serves only when the monitors have noted
 * that it is up in its interval (up_thru), so that later ones can tell the intervals that may have taken writes from
 * those that did not. And it serves only after it has heard an OSD of each of those since the placement group last
 * started, which all of its OSDs have recorded.
 *
 * <p>A machine: one thread, no clock, effects in order.
 */
public final class Peering {
    private final PgId pg;
    private final int osd;
    private final LocalCopy copy;
    private final LogReads logReads;
    private final TreeMap<Long, Question> questions = new TreeMap<>();
    private OsdMap map;
    private PgMapping mapping;
    private PrimaryPeering primary;
    private MemberPeering member;

    private record Question(int from, PeeringMessage.QueryLog query, ObjectVersion since) {}

    /**
     * The peering of a copy, which does nothing before {@link #begin}.
     *
     * @param osd this OSD
     * @param map the one of {@link LocalCopy#mapEpoch}, or one newer when there is none any more
     */
    public Peering(PgId pg, int osd, LocalCopy copy, OsdMap map) {
        this.pg = pg;
        this.osd = osd;
        this.copy = copy;
        this.map = map;
        logReads = new LogReads(pg);
        mapping = map.mapping(pg);
        if (map.epoch() > copy.mapEpoch()) {
            skipTo(map);
        }
    }

    /** Where it stands. */
    public PeeringPhase phase() {
        return primary != null ? primary.phase() : member.phase();
    }

    /** True when this OSD is the primary. */
    public boolean isPrimary() {
        return mapping.primary() == osd;
    }

    /** Who serves in this interval. */
    public PgMapping mapping() {
        return mapping;
    }

    /** Of a primary: OSDs that are up, have a copy and take no part in the interval. */
    public SortedSet<Integer> others() {
        return primary == null ? Collections.emptySortedSet() : primary.others();
    }

    /** Of a primary: what it knows and waits for. */
    public PeeringStatus status() {
        return primary.status();
    }

    /** True when all who should have it have all of it, and it serves. */
    public boolean isClean() {
        return primary != null && primary.isClean();
    }

    /** First epoch of this interval: messages that are older are another's. */
    public int sameIntervalSince() {
        return copy.history().sameIntervalSince();
    }

    /** Takes account of a newer map, without acting by it. True when an interval ends with it. */
    public boolean advance(OsdMap next) {
        boolean isNew = next.epoch() != map.epoch() + 1 || Interval.endsBetween(pg, map, next);
        if (next.epoch() != map.epoch() + 1) {
            skipTo(next);
        } else if (isNew) {
            Interval.thatMayHaveTakenWrites(
                            pg, sameIntervalSince(), map, copy.history().lastEpochClean())
                    .ifPresent(copy::past);
            copy.intervalBegins(next.epoch());
        }
        map = next;
        mapping = next.mapping(pg);
        copy.reached(next.epoch());
        return isNew;
    }

    private void skipTo(OsdMap next) {
        PgMapping now = next.mapping(pg);
        copy.outlivedItsMaps(
                now.acting().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new PgInterval(next.epoch(), next.epoch(), now.acting(), now.primary())));
        copy.intervalBegins(next.epoch());
        copy.reached(next.epoch());
    }

    /** Begins the interval that the newest map is in. */
    public void begin(PeeringEffects out) {
        questions.clear();
        primary = null;
        member = null;
        out.deactivate(pg);
        copy.persist(out);
        if (isPrimary()) {
            beginAsPrimary(Collections.emptySortedMap(), out);
        } else {
            member = new MemberPeering(pg, copy, logReads, map, mapping);
            member.begin(out);
        }
    }

    private void beginAsPrimary(SortedMap<Integer, PgInfo> heard, PeeringEffects out) {
        primary = new PrimaryPeering(pg, osd, copy, logReads, map, mapping, heard);
        primary.begin(out);
    }

    /** A newer map, which follows the newest known unless there is none between any more. */
    public void onMap(OsdMap next, PeeringEffects out) {
        boolean comesUp = !map.isUp(osd) && next.isUp(osd);
        if (advance(next)) {
            begin(out);
            return;
        }
        copy.persist(out);
        if (primary == null) {
            member.onMap(map);
            if (comesUp) {
                // While this OSD was down the primary has forgotten what it said.
                member.onReset(out);
            }
        } else if (primary.isUpsetBy(map)) {
            out.count("prior set changed");
            beginAsPrimary(primary.heard(map), out);
        } else {
            primary.onMap(map, out);
        }
    }

    /** A message of another OSD, or of this one, whose map is not newer than the newest known here. */
    public void onMessage(int from, PeeringMessage message, PeeringEffects out) {
        if (message.mapEpoch() < sameIntervalSince()) {
            // Whoever said so has not heard of this interval, or has forgotten by now what it said.
            out.count("peering message of an older interval");
        } else if (message instanceof PeeringMessage.QueryInfo query) {
            out.send(
                    from,
                    new PeeringMessage.Notify(pg, map.epoch(), query.queried(), copy.info(), copy.pastIntervals()));
        } else if (message instanceof PeeringMessage.QueryLog query) {
            onQueryLog(from, query, out);
        } else if (primary != null) {
            primary.onMessage(from, message, out);
        } else if (from == mapping.primary()) {
            member.onMessage(message, out);
        }
    }

    private void onQueryLog(int from, PeeringMessage.QueryLog query, PeeringEffects out) {
        ObjectVersion since = copy.log().floor(query.since());
        Question question = new Question(from, query, since);
        if (since.equals(copy.log().head())) {
            answer(question, List.of(), out);
        } else {
            questions.put(logReads.ask(since, out), question);
        }
    }

    private void answer(Question question, List<LogEntry> entries, PeeringEffects out) {
        List<Bytes> rows = entries.stream().map(LogEntry::encode).toList();
        out.send(
                question.from(),
                new PeeringMessage.Log(
                        pg,
                        map.epoch(),
                        question.query().queried(),
                        copy.info(),
                        question.since(),
                        rows,
                        copy.missing().items()));
    }

    /** What {@link PeeringEffects#readLog} asked for. */
    public void onLogRead(long token, List<LogEntry> entries, PeeringEffects out) {
        Question question = questions.remove(token);
        if (question != null) {
            answer(question, entries, out);
        } else if (primary != null) {
            primary.onLogRead(token, entries, out);
        } else {
            member.onLogRead(token, entries, out);
        }
    }

    /** A connection to an OSD that is up has broken: what was said and not answered may be lost, on either side. */
    public void onReset(int peer, PeeringEffects out) {
        if (primary != null) {
            primary.onReset(peer, out);
        } else if (peer == mapping.primary()) {
            member.onReset(out);
        }
    }

    /** The primary: nothing is missing anywhere, and everyone is filled. */
    public void onRecovered(PeeringEffects out) {
        primary.onRecovered(out);
    }
}

package io.roost.cluster.pg;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgMapping;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.PgQuery;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.pg.peering.Peering;
import io.roost.cluster.pg.peering.PeeringStatus;
import io.roost.cluster.store.PgUsage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How a placement group is, as the OSD says that leads it: to the monitors, and to a person who asks.
 *
 * @param osd this OSD
 * @param map the newest one
 * @param copy this OSD's
 * @param usage of that
 * @param lead null before it is active
 * @param isHandedOver false while an earlier primary may still be reading
 */
record Description(
        int osd, OsdMap map, Peering peering, LocalCopy copy, PgUsage usage, Leadership lead, boolean isHandedOver) {
    private Pool pool() {
        return map.pool(copy.pg().pool());
    }

    /** True when as many OSDs act as there are to be copies. */
    private boolean isWhole() {
        return peering.mapping().acting().size() >= pool().size();
    }

    /** For the monitors. */
    PgStat stat() {
        boolean isWhole = isWhole();
        boolean isClean = isWhole && peering.isClean();
        long degraded = lead == null ? 0 : lead.upkeep().recovery().degraded();
        int unfound = lead == null ? 0 : lead.upkeep().recovery().unfound();
        long unfilled = lead == null ? 0 : lead.upkeep().backfill().unfilled(usage.entries());
        TreeSet<Integer> having = new TreeSet<>(peering.mapping().acting());
        having.addAll(peering.mapping().up());
        long lacking = Math.max(0, pool().size() - having.size()) * usage.entries();
        Set<PgState> states = states(isClean);
        if (degraded > 0 || !isWhole) {
            states.add(PgState.DEGRADED);
        }
        if (unfound > 0) {
            states.add(PgState.RECOVERY_UNFOUND);
        }
        return new PgStat(
                map.epoch(),
                states,
                usage.entries(),
                usage.bytes(),
                degraded + lacking + (isWhole ? 0 : unfilled),
                isWhole ? unfilled : 0,
                unfound,
                isClean ? map.epoch() : copy.history().lastEpochClean(),
                copy.scrubs());
    }

    private Set<PgState> states(boolean isClean) {
        PgMapping mapping = peering.mapping();
        EnumSet<PgState> states = EnumSet.of(phase());
        if (lead != null && !isHandedOver) {
            states.add(PgState.WAIT);
        } else if (lead != null && lead.lease().isAwaited()) {
            states.add(PgState.LAGGY);
        }
        if (!isWhole()) {
            states.add(PgState.UNDERSIZED);
        }
        if (!mapping.acting().equals(mapping.up())) {
            states.add(PgState.REMAPPED);
        }
        if (lead != null) {
            states.addAll(lead.scrubStates(copy.scrubs()));
            if (lead.recovery().state() != null) {
                states.add(lead.recovery().state());
            }
        }
        if (isClean) {
            states.add(PgState.CLEAN);
        }
        return states;
    }

    private PgState phase() {
        return switch (peering.phase()) {
            case DOWN -> PgState.DOWN;
            case INCOMPLETE -> PgState.INCOMPLETE;
            case ACTIVATING -> PgState.ACTIVATING;
            case ACTIVE ->
                lead != null && peering.mapping().acting().size() >= pool().minSize() ? PgState.ACTIVE : PgState.PEERED;
            default -> PgState.PEERING;
        };
    }

    /** All that is known, for a person. */
    PgQuery query() {
        PgStat stat = stat();
        PeeringStatus status = peering.status();
        List<PgQuery.Copy> copies = new ArrayList<>();
        copies.add(new PgQuery.Copy(osd, copy.info(), copy.missing().size()));
        SortedSet<Integer> others = new TreeSet<>(status.infos().keySet());
        others.remove(osd);
        for (int other : others) {
            copies.add(copy(other, status.infos().get(other)));
        }
        PrimaryReservation reservation = lead == null ? null : lead.recovery().reservation();
        return new PgQuery(
                map.epoch(),
                stat.states(),
                peering.mapping(),
                peering.phase().name().toLowerCase(Locale.ROOT),
                copies,
                copy.pastIntervals(),
                status.asked(),
                status.blockedBy(),
                status.downOsds(),
                stat.unfound(),
                reservation == null ? "none" : reservation.phase().name().toLowerCase(Locale.ROOT),
                reservation == null ? List.of() : reservation.awaited(),
                copy.scrubs());
    }

    /** Of a member the primary knows more than what it has once said. */
    private PgQuery.Copy copy(int other, PgInfo said) {
        Members members = lead == null ? null : lead.recovery().members();
        Members.Member member = members == null ? null : members.of(other);
        if (member == null) {
            return new PgQuery.Copy(other, said, said.missingCount());
        }
        int missing = member.missing().size();
        PgInfo now = new PgInfo(
                members.onDisk(other),
                said.logTail().compareTo(members.onDisk(other)) > 0 ? members.onDisk(other) : said.logTail(),
                member.lastBackfill(),
                missing,
                said.lastEpochStarted(),
                said.history());
        return new PgQuery.Copy(other, now, missing);
    }
}

package io.roost.cluster.pg.peering;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgMapping;
import io.roost.cluster.message.PgInterval;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whom a primary must ask before it may serve (Ceph's PastIntervals::PriorSet): of every interval that may have taken
 * writes since the placement group last started, at least one OSD must be heard. One that has got another store since then
 * does not count, no more than one that does not exist.
 *
 * @param probe OSDs that are up and to be asked
 * @param down OSDs that would be asked if they were up → the epoch up to which their data is declared lost, or
 *     {@value #DOES_NOT_EXIST}
 * @param blockedBy OSDs of an interval of which none can be asked: as long as there are some, nobody may serve
 */
record PriorSet(SortedSet<Integer> probe, SortedMap<Integer, Integer> down, SortedSet<Integer> blockedBy) {
    private static final int DOES_NOT_EXIST = -1;

    PriorSet {
        probe = Collections.unmodifiableSortedSet(new TreeSet<>(probe));
        down = Collections.unmodifiableSortedMap(new TreeMap<>(down));
        blockedBy = Collections.unmodifiableSortedSet(new TreeSet<>(blockedBy));
    }

    /**
     * The prior set by a map.
     *
     * @param mapping of the placement group in that map
     * @param lastEpochStarted nothing before it matters
     * @param pastIntervals oldest first
     */
    static PriorSet of(OsdMap map, PgMapping mapping, int lastEpochStarted, List<PgInterval> pastIntervals) {
        TreeSet<Integer> probe = new TreeSet<>(mapping.up());
        probe.addAll(mapping.acting());
        TreeMap<Integer, Integer> down = new TreeMap<>();
        TreeSet<Integer> blockedBy = new TreeSet<>();
        for (PgInterval interval : pastIntervals) {
            if (interval.last() >= lastEpochStarted) {
                blockedBy.addAll(add(map, interval, probe, down));
            }
        }
        return new PriorSet(probe, down, blockedBy);
    }

    /** True for one that was removed and made again under the same number: it has nothing of the interval. */
    private static boolean isMadeAgain(OsdInfo info, PgInterval interval) {
        return !info.hadStoreIn(interval.first()) && info.lostAt() <= interval.first();
    }

    /** Adds an interval's OSDs; returns those that it takes to be heard of when none can be. */
    private static List<Integer> add(
            OsdMap map, PgInterval interval, SortedSet<Integer> probe, SortedMap<Integer, Integer> down) {
        boolean isHeard = false;
        TreeSet<Integer> silent = new TreeSet<>();
        for (int osd : interval.acting()) {
            OsdInfo info = map.osd(osd);
            if (info == null) {
                down.put(osd, DOES_NOT_EXIST);
            } else if (info.isUp() && !isMadeAgain(info, interval)) {
                probe.add(osd);
                isHeard = true;
            } else if (!isMadeAgain(info, interval)) {
                down.put(osd, info.lostAt());
                if (info.lostAt() > interval.first()) {
                    // An administrator's word that this copy is gone: it must not be waited for.
                    isHeard = true;
                } else {
                    silent.add(osd);
                }
            }
        }
        return isHeard ? List.of() : List.copyOf(silent);
    }

    /** True when nobody may serve before one of {@link #blockedBy} returns. */
    boolean isDown() {
        return !blockedBy.isEmpty();
    }

    /** True when a newer map makes another set of the same interval. */
    boolean isAffectedBy(OsdMap map) {
        for (int osd : probe) {
            if (!map.isUp(osd)) {
                return true;
            }
        }
        for (Map.Entry<Integer, Integer> entry : down.entrySet()) {
            OsdInfo info = map.osd(entry.getKey());
            int lostAt = info == null ? DOES_NOT_EXIST : info.lostAt();
            if ((info != null && info.isUp()) || lostAt != entry.getValue()) {
                return true;
            }
        }
        return false;
    }
}

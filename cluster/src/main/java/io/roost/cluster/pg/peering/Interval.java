package io.roost.cluster.pg.peering;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgMapping;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.PgInterval;
import java.util.Optional;

/**
 * Intervals: the longest runs of epochs in which a placement group's OSDs, and what decides whether it serves, stay the
 * same.
 */
final class Interval {
    private Interval() {}

    /** True when an interval ends between two maps, of which the newer need not follow the older. */
    static boolean endsBetween(PgId pg, OsdMap older, OsdMap newer) {
        Pool before = older.pool(pg.pool());
        Pool after = newer.pool(pg.pool());
        if (before == null || after == null) {
            return (before == null) != (after == null);
        }
        PgMapping was = older.mapping(pg);
        PgMapping is = newer.mapping(pg);
        return !was.equals(is)
                || older.hasOneOsd() != newer.hasOneOsd()
                || before.size() != after.size()
                || before.minSize() != after.minSize()
                || before.pgNum() != after.pgNum();
    }

    /**
     * The interval that a map is the last of, when writes may have been taken in it: enough OSDs acted, and the monitors
     * knew that its primary was alive in it. One that provably took none need not be remembered (Ceph's
     * check_new_interval). The only OSD there is serves without others, and without asking monitors.
     *
     * @param first first epoch of the interval
     * @param lastMap map of its last epoch: how long the primary was known to be alive is in no earlier one
     * @param lastEpochClean an interval that was clean counts, whatever the map says
     */
    static Optional<PgInterval> thatMayHaveTakenWrites(PgId pg, int first, OsdMap lastMap, int lastEpochClean) {
        Pool pool = lastMap.pool(pg.pool());
        PgMapping mapping = lastMap.mapping(pg);
        int last = lastMap.epoch();
        if (pool == null
                || mapping.primary() == OsdMap.NO_OSD
                || (mapping.acting().size() < pool.minSize() && !lastMap.hasOneOsd())) {
            return Optional.empty();
        }
        OsdInfo primary = lastMap.osd(mapping.primary());
        boolean wasActive = primary.upThru() >= first && primary.upFrom() <= first;
        boolean wasClean = first <= lastEpochClean && lastEpochClean <= last;
        return wasActive || wasClean || lastMap.hasOneOsd()
                ? Optional.of(new PgInterval(first, last, mapping.acting(), mapping.primary()))
                : Optional.empty();
    }
}

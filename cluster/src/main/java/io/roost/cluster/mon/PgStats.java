package io.roost.cluster.mon;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.MonMessage;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** How OSDs and placement groups are, as was reported to the leader since it leads. In memory: other monitors pass on at once what they were told last. */
final class PgStats {
    /** So much less than full an OSD must be to count as not full any more, or every write would turn the switch. */
    private static final int CLEARED_BELOW_PERMILLE = 10;

    /** An OSD whose monitor is gone finds another in this time, and reports. */
    private static final long HEARD_MILLIS = 15_000;

    private final TreeMap<PgId, Reported> pgs = new TreeMap<>();
    private final TreeMap<Integer, OsdStat> osds = new TreeMap<>();

    private long beganMillis = Long.MIN_VALUE / 2;

    private record Reported(int osd, PgStat stat) {}

    /** This monitor begins to lead, and knows nothing. */
    void begin(long nowMillis) {
        beganMillis = nowMillis;
        pgs.clear();
        osds.clear();
    }

    /** True while it may be that OSDs have not had the time to say how they are. */
    boolean isNew(long nowMillis) {
        return nowMillis - beganMillis < HEARD_MILLIS;
    }

    /** Takes what an OSD says of itself, and of those placement groups that it leads by the map. */
    void onStats(MonMessage.OsdPgStats stats, OsdMap map) {
        if (!map.isUp(stats.osd())) {
            return;
        }
        osds.put(stats.osd(), stats.stat());
        stats.pgs().forEach((pg, stat) -> {
            if (map.primary(pg) == stats.osd()) {
                pgs.merge(
                        pg,
                        new Reported(stats.osd(), stat),
                        (before, next) -> before.stat().epoch() > next.stat().epoch() ? before : next);
            }
        });
    }

    /** Forgets what exists no more. */
    void onMap(OsdMap map) {
        osds.keySet().removeIf(osd -> map.osd(osd) == null);
        pgs.keySet()
                .removeIf(pg -> map.pool(pg.pool()) == null
                        || pg.seed() >= map.pool(pg.pool()).pgNum());
    }

    SortedMap<Integer, OsdStat> osds() {
        return Collections.unmodifiableSortedMap(osds);
    }

    /**
     * True when an OSD that is up is full by the map's ratios. What was full is so until there is a little more space, and
     * until all have said how they are, whom a new leader has not heard yet.
     *
     * @param before what the map says
     */
    boolean isAnyFull(OsdMap map, boolean before) {
        int limit = map.state().fullRatios().fullPermille() - (before ? CLEARED_BELOW_PERMILLE : 0);
        for (OsdInfo osd : map.osds()) {
            OsdStat stat = osds.get(osd.id());
            if (osd.isUp() && (stat == null ? before : stat.usedPermille() >= limit)) {
                return true;
            }
        }
        return false;
    }

    SortedMap<PgId, PgStat> pgs() {
        TreeMap<PgId, PgStat> stats = new TreeMap<>();
        pgs.forEach((pg, reported) -> stats.put(pg, reported.stat()));
        return stats;
    }

    /** True when what is known of a placement group is from who leads it now. */
    boolean isCurrent(PgId pg, OsdMap map) {
        Reported reported = pgs.get(pg);
        return reported != null && map.isUp(reported.osd()) && map.primary(pg) == reported.osd();
    }

    /** True when all of a pool are active and clean, as those who lead them say by a map that has the pool as it is. */
    boolean isClean(Pool pool, OsdMap map) {
        for (int seed = 0; seed < pool.pgNum(); seed++) {
            PgId pg = new PgId(pool.id(), seed);
            if (!isCurrent(pg, map)
                    || pgs.get(pg).stat().epoch() < pool.lastChange()
                    || !pgs.get(pg).stat().isActiveAndClean()) {
                return false;
            }
        }
        return true;
    }

    /** True when all of all pools are. */
    boolean isClean(OsdMap map) {
        return map.pools().stream().allMatch(pool -> isClean(pool, map));
    }

    /** An epoch in or after which every placement group has been clean; 0 when one has not said. */
    int minLastEpochClean(OsdMap map) {
        int lowest = map.epoch();
        for (Pool pool : map.pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                Reported reported = pgs.get(new PgId(pool.id(), seed));
                lowest = Math.min(lowest, reported == null ? 0 : reported.stat().lastEpochClean());
            }
        }
        return lowest;
    }
}

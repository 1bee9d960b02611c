package io.roost.cluster.osd;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.MonMessage;
import java.util.EnumSet;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an OSD tells the monitors of itself and of the placement groups that it leads. It speaks for those only as long as
 * no other OSD exists: then it has all that there is, and serves it.
 */
public final class OsdStats {
    private OsdStats() {}

    /**
     * How things are by a map that shows the OSD up.
     *
     * @param stat of its store
     */
    public static MonMessage.OsdPgStats of(int osd, OsdMap map, OsdStat stat) {
        SortedMap<PgId, PgStat> pgs = new TreeMap<>();
        if (map.osds().size() == 1) {
            for (Pool pool : map.pools()) {
                PgStat ofPool = alone(pool, map.epoch());
                for (int seed = 0; seed < pool.pgNum(); seed++) {
                    PgId pg = new PgId(pool.id(), seed);
                    if (map.primary(pg) == osd) {
                        pgs.put(pg, ofPool);
                    }
                }
            }
        }
        return new MonMessage.OsdPgStats(osd, map.epoch(), stat, pgs);
    }

    private static PgStat alone(Pool pool, int epoch) {
        EnumSet<PgState> states = pool.size() == 1
                ? EnumSet.of(PgState.ACTIVE, PgState.CLEAN)
                : EnumSet.of(PgState.ACTIVE, PgState.UNDERSIZED, PgState.DEGRADED);
        return new PgStat(epoch, states, 0, 0, 0, 0, 0, pool.size() == 1 ? epoch : 0);
    }
}

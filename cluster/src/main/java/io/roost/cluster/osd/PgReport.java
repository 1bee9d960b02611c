package io.roost.cluster.osd;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.PgQuery;
import io.roost.cluster.store.PgUsage;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What an OSD says of its placement groups.
 *
 * @param led how those are that it leads
 * @param cleanThrough an epoch in or after which each of those has been clean; 0 when not all are known yet
 * @param mapsFrom epoch from which on the OSD itself needs maps, to find out what became of its copies after a start; 0
 *     for all there are
 */
public record PgReport(SortedMap<PgId, PgStat> led, int cleanThrough, int mapsFrom) {
    /** Copies the statistics. */
    public PgReport {
        led = Collections.unmodifiableSortedMap(new TreeMap<>(led));
    }

    /** The report of several shards together. */
    public static PgReport of(List<PgReport> shards) {
        TreeMap<PgId, PgStat> led = new TreeMap<>();
        int cleanThrough = Integer.MAX_VALUE;
        int mapsFrom = Integer.MAX_VALUE;
        for (PgReport shard : shards) {
            led.putAll(shard.led);
            cleanThrough = Math.min(cleanThrough, shard.cleanThrough);
            mapsFrom = Math.min(mapsFrom, shard.mapsFrom);
        }
        return new PgReport(led, cleanThrough, mapsFrom);
    }

    /** How placement groups are of the only OSD there is: it has all there is, and serves it, used or not. */
    static SortedMap<PgId, PgStat> alone(int osd, OsdMap map, Predicate<PgId> isMeant, Function<PgId, PgUsage> usage) {
        TreeMap<PgId, PgStat> led = new TreeMap<>();
        for (Pool pool : map.pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                PgId pg = new PgId(pool.id(), seed);
                if (isMeant.test(pg) && map.primary(pg) == osd) {
                    led.put(pg, alone(pool, map.epoch(), usage.apply(pg)));
                }
            }
        }
        return led;
    }

    /**
     * What can be said of a placement group that does not peer: the only OSD serves it, another has not heard of it yet.
     *
     * @param isAlone true when this is the only OSD there is
     * @param scrubs what is known of them here
     */
    static PgQuery withoutPeering(OsdMap map, PgId pg, boolean isAlone, PgUsage usage, ScrubHistory scrubs) {
        Set<PgState> states =
                isAlone ? alone(map.pool(pg.pool()), map.epoch(), usage).states() : EnumSet.of(PgState.PEERING);
        TreeSet<Integer> none = new TreeSet<>();
        return new PgQuery(
                map.epoch(),
                states,
                map.mapping(pg),
                isAlone ? "" : "unknown",
                List.of(),
                List.of(),
                none,
                none,
                none,
                0,
                "none",
                List.of(),
                scrubs);
    }

    private static PgStat alone(Pool pool, int epoch, PgUsage usage) {
        long degraded = (pool.size() - 1) * usage.entries();
        EnumSet<PgState> states = pool.size() == 1
                ? EnumSet.of(PgState.ACTIVE, PgState.CLEAN)
                : EnumSet.of(PgState.ACTIVE, PgState.UNDERSIZED, PgState.DEGRADED);
        return new PgStat(
                epoch,
                states,
                usage.entries(),
                usage.bytes(),
                degraded,
                0,
                0,
                pool.size() == 1 ? epoch : 0,
                ScrubHistory.NONE);
    }
}

package io.roost.cluster.pg;

import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.OsdSetting;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.object.ScrubDepth;
import io.roost.cluster.object.ScrubKind;
import java.util.Set;

/**
 * When copies are to be compared although nobody asks for it, with Ceph's rules. Placement groups that were made together
 * are not due together: some have to wait up to half as long again, and some scrubs read everything before their time
 * (osd_scrub_interval_randomize_ratio, osd_deep_scrub_randomize_ratio). What is drawn follows from the placement group and
 * the number of its scrub, so that it is the same on every OSD.
 *
 * @param minIntervalMillis between two scrubs, at least
 * @param deepIntervalMillis between two that read everything
 */
public record ScrubTimes(long minIntervalMillis, long deepIntervalMillis) {
    /** What holds when nothing is said. */
    public static final ScrubTimes DEFAULT = new ScrubTimes(
            OsdSetting.SCRUB_MIN_INTERVAL.fallback() * 1000, OsdSetting.DEEP_SCRUB_INTERVAL.fallback() * 1000);

    /** Out of 64 scrubs so many read everything before it is due: 15 of 100. */
    private static final int EARLY_DEEP = 10;

    /**
     * What is said for an OSD.
     *
     * @throws IllegalArgumentException when it is no time
     */
    public static ScrubTimes in(ClusterConfig config, int osd) {
        return new ScrubTimes(
                OsdSetting.SCRUB_MIN_INTERVAL.in(config, osd) * 1000,
                OsdSetting.DEEP_SCRUB_INTERVAL.in(config, osd) * 1000);
    }

    /** What is due, null for nothing. What is from the future by this clock says nothing of when it was. */
    ScrubKind due(PgId pg, ScrubHistory history, Set<OsdMapFlag> flags, long wallMillis) {
        long drawn = draw(pg, history.count());
        long waited = wallMillis - history.lastMillis();
        long waitedDeep = wallMillis - history.lastDeepMillis();
        long interval = minIntervalMillis + minIntervalMillis * (drawn & 0x3f) / 128;
        boolean isDue = (waited < 0 || waited >= interval) && !isForbidden(ScrubKind.SCRUB, flags);
        boolean isDeepDue =
                waitedDeep < 0 || waitedDeep >= deepIntervalMillis || (isDue && ((drawn >>> 6) & 0x3f) < EARLY_DEEP);
        if (isDeepDue && !isForbidden(ScrubKind.DEEP_SCRUB, flags)) {
            return ScrubKind.DEEP_SCRUB;
        }
        return isDue ? ScrubKind.SCRUB : null;
    }

    /** True when an administrator has switched off that such a scrub comes by itself. */
    static boolean isForbidden(ScrubKind kind, Set<OsdMapFlag> flags) {
        return flags.contains(kind.depth() == ScrubDepth.DEEP ? OsdMapFlag.NODEEP_SCRUB : OsdMapFlag.NOSCRUB);
    }

    /** Twelve bits or more that look like nothing (the finalizer of MurmurHash3). */
    private static long draw(PgId pg, long count) {
        long bits = pg.pool() * 0x9e3779b97f4a7c15L + pg.seed() * 0xc2b2ae3d27d4eb4fL + count;
        bits = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
        bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return bits ^ (bits >>> 33);
    }
}

package io.roost.cluster.osd;

import io.roost.cluster.map.PgStat;
import io.roost.cluster.store.StoreSpace;
import java.util.Collection;

/**
 * When an OSD tells the monitors how full it is and how its placement groups are: now and then, more often while not all are as
 * they should be, and at once when its store has become full, or is not any more, for that concerns all who write.
 */
public final class StatsSchedule {
    private static final long SETTLED_MILLIS = 5000;

    /** While placement groups are not as they should be, somebody may be looking. */
    private static final long UNSETTLED_MILLIS = 1000;

    private long begunMillis = Long.MIN_VALUE / 2;
    private boolean isSettled;
    /** Null before anything was told. */
    private StoreSpace.Level toldLevel;

    /** True when it is time to tell, the store being so full. */
    public boolean isDue(long nowMillis, StoreSpace.Level level) {
        return level != toldLevel || nowMillis - begunMillis >= (isSettled ? SETTLED_MILLIS : UNSETTLED_MILLIS);
    }

    /** Its placement groups are being asked, to tell how they are. */
    public void onBegun(long nowMillis) {
        begunMillis = nowMillis;
    }

    /**
     * The monitors are told.
     *
     * @param level of the store, as they are told it
     * @param led how the placement groups are that it leads
     */
    public void onTold(StoreSpace.Level level, Collection<PgStat> led) {
        toldLevel = level;
        isSettled = led.stream().allMatch(PgStat::isActiveAndClean);
    }
}

package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.store.StoreSpace.Level;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatsScheduleTest {
    private static final PgStat CLEAN = stat(PgState.ACTIVE, PgState.CLEAN);
    private static final PgStat DEGRADED = stat(PgState.ACTIVE, PgState.DEGRADED);

    private final StatsSchedule schedule = new StatsSchedule();
    private long nowMillis = 10_000;

    private static PgStat stat(PgState first, PgState second) {
        return new PgStat(1, EnumSet.of(first, second), 0, 0, 0, 0, 0, 0, ScrubHistory.NONE);
    }

    private void tell(Level level, PgStat... led) {
        schedule.onBegun(nowMillis);
        schedule.onTold(level, List.of(led));
    }

    private boolean isDueAfter(long millis, Level level) {
        return schedule.isDue(nowMillis + millis, level);
    }

    @Test
    void tellsSeldomWhenAllIsCleanAndOftenOtherwise() {
        assertThat(isDueAfter(0, Level.OK)).as("nothing was told").isTrue();
        tell(Level.OK, CLEAN, CLEAN);
        assertThat(isDueAfter(4_999, Level.OK)).isFalse();
        assertThat(isDueAfter(5_000, Level.OK)).isTrue();
        tell(Level.OK, CLEAN, DEGRADED);
        assertThat(isDueAfter(999, Level.OK)).isFalse();
        assertThat(isDueAfter(1_000, Level.OK)).isTrue();
    }

    @Test
    void tellsAtOnceThatTheStoreIsFullAndThatItIsNotAnyMore() {
        tell(Level.NEARFULL, CLEAN);
        assertThat(isDueAfter(1, Level.NEARFULL)).isFalse();
        assertThat(isDueAfter(1, Level.FULL)).as("full").isTrue();
        tell(Level.FULL, CLEAN);
        assertThat(isDueAfter(1, Level.FULL)).isFalse();
        assertThat(isDueAfter(1, Level.NEARFULL)).as("not any more").isTrue();
    }

    /** It may not be up, or its placement groups do not answer. */
    @Test
    void whatCouldNotBeToldStaysDue() {
        tell(Level.OK, CLEAN);
        schedule.onBegun(nowMillis);
        assertThat(isDueAfter(1, Level.FULL)).isTrue();
    }
}

package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdSetting;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgStat;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.HealthCheck;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final long DAY = 86_400_000;
    private static final PgId PG = new PgId(1, 0);

    private final MonitorFixture mon = new MonitorFixture(new MapMonStore());

    @BeforeEach
    void start() {
        mon.command(new MonCommand.CreatePool("data", 1, 1, 1, "replicated_rule"));
        mon.on(
                0,
                MonitorFixture.boot(
                        0, MonitorFixture.OSD, 1, mon.monitor.osdMap().epoch()));
    }

    /** The details of a check, when a placement group is like this. */
    private List<String> details(String code, ScrubHistory scrubs, PgState... states) {
        PgStat stat = new PgStat(mon.monitor.osdMap().epoch(), Set.of(states), 1, 1, 0, 0, 0, 1, scrubs);
        mon.on(0, new MonMessage.OsdPgStats(0, stat.epoch(), new OsdStat(100, 1, 1), new TreeMap<>(Map.of(PG, stat))));
        return mon.health().stream()
                .filter(check -> check.code().equals(code))
                .map(HealthCheck::details)
                .findAny()
                .orElse(List.of());
    }

    private List<String> details(String code, long scrubDays, long deepDays) {
        long now = mon.nowMillis;
        return details(code, new ScrubHistory(3, now - scrubDays * DAY, now - deepDays * DAY, 0), PgState.ACTIVE);
    }

    /** Ceph: half as long again as osd_scrub_max_interval, three quarters as long again as osd_deep_scrub_interval. */
    @Test
    void whatWasNotComparedForLongIsNamed() {
        assertThat(details("PG_NOT_SCRUBBED", 10, 10)).isEmpty();
        assertThat(details("PG_NOT_SCRUBBED", 11, 11))
                .singleElement()
                .asString()
                .contains("pg 1.0 not compared since 20");
        assertThat(details("PG_NOT_DEEP_SCRUBBED", 1, 12)).isEmpty();
        assertThat(details("PG_NOT_DEEP_SCRUBBED", 1, 13))
                .singleElement()
                .asString()
                .contains("pg 1.0 not read in full since 20");
        assertThat(details("PG_NOT_SCRUBBED", ScrubHistory.NONE, PgState.ACTIVE))
                .as("not known since when it was to come")
                .isEmpty();
    }

    @Test
    void howLongIsASettingOfTheCluster() {
        mon.command(new MonCommand.SetSetting("osd", OsdSetting.SCRUB_MAX_INTERVAL.text(), Optional.of("172800")));
        assertThat(details("PG_NOT_SCRUBBED", 2, 2)).isEmpty();
        assertThat(details("PG_NOT_SCRUBBED", 4, 4)).hasSize(1);
        mon.command(new MonCommand.SetSetting("osd", OsdSetting.SCRUB_MAX_INTERVAL.text(), Optional.of("soon")));
        assertThat(details("PG_NOT_SCRUBBED", 4, 4))
                .as("what is no number is not followed")
                .isEmpty();
    }

    @Test
    void whatIsDamagedIsNamedHoweverItWasFound() {
        for (PgState state : List.of(PgState.INCONSISTENT, PgState.BACKFILL_UNFOUND, PgState.RECOVERY_UNFOUND)) {
            assertThat(details("PG_DAMAGED", ScrubHistory.NONE, PgState.ACTIVE, state))
                    .as("%s", state)
                    .hasSize(1);
        }
        assertThat(details("PG_DAMAGED", ScrubHistory.NONE, PgState.ACTIVE, PgState.BACKFILLING))
                .isEmpty();
    }
}

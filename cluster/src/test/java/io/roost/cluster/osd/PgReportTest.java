package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.store.PgUsage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PgReportTest {
    private static OsdMap alone(int size) {
        Pool sample = SampleMaps.pool(1, 8, 8, 0);
        Pool pool = new Pool(1, "p", sample.type(), size, 1, 8, 8, sample.crushRule(), sample.flags(), 1);
        OsdMap map = SampleMaps.of("host3x3", pool);
        List<OsdMapChange> changes = new ArrayList<>();
        for (int osd = 1; osd < map.state().crush().maxDevices(); osd++) {
            changes.add(new OsdMapChange.RemoveOsd(osd));
        }
        for (int seed = 0; seed < 8; seed++) {
            changes.add(new OsdMapChange.SetUpmap(new PgId(1, seed), List.of(0)));
        }
        return SampleMaps.next(map, changes.toArray(new OsdMapChange[0]));
    }

    private static PgUsage usage(PgId pg) {
        return new PgUsage(pg.seed(), 100L * pg.seed());
    }

    @Test
    void soleOsdServesAllOfItsPlacementGroups() {
        assertThat(PgReport.alone(0, alone(1), pg -> true, PgReportTest::usage))
                .hasSize(8)
                .allSatisfy((pg, stat) -> assertThat(stat.isActiveAndClean()).isTrue());
    }

    @Test
    void soleOsdOfAPoolThatWantsMoreIsNotClean() {
        assertThat(PgReport.alone(0, alone(3), pg -> true, PgReportTest::usage))
                .hasSize(8)
                .allSatisfy((pg, stat) -> {
                    assertThat(stat.states())
                            .containsExactlyInAnyOrder(PgState.ACTIVE, PgState.UNDERSIZED, PgState.DEGRADED);
                    assertThat(stat.objects()).isEqualTo(pg.seed());
                    assertThat(stat.bytes()).isEqualTo(100L * pg.seed());
                    assertThat(stat.degraded()).as("two of three replicas").isEqualTo(2L * pg.seed());
                });
    }

    @Test
    void ofSeveralShardsTheOneThatNeedsMostCounts() {
        PgReport one = new PgReport(PgReport.alone(0, alone(1), pg -> pg.seed() < 4, PgReportTest::usage), 7, 9);
        PgReport other = new PgReport(PgReport.alone(0, alone(1), pg -> pg.seed() >= 4, PgReportTest::usage), 8, 0);
        assertThat(PgReport.of(List.of(one, other)).led()).hasSize(8);
        assertThat(PgReport.of(List.of(one, other)).cleanThrough()).isEqualTo(7);
        assertThat(PgReport.of(List.of(one, other)).mapsFrom()).isZero();
    }
}

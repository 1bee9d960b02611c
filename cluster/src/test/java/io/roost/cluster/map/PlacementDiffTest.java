package io.roost.cluster.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.crush.CrushEdit;
import io.roost.cluster.crush.CrushMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementDiffTest {
    private static final OsdMap MAP = SampleMaps.of("host3x3", SampleMaps.pool(1, 64, 64, 0));

    @Test
    void nothingMovesWhereNothingChanges() {
        PlacementDiff diff = PlacementDiff.of(MAP, MAP.state().crush());
        assertThat(diff.moves()).isEmpty();
        assertThat(diff.shares()).hasSize(9);
        assertThat(diff.shares().values()).allMatch(share -> share.before() == share.after());
        assertThat(diff.shares().values().stream()
                        .mapToInt(PlacementDiff.Share::before)
                        .sum())
                .isEqualTo(3 * 64);
    }

    @Test
    void itSaysBeforehandWhereTheNextMapHasThem() {
        CrushMap without = new CrushEdit.SetWeight(4, 0).applied(MAP.state().crush());
        PlacementDiff diff = PlacementDiff.of(MAP, without);
        OsdMap next = SampleMaps.next(MAP, new OsdMapChange.SetCrush(without));
        int emptied = 0;
        for (int seed = 0; seed < 64; seed++) {
            PgId pg = new PgId(1, seed);
            if (MAP.up(pg).equals(next.up(pg))) {
                assertThat(diff.moves()).doesNotContainKey(pg);
            } else {
                assertThat(diff.moves().get(pg)).isEqualTo(new PlacementDiff.Move(MAP.up(pg), next.up(pg)));
            }
            emptied += MAP.up(pg).contains(4) ? 1 : 0;
        }
        assertThat(emptied).isPositive();
        assertThat(diff.shares().get(4)).isEqualTo(new PlacementDiff.Share(emptied, 0));
        assertThat(diff.moves().values().stream()
                        .mapToInt(PlacementDiff.Move::newReplicas)
                        .sum())
                .isGreaterThanOrEqualTo(emptied);
    }

    @Test
    void anotherOrderIsNoNewReplica() {
        assertThat(new PlacementDiff.Move(List.of(1, 2, 3), List.of(2, 3, 1)).newReplicas())
                .isZero();
        assertThat(new PlacementDiff.Move(List.of(1, 2), List.of(4, 2, 3)).newReplicas())
                .isEqualTo(2);
    }

    @Test
    void aHierarchyWithoutAPoolsRuleIsRefused() {
        CrushMap ruleless = MAP.state().crush();
        for (var rule : MAP.state().crush().rules()) {
            ruleless = new CrushEdit.RemoveRule(rule.name()).applied(ruleless);
        }
        CrushMap refused = ruleless;
        assertThatThrownBy(() -> PlacementDiff.of(MAP, refused))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rule");
    }
}

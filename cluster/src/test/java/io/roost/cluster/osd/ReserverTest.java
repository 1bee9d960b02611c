package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** After Ceph's AsyncReserver (src/common/AsyncReserver.h). */
class ReserverTest {
    private final List<String> told = new ArrayList<>();
    private final Reserver.Effects out = new Reserver.Effects() {
        @Override
        public void reserved(PgId pg, long token) {
            told.add("reserved " + pg + " by " + token);
        }

        @Override
        public void preempted(PgId pg, long token) {
            told.add("preempted " + pg + " by " + token);
        }
    };
    private final Reserver reserver = new Reserver(1);

    private static PgId pg(int seed) {
        return new PgId(1, seed);
    }

    private List<String> taken() {
        List<String> taken = List.copyOf(told);
        told.clear();
        return taken;
    }

    @Test
    void turnsGoByPriorityAndAmongEqualsToWhoCameFirst() {
        reserver.reserve(pg(0), 180, 1, out);
        assertThat(taken()).containsExactly("reserved 1.0 by 1");
        reserver.reserve(pg(1), 100, 2, out);
        reserver.reserve(pg(2), 140, 3, out);
        reserver.reserve(pg(3), 140, 4, out);
        assertThat(taken()).isEmpty();
        assertThat(reserver.waitingCount()).isEqualTo(3);
        reserver.release(pg(0), 1, out);
        assertThat(taken()).containsExactly("reserved 1.2 by 3");
        reserver.release(pg(2), 3, out);
        reserver.release(pg(3), 4, out);
        reserver.release(pg(1), 2, out);
        assertThat(taken()).containsExactly("reserved 1.3 by 4", "reserved 1.1 by 2");
        assertThat(reserver.held()).isEmpty();
        assertThat(reserver.waitingCount()).isZero();
    }

    @Test
    void whoWaitsTakesTheTurnOfTheNewestOfTheLowestPriority() {
        reserver.setMax(3, out);
        reserver.reserve(pg(0), 100, 1, out);
        reserver.reserve(pg(1), 100, 2, out);
        reserver.reserve(pg(2), 140, 3, out);
        taken();
        reserver.reserve(pg(3), 180, 4, out);
        assertThat(taken()).containsExactly("preempted 1.1 by 2", "reserved 1.3 by 4");
        assertThat(reserver.held()).containsExactly(pg(0), pg(2), pg(3));
    }

    @Test
    void nobodyLosesATurnToAnEqual() {
        reserver.reserve(pg(0), 140, 1, out);
        reserver.reserve(pg(1), 140, 2, out);
        assertThat(taken()).containsExactly("reserved 1.0 by 1");
    }

    @Test
    void whoAsksAgainBeginsAnew() {
        reserver.reserve(pg(0), 140, 1, out);
        reserver.reserve(pg(1), 100, 2, out);
        taken();
        reserver.reserve(pg(0), 100, 3, out);
        assertThat(taken()).containsExactly("reserved 1.1 by 2");
        reserver.release(pg(0), 1, out);
        assertThat(reserver.waitingCount())
                .as("an old token is another attempt")
                .isOne();
        reserver.release(pg(0), 3, out);
        assertThat(reserver.waitingCount()).isZero();
        assertThat(taken()).isEmpty();
    }

    @Test
    void fewerTurnsTakeNothingFromWhoHasOne() {
        reserver.setMax(2, out);
        reserver.reserve(pg(0), 100, 1, out);
        reserver.reserve(pg(1), 100, 2, out);
        reserver.reserve(pg(2), 100, 3, out);
        reserver.setMax(1, out);
        assertThat(reserver.held()).containsExactly(pg(0), pg(1));
        reserver.release(pg(0), 1, out);
        assertThat(reserver.held()).containsExactly(pg(1));
        reserver.release(pg(1), 2, out);
        assertThat(reserver.held()).containsExactly(pg(2));
    }
}

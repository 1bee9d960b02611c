package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgId;
import io.roost.cluster.pg.ReservationSide;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReserversTest {
    private final List<String> told = new ArrayList<>();
    private final Reservers reservers = new Reservers(new Reservers.Effects() {
        @Override
        public void reserved(ReservationSide side, PgId pg, long token) {
            told.add(side + " " + pg);
        }

        @Override
        public void preempted(ReservationSide side, PgId pg, long token) {
            told.add("not " + side + " " + pg);
        }
    });

    private static PgId pg(int seed) {
        return new PgId(1, seed);
    }

    @Test
    void oneIsComparedAtATimeHoweverManyAreRecovered() {
        reservers.setMax(4);
        reservers.reserve(ReservationSide.SCRUB_LOCAL, pg(0), 1, 10);
        reservers.reserve(ReservationSide.SCRUB_LOCAL, pg(1), 1, 11);
        reservers.reserve(ReservationSide.SCRUB_REMOTE, pg(2), 1, 12);
        assertThat(told).containsExactly("SCRUB_LOCAL 1.0", "SCRUB_REMOTE 1.2");
        reservers.release(ReservationSide.SCRUB_LOCAL, pg(0), 10);
        assertThat(told).endsWith("SCRUB_LOCAL 1.1");
    }

    @Test
    void scrubsWaitUntilNothingIsRecovered() {
        reservers.reserve(ReservationSide.REMOTE, pg(5), 180, 1);
        told.clear();
        reservers.reserve(ReservationSide.SCRUB_LOCAL, pg(0), 1, 10);
        reservers.reserve(ReservationSide.LOCAL, pg(6), 180, 2);
        reservers.release(ReservationSide.REMOTE, pg(5), 1);
        assertThat(told).containsExactly("LOCAL 1.6");
        reservers.release(ReservationSide.LOCAL, pg(6), 2);
        assertThat(told).containsExactly("LOCAL 1.6", "SCRUB_LOCAL 1.0");
    }

    @Test
    void aScrubThatGoesOnKeepsItsTurnWhenARecoveryBegins() {
        reservers.reserve(ReservationSide.SCRUB_LOCAL, pg(0), 1, 10);
        reservers.reserve(ReservationSide.LOCAL, pg(6), 180, 2);
        assertThat(told).containsExactly("SCRUB_LOCAL 1.0", "LOCAL 1.6");
        assertThat(reservers.held(ReservationSide.SCRUB_LOCAL)).containsExactly(pg(0));
    }
}

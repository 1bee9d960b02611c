package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.PgMapping;
import io.roost.cluster.map.PgState;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.message.PgQuery;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PgQueriesTest {
    private static final Pool POOL =
            new Pool(1, "data", Pool.Type.REPLICATED, 3, 2, 8, 8, 0, Set.of(Pool.Flag.HASHPSPOOL), 1);
    private static final SortedSet<Integer> NOBODY = new TreeSet<>();

    private static List<String> waits(
            Set<PgState> states,
            String phase,
            SortedSet<Integer> asked,
            SortedSet<Integer> blockedBy,
            String reservation) {
        return PgQueries.waitsFor(
                new PgQuery(
                        5,
                        states,
                        new PgMapping(List.of(0), 0, List.of(0), 0),
                        phase,
                        List.of(),
                        List.of(),
                        asked,
                        blockedBy,
                        blockedBy,
                        0,
                        reservation,
                        reservation.equals("remote_wait") ? List.of(4) : List.of(),
                        ScrubHistory.NONE),
                POOL);
    }

    @Test
    void oneThatIsWellWaitsForNothing() {
        assertThat(waits(Set.of(PgState.ACTIVE, PgState.CLEAN), "active", NOBODY, NOBODY, "none"))
                .isEmpty();
        assertThat(waits(Set.of(PgState.ACTIVE, PgState.RECOVERING), "active", NOBODY, NOBODY, "held"))
                .isEmpty();
    }

    @Test
    void oneThatIsDownNamesWhoMustReturn() {
        assertThat(waits(Set.of(PgState.DOWN), "down", NOBODY, new TreeSet<>(List.of(1, 2)), "none"))
                .singleElement()
                .asString()
                .startsWith("one of osd.1, osd.2, which")
                .contains("roost osd lost");
    }

    @Test
    void oneThatPeersNamesWhomItHasAsked() {
        assertThat(waits(Set.of(PgState.PEERING), "get_log", new TreeSet<>(List.of(3)), NOBODY, "none"))
                .containsExactly("an answer of osd.3");
        assertThat(waits(Set.of(PgState.PEERING), "wait_up_thru", NOBODY, NOBODY, "none"))
                .containsExactly("the monitors to note that osd.0 is up");
    }

    @Test
    void oneWithTooFewOsdsSaysHowManyItLacks() {
        assertThat(waits(Set.of(PgState.PEERED), "active", NOBODY, NOBODY, "none"))
                .containsExactly("1 more OSDs: it serves with 2");
    }

    @Test
    void oneThatWaitsForItsTurnSaysWhere() {
        Set<PgState> states = Set.of(PgState.ACTIVE, PgState.BACKFILL_WAIT);
        assertThat(waits(states, "active", NOBODY, NOBODY, "local_wait"))
                .containsExactly("its turn to copy from osd.0");
        assertThat(waits(states, "active", NOBODY, NOBODY, "remote_wait")).containsExactly("its turn to copy to osd.4");
        assertThat(waits(states, "active", NOBODY, NOBODY, "too_full"))
                .singleElement()
                .asString()
                .startsWith("space");
    }
}

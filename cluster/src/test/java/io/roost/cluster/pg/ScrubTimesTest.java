package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.object.ScrubKind;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ScrubTimesTest {
    private static final long BEGIN = 1_700_000_000_000L;
    private static final ScrubTimes TIMES = new ScrubTimes(1_000, 100_000);
    private static final Set<OsdMapFlag> NONE = EnumSet.noneOf(OsdMapFlag.class);

    /** Milliseconds from the last scrub after which a placement group is due; -1 when it is not within the time. */
    private static long dueAfter(PgId pg, ScrubHistory history, Set<OsdMapFlag> flags, ScrubKind kind) {
        for (long after = 0; after <= 110_000; after += 10) {
            if (TIMES.due(pg, history, flags, BEGIN + after) == kind) {
                return after;
            }
        }
        return -1;
    }

    private static ScrubHistory since(long count) {
        return new ScrubHistory(count, BEGIN, BEGIN, 0);
    }

    @Test
    void placementGroupsAreDueAtDifferentTimesButNoneBeforeTheInterval() {
        TreeSet<Long> times = new TreeSet<>();
        for (int seed = 0; seed < 200; seed++) {
            PgId pg = new PgId(1, seed);
            long shallow = dueAfter(pg, since(3), NONE, ScrubKind.SCRUB);
            times.add(shallow >= 0 ? shallow : dueAfter(pg, since(3), NONE, ScrubKind.DEEP_SCRUB));
        }
        assertThat(times.first()).isBetween(1_000L, 1_050L);
        assertThat(times.last()).isBetween(1_450L, 1_500L);
        assertThat(times).hasSizeGreaterThan(30);
    }

    @Test
    void someScrubsReadEverythingBeforeTheirTime() {
        int early = 0;
        for (int count = 0; count < 1_000; count++) {
            if (TIMES.due(new PgId(1, 7), since(count), NONE, BEGIN + 1_500) == ScrubKind.DEEP_SCRUB) {
                early++;
            }
        }
        assertThat(early).isBetween(100, 210);
    }

    @Test
    void readingEverythingIsDueByItself() {
        ScrubHistory justScrubbed = new ScrubHistory(9, BEGIN + 99_900, BEGIN, 0);
        assertThat(TIMES.due(new PgId(1, 7), justScrubbed, NONE, BEGIN + 99_999))
                .isNull();
        assertThat(TIMES.due(new PgId(1, 7), justScrubbed, NONE, BEGIN + 100_000))
                .isEqualTo(ScrubKind.DEEP_SCRUB);
    }

    @Test
    void flagsAreHonoured() {
        for (int seed = 0; seed < 100; seed++) {
            PgId pg = new PgId(1, seed);
            assertThat(TIMES.due(pg, since(1), EnumSet.of(OsdMapFlag.NOSCRUB), BEGIN + 99_999))
                    .isNull();
            assertThat(TIMES.due(pg, since(1), EnumSet.of(OsdMapFlag.NOSCRUB), BEGIN + 100_000))
                    .isEqualTo(ScrubKind.DEEP_SCRUB);
            assertThat(TIMES.due(pg, since(1), EnumSet.of(OsdMapFlag.NODEEP_SCRUB), BEGIN + 100_000))
                    .isEqualTo(ScrubKind.SCRUB);
            assertThat(TIMES.due(
                            pg, since(1), EnumSet.of(OsdMapFlag.NOSCRUB, OsdMapFlag.NODEEP_SCRUB), BEGIN + 1_000_000))
                    .isNull();
        }
    }

    @Test
    void whatIsFromTheFutureIsDoneAgain() {
        ScrubHistory future = new ScrubHistory(9, BEGIN + 1, BEGIN - 5, 0);
        assertThat(TIMES.due(new PgId(1, 7), future, NONE, BEGIN)).isNotNull();
    }
}

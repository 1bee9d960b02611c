package io.roost.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadGuardsTest {
    private static final Extent A = new Extent(1, 0, 4096);
    private static final Extent B = new Extent(1, 4096, 4096);
    private final ReadGuards guards = new ReadGuards();

    @Test
    void freedSpaceWaitsForReadsThatBeganBefore() {
        ReadGuards.Guard before = guards.begin();
        guards.freed(List.of(A));
        ReadGuards.Guard between = guards.begin();
        guards.freed(List.of(B));
        assertThat(guards.reusable()).isEmpty();
        assertThat(guards.waiting()).containsExactly(A, B);
        before.close();
        assertThat(guards.reusable()).containsExactly(A);
        between.close();
        assertThat(guards.reusable()).containsExactly(B);
        assertThat(guards.waiting()).isEmpty();
    }

    @Test
    void readsThatBeginLaterAreNotWaitedFor() {
        guards.freed(List.of(A));
        ReadGuards.Guard after = guards.begin();
        assertThat(guards.reusable()).containsExactly(A);
        after.close();
    }

    @Test
    void anOlderReadHoldsBackWhatWasFreedLaterToo() {
        ReadGuards.Guard oldest = guards.begin();
        guards.freed(List.of(A));
        guards.begin().close();
        guards.freed(List.of(B));
        assertThat(guards.reusable()).isEmpty();
        oldest.close();
        assertThat(guards.reusable()).containsExactly(A, B);
    }

    @Test
    void closingTwiceEndsAReadOnce() {
        ReadGuards.Guard one = guards.begin();
        ReadGuards.Guard other = guards.begin();
        one.close();
        one.close();
        guards.freed(List.of(A));
        assertThat(guards.reusable()).isEmpty();
        other.close();
        assertThat(guards.reusable()).containsExactly(A);
    }
}

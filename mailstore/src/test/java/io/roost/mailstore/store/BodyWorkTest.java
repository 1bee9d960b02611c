package io.roost.mailstore.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

/** Memory for bodies is given in turn, and never more than there is. */
class BodyWorkTest {
    private final BodyWork work = HereWork.of(100);

    @Test
    void whoFindsNoneWaitsInTurn() {
        assertThat(work.tryReserve(60)).isTrue();
        Future<Void> large = work.reserve(50);
        Future<Void> small = work.reserve(10);
        assertThat(large.isComplete()).isFalse();
        assertThat(small.isComplete()).as("it does not overtake").isFalse();
        assertThat(work.tryReserve(1)).as("nor does one that will not wait").isFalse();
        work.release(60);
        assertThat(large.succeeded()).isTrue();
        assertThat(small.succeeded()).isTrue();
        assertThat(work.reservedBytes()).isEqualTo(60);
    }

    @Test
    void oneLargerThanAllIsAlone() {
        assertThat(work.tryReserve(1)).isTrue();
        Future<Void> huge = work.reserve(1_000);
        assertThat(huge.isComplete()).isFalse();
        work.release(1);
        assertThat(huge.succeeded()).isTrue();
        assertThat(work.tryReserve(1)).isFalse();
        work.release(1_000);
        assertThat(work.reservedBytes()).isZero();
    }
}

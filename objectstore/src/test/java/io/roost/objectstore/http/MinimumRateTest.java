package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MinimumRateTest {
    private final MinimumRate rate = new MinimumRate(100);

    @Test
    void aBodyThatHasJustBegunGetsAWholePeriod() {
        assertThat(rate.isTooSlow(0, 0)).isFalse();
        assertThat(rate.isTooSlow(0, 0)).isTrue();
    }

    @Test
    void aBodyThatComesFastEnoughIsNeverTooSlow() {
        for (int look = 0; look < 10; look++) {
            assertThat(rate.isTooSlow(0, look * 100L)).isFalse();
        }
        assertThat(rate.isTooSlow(0, 950)).isTrue();
    }

    @Test
    void aBodyThatWasNotWaitedForGetsAWholePeriod() {
        assertThat(rate.isTooSlow(0, 0)).isFalse();
        assertThat(rate.isTooSlow(MinimumRate.NOT_WAITED_FOR, 0)).isFalse();
        assertThat(rate.isTooSlow(0, 0)).isFalse();
        assertThat(rate.isTooSlow(0, 99)).isTrue();
    }

    @Test
    void everyPieceGetsAWholePeriodWhateverTimeTheOneBeforeTookToStore() {
        assertThat(rate.isTooSlow(0, 4090)).isFalse();
        assertThat(rate.isTooSlow(4096, 4096)).isFalse();
        assertThat(rate.isTooSlow(4096, 4195)).isTrue();
    }
}

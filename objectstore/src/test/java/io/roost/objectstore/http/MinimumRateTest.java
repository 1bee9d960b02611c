package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MinimumRateTest {
    private final MinimumRate rate = new MinimumRate(100);

    @Test
    void aBodyThatHasJustBegunGetsAWholePeriod() {
        assertThat(rate.isTooSlow(true, 0)).isFalse();
        assertThat(rate.isTooSlow(true, 0)).isTrue();
    }

    @Test
    void aBodyThatComesFastEnoughIsNeverTooSlow() {
        for (int look = 0; look < 10; look++) {
            assertThat(rate.isTooSlow(true, look * 100L)).isFalse();
        }
        assertThat(rate.isTooSlow(true, 950)).isTrue();
    }

    @Test
    void aBodyThatWasNotWaitedForGetsAWholePeriod() {
        assertThat(rate.isTooSlow(true, 0)).isFalse();
        assertThat(rate.isTooSlow(false, 0)).isFalse();
        assertThat(rate.isTooSlow(true, 0)).isFalse();
        assertThat(rate.isTooSlow(true, 99)).isTrue();
    }
}

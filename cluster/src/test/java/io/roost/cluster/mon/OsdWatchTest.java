package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a leader has seen of OSDs. */
class OsdWatchTest {
    private final OsdWatch watch = new OsdWatch();

    @Test
    void whoWasNotHeardHasBeenSilentSinceThisMonitorLeads() {
        watch.begin(100_000);
        assertThat(watch.silenceMillis(0, 101_000)).isEqualTo(1_000);
        watch.onHeard(0, 103_000);
        assertThat(watch.silenceMillis(0, 107_000)).isEqualTo(4_000);
        watch.begin(200_000);
        assertThat(watch.silenceMillis(0, 200_500)).isEqualTo(500);
    }

    @Test
    void whoIsMadeToWaitIsNotTakenForLate() {
        watch.begin(0);
        watch.onMarkedDown(0, 10_000);
        watch.onMadeToWait(0, 12_000);
        watch.onMadeToWait(0, 14_000);
        watch.onWronglyDown(0, 610_000);
        watch.onUp(0, 610_000);
        // 0.3 times 0.3 times the 2 s after which it was there again.
        assertThat(watch.extraGraceMillis(0, 610_000)).isEqualTo(180);
        watch.onMarkedDown(0, 700_000);
        watch.onWronglyDown(0, 800_000);
        assertThat(watch.extraGraceMillis(0, 800_000)).isGreaterThan(10_000);
    }
}

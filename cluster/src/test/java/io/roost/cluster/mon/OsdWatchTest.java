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
}

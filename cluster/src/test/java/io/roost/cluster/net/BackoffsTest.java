package io.roost.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BackoffsTest {
    private final Backoffs<String> backoffs = new Backoffs<>(Duration.ofMillis(50), Duration.ofSeconds(1));
    private long nowMillis = 5_000;

    private long pauseMillis() {
        return TimeUnit.NANOSECONDS.toMillis(backoffs.pauseNanos("n1", TimeUnit.MILLISECONDS.toNanos(nowMillis)));
    }

    private void failed(long begunMillis) {
        backoffs.onFailed("n1", TimeUnit.MILLISECONDS.toNanos(begunMillis), TimeUnit.MILLISECONDS.toNanos(nowMillis));
    }

    @Test
    void pauseDoublesWithEveryFailureUpToItsLimit() {
        assertThat(pauseMillis()).isZero();
        for (long expected : new long[] {50, 100, 200, 400, 800, 1000, 1000}) {
            failed(nowMillis);
            assertThat(pauseMillis()).isEqualTo(expected);
            nowMillis += expected;
            assertThat(pauseMillis()).isZero();
        }
        backoffs.onReached("n1");
        failed(nowMillis);
        assertThat(pauseMillis()).isEqualTo(50);
    }

    /** A process ends: whoever had a session with it dials at that moment, and is refused a moment later. */
    @Test
    void attemptsThatWereUnderWayTogetherFailOnce() {
        long begunMillis = nowMillis;
        for (int session = 0; session < 12; session++) {
            nowMillis++;
            failed(begunMillis - session % 2);
        }
        assertThat(pauseMillis()).isEqualTo(50 - 11);
        nowMillis += 50;
        failed(nowMillis - 1);
        assertThat(pauseMillis()).as("the next attempt").isEqualTo(100);
    }
}

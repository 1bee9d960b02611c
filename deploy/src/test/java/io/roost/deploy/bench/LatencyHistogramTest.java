package io.roost.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void quantilesAreWithinTwoPercentOfTheSortedDurations() {
        long seed = System.nanoTime();
        System.out.println("LatencyHistogramTest seed " + seed);
        Random random = new Random(seed);
        LatencyHistogram histogram = new LatencyHistogram();
        long[] durations = new long[10_000];
        for (int i = 0; i < durations.length; i++) {
            durations[i] = (long) Math.exp(random.nextDouble() * 21);
            histogram.add(durations[i]);
        }
        Arrays.sort(durations);
        for (double part : new double[] {0.01, 0.5, 0.9, 0.99, 1.0}) {
            long exact = durations[(int) Math.ceil(part * durations.length) - 1];
            assertThat(histogram.quantileMicros(part)).isBetween(exact, exact + exact / 50);
        }
        assertThat(histogram.maxMicros()).isEqualTo(durations[durations.length - 1]);
        assertThat(histogram.total()).isEqualTo(durations.length);
    }

    @Test
    void anEmptyHistogramAnswersZero() {
        assertThat(new LatencyHistogram().quantileMicros(0.99)).isZero();
    }

    @Test
    void sumsCountBoth() {
        LatencyHistogram one = new LatencyHistogram();
        LatencyHistogram two = new LatencyHistogram();
        one.add(10);
        two.add(1_000_000);
        one.add(two);
        assertThat(one.total()).isEqualTo(2);
        assertThat(one.quantileMicros(0.5)).isEqualTo(10);
        assertThat(one.maxMicros()).isEqualTo(1_000_000);
    }

    @Test
    void durationsBeyondTheRangeAreCountedAtItsEnds() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.add(-5);
        histogram.add(Long.MAX_VALUE);
        assertThat(histogram.quantileMicros(0.5)).isZero();
        assertThat(histogram.maxMicros()).isEqualTo(3_600_000_000L);
    }
}

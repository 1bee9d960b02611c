package io.roost.deploy.bench;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A part of a run: where its requests come from, until when, and what has come of them. Counting begins at a moment and
 * goes into rounds of equal length; each event loop counts for itself.
 */
final class Phase {
    /** A connection that fails this often without an answer in between gives up. */
    static final int MAX_FAILURES_IN_A_ROW = 10;

    private final StepSource source;
    private final long countFromNanos;
    private final long roundNanos;
    private final Tally[][] tallies;
    private final CountDownLatch running;

    /** What one event loop has seen in one round. */
    static final class Tally {
        private final LatencyHistogram latency = new LatencyHistogram();
        private final Map<String, Long> errors = new TreeMap<>();
        private long bodyBytes;

        private void succeeded(long nanos, long bytes) {
            latency.add(nanos / 1000);
            bodyBytes += bytes;
        }

        private void failed(String code) {
            errors.merge(code, 1L, Long::sum);
        }

        private void add(Tally other) {
            latency.add(other.latency);
            bodyBytes += other.bodyBytes;
            other.errors.forEach((code, count) -> errors.merge(code, count, Long::sum));
        }

        LatencyHistogram latency() {
            return latency;
        }

        long bodyBytes() {
            return bodyBytes;
        }

        Map<String, Long> errors() {
            return errors;
        }
    }

    private Phase(StepSource source, int connections, int threads, long countFromNanos, long roundNanos, int rounds) {
        this.source = source;
        this.countFromNanos = countFromNanos;
        this.roundNanos = roundNanos;
        this.running = new CountDownLatch(connections);
        // One round more: what is answered before the first and after the last one.
        this.tallies = new Tally[threads][rounds + 1];
        for (Tally[] ofThread : tallies) {
            for (int i = 0; i < ofThread.length; i++) {
                ofThread[i] = new Tally();
            }
        }
    }

    /** Until the source ends; everything is counted in round 0. */
    static Phase toTheEnd(StepSource source, int connections, int threads) {
        return new Phase(source, connections, threads, System.nanoTime(), Long.MAX_VALUE, 1);
    }

    /** A warm-up and rounds by time. */
    static Phase timed(StepSource source, Duration warmUp, int rounds, BenchPlan plan) {
        return new Phase(
                source,
                plan.connections(),
                plan.threads(),
                System.nanoTime() + warmUp.toNanos(),
                plan.round().toNanos(),
                rounds);
    }

    StepSource source() {
        return source;
    }

    private int rounds() {
        return tallies[0].length - 1;
    }

    /** When a round begins. */
    long roundBeginNanos(int round) {
        return countFromNanos + round * roundNanos;
    }

    /** True when no further request is to be sent. */
    boolean isOver(long nowNanos) {
        return roundNanos != Long.MAX_VALUE && nowNanos - roundBeginNanos(rounds()) >= 0;
    }

    private Tally tally(int thread, long nowNanos) {
        long since = nowNanos - countFromNanos;
        long round = since < 0 ? rounds() : Math.min(since / roundNanos, rounds());
        return tallies[thread][(int) round];
    }

    void succeeded(int thread, long beginNanos, long nowNanos, long bytes) {
        tally(thread, nowNanos).succeeded(nowNanos - beginNanos, bytes);
    }

    void failed(int thread, long nowNanos, String code) {
        tally(thread, nowNanos).failed(code);
    }

    /** A connection sends no more in this phase. */
    void connectionDone() {
        running.countDown();
    }

    /** Waits for the end of all connections; false when the time has passed first. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        return running.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    /** What was counted in a round; only after the end. */
    Tally total(int round) {
        Tally sum = new Tally();
        for (Tally[] ofThread : tallies) {
            sum.add(ofThread[round]);
        }
        return sum;
    }

    /** What failed at any time; only after the end. */
    Map<String, Long> allErrors() {
        Tally sum = new Tally();
        for (int round = 0; round <= rounds(); round++) {
            sum.add(total(round));
        }
        return sum.errors();
    }
}

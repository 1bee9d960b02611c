package io.roost.cluster.net;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long somebody who could not be reached is left alone: twice as long after every failure, up to a limit. Attempts that
 * were under way together fail together, which counts once: when a process ends, all that have spoken to it dial at the
 * same moment, and it would be a long time until any of them did again. For any thread; time is an input.
 *
 * @param <K> who
 */
final class Backoffs<K> {
    /** Failures are forgotten after this: long after the longest pause. */
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final int MAX_DOUBLINGS = 20;

    private record Backoff(int failures, long failedNanos, long untilNanos) {}

    private final long minNanos;
    private final long maxNanos;
    private final Map<K, Backoff> backoffs = new HashMap<>();

    Backoffs(Duration min, Duration max) {
        minNanos = min.toNanos();
        maxNanos = max.toNanos();
    }

    /** How long it is to be left alone from now on; 0 or less for not at all. */
    synchronized long pauseNanos(K who, long nowNanos) {
        Backoff backoff = backoffs.get(who);
        return backoff == null ? 0 : backoff.untilNanos() - nowNanos;
    }

    /** It was reached. */
    synchronized void onReached(K who) {
        backoffs.remove(who);
    }

    /** An attempt has failed. */
    synchronized void onFailed(K who, long begunNanos, long nowNanos) {
        backoffs.values().removeIf(backoff -> nowNanos - backoff.untilNanos() > FORGOTTEN_NANOS);
        Backoff before = backoffs.get(who);
        if (before != null && begunNanos - before.failedNanos() < 0) {
            return;
        }
        int failures = before == null ? 1 : before.failures() + 1;
        long pause = Math.min(maxNanos, minNanos << Math.min(failures - 1, MAX_DOUBLINGS));
        backoffs.put(who, new Backoff(failures, nowNanos, nowNanos + pause));
    }
}

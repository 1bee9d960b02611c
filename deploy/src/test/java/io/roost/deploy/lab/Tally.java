package io.roost.deploy.lab;

import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What clients went through since it was last reset. For any thread. */
final class Tally {
    private final Map<Integer, Integer> errors = new TreeMap<>();
    private final Map<Integer, String> firstError = new TreeMap<>();
    private final Map<Integer, Integer> errorsButOfPuts = new TreeMap<>();
    private final Map<Integer, Put> longestPuts = new TreeMap<>();
    private long operations;
    private int full;
    private long resetAt = System.nanoTime();

    /** A PUT: how long it took, and when it began by the wall clock, as the nodes' logs have it. */
    record Put(long nanos, LocalTime beganAt) {
        static final Put NONE = new Put(0, LocalTime.MIDNIGHT);

        double seconds() {
            return nanos / 1e9;
        }

        Put longer(Put other) {
            return other.nanos > nanos ? other : this;
        }

        @Override
        public String toString() {
            return nanos == 0 ? "none" : String.format(Locale.ROOT, "%.2f s from %s", seconds(), beganAt);
        }
    }

    /** A client that knows but one gateway has had an error of it. */
    synchronized void error(int node, String method, String reason) {
        errors.merge(node, 1, Integer::sum);
        if (!method.equals("PUT")) {
            errorsButOfPuts.merge(node, 1, Integer::sum);
        }
        LocalTime at = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
        firstError.putIfAbsent(node, method + " " + reason + " at " + at);
    }

    /** A PUT was answered with 507. */
    synchronized void full() {
        full++;
    }

    /**
     * A PUT was acknowledged. One that began before the last reset is not of this time when its gateway was the one that
     * failed then.
     *
     * @param node 0 for a client that knows all gateways
     */
    synchronized void put(int node, long beganAt) {
        if (node == 0 || beganAt > resetAt) {
            long nanos = System.nanoTime() - beganAt;
            LocalTime began = LocalTime.now(ZoneOffset.UTC).minusNanos(nanos).truncatedTo(ChronoUnit.MILLIS);
            longestPuts.merge(node, new Put(nanos, began), Put::longer);
        }
        operations++;
    }

    synchronized void operation() {
        operations++;
    }

    synchronized int errors(int node) {
        return errors.getOrDefault(node, 0);
    }

    synchronized int errorsButOfPuts(int node) {
        return errorsButOfPuts.getOrDefault(node, 0);
    }

    /** PUTs that were answered with 507, at all nodes. */
    synchronized int fulls() {
        return full;
    }

    synchronized String firstError(int node) {
        return firstError.getOrDefault(node, "");
    }

    /** The longest PUT of clients of a gateway; of those that know all gateways for 0. */
    synchronized Put longestPut(int node) {
        return longestPuts.getOrDefault(node, Put.NONE);
    }

    synchronized long operations() {
        return operations;
    }

    synchronized void reset() {
        resetAt = System.nanoTime();
        errors.clear();
        firstError.clear();
        errorsButOfPuts.clear();
        full = 0;
        longestPuts.clear();
        operations = 0;
    }
}

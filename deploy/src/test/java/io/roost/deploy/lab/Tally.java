package io.roost.deploy.lab;

import java.util.Map;
import java.util.TreeMap;

/** What clients went through since it was last reset. For any thread. */
final class Tally {
    private final Map<Integer, Integer> errors = new TreeMap<>();
    private final Map<Integer, String> firstError = new TreeMap<>();
    private final Map<Integer, Integer> errorsButOfPuts = new TreeMap<>();
    private final Map<Integer, Long> longestPutNanos = new TreeMap<>();
    private long operations;
    private int full;
    private long resetAt = System.nanoTime();

    /** A client that knows but one gateway has had an error of it. */
    synchronized void error(int node, String method, String reason) {
        errors.merge(node, 1, Integer::sum);
        if (!method.equals("PUT")) {
            errorsButOfPuts.merge(node, 1, Integer::sum);
        }
        firstError.putIfAbsent(node, method + " " + reason);
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
            longestPutNanos.merge(node, System.nanoTime() - beganAt, Math::max);
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

    /** Seconds of the longest PUT of clients of a gateway; of those of all gateways for 0. */
    synchronized double longestPut(int node) {
        return longestPutNanos.getOrDefault(node, 0L) / 1e9;
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
        longestPutNanos.clear();
        operations = 0;
    }
}

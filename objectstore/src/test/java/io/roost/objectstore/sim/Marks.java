package io.roost.objectstore.sim;

import java.util.Map;
import java.util.TreeMap;

/** Counts what happened, so that a test can tell that the runs reach what they are about. */
final class Marks {
    private final Map<String, Long> counts = new TreeMap<>();

    void add(String what, long count) {
        counts.merge(what, count, Long::sum);
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    void addAll(Marks other) {
        other.counts.forEach(this::add);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}

package io.roost.cluster.sim;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often noteworthy branches were taken, over any number of runs: a branch never taken is one never tested. */
public final class Marks {
    private final TreeMap<String, Long> counts = new TreeMap<>();

    /** Counts one. */
    public void hit(String mark) {
        add(mark, 1);
    }

    /** Counts several of one. */
    void add(String mark, long count) {
        counts.merge(mark, count, Long::sum);
    }

    /** Adds all of another's. */
    public void addAll(Marks other) {
        other.counts.forEach(this::add);
    }

    /** Mark → how often. */
    public SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    /** Those of the given marks that were never hit. */
    public List<String> missing(Collection<String> expected) {
        return expected.stream().filter(mark -> !counts.containsKey(mark)).toList();
    }
}

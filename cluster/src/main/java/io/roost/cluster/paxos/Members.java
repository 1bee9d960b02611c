package io.roost.cluster.paxos;

import io.roost.cluster.map.MonMap;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** The monitors of one epoch of their map, as one of them sees them. Monitors outrank those after them in address order. */
final class Members {
    private final MonMap map;
    private final String self;
    private final SortedSet<String> voters = new TreeSet<>();

    Members(MonMap map, String self) {
        this.map = map;
        this.self = self;
        for (MonMap.Monitor monitor : map.monitors()) {
            if (monitor.role() == MonMap.Role.VOTER) {
                voters.add(monitor.name());
            }
        }
    }

    int epoch() {
        return map.epoch();
    }

    String self() {
        return self;
    }

    /** Everybody but this one, in order of rank. */
    Collection<String> others() {
        return map.monitors().stream()
                .map(MonMap.Monitor::name)
                .filter(name -> !name.equals(self))
                .toList();
    }

    SortedSet<String> voters() {
        return Collections.unmodifiableSortedSet(voters);
    }

    boolean isVoter(String name) {
        return voters.contains(name);
    }

    boolean isSoleVoter() {
        return voters.size() == 1 && isVoter(self);
    }

    /** Index in address order, or -1 for a stranger. */
    int rank(String name) {
        return map.rank(name);
    }

    boolean outranks(String name, String other) {
        return rank(name) < rank(other);
    }

    /** True when these are more than half of all who vote, whether those are running or not. */
    boolean isMajority(Collection<String> names) {
        return 2 * names.stream().filter(this::isVoter).distinct().count() > voters.size();
    }
}

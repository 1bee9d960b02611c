package io.roost.cluster.map;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * One epoch of who the monitors are. A monitor's rank is its index in address order.
 *
 * @param epoch 1 for the first
 * @param fsid the cluster's id
 * @param modifiedMillis when it was made
 * @param monitors in address order, at least one of them a voter
 */
public record MonMap(int epoch, UUID fsid, long modifiedMillis, List<Monitor> monitors) {
    /** Most monitors: each takes part in every decision. */
    public static final int MAX_MONITORS = 31;

    /** Sorts the monitors, and checks that names and addresses are unique. */
    public MonMap {
        Objects.requireNonNull(fsid, "fsid");
        List<Monitor> sorted = new ArrayList<>(monitors);
        sorted.sort(Comparator.comparing(Monitor::address).thenComparing(Monitor::name));
        monitors = List.copyOf(sorted);
        Set<String> names = new HashSet<>();
        boolean votes = false;
        for (Monitor monitor : monitors) {
            votes |= monitor.role() == Role.VOTER;
            if (!names.add(monitor.name())) {
                throw new IllegalArgumentException("two monitors named " + monitor.name());
            }
        }
        if (epoch < 1 || !votes || monitors.size() > MAX_MONITORS) {
            throw new IllegalArgumentException("monmap e" + epoch + " of " + monitors);
        }
    }

    /** The rank of a monitor, or -1. */
    public int rank(String name) {
        for (int rank = 0; rank < monitors.size(); rank++) {
            if (monitors.get(rank).name().equals(name)) {
                return rank;
            }
        }
        return -1;
    }

    /**
     * A monitor.
     *
     * @param name unique, not empty
     * @param address where it listens; its nonce is 0, for a monitor keeps its address
     * @param role whether it votes
     */
    public record Monitor(String name, NodeAddress address, Role role) {
        /** Checks that it has a name. */
        public Monitor {
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(role, "role");
            if (name.isEmpty() || name.length() > 255) {
                throw new IllegalArgumentException("monitor named \"" + name + "\"");
            }
        }
    }

    /** Whether a monitor counts for a majority. */
    public enum Role {
        /** It does. */
        VOTER,
        /** It only follows: it has not caught up yet. */
        NON_VOTER
    }
}

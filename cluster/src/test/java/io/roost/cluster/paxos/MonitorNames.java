package io.roost.cluster.paxos;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Monitors of simulated clusters: a, b, c ... in order of rank. */
public final class MonitorNames {
    /** The cluster's id. */
    public static final UUID FSID = new UUID(0x1234, 0x5678);

    private MonitorNames() {}

    /** One, three or five of them, by a seed. */
    public static List<String> of(long seed) {
        return first(new int[] {3, 5, 3, 1, 3}[(int) Math.floorMod(seed, 5L)]);
    }

    /** So many. */
    public static List<String> first(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(String.valueOf((char) ('a' + i)));
        }
        return names;
    }

    /** A map in which they all vote. */
    public static MonMap map(List<String> names) {
        List<MonMap.Monitor> monitors = new ArrayList<>();
        for (String name : names) {
            NodeAddress address = new NodeAddress("10.0.0." + (1 + monitors.size()), 9441, 0);
            monitors.add(new MonMap.Monitor(name, address, MonMap.Role.VOTER));
        }
        return new MonMap(1, FSID, 0, monitors);
    }
}

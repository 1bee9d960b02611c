package io.roost.cluster.mon;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.paxos.LoseStore;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.paxos.QuorumNode;
import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.sim.SimNode;
import java.util.List;

/**
 * The image of a monitor's disk is kept, and put back later. What it accepted meanwhile is forgotten, which nobody can
 * tell for sure; so this only happens while all who vote are in one quorum, who know all of it, and lasts until votes and
 * promises have ended. It does not happen when the monitor map has changed meanwhile: those of an old map who are a
 * majority by it would know of no other.
 *
 * @param forMillis how old the image is then
 * @param downMillis how long the process is gone, beside the time that votes and promises last
 */
record SetBackMonitor(long atMillis, String node, long forMillis, long downMillis) implements Fault {
    /** Longer than two elections and a lease of any timing. */
    private static final long FORGOTTEN_MILLIS = 6_000;

    @Override
    public void inject(SimCluster cluster) {
        SimNode victim = cluster.node(node);
        SimDisk disk = victim.disk();
        if (!victim.isUp()) {
            return;
        }
        MonTransaction image = OsdMapHistory.rows(victim);
        int mapEpoch = MembershipFaults.newestMap(cluster).map(MonMap::epoch).orElse(0);
        Fault.later(cluster, forMillis, () -> {
            if (!cluster.isHealed()
                    && victim.disk() == disk
                    && !image.isEmpty()
                    && hasOnlyMap(cluster, victim, mapEpoch)
                    && areAllVotersThere(cluster)
                    && LoseStore.isBearable(cluster, victim)) {
                cluster.marks().hit("fault: a store is set back");
                victim.restartAfter(FORGOTTEN_MILLIS + downMillis);
                victim.crash();
                victim.format();
                new KeyValueMonStore(victim.keyValue()).write(image);
            }
        });
    }

    private static boolean hasOnlyMap(SimCluster cluster, SimNode victim, int epoch) {
        return MembershipFaults.newestMap(cluster)
                        .filter(map -> map.epoch() == epoch)
                        .isPresent()
                && victim.isUp()
                && QuorumNode.of(victim).isWhole()
                && ((MonitorNode) victim.process()).monitor().monMap().epoch() == epoch;
    }

    private static boolean areAllVotersThere(SimCluster cluster) {
        return QuorumNode.leader(cluster)
                .filter(leader -> QuorumNode.of(leader).isReadable(leader.nowMillis()))
                .filter(leader -> QuorumNode.of(leader).members().containsAll(voters(leader)))
                .isPresent();
    }

    private static List<String> voters(SimNode node) {
        return ((MonitorNode) node.process())
                .monitor().monMap().monitors().stream()
                        .filter(monitor -> monitor.role() == MonMap.Role.VOTER)
                        .map(MonMap.Monitor::name)
                        .toList();
    }
}

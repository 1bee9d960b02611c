package io.roost.cluster.paxos;

import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A process that is a monitor. */
public interface QuorumNode {
    /** Its part in the quorum. */
    Quorum quorum();

    /** The quorum as a node that is up sees it. */
    static Quorum of(SimNode node) {
        return ((QuorumNode) node.process()).quorum();
    }

    /** Nodes that lead, as far as they know. */
    static List<SimNode> leaders(SimCluster cluster) {
        return cluster.nodes().stream()
                .filter(node -> node.isUp() && of(node).role() == Quorum.Role.LEADER)
                .toList();
    }

    /** The node that leads: of several the one elected last, for the others do not know it yet. */
    static Optional<SimNode> leader(SimCluster cluster) {
        return leaders(cluster).stream().max(Comparator.comparingInt(node -> of(node).epoch()));
    }
}

package io.roost.cluster.paxos;

import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import java.util.Optional;

/** A process that is a monitor. */
public interface QuorumNode {
    /** Its part in the quorum. */
    Quorum quorum();

    /** The quorum as a node that is up sees it. */
    static Quorum of(SimNode node) {
        return ((QuorumNode) node.process()).quorum();
    }

    /** A node that leads, as far as it knows. */
    static Optional<SimNode> leader(SimCluster cluster) {
        return cluster.nodes().stream()
                .filter(node -> node.isUp() && of(node).role() == Quorum.Role.LEADER)
                .findFirst();
    }
}

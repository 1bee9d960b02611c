package io.roost.cluster.paxos;

import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import java.util.HashSet;
import java.util.Set;

/** A monitor ends, and its disk is replaced by an empty one; unless another's store is not complete at the moment. */
record LoseStore(long atMillis, String node, long downMillis) implements Fault {
    /** The same as soon as the monitor has acknowledged a value. */
    record AfterAccept(long atMillis, String node, long downMillis) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            LoseStore loss = new LoseStore(atMillis, node, downMillis);
            cluster.node(node)
                    .afterSending("Accept"::equals, 1, leader -> Fault.later(cluster, 0, () -> loss.inject(cluster)));
        }
    }

    @Override
    public void inject(SimCluster cluster) {
        SimNode victim = cluster.node(node);
        Set<String> whole = new HashSet<>();
        for (SimNode other : cluster.nodes()) {
            if (QuorumChecks.isWhole(other)) {
                whole.add(other.name());
            }
        }
        whole.remove(node);
        if (whole.size() < cluster.nodes().size() - 1 || whole.isEmpty()) {
            return;
        }
        cluster.marks().hit("fault: a store is lost");
        victim.restartAfter(downMillis);
        victim.crash();
        victim.format();
    }
}

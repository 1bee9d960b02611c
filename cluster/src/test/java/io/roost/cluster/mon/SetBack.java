package io.roost.cluster.mon;

import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;

/**
 * The image of an OSD's disk is kept, and put back later, if boots have been accepted since.
 *
 * @param forMillis how old the image is then
 * @param downMillis how long the process is gone
 */
record SetBack(long atMillis, String node, long forMillis, long downMillis) implements Fault {
    @Override
    public void inject(SimCluster cluster) {
        SimNode victim = cluster.node(node);
        if (!victim.isUp()) {
            return;
        }
        OsdMapHistory history = ((OsdModel) victim.process()).history();
        MonTransaction image = OsdMapHistory.rows(victim);
        // Two boots, so that there is something that the image does not know.
        victim.restartAfter(100);
        victim.crash();
        Fault.later(cluster, forMillis / 2, victim::crash);
        Fault.later(cluster, forMillis, () -> {
            if (cluster.isHealed()) {
                return;
            }
            victim.restartAfter(downMillis);
            victim.crash();
            if (history.setBack(victim, image)) {
                cluster.marks().hit("fault: a disk was set back");
            }
        });
    }
}

package io.roost.cluster.sim;

import io.roost.cluster.object.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All that is to go wrong in a run.
 *
 * @param network how it behaves all the time
 * @param faults what happens at a time, in order
 */
public record FaultPlan(NetworkConditions network, List<Fault> faults) {
    /** Copies and sorts the faults. */
    public FaultPlan {
        List<Fault> sorted = new ArrayList<>(faults);
        sorted.sort(Comparator.comparingLong(Fault::atMillis));
        faults = List.copyOf(sorted);
    }

    /** Lets it all happen to a cluster, up to a time. */
    public void inject(SimCluster cluster, long untilMillis) {
        for (Fault fault : faults) {
            if (fault.atMillis() < untilMillis) {
                cluster.simulation().schedule(fault.atMillis() * 1000, () -> {
                    Simulation simulation = cluster.simulation();
                    simulation.trace().add(simulation.nowMicros(), "", "fault", Bytes.EMPTY, fault::toString);
                    cluster.marks().hit("fault: " + fault.getClass().getSimpleName());
                    fault.inject(cluster);
                });
            }
        }
    }

    /** One line for the network, one for each fault. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(network.toString());
        faults.forEach(fault -> text.append("\n").append(fault));
        return text.toString();
    }
}

package io.roost.cluster.pg.peering;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.NetworkConditions;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.sim.World;
import java.util.List;

/** {@link PeeringSimulation}, whose faults are steps like all others. */
public final class PeeringWorld implements World {
    @Override
    public FaultPlan plan(long seed) {
        return new FaultPlan(NetworkConditions.CALM, List.of());
    }

    @Override
    public Simulation run(long seed, FaultPlan plan, Trace trace, Marks marks) {
        PeeringSimulation simulation = new PeeringSimulation(seed);
        try {
            simulation.run();
        } finally {
            simulation.marks().keySet().forEach(marks::hit);
            simulation.transcript().lines().forEach(line -> trace.add(0, "", "", Bytes.utf8(line), () -> line));
        }
        return new Simulation(seed, trace);
    }
}

package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonitorNames;
import io.roost.cluster.paxos.NodeEffects;
import io.roost.cluster.paxos.QuorumChecks;
import io.roost.cluster.paxos.QuorumNode;
import io.roost.cluster.paxos.QuorumTiming;
import io.roost.cluster.paxos.QuorumWorld;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Linearizability;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.RegisterClients;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.sim.World;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Whole monitors, 1, 3 or 5, under all faults: clients set and read settings through any of them, daemons ask for ids and
 * follow the maps.
 */
public final class MonitorWorld implements World {
    private static final long FAULTY_MILLIS = 20_000;
    private static final long HEALING_MILLIS = 15_000;
    private static final long QUIET_MILLIS = 3_000;
    private static final int CLIENTS = 4;
    private static final int SETTINGS = 3;
    private static final UUID OSD = new UUID(3, 4);

    @Override
    public FaultPlan plan(long seed) {
        return new QuorumWorld().plan(seed);
    }

    @Override
    public Simulation run(long seed, FaultPlan plan, Trace trace, Marks marks) {
        Simulation simulation = new Simulation(seed, trace);
        SimCluster cluster = new SimCluster(simulation, plan.network(), marks, NodeEffects::describe);
        List<String> names = MonitorNames.of(seed);
        MonMap map = MonitorNames.map(names);
        Mkfs mkfs = new Mkfs(map.fsid(), map.monitors(), "node1", OSD, 0x10000, 1, 0);
        SplittableRandom settings = simulation.random("settings");
        QuorumTiming timing = QuorumWorld.timing(seed);
        LogLimits limits = QuorumWorld.limits(settings);
        Set<Long> ids = new HashSet<>();
        for (String name : names) {
            SimNode node = cluster.add(
                    name,
                    at -> new MonitorNode(at, map, timing, limits, id -> giveId(ids, id)),
                    0.99 + 0.02 * settings.nextDouble());
            Monitor.format(new KeyValueMonStore(node.keyValue()), mkfs);
        }
        QuorumChecks checks = new QuorumChecks(cluster);
        RegisterClients clients = new RegisterClients(cluster, SETTINGS, 150_000, random -> any(cluster, random));
        plan.inject(cluster, FAULTY_MILLIS);
        cluster.nodes().forEach(SimNode::start);
        clients.start(CLIENTS);
        simulation.runUntil(FAULTY_MILLIS * 1000);
        cluster.heal();
        simulation.runUntil((FAULTY_MILLIS + HEALING_MILLIS) * 1000);
        int done = clients.done();
        simulation.runUntil(simulation.nowMicros() + QUIET_MILLIS * 1000);
        assertThat(clients.done()).as("operations done when all is well").isGreaterThan(done + 10);
        clients.stop();
        simulation.runUntil(simulation.nowMicros() + QUIET_MILLIS * 1000);
        checks.checkAllAgree();
        checkAllFollow(cluster);
        assertThat(Linearizability.violation(clients.history())).isEmpty();
        return simulation;
    }

    private static SimNode any(SimCluster cluster, SplittableRandom random) {
        return cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    }

    private static void giveId(Set<Long> ids, long id) {
        assertThat(ids.add(id)).as("id %d is given once", id).isTrue();
    }

    /** Who follows the map of any monitor has the newest. */
    private static void checkAllFollow(SimCluster cluster) {
        OsdMap newest =
                ((MonitorNode) cluster.nodes().get(0).process()).monitor().osdMap();
        for (SimNode node : cluster.nodes()) {
            MonitorNode monitor = (MonitorNode) node.process();
            assertThat(monitor.followed())
                    .as("map of who follows %s", node.name())
                    .isEqualTo(newest);
            assertThat(QuorumNode.of(node).lastCommitted())
                    .isEqualTo(monitor.monitor().version());
        }
    }
}

package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonitorNames;
import io.roost.cluster.paxos.NodeEffects;
import io.roost.cluster.paxos.QuorumChecks;
import io.roost.cluster.paxos.QuorumTiming;
import io.roost.cluster.paxos.QuorumWorld;
import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Linearizability;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.RegisterClients;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Swarm;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.sim.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;

/**
 * Monitors come and go under all faults: of 1, 3 or 5 some are removed, some are replaced by others with empty disks, and
 * two more join. Clients set and read settings meanwhile. In the end as many vote as can, they agree, and who was removed
 * knows it.
 */
public final class MembershipWorld implements World {
    private static final long FAULTY_MILLIS = 20_000;
    private static final long HEALING_MILLIS = 20_000;
    private static final long QUIET_MILLIS = 3_000;
    private static final int CLIENTS = 4;
    private static final int SETTINGS = 3;
    private static final int MORE = 2;
    private static final UUID OSD = new UUID(3, 4);

    private static List<String> all(long seed) {
        return MonitorNames.first(MonitorNames.of(seed).size() + MORE);
    }

    @Override
    public FaultPlan plan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> names = all(seed);
        QuorumTiming timing = QuorumWorld.timing(seed);
        Swarm swarm = new Swarm(random, names, FAULTY_MILLIS);
        swarm.every(500 + random.nextInt(3_000), at -> change(at, swarm, random));
        List<Swarm.Kind> kinds = new ArrayList<>(QuorumWorld.kinds(swarm, random, timing));
        kinds.add(at -> new SetBackMonitor(at, swarm.node(), swarm.upTo(8_000), swarm.upTo(3_000)));
        if (random.nextInt(3) == 0) {
            // Changes, and one kind of faults beside.
            return swarm.every(2_000, kinds.get(random.nextInt(kinds.size()))).plan();
        }
        swarm.ofNodes().ofNetwork().atSteps(QuorumWorld.STEPS);
        kinds.forEach(swarm::maybe);
        return swarm.plan();
    }

    private static Fault change(long at, Swarm swarm, SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> new MembershipFaults.Remove(at, swarm.node());
            case 1 -> new MembershipFaults.Replace(at, swarm.node(), swarm.upTo(3_000));
            default -> new MembershipFaults.Add(at, swarm.node());
        };
    }

    @Override
    public Simulation run(long seed, FaultPlan plan, Trace trace, Marks marks) {
        Simulation simulation = new Simulation(seed, trace);
        SimCluster cluster = new SimCluster(simulation, plan.network(), marks, NodeEffects::describe);
        List<String> first = MonitorNames.of(seed);
        MonMap map = MonitorNames.map(first);
        Mkfs mkfs = new Mkfs(map.fsid(), map.monitors(), "node1", OSD, 0x10000, 1, 0);
        SplittableRandom settings = simulation.random("settings");
        QuorumTiming timing = QuorumWorld.timing(seed);
        LogLimits limits = QuorumWorld.limits(settings);
        for (String name : all(seed)) {
            SimNode node = cluster.add(
                    name,
                    // Who joins is told who the monitors are.
                    at -> new MonitorNode(
                            at, MembershipFaults.newestMap(cluster).orElse(map), timing, limits, id -> {}),
                    0.99 + 0.02 * settings.nextDouble());
            if (first.contains(name)) {
                Monitor.format(new KeyValueMonStore(node.keyValue()), mkfs);
            }
        }
        QuorumChecks checks = new QuorumChecks(cluster);
        Function<SplittableRandom, SimNode> chosen = random -> any(cluster, random);
        RegisterClients clients = new RegisterClients(cluster, SETTINGS, 150_000, chosen, chosen);
        plan.inject(cluster, FAULTY_MILLIS);
        first.forEach(name -> cluster.node(name).start());
        clients.start(CLIENTS);
        simulation.runUntil(FAULTY_MILLIS * 1000);
        cluster.heal();
        // Those, too, that nobody has made a monitor yet.
        cluster.nodes().forEach(SimNode::start);
        simulation.runUntil((FAULTY_MILLIS + HEALING_MILLIS) * 1000);
        int done = clients.done();
        simulation.runUntil(simulation.nowMicros() + QUIET_MILLIS * 1000);
        assertThat(clients.done()).as("operations done when all is well").isGreaterThan(done + 10);
        clients.stop();
        simulation.runUntil(simulation.nowMicros() + QUIET_MILLIS * 1000);
        checks.checkAllAgree();
        checkAsManyVoteAsCan(checks.monMap());
        assertThat(Linearizability.violation(clients.history())).isEmpty();
        return simulation;
    }

    /** Any that votes and is up; seldom another, which must not answer. */
    private static SimNode any(SimCluster cluster, SplittableRandom random) {
        List<SimNode> nodes = cluster.nodes();
        List<String> voters =
                MembershipFaults.newestMap(cluster).map(MembershipWorld::voters).orElse(List.of());
        List<SimNode> up = nodes.stream()
                .filter(node -> node.isUp() && voters.contains(node.name()))
                .toList();
        List<SimNode> among = up.isEmpty() || (random.nextInt(10) == 0 && !cluster.isHealed()) ? nodes : up;
        return among.get(random.nextInt(among.size()));
    }

    private static List<String> voters(MonMap map) {
        return map.monitors().stream()
                .filter(monitor -> monitor.role() == MonMap.Role.VOTER)
                .map(MonMap.Monitor::name)
                .toList();
    }

    private static void checkAsManyVoteAsCan(MonMap map) {
        int voters = voters(map).size();
        int members = map.monitors().size();
        assertThat(voters).as("who votes of %s", map).isEqualTo(members % 2 == 1 ? members : members - 1);
    }
}

package io.roost.cluster.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Faults;
import io.roost.cluster.sim.Linearizability;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.RegisterClients;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Swarm;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.sim.World;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** 1, 3 or 5 monitors that keep registers for clients, under all faults, and then without. */
public final class QuorumWorld implements World {
    private static final long FAULTY_MILLIS = 20_000;
    private static final long HEALING_MILLIS = 15_000;
    private static final long QUIET_MILLIS = 3_000;
    private static final int CLIENTS = 4;
    private static final int REGISTERS = 5;
    private static final long SPACING_MILLIS = 4_000;
    /** As wrong as clocks may be, and right. */
    private static final double[] CLOCK_RATES = {0.99, 1, 1.01};
    /** Where monitors like to end. */
    public static final List<String> STEPS = List.of(
            "persist",
            "persist paxos",
            "persist election",
            "send",
            "send Accept",
            "send Begin",
            "send Commit",
            "send Last",
            "send Collect",
            "send Lease",
            "send Victory");
    /** What likes to be lost. */
    private static final List<String> MESSAGES = List.of("Commit", "Begin", "Accept", "Last", "Lease", "");

    @Override
    public FaultPlan plan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> names = MonitorNames.of(seed);
        QuorumTiming timing = timing(seed);
        Swarm swarm = new Swarm(random, names, FAULTY_MILLIS);
        List<Swarm.Kind> kinds = kinds(swarm, random, timing);
        if (names.size() > 1 && random.nextInt(3) == 0) {
            // One kind alone, which takes several things in turn: others would only come between.
            return swarm.every(SPACING_MILLIS, kinds.get(random.nextInt(kinds.size())))
                    .plan();
        }
        swarm.ofNodes().ofNetwork().atSteps(STEPS);
        if (names.size() > 1) {
            kinds.forEach(swarm::maybe);
        }
        return swarm.plan();
    }

    /** What can go wrong with agreement in particular. */
    public static List<Swarm.Kind> kinds(Swarm swarm, SplittableRandom random, QuorumTiming timing) {
        return List.of(
                at -> new LoseStore(at, swarm.node(), swarm.upTo(5_000)),
                at -> new Faults.BreakAfter(
                        at, swarm.node(), MESSAGES.get(random.nextInt(MESSAGES.size())), 1 + random.nextInt(4)),
                at -> new LeaderFaults.CrashLeader(at, swarm.upTo(4_000), STEPS.get(random.nextInt(STEPS.size()))),
                at -> crashInTurn(at, swarm, random, timing),
                at -> new LeaderFaults.ClogLeader(
                        at, swarm.node(), swarm.around(timing.leaseMillis()), swarm.direction()),
                at -> new LeaderFaults.Usurp(
                        at,
                        List.of(swarm.node(), swarm.node()),
                        random.nextBoolean() ? LeaderFaults.Leader.CUT_OFF : LeaderFaults.Leader.AS_IT_IS,
                        swarm.around(timing.silenceMillis()),
                        swarm.upTo(timing.leaseMillis())));
    }

    private static Fault crashInTurn(long at, Swarm swarm, SplittableRandom random, QuorumTiming timing) {
        Optional<String> first = random.nextBoolean() ? Optional.of(swarm.node()) : Optional.empty();
        List<String> steps = List.of("send Begin", random.nextInt(4) > 0 ? "send Commit" : "send Begin");
        return new LeaderFaults.CrashInTurn(
                at,
                first,
                random.nextBoolean() ? steps : steps.subList(1, 2),
                random.nextBoolean() ? swarm.around(3_000) : swarm.around(timing.leaseMillis()));
    }

    /** How long monitors wait, for a seed: as usual, or anything from a tenth on. */
    public static QuorumTiming timing(long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        if (random.nextInt(3) == 0) {
            return QuorumTiming.DEFAULT;
        }
        int lease = 100 + random.nextInt(2000);
        int renew = lease / 10 + random.nextInt(lease / 2 - lease / 10);
        return new QuorumTiming(
                lease,
                renew,
                lease + random.nextInt(2000),
                50 + random.nextInt(random.nextBoolean() ? lease : 1500),
                random.nextInt(60),
                100 + random.nextInt(600));
    }

    /** Keeps a log of a few versions, so that monitors are soon behind it, and sends a few bytes at a time. */
    public static LogLimits limits(SplittableRandom random) {
        return random.nextBoolean()
                ? LogLimits.DEFAULT
                : new LogLimits(
                        1 + random.nextInt(10),
                        1 + random.nextInt(5),
                        1 + random.nextInt(random.nextBoolean() ? 20 : 200));
    }

    @Override
    public Simulation run(long seed, FaultPlan plan, Trace trace, Marks marks) {
        Simulation simulation = new Simulation(seed, trace);
        SimCluster cluster = new SimCluster(simulation, plan.network(), marks, NodeEffects::describe);
        List<String> names = MonitorNames.of(seed);
        MonMap map = MonitorNames.map(names);
        SplittableRandom settings = simulation.random("settings");
        QuorumTiming timing = timing(seed);
        LogLimits limits = limits(settings);
        for (String name : names) {
            SimNode node = cluster.add(
                    name,
                    at -> new LogNode(at, map, timing, limits),
                    CLOCK_RATES[settings.nextInt(CLOCK_RATES.length)]);
            MonTransaction first = new MonTransaction();
            MonMapRows.write(first, map);
            new KeyValueMonStore(node.keyValue()).write(PaxosLog.first(first));
        }
        QuorumChecks checks = new QuorumChecks(cluster);
        RegisterClients clients =
                new RegisterClients(cluster, REGISTERS, 150_000, random -> nodeForWrites(cluster, random));
        plan.inject(cluster, FAULTY_MILLIS);
        cluster.nodes().forEach(SimNode::start);
        clients.start(CLIENTS);
        simulation.runUntil(FAULTY_MILLIS * 1000);
        cluster.heal();
        simulation.runUntil((FAULTY_MILLIS + HEALING_MILLIS) * 1000);
        checkQuiet(cluster, clients, checks);
        return simulation;
    }

    /** Mostly one that leads, or believes to. */
    static SimNode nodeForWrites(SimCluster cluster, SplittableRandom random) {
        List<SimNode> nodes = cluster.nodes();
        List<SimNode> leaders = QuorumNode.leaders(cluster);
        List<SimNode> among = leaders.isEmpty() || random.nextInt(10) == 0 ? nodes : leaders;
        return among.get(random.nextInt(among.size()));
    }

    /** For some time without faults: operations are done, nobody is elected, and in the end all have the same. */
    private static void checkQuiet(SimCluster cluster, RegisterClients clients, QuorumChecks checks) {
        Simulation simulation = cluster.simulation();
        Quorum first = QuorumNode.of(cluster.nodes().get(0));
        int epoch = first.epoch();
        int done = clients.done();
        simulation.runUntil(simulation.nowMicros() + QUIET_MILLIS * 1000);
        assertThat(clients.done()).as("operations done when all is well").isGreaterThan(done + 10);
        assertThat(first.epoch()).as("elections when all is well").isEqualTo(epoch);
        clients.stop();
        simulation.runUntil(simulation.nowMicros() + QUIET_MILLIS * 1000);
        checks.checkAllAgree();
        assertThat(Linearizability.violation(clients.history())).isEmpty();
    }
}

package io.roost.cluster.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Faults;
import io.roost.cluster.sim.Linearizability;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.NetworkConditions;
import io.roost.cluster.sim.RegisterClients;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.sim.World;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What must happen step by step to show, which chance alone does once in many thousands of seeds. Three stories in turn;
 * a seed decides the times.
 */
public final class QuorumScenarioWorld implements World {
    /** A long lease, so that clocks that differ by 2 % make a difference that messages fit into. */
    private static final QuorumTiming LONG_LEASE = new QuorumTiming(8_000, 800, 8_000, 100, 10, 100);

    @Override
    public FaultPlan plan(long seed) {
        return new FaultPlan(NetworkConditions.CALM, List.of());
    }

    @Override
    public Simulation run(long seed, FaultPlan plan, Trace trace, Marks marks) {
        Simulation simulation = new Simulation(seed, trace);
        Story story = new Story(new SimCluster(simulation, plan.network(), marks, NodeEffects::describe));
        switch ((int) Math.floorMod(seed, 3L)) {
            case 0 -> story.returningPeonLosesWhatWasDecided(Has.NOTHING);
            case 1 -> story.returningPeonLosesWhatWasDecided(Has.ANOTHER_VALUE);
            default -> story.slowClockOfALeaderThatIsCutOff();
        }
        story.end();
        return simulation;
    }

    /** What a peon that was away has accepted and knows not to be decided. */
    private enum Has {
        NOTHING,
        ANOTHER_VALUE
    }

    private static final class Story {
        private final SimCluster cluster;
        private final SplittableRandom random;
        private final QuorumChecks checks;
        private final RegisterClients clients;

        Story(SimCluster cluster) {
            this.cluster = cluster;
            random = cluster.simulation().random("story");
            checks = new QuorumChecks(cluster);
            clients = new RegisterClients(cluster, 1, 1, chosen -> null);
        }

        private void begin(int monitors, QuorumTiming timing, double rateOfFirst, double rateOfOthers) {
            List<String> names = MonitorNames.first(monitors);
            MonMap map = MonitorNames.map(names);
            for (String name : names) {
                double rate = name.equals("a") ? rateOfFirst : rateOfOthers;
                SimNode node = cluster.add(name, at -> new LogNode(at, map, timing, LogLimits.DEFAULT), rate);
                MonTransaction first = new MonTransaction();
                MonMapRows.write(first, map);
                new KeyValueMonStore(node.keyValue()).write(PaxosLog.first(first));
            }
            cluster.nodes().forEach(SimNode::start);
            goOn(3 * timing.leaseMillis() + random.nextInt(timing.renewMillis()));
        }

        private void goOn(long millis) {
            Simulation simulation = cluster.simulation();
            simulation.runUntil(simulation.nowMicros() + millis * 1000);
        }

        private SimNode leader() {
            return QuorumNode.leader(cluster).orElseThrow();
        }

        private void write(String value) {
            clients.write(leader(), "r", value, () -> {});
        }

        /**
         * A peon is away while the others decide, or has accepted alone what a leader that is gone proposed to it. When it
         * is back, what it lacks is lost on the way, again and again; what comes after it is not.
         */
        void returningPeonLosesWhatWasDecided(Has has) {
            begin(5, QuorumTiming.DEFAULT, 1, 1);
            SimNode peon = cluster.node("e");
            if (has == Has.ANOTHER_VALUE) {
                SimNode first = cluster.node("a");
                List.of("b", "c", "d").forEach(other -> cluster.network().cut(first, cluster.node(other)));
                write("lost");
                goOn(20);
                first.restartAfter(60_000);
                first.crash();
            }
            peon.restartAfter(60_000);
            peon.crash();
            goOn(6_000);
            write("x");
            goOn(200);
            write("y");
            goOn(200);
            SimNode leader = leader();
            leader.afterSending("Commit"::equals, 2 + random.nextInt(6), receiver -> {
                if (receiver == peon) {
                    cluster.network().reset(leader, peon);
                }
            });
            peon.start();
            goOn(6_000);
        }

        /** The others begin anew at once, and their clocks are fast: they must wait for longer than they promised. */
        void slowClockOfALeaderThatIsCutOff() {
            begin(3, LONG_LEASE, 0.99, 1.01);
            SimNode first = cluster.node("a");
            assertThat(leader()).isSameAs(first);
            new Faults.Isolate(0, "a", 60_000, Faults.Direction.BOTH).inject(cluster);
            for (String other : List.of("b", "c")) {
                cluster.node(other).restartAfter(1);
                cluster.node(other).crash();
            }
            goOn(2_000);
            assertThat(QuorumNode.of(cluster.node("b")).role()).isEqualTo(Quorum.Role.LEADER);
            clients.write(cluster.node("b"), "r", "y", () -> {});
            goOn(10_000);
        }

        /** All is well again. */
        void end() {
            cluster.heal();
            goOn(20_000);
            int done = clients.done();
            write("z");
            goOn(1_000);
            assertThat(clients.done()).as("operations done when all is well").isEqualTo(done + 1);
            checks.checkAllAgree();
            cluster.nodes().forEach(node -> clients.read(node, "r", () -> {}));
            goOn(100);
            assertThat(Linearizability.violation(clients.history())).isEmpty();
        }
    }
}

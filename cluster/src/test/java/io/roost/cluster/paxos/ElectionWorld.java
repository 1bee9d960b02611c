package io.roost.cluster.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.message.ElectionMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.SimProcess;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Swarm;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.sim.World;
import io.roost.cluster.wire.MonPeerMessageCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Elections alone, far more often than anybody would want: 1, 3 or 5 monitors that begin one whenever they like. */
public final class ElectionWorld implements World {
    private static final long FAULTY_MILLIS = 30_000;
    private static final long HEALING_MILLIS = 40_000;
    private static final long SETTLING_MILLIS = 45_000;
    private static final TimerId WHIM = new TimerId("whim");

    /** Who led in which epoch, over all lives. */
    private final TreeMap<Integer, String> leaders = new TreeMap<>();
    /** Newest epoch stored, by monitor. */
    private final TreeMap<String, Integer> epochs = new TreeMap<>();

    /** Voter and epoch → whom for. */
    private final Map<String, String> votes = new HashMap<>();

    private boolean isHealing;

    @Override
    public FaultPlan plan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Swarm(random, MonitorNames.of(seed), FAULTY_MILLIS)
                .ofNodes()
                .ofNetwork()
                .atSteps(List.of("persist", "send Ack", "send Propose", "send Victory"))
                .plan();
    }

    @Override
    public Simulation run(long seed, FaultPlan plan, Trace trace, Marks marks) {
        return new ElectionWorld().runOnce(seed, plan, trace, marks);
    }

    private Simulation runOnce(long seed, FaultPlan plan, Trace trace, Marks marks) {
        Simulation simulation = new Simulation(seed, trace);
        SimCluster cluster = new SimCluster(simulation, plan.network(), marks, NodeEffects::describe);
        List<String> names = MonitorNames.of(seed);
        SplittableRandom clocks = simulation.random("clocks");
        for (String name : names) {
            Members members = new Members(MonitorNames.map(names), name);
            cluster.add(name, node -> new Candidate(node, members), 0.99 + 0.02 * clocks.nextDouble());
        }
        cluster.watch(this::check);
        plan.inject(cluster, FAULTY_MILLIS);
        cluster.nodes().forEach(SimNode::start);
        simulation.runUntil(FAULTY_MILLIS * 1000);
        isHealing = true;
        cluster.heal();
        simulation.runUntil((FAULTY_MILLIS + HEALING_MILLIS) * 1000);
        checkAllAgree(cluster, names);
        return simulation;
    }

    private static Election election(SimNode node) {
        return ((Candidate) node.process()).election;
    }

    private void check(SimNode node) {
        if (!node.isUp()) {
            // What it had not synced may be gone.
            return;
        }
        int stored = (int) new KeyValueMonStore(node.keyValue()).number(Election.EPOCH);
        Integer before = epochs.put(node.name(), stored);
        assertThat(before == null || before <= stored)
                .as("epoch of %s: %s, then %s", node.name(), before, stored)
                .isTrue();
        if (election(node).leader() == null) {
            return;
        }
        Election election = election(node);
        assertThat(election.epoch() % 2).as("epoch of a quorum").isZero();
        assertThat(election.epoch()).as("epoch stored").isEqualTo(stored);
        String known = leaders.putIfAbsent(election.epoch(), election.leader());
        assertThat(known == null || known.equals(election.leader()))
                .as("epoch %d is led by %s and %s", election.epoch(), known, election.leader())
                .isTrue();
        assertThat(2 * election.quorum().size())
                .as("quorum %s", election.quorum())
                .isGreaterThan(node.cluster().nodes().size());
        assertThat(election.quorum()).contains(node.name(), election.leader());
        assertThat(election.phase() == Election.Phase.LEADER)
                .isEqualTo(election.leader().equals(node.name()));
    }

    private static void checkAllAgree(SimCluster cluster, List<String> names) {
        for (SimNode node : cluster.nodes()) {
            assertThat(election(node).leader()).as("leader of %s", node.name()).isEqualTo(names.get(0));
            assertThat(election(node).quorum()).as("quorum of %s", node.name()).containsExactlyElementsOf(names);
        }
    }

    /** Sees that nobody votes twice in an epoch, or for itself when it has voted for another. */
    private final class Watched extends NodeEffects {
        private final SimNode node;

        Watched(SimNode node, MonStore store) {
            super(node, store);
            this.node = node;
        }

        @Override
        public void send(String peer, MonPeerMessage message) {
            super.send(peer, message);
            if (message instanceof ElectionMessage.Ack ack) {
                String before = votes.put(node.name() + ack.epoch(), peer);
                assertThat(before == null || before.equals(peer))
                        .as("%s votes for %s and %s in epoch %d", node.name(), before, peer, ack.epoch())
                        .isTrue();
            } else if (message instanceof ElectionMessage.Propose propose) {
                assertThat(votes)
                        .as("%s proposes itself", node.name())
                        .doesNotContainKey(node.name() + propose.epoch());
            }
        }
    }

    /** A monitor that does nothing but elect. */
    private final class Candidate implements SimProcess {
        private final SimNode node;
        private final Election election;
        private final NodeEffects out;
        private final List<String> names;
        private final SplittableRandom random;

        Candidate(SimNode node, Members members) {
            KeyValueMonStore store = new KeyValueMonStore(node.keyValue());
            this.node = node;
            election = new Election(store, members, QuorumTiming.DEFAULT);
            out = new Watched(node, store);
            names = List.copyOf(members.voters());
            random = node.cluster().simulation().random("whims of " + node.name() + node.nowMillis());
        }

        @Override
        public void onStart() {
            if (random.nextBoolean()) {
                election.start(node.nowMillis(), out);
            }
            rest();
        }

        private void rest() {
            node.setTimer(WHIM, isHealing ? 3000 : random.nextLong(3000));
        }

        @Override
        public void onMessage(String from, Bytes message) {
            election.onMessage(from, (ElectionMessage) MonPeerMessageCodec.decode(message), node.nowMillis(), out);
        }

        @Override
        public void onUnreachable(String peer, long dialledMillis) {
            election.onUnreachable(peer, node.nowMillis(), out);
        }

        @Override
        public void onTimer(TimerId timer) {
            if (timer.equals(Election.TIMER)) {
                election.onTimer(node.nowMillis(), out);
                return;
            }
            boolean isContent = election.quorum().size() == names.size();
            boolean isFirst = node.name().equals(names.get(0));
            // A quorum notices by other means who does not follow; here the first monitor asks again and again.
            boolean isSettling = node.cluster().simulation().nowMicros() < SETTLING_MILLIS * 1000;
            boolean wants = isHealing ? isFirst && (isSettling || !isContent) : random.nextInt(4) == 0;
            if (wants || (election.phase() == Election.Phase.IDLE && !isHealing)) {
                election.start(node.nowMillis(), out);
            }
            rest();
        }
    }
}

package io.roost.cluster.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.sim.Faults.Direction;
import io.roost.cluster.sim.Faults.Isolate;
import io.roost.cluster.sim.Linearizability;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.NetworkConditions;
import io.roost.cluster.sim.RegisterClients;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Trace;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scenarios of which monitors are part, by their numbers; the two of the transcripts are in {@link QuorumTranscriptTest}. */
class QuorumScenarioTest {
    /** Elections are much shorter than leases, so that a new leader meets those of the one before. */
    private static final QuorumTiming TIMING = new QuorumTiming(3000, 400, 3000, 200, 30, 200);

    private final Simulation simulation = new Simulation(1, new Trace(Trace.Detail.HASH));
    private final SimCluster cluster =
            new SimCluster(simulation, NetworkConditions.CALM, new Marks(), NodeEffects::describe);
    private final QuorumChecks checks = new QuorumChecks(cluster);
    private final RegisterClients clients = new RegisterClients(cluster, 1, 1, random -> null);

    @BeforeEach
    void threeMonitorsFormAQuorum() {
        List<String> names = MonitorNames.first(3);
        MonMap map = MonitorNames.map(names);
        for (String name : names) {
            SimNode node = cluster.add(name, at -> new LogNode(at, map, TIMING, LogLimits.DEFAULT), 1);
            MonTransaction first = new MonTransaction();
            MonMapRows.write(first, map);
            new KeyValueMonStore(node.keyValue()).write(PaxosLog.first(first));
        }
        cluster.nodes().forEach(SimNode::start);
        goOn(3_000);
        assertThat(leader()).isEqualTo("a");
    }

    private void goOn(long millis) {
        simulation.runUntil(simulation.nowMicros() + millis * 1000);
    }

    private String leader() {
        return QuorumNode.leader(cluster).orElseThrow().name();
    }

    private Quorum quorum(String name) {
        return QuorumNode.of(cluster.node(name));
    }

    private boolean isReadable(String name) {
        return quorum(name).isReadable(cluster.node(name).nowMillis());
    }

    /** Something is decided, by whoever leads. */
    private void checkDecides(String value) {
        int before = clients.done();
        clients.write(cluster.node(leader()), "r", value, () -> {});
        goOn(100);
        assertThat(clients.done()).as("write %s is done", value).isEqualTo(before + 1);
    }

    private void checkAllAgree() {
        checks.checkAllAgree();
        cluster.nodes().forEach(node -> clients.read(node, "r", () -> {}));
        goOn(100);
        assertThat(Linearizability.violation(clients.history())).isEmpty();
    }

    /** S13: two that do not hear each other, while the third hears both: one is left out, once. */
    @Test
    void partialPartitionLeavesOneOutAndDoesNotEndTheQuorumAgainAndAgain() {
        cluster.network().cut(cluster.node("a"), cluster.node("b"));
        cluster.network().cut(cluster.node("b"), cluster.node("a"));
        goOn(10_000);
        assertThat(leader()).isEqualTo("a");
        assertThat(quorum("c").members()).containsExactly("a", "c");
        int epoch = quorum("a").epoch();
        checkDecides("x");
        assertThat(isReadable("b")).isFalse();
        goOn(60_000);
        assertThat(quorum("a").epoch()).as("elections while it lasts").isEqualTo(epoch);
        cluster.network().heal();
        goOn(5_000);
        checkAllAgree();
    }

    /** S14: the leader hears nobody, or nobody hears it; then another leads, and it answers nothing. */
    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"IN", "OUT"})
    void oneWayPartitionOfTheLeaderMakesAnotherOne(Direction direction) {
        checkDecides("x");
        new Isolate(0, "a", 20_000, direction).inject(cluster);
        goOn(10_000);
        assertThat(quorum("b").role()).isEqualTo(Quorum.Role.LEADER);
        assertThat(quorum("b").members()).containsExactly("b", "c");
        assertThat(isReadable("a")).as("the old leader may be read").isFalse();
        int epoch = quorum("b").epoch();
        clients.write(cluster.node("b"), "r", "y", () -> {});
        goOn(5_000);
        assertThat(isReadable("b") && isReadable("c")).isTrue();
        assertThat(quorum("b").epoch()).as("elections while it lasts").isEqualTo(epoch);
        goOn(10_000);
        checkAllAgree();
    }

    /** S15: a store is wiped. Its monitor does not vote before it is copied, not even when its vote is needed. */
    @Test
    void monitorWhoseStoreWasWipedDoesNotVoteBeforeItHasACopy() {
        checkDecides("x");
        SimNode wiped = cluster.node("b");
        wiped.restartAfter(100);
        wiped.crash();
        wiped.format();
        cluster.node("c").restartAfter(20_000);
        cluster.node("c").crash();
        goOn(15_000);
        assertThat(quorum("b").isWhole()).as("there was no quorum to copy from").isFalse();
        assertThat(quorum("a").members()).as("a majority has lost it").isEmpty();
        assertThat(isReadable("a")).isFalse();
        goOn(15_000);
        assertThat(quorum("b").isWhole()).isTrue();
        checkDecides("y");
        checkAllAgree();
    }

    /** Nobody can read under the lease of a process that is gone. */
    @Test
    void leasesOfWhoIsGoneAreNotWaitedFor() {
        checkDecides("x");
        cluster.node("a").restartAfter(20_000);
        cluster.node("a").crash();
        goOn(500);
        assertThat(leader()).isEqualTo("b");
        assertThat(isReadable("b") && isReadable("c")).isTrue();
        checkDecides("y");
        goOn(25_000);
        checkAllAgree();
    }

    /** S17: a peon holds a lease and is not in the majority that goes on: nothing is decided before the lease has ended. */
    @Test
    void nothingIsDecidedWhileOneOutsideHoldsALease() {
        checkDecides("x");
        new Isolate(0, "c", 20_000, Direction.BOTH).inject(cluster);
        assertThat(isReadable("c")).isTrue();
        // The leader begins a new quorum at once, without the one that still holds a lease.
        for (String name : List.of("a", "b")) {
            cluster.node(name).restartAfter(10);
            cluster.node(name).crash();
        }
        goOn(1_000);
        assertThat(quorum("a").members()).containsExactly("a", "b");
        assertThat(isReadable("c")).isTrue();
        // That nobody listened there before says nothing.
        ((LogNode) cluster.node("a").process())
                .onUnreachable("c", cluster.node("a").nowMillis() - 1_000);
        long version = quorum("c").lastCommitted();
        clients.write(cluster.node("a"), "r", "y", () -> {});
        while (isReadable("c")) {
            assertThat(checks.newest())
                    .as("what the holder of a lease does not know")
                    .isEqualTo(version);
            goOn(10);
        }
        goOn(4_000);
        checkDecides("z");
        goOn(20_000);
        checkAllAgree();
    }
}

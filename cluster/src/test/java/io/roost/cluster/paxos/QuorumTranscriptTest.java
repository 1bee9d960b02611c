package io.roost.cluster.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.sim.Linearizability;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.NetworkConditions;
import io.roost.cluster.sim.RegisterClients;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What three monitors say to each other when the leader ends at a bad moment, kept in {@code transcripts/paxos} to be read, and
 * how they elect one, in {@code transcripts/election}; {@code -Droost.golden=write} writes those that do not exist.
 */
class QuorumTranscriptTest {
    private static final Path FOLDER = Path.of("src/test/resources/transcripts");
    /** Times are by chance, probes and renewed leases go on all the time. */
    private static final Pattern LEFT_OUT = Pattern.compile("timer|Probe|Lease|refused");

    private static final Pattern OF_ELECTIONS = Pattern.compile(" (crash|start|Propose|Ack|Nak|Victory|Join)\\b");

    private final Trace trace = new Trace(Trace.Detail.LINES);
    private final Simulation simulation = new Simulation(1, trace);
    private final SimCluster cluster =
            new SimCluster(simulation, NetworkConditions.CALM, new Marks(), NodeEffects::describe);
    private final QuorumChecks checks = new QuorumChecks(cluster);
    private final RegisterClients clients = new RegisterClients(cluster, 1, 1, random -> null);

    @BeforeEach
    void threeMonitorsFormAQuorum() {
        List<String> names = MonitorNames.first(3);
        MonMap map = MonitorNames.map(names);
        for (String name : names) {
            SimNode node = cluster.add(name, at -> new LogNode(at, map, QuorumTiming.DEFAULT, LogLimits.DEFAULT), 1);
            MonTransaction first = new MonTransaction();
            MonMapRows.write(first, map);
            new KeyValueMonStore(node.keyValue()).write(PaxosLog.first(first));
        }
        cluster.nodes().forEach(SimNode::start);
        goOn(3_000);
        assertThat(QuorumNode.leader(cluster)).contains(cluster.node("a"));
    }

    private void goOn(long millis) {
        simulation.runUntil(simulation.nowMicros() + millis * 1000);
    }

    private void crashLeaderBefore(String leader, String step, long downMillis) {
        cluster.node(leader).restartAfter(downMillis);
        cluster.node(leader).crashBefore(step::equals);
    }

    private void write(String leader, String value) {
        clients.write(cluster.node(leader), "r", value, () -> {});
        goOn(3_000);
    }

    private void checkAllHave(String value) {
        checks.checkAllAgree();
        for (SimNode node : cluster.nodes()) {
            MonStore store = new KeyValueMonStore(node.keyValue());
            assertThat(MonStoreException.require(store, MonKey.of(LogNode.PREFIX, "r"))
                            .utf8())
                    .as("value that %s has", node.name())
                    .isEqualTo(value);
            clients.read(node, "r", () -> {});
        }
        goOn(100);
        assertThat(Linearizability.violation(clients.history())).isEmpty();
    }

    private void checkTranscript(String name) throws IOException {
        checkTranscript("paxos/" + name, line -> !LEFT_OUT.matcher(line).find());
    }

    private void checkElections(String name) throws IOException {
        checkTranscript("election/" + name, line -> OF_ELECTIONS.matcher(line).find());
    }

    private void checkTranscript(String name, Predicate<String> isKept) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : trace.lines()) {
            if (isKept.test(line)) {
                text.append(line.substring(line.indexOf('.') + 8)).append('\n');
            }
        }
        Path file = FOLDER.resolve(name);
        if ("write".equals(System.getProperty("roost.golden")) && !Files.exists(file)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(text.toString()).as("transcript %s", file).isEqualTo(Files.readString(file));
    }

    /** One peon has the value, nobody knows that it is not decided: the next leader goes on with it. */
    @Test
    void valueThatOnePeonHasIsProposedAgainWhenTheLeaderFailsAfterBegin() throws IOException {
        SimNode leader = cluster.node("a");
        cluster.network().cut(leader, cluster.node("c"));
        clients.write(leader, "r", "x", () -> {});
        goOn(50);
        leader.restartAfter(8_000);
        leader.crash();
        goOn(3_000);
        cluster.network().join(leader, cluster.node("c"));
        assertThat(QuorumNode.leader(cluster)).contains(cluster.node("b"));
        goOn(10_000);
        checkAllHave("x");
        checkTranscript("leader-fails-after-begin.txt");
    }

    /** S16: the first leader has x on its disk alone; the second has decided y, which only it and c have. The number tells. */
    @Test
    void ofTwoUncommittedValuesTheOneWithTheHigherNumberIsProposedAgain() throws IOException {
        crashLeaderBefore("a", "send Begin to b", 6_000);
        write("a", "x");
        assertThat(QuorumNode.leader(cluster)).contains(cluster.node("b"));
        crashLeaderBefore("b", "send Commit to c", 8_000);
        write("b", "y");
        goOn(12_000);
        checkAllHave("y");
        checkTranscript("two-uncommitted-values.txt");
    }

    // ---- elections ----

    private Quorum quorum(String name) {
        return QuorumNode.of(cluster.node(name));
    }

    /** Everybody votes for the first in rank, who has waited for all. */
    @Test
    void lowestRankIsElectedByAll() throws IOException {
        assertThat(quorum("c").members()).containsExactly("a", "b", "c");
        checkElections("lowest-rank.txt");
    }

    /**
     * Nobody listens where it was: the others do not wait for its vote. When it is back it asks to be let in; a vote has gone to
     * another by then, so that it is asked to propose itself in the next epoch.
     */
    @Test
    void leaderThatIsGoneIsReplacedAndLeadsAgain() throws IOException {
        cluster.node("a").restartAfter(4_000);
        cluster.node("a").crash();
        goOn(1_000);
        assertThat(quorum("c").leader()).isEqualTo("b");
        goOn(6_000);
        assertThat(quorum("c").leader()).isEqualTo("a");
        checkElections("leader-is-gone-and-back.txt");
    }

    /** The leader and one peon do not hear each other: that peon is left out, and those whom it asks follow somebody they hear. */
    @Test
    void whoDoesNotHearTheLeaderDoesNotDisturbThoseThatDo() throws IOException {
        cluster.network().cut(cluster.node("a"), cluster.node("b"));
        cluster.network().cut(cluster.node("b"), cluster.node("a"));
        goOn(10_000);
        assertThat(quorum("c").members()).containsExactly("a", "c");
        checkElections("partial-partition.txt");
    }
}

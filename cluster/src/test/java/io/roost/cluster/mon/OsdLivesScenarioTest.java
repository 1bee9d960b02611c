package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonitorNames;
import io.roost.cluster.paxos.QuorumTiming;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.NetworkConditions;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long it takes, in virtual time, until the map shows what has happened to one of three OSDs, or to a node. */
class OsdLivesScenarioTest {
    private static final int OSDS = 3;
    private static final long PATIENCE_MILLIS = 60_000;
    private static final long LOOK_MILLIS = 10;

    private final Simulation simulation = new Simulation(1, new Trace(Trace.Detail.HASH));
    private final SimCluster cluster =
            new SimCluster(simulation, NetworkConditions.CALM, new Marks(), message -> "a message");
    private OsdMapHistory history;

    @BeforeEach
    void threeMonitorsAndThreeOsds() {
        List<String> monitors = MonitorNames.first(3);
        MonMap map = MonitorNames.map(monitors);
        Mkfs mkfs = new Mkfs(map.fsid(), map.monitors(), "h0", OsdModel.uuid(0), 0x10000, 1, 0);
        for (String name : monitors) {
            SimNode node = cluster.add(
                    name, at -> new MonitorNode(at, map, QuorumTiming.DEFAULT, LogLimits.DEFAULT, id -> {}), 1);
            Monitor.format(new KeyValueMonStore(node.keyValue()), mkfs);
        }
        history = new OsdMapHistory(cluster);
        for (int osd = 0; osd < OSDS; osd++) {
            cluster.add(OsdModel.NAME + osd, at -> new OsdModel(at, monitors, history), 1);
        }
        cluster.nodes().forEach(SimNode::start);
        // Monitors of worlds have whims until all is healed.
        cluster.heal();
        goOn(30_000);
        assertThat(up()).hasSize(OSDS);
    }

    private void goOn(long millis) {
        simulation.runUntil(simulation.nowMicros() + millis * 1000);
    }

    private SimNode osd(int number) {
        return cluster.node(OsdModel.NAME + number);
    }

    /** Numbers of those that the newest map shows up. */
    private List<Integer> up() {
        List<Integer> numbers = new ArrayList<>();
        for (OsdInfo osd : history.newest().osds()) {
            if (osd.isUp()) {
                numbers.add((int) osd.uuid().getLeastSignificantBits());
            }
        }
        return numbers;
    }

    private long millisUntil(BooleanSupplier condition) {
        for (long millis = 0; millis < PATIENCE_MILLIS; millis += LOOK_MILLIS) {
            if (condition.getAsBoolean()) {
                return millis;
            }
            goOn(LOOK_MILLIS);
        }
        throw new AssertionError("up are " + up() + " after " + PATIENCE_MILLIS + " ms");
    }

    private static void end(SimNode node) {
        node.restartAfter(PATIENCE_MILLIS);
        node.crash();
    }

    @Test
    void osdWhoseProcessIsGoneIsDownAtOnce() {
        end(osd(2));
        assertThat(millisUntil(() -> !up().contains(2))).isLessThan(300);
    }

    /** The next leader waits for the lease that the last one may have given, a second at most. */
    @Test
    void osdThatEndsTogetherWithTheLeadingMonitorIsDownSoon() {
        end(cluster.node("a"));
        end(osd(2));
        assertThat(millisUntil(() -> !up().contains(2))).isLessThan(1_500);
    }

    @Test
    void osdThatEndsTogetherWithAnotherMonitorIsDownSoon() {
        end(cluster.node("c"));
        end(osd(2));
        assertThat(millisUntil(() -> !up().contains(2))).isLessThan(1_500);
    }

    /** S13: the grace, the time for a third to say which of the two it is, and a report. */
    @Test
    void oneOfTwoThatDoNotHearEachOtherIsDownAfterTheGraceAndStaysSo() {
        cluster.network().cut(osd(0), osd(1));
        cluster.network().cut(osd(1), osd(0));
        assertThat(millisUntil(() -> up().size() < OSDS)).isLessThan(7_600);
        List<Integer> left = up();
        assertThat(left).contains(2).hasSize(OSDS - 1);
        int epoch = history.newest().epoch();
        goOn(120_000);
        assertThat(history.newest().epoch()).isEqualTo(epoch);
        cluster.network().join(osd(0), osd(1));
        cluster.network().join(osd(1), osd(0));
        assertThat(millisUntil(() -> up().size() == OSDS)).isLessThan(5_000);
    }

    /** S27: a pause a little longer than the grace. */
    @Test
    void osdThatWasStoppedForLongerThanTheGraceIsDownOnceAndUpAgainWhenItGoesOn() {
        int epoch = history.newest().epoch();
        osd(1).pause();
        goOn(OsdLives.GRACE_MILLIS * 11 / 10);
        assertThat(millisUntil(() -> !up().contains(1))).isLessThan(1_500);
        osd(1).resume();
        assertThat(millisUntil(() -> up().size() == OSDS)).isLessThan(5_000);
        goOn(60_000);
        assertThat(up()).hasSize(OSDS);
        assertThat(history.newest().epoch())
                .as("down, up, and perhaps its up_thru")
                .isLessThanOrEqualTo(epoch + 3);
    }
}

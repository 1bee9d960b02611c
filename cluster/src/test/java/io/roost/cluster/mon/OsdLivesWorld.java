package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonitorNames;
import io.roost.cluster.paxos.NodeEffects;
import io.roost.cluster.paxos.QuorumTiming;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Swarm;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.sim.World;
import io.roost.cluster.wire.MonMessageCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Monitors, 1, 3 or 5, and OSDs on three to five hosts under all faults. The history of the map is checked epoch by epoch
 * ({@link OsdMapHistory}); when all is well, everybody is up and stays so, one of two that do not hear each other is marked down
 * once, whoever falls silent is marked down in time, one after the other, and a monitor that was stopped takes nobody down.
 */
public final class OsdLivesWorld implements World {
    private static final long FAULTY_MILLIS = 60_000;
    private static final long HEALING_MILLIS = 30_000;
    private static final long QUIET_MILLIS = 10_000;
    /** Grace, a report, an election perhaps, a tick and a proposal; well below the time-out of beacons. */
    private static final long NOTICED_MILLIS = 16_000;

    private static final long CUT_MILLIS = 60_000;
    private static final long MONITORS_STOPPED_MILLIS = 45_000;

    private static List<String> osds(long seed) {
        int count = 3 + (int) Math.floorMod(seed / 5, 3L);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(OsdModel.NAME + i);
        }
        return names;
    }

    @Override
    public FaultPlan plan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> names = new ArrayList<>(MonitorNames.of(seed));
        names.addAll(osds(seed));
        List<String> osds = osds(seed);
        Swarm swarm = new Swarm(random, names, FAULTY_MILLIS);
        swarm.ofNodes().ofNetwork();
        swarm.maybe(
                at -> new SetBack(at, osds.get(random.nextInt(osds.size())), swarm.upTo(20_000), swarm.upTo(10_000)));
        return swarm.plan();
    }

    /** Heartbeats are text, the rest says of what kind it is by where it can be read. */
    private static String describe(Bytes message) {
        String text = message.utf8();
        if (text.startsWith("p") || text.startsWith("gone")) {
            return text;
        }
        try {
            return MonMessageCodec.decode(message).toString();
        } catch (MalformedBytesException betweenMonitors) {
            return NodeEffects.describe(message);
        }
    }

    @Override
    public Simulation run(long seed, FaultPlan plan, Trace trace, Marks marks) {
        Simulation simulation = new Simulation(seed, trace);
        SimCluster cluster = new SimCluster(simulation, plan.network(), marks, OsdLivesWorld::describe);
        List<String> names = MonitorNames.of(seed);
        MonMap map = MonitorNames.map(names);
        Mkfs mkfs = new Mkfs(map.fsid(), map.monitors(), "h0", OsdModel.uuid(0), 0x10000, 1, 0);
        SplittableRandom settings = simulation.random("settings");
        List<SimNode> monitors = new ArrayList<>();
        for (String name : names) {
            SimNode node = cluster.add(
                    name,
                    at -> new MonitorNode(at, map, QuorumTiming.DEFAULT, LogLimits.DEFAULT, id -> {}),
                    0.99 + 0.02 * settings.nextDouble());
            Monitor.format(new KeyValueMonStore(node.keyValue()), mkfs);
            monitors.add(node);
        }
        OsdMapHistory history = new OsdMapHistory(cluster);
        List<SimNode> osds = new ArrayList<>();
        for (String name : osds(seed)) {
            osds.add(cluster.add(name, at -> new OsdModel(at, names, history), 0.99 + 0.02 * settings.nextDouble()));
        }
        plan.inject(cluster, FAULTY_MILLIS);
        cluster.nodes().forEach(SimNode::start);
        simulation.runUntil(FAULTY_MILLIS * 1000);
        cluster.heal();
        forgetFalseAlarms(monitors, simulation);
        checkAllUpAndQuiet(history, osds, simulation);
        checkOneOfTwoThatDoNotHearEachOtherIsDown(history, osds, cluster);
        forgetFalseAlarms(monitors, simulation);
        checkSilentOnesAreNoticed(history, osds, simulation);
        checkMonitorsThatWereStopped(history, osds, monitors, simulation);
        return simulation;
    }

    /** What the leader remembers of false alarms would make it slow, as it should. */
    private static void forgetFalseAlarms(List<SimNode> monitors, Simulation simulation) {
        monitors.forEach(monitor -> {
            monitor.restartAfter(100);
            monitor.crash();
        });
        run(simulation, HEALING_MILLIS);
    }

    private static void run(Simulation simulation, long millis) {
        simulation.runUntil(simulation.nowMicros() + millis * 1000);
    }

    private static Predicate<SimNode> isUpIn(OsdMap map) {
        return node -> map.osds().stream()
                .filter(osd -> OsdModel.uuid(number(node)).equals(osd.uuid()))
                .anyMatch(OsdInfo::isUp);
    }

    private static int number(SimNode node) {
        return Integer.parseInt(node.name().substring(OsdModel.NAME.length()));
    }

    private static void checkAllUpAndQuiet(OsdMapHistory history, List<SimNode> osds, Simulation simulation) {
        assertThat(osds).as("are up in %s", history.newest()).allMatch(isUpIn(history.newest()));
        int epoch = history.newest().epoch();
        run(simulation, QUIET_MILLIS);
        assertThat(history.newest().epoch()).as("epoch when all is well").isEqualTo(epoch);
        for (SimNode osd : osds) {
            assertThat(((OsdModel) osd.process()).map().epoch())
                    .as("epoch that %s knows", osd.name())
                    .isEqualTo(epoch);
        }
    }

    /** And stays so, however long it lasts: everybody else hears both. */
    private static void checkOneOfTwoThatDoNotHearEachOtherIsDown(
            OsdMapHistory history, List<SimNode> osds, SimCluster cluster) {
        SimNode one = osds.get(0);
        SimNode other = osds.get(osds.size() - 1);
        cluster.network().cut(one, other);
        cluster.network().cut(other, one);
        run(cluster.simulation(), NOTICED_MILLIS);
        int epoch = history.newest().epoch();
        assertThat(osds).filteredOn(isUpIn(history.newest())).as("are up").hasSize(osds.size() - 1);
        assertThat(List.of(one, other))
                .filteredOn(isUpIn(history.newest()))
                .as("of the two")
                .hasSize(1);
        run(cluster.simulation(), CUT_MILLIS);
        assertThat(history.newest().epoch()).as("epoch while it lasts").isEqualTo(epoch);
        cluster.network().join(one, other);
        cluster.network().join(other, one);
        run(cluster.simulation(), HEALING_MILLIS);
        assertThat(osds).as("are up again").allMatch(isUpIn(history.newest()));
    }

    /** One after the other, down to the last but one: with every one that is gone there are fewer to report. */
    private static void checkSilentOnesAreNoticed(OsdMapHistory history, List<SimNode> osds, Simulation simulation) {
        for (int silent = 0; silent < osds.size() - 1; silent++) {
            osds.get(silent).pause();
            run(simulation, NOTICED_MILLIS);
            boolean fewAreUp = (osds.size() - silent) * 10 < osds.size() * 3;
            if (!fewAreUp) {
                assertThat(osds.get(silent))
                        .as("is noticed")
                        .matches(isUpIn(history.newest()).negate());
            }
        }
        osds.forEach(SimNode::resume);
        run(simulation, HEALING_MILLIS);
        assertThat(osds).as("are up again").allMatch(isUpIn(history.newest()));
    }

    private static void checkMonitorsThatWereStopped(
            OsdMapHistory history, List<SimNode> osds, List<SimNode> monitors, Simulation simulation) {
        int epoch = history.newest().epoch();
        monitors.forEach(SimNode::pause);
        run(simulation, MONITORS_STOPPED_MILLIS);
        monitors.forEach(SimNode::resume);
        run(simulation, QUIET_MILLIS);
        assertThat(history.newest().epoch())
                .as("epoch after all monitors were stopped")
                .isEqualTo(epoch);
        assertThat(osds).allMatch(isUpIn(history.newest()));
    }
}

package io.roost.cluster.osd;

import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.paxos.MonitorNames;
import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Faults;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.Swarm;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * What goes wrong in a {@link ClusterWorld}: with processes, disks and the network, with machines that have a monitor and an OSD
 * both, and what an administrator does meanwhile. A third of the plans have faults of one kind only, with time between them.
 */
final class ClusterFaults {
    /** Where processes like to end: monitors, and OSDs between disk, peers and monitors. */
    private static final List<String> STEPS = List.of(
            "persist",
            "keep map",
            "send Begin",
            "send Accept",
            "send Commit",
            "send OsdMaps",
            "send OsdBoot",
            "send OsdAlive",
            "send OsdPgTemp",
            "send OsdPgStats",
            "send Replicate",
            "send Activate",
            "send Push");

    private final SplittableRandom random;
    private final int monitors;
    private final int osds;
    private final Swarm swarm;

    ClusterFaults(SplittableRandom random, int monitors, int osds, long durationMillis) {
        this.random = random;
        this.monitors = monitors;
        this.osds = osds;
        List<String> nodes = new ArrayList<>(MonitorNames.first(monitors));
        for (int osd = 0; osd < osds; osd++) {
            nodes.add(OsdNode.name(osd));
        }
        swarm = new Swarm(random, nodes, durationMillis);
    }

    /** Somebody wants something of the monitors, if they have told of a map. */
    private record Ordered(long atMillis, String what, Function<OsdMap, MonCommand> command) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            ClusterAdmin admin = ClusterAdmin.of(cluster.node(ClusterAdmin.NAME));
            MonCommand wanted = admin == null || admin.map() == null ? null : command.apply(admin.map());
            if (wanted != null) {
                admin.wishes()
                        .add(
                                cluster.node(ClusterAdmin.NAME),
                                wanted,
                                answer -> cluster.marks().hit("admin: " + what));
            }
        }

        @Override
        public String toString() {
            return "Ordered[atMillis=" + atMillis + ", " + what + "]";
        }
    }

    /** An OSD says for a time that its disk is full: nobody may write. When all heals, that time is over. */
    record SaysFull(long atMillis, int osd, long forMillis) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            say(cluster, osd, true);
            Fault.later(cluster, forMillis, () -> {
                if (!cluster.isHealed()) {
                    say(cluster, osd, false);
                }
            });
        }

        /** Lets an OSD, if it runs, say from now on that its disk is full, or not any more. */
        static void say(SimCluster cluster, int osd, boolean isFull) {
            if (cluster.node(OsdNode.name(osd)).process() instanceof OsdNode process) {
                ((MonitorLink) process.link()).sayFull(isFull);
            }
        }
    }

    FaultPlan plan() {
        if (random.nextInt(3) == 0) {
            swarm.every(1_500 + random.nextInt(3_000), oneKind());
        } else {
            swarm.ofNodes().ofNetwork().atSteps(STEPS);
            swarm.maybe(this::machineEnds);
            swarm.maybe(this::machineIsCutOff);
            swarm.maybe(this::markedDown);
            swarm.maybe(this::reweighed);
            swarm.maybe(this::flagged);
            swarm.maybe(this::resized);
            swarm.maybe(this::full);
        }
        FaultPlan plan = swarm.plan();
        return new FaultPlan(plan.network().withoutDuplicates(), plan.faults());
    }

    private Swarm.Kind oneKind() {
        return switch (random.nextInt(8)) {
            case 0 -> at -> new Faults.Crash(at, swarm.node(), swarm.upTo(2_000), random.nextInt(60));
            case 1 ->
                at -> new Faults.CrashBefore(
                        at, swarm.node(), swarm.upTo(2_000), STEPS.get(random.nextInt(STEPS.size())));
            case 2 -> at -> new Faults.CrashAtDisk(at, swarm.node(), swarm.upTo(2_000), 1 + random.nextInt(12));
            case 3 -> this::markedDown;
            case 4 -> this::machineEnds;
            case 5 -> this::machineIsCutOff;
            case 6 -> this::reweighed;
            default -> at -> new Faults.Pause(at, swarm.node(), swarm.upTo(9_000));
        };
    }

    /** The processes of a machine: a monitor, an OSD, or one of each. */
    private List<String> machine() {
        int number = random.nextInt(Math.max(monitors, osds));
        List<String> names = new ArrayList<>();
        if (number < monitors) {
            names.add(MonitorNames.first(monitors).get(number));
        }
        if (number < osds) {
            names.add(OsdNode.name(number));
        }
        return names;
    }

    private Fault machineEnds(long at) {
        return new MachineEnds(at, machine(), swarm.upTo(6_000));
    }

    private Fault machineIsCutOff(long at) {
        return new Faults.Split(at, machine(), 500 + swarm.upTo(10_000));
    }

    /** All processes of a machine end at once. */
    private record MachineEnds(long atMillis, List<String> processes, long downMillis) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            for (String name : processes) {
                cluster.node(name).restartAfter(downMillis);
                cluster.node(name).crash();
            }
        }
    }

    private Fault markedDown(long at) {
        int osd = random.nextInt(osds);
        return new Ordered(at, "osd down", map -> {
            OsdInfo info = map.osd(osd);
            return info != null && info.isUp() ? new MonCommand.MarkOsdDown(osd, info.upFrom()) : null;
        });
    }

    private Fault reweighed(long at) {
        int osd = random.nextInt(osds);
        int weight = random.nextInt(3) * CrushItem.ONE / 2;
        return new Ordered(
                at,
                "osd reweight",
                map -> map.osd(osd) == null || map.osd(osd).upFrom() == 0
                        ? null
                        : new MonCommand.SetOsdWeight(osd, weight));
    }

    private Fault flagged(long at) {
        List<OsdMapFlag> flags = List.of(OsdMapFlag.NOOUT, OsdMapFlag.NODOWN, OsdMapFlag.NOUP, OsdMapFlag.NOIN);
        OsdMapFlag flag = flags.get(random.nextInt(flags.size()));
        MonCommand.Switch position = random.nextBoolean() ? MonCommand.Switch.ON : MonCommand.Switch.OFF;
        return new Ordered(at, "flags", map -> new MonCommand.SetFlag(flag, position));
    }

    private Fault resized(long at) {
        int size = 1 + random.nextInt(3);
        return new Ordered(at, "pool set size", map -> new MonCommand.SetPoolSize(ClusterWorld.poolName(at), size));
    }

    private Fault full(long at) {
        return new SaysFull(at, random.nextInt(osds), 2_000 + swarm.upTo(8_000));
    }
}

package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.crush.CrushDevice;
import io.roost.cluster.crush.CrushHierarchy;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.map.FullRatios;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.OsdMapState;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ScrubKind;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Faults;
import io.roost.cluster.sim.Linearizability;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.RegisterClients;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Swarm;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.sim.World;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** 1 to 5 OSDs that keep registers for clients, under faults, and then without. */
public final class OsdWorld implements World {
    static final long POOL = 1;
    static final int PG_NUM = 4;
    private static final long BOOT_MILLIS = 2_000;
    private static final long FAULTY_MILLIS = 10_000;
    private static final long HEALING_MILLIS = 12_000;
    private static final long QUIET_MILLIS = 3_000;
    private static final int MAX_ROTS = 3;
    private static final long SCRUBBED_MILLIS = BOOT_MILLIS + FAULTY_MILLIS + HEALING_MILLIS + QUIET_MILLIS;
    private static final long SCRUB_TURN_MILLIS = 1_500;
    private static final int MAX_OSDS = 5;
    private static final int CLIENT_NODES = 3;
    private static final int CLIENTS = 5;
    static final int ONCE_CLIENTS = 2;
    static final UUID FSID = new UUID(1, 2);

    /** Where OSDs like to end. */
    private static final List<String> STEPS = List.of(
            "persist",
            "send Replicate",
            "send Replicated",
            "send Activate",
            "send Activated",
            "send Push",
            "send Pushed");

    /** The authority takes an OSD for dead that is not. */
    private record WronglyDown(long atMillis, int osd) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            if (cluster.node(MapAuthority.NAME).process() instanceof MapAuthority authority) {
                authority.markDown(osd);
            }
        }
    }

    /**
     * An OSD hears and is heard by clients, but by no other OSD nor of any map: the others go on without it. One client does
     * not hear of that either.
     */
    private record CutOff(long atMillis, int osd, long forMillis, long seenAfterMillis, int client) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            String name = OsdNode.name(osd);
            for (SimNode other : cluster.nodes()) {
                if (other.name().startsWith("osd") && !other.name().equals(name)) {
                    cut(cluster, name, other.name());
                }
            }
            cut(cluster, name, MapAuthority.NAME);
            cut(cluster, ClientNode.name(client), MapAuthority.NAME);
            cluster.simulation().schedule(seenAfterMillis * 1000, () -> new WronglyDown(atMillis, osd).inject(cluster));
        }

        private void cut(SimCluster cluster, String one, String other) {
            new Faults.CutLink(atMillis, one, other, forMillis, Faults.Direction.BOTH).inject(cluster);
        }
    }

    /** An OSD is to have no data, or some again: placement groups move. */
    private record Reweighed(long atMillis, int osd, int weight) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            if (cluster.node(MapAuthority.NAME).process() instanceof MapAuthority authority) {
                authority.reweigh(osd, weight);
            }
        }
    }

    /** Every OSD counts as too full to be filled, for a time. */
    private record TooFull(long atMillis, long forMillis) implements Fault {
        private static final FullRatios NOTHING_FITS = new FullRatios(0, 0, 1000);

        @Override
        public void inject(SimCluster cluster) {
            say(cluster, NOTHING_FITS);
            Fault.later(cluster, forMillis, () -> say(cluster, FullRatios.DEFAULT));
        }

        private static void say(SimCluster cluster, FullRatios ratios) {
            if (cluster.node(MapAuthority.NAME).process() instanceof MapAuthority authority) {
                authority.change(new OsdMapChange.SetFullRatios(ratios));
            }
        }
    }

    private static List<String> osds(long seed) {
        // Where there is one OSD only, little can go wrong: one seed of nine has no more.
        int count = 1 + (1 + new SplittableRandom(seed ^ 0x05d).nextInt(2 * MAX_OSDS - 1)) / 2;
        List<String> names = new ArrayList<>();
        for (int osd = 0; osd < count; osd++) {
            names.add(OsdNode.name(osd));
        }
        return names;
    }

    @Override
    public FaultPlan plan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Swarm swarm = new Swarm(random, osds(seed), FAULTY_MILLIS);
        if (random.nextInt(3) == 0) {
            swarm.every(1_000 + random.nextInt(2_000), oneKind(swarm, random));
        } else {
            swarm.ofNodes().ofNetwork().atSteps(STEPS);
            swarm.maybe(at -> wronglyDown(swarm, at));
            swarm.maybe(at -> cutOff(swarm, random, at));
            swarm.maybe(at -> reweighed(swarm, random, at));
        }
        FaultPlan plan = swarm.plan();
        Swarm full = new Swarm(random, osds(seed), FAULTY_MILLIS);
        full.maybe(at -> new TooFull(at, 2_000 + full.upTo(8_000)));
        List<Fault> faults = new ArrayList<>(plan.faults());
        faults.addAll(full.plan().faults());
        return new FaultPlan(plan.network().withoutDuplicates(), faults);
    }

    /** With time between them, so that an OSD comes back to others that have gone on, and they serve before the next. */
    private static Swarm.Kind oneKind(Swarm swarm, SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> at -> new Faults.Crash(at, swarm.node(), swarm.upTo(2_000), random.nextInt(60));
            case 1 ->
                at -> new Faults.CrashBefore(
                        at, swarm.node(), swarm.upTo(2_000), STEPS.get(random.nextInt(STEPS.size())));
            case 2 -> at -> new Faults.CrashAtDisk(at, swarm.node(), swarm.upTo(2_000), 1 + random.nextInt(12));
            case 3 -> at -> wronglyDown(swarm, at);
            case 4 -> at -> cutOff(swarm, random, at);
            default -> at -> reweighed(swarm, random, at);
        };
    }

    private static Fault wronglyDown(Swarm swarm, long at) {
        return new WronglyDown(at, OsdNode.number(swarm.node()));
    }

    private static Fault cutOff(Swarm swarm, SplittableRandom random, long at) {
        return new CutOff(
                at,
                OsdNode.number(swarm.node()),
                500 + swarm.upTo(4_000),
                swarm.upTo(1_500),
                1 + random.nextInt(CLIENT_NODES));
    }

    private static Fault reweighed(Swarm swarm, SplittableRandom random, long at) {
        return new Reweighed(at, OsdNode.number(swarm.node()), random.nextInt(3) * CrushItem.ONE / 2);
    }

    /** True when an OSD and a client are in one process. */
    static boolean isNear(int osd, int client) {
        return osd % CLIENT_NODES == client % CLIENT_NODES;
    }

    static UUID uuid(int osd) {
        return new UUID(7, osd);
    }

    static CrushMap withDevice(CrushMap crush, int osd) {
        return CrushHierarchy.withDevice(crush, new CrushDevice(osd, OsdNode.name(osd), ""), "host-" + osd, 0x10000);
    }

    /** A map with so many OSDs that have never been up. */
    static OsdMap firstMap(int osdCount) {
        CrushMap crush = CrushHierarchy.empty();
        TreeMap<Integer, OsdInfo> osds = new TreeMap<>();
        for (int osd = 0; osd < osdCount; osd++) {
            crush = withDevice(crush, osd);
            osds.put(osd, OsdInfo.created(osd, uuid(osd)).withWeight(CrushItem.ONE));
        }
        return new OsdMap(new OsdMapState(
                1,
                FSID,
                0,
                0,
                Set.of(),
                0,
                new TreeMap<>(),
                osds,
                crush,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                FullRatios.DEFAULT));
    }

    private static Pool pool(int size) {
        return pool(size, Math.max(1, size - 1));
    }

    static Pool pool(int size, int minSize) {
        return new Pool(
                POOL, "pool", Pool.Type.REPLICATED, size, minSize, PG_NUM, PG_NUM, 0, Set.of(Pool.Flag.HASHPSPOOL), 1);
    }

    @Override
    public Simulation run(long seed, FaultPlan plan, Trace trace, Marks marks) {
        Simulation simulation = new Simulation(seed, trace);
        SimCluster cluster = new SimCluster(simulation, plan.network(), marks, Envelope::describe);
        List<String> names = osds(seed);
        SplittableRandom settings = simulation.random("settings");
        boolean isGrowing = settings.nextBoolean();
        OsdMap first = firstMap(isGrowing ? 1 : names.size());
        int kept = 10 << settings.nextInt(7);
        PgLog.Limits limits = new PgLog.Limits(kept, 1 << 20, settings.nextInt(kept));
        OsdChecks checks = new OsdChecks(cluster);
        checks.scrubOften();
        int size = Math.min(names.size(), 1 + (1 + settings.nextInt(5)) / 2);
        int keptEpochs = 3 << settings.nextInt(8);
        int misses = settings.nextInt(2) * settings.nextInt(30);
        int readMicros = 4_000 << settings.nextInt(7);
        int registers = 4 << settings.nextInt(3);
        long restMicros = 100_000 >> settings.nextInt(4);
        List<BitRot> disks = new ArrayList<>();
        for (String name : names) {
            int osd = OsdNode.number(name);
            SimNode[] added = new SimNode[1];
            MemoryBlockFiles[] files = new MemoryBlockFiles[1];
            added[0] = cluster.add(
                    name,
                    node -> new OsdNode(node, osd, files[0], keptEpochs, readMicros, limits, checks),
                    0.99 + 0.02 * settings.nextDouble());
            added[0].disk().misses(misses);
            files[0] = new MemoryBlockFiles(added[0].disk());
            disks.add(new BitRot(added[0], files[0], simulation.random("rot " + osd)));
        }
        MapLog maps = new MapLog(first);
        cluster.add(MapAuthority.NAME, node -> new MapAuthority(node, maps, keptEpochs), 1);
        List<SimNode> clientNodes = new ArrayList<>();
        for (int i = 1; i <= CLIENT_NODES; i++) {
            int number = i;
            AtomicInteger lives = new AtomicInteger();
            clientNodes.add(cluster.add(
                    ClientNode.name(i),
                    node -> new ClientNode(node, number, lives.incrementAndGet(), first, osd -> isNear(osd, number)),
                    1));
        }
        tellOfBreaks(cluster);
        RegisterClients clients = new RegisterClients(
                cluster,
                registers,
                restMicros,
                random -> clientNodes.get(random.nextInt(CLIENT_NODES)),
                random -> clientNodes.get(random.nextInt(CLIENT_NODES)));
        OnceClients once = new OnceClients(cluster, clientNodes, restMicros);
        cluster.nodes().forEach(SimNode::start);
        simulation.schedule(BOOT_MILLIS * 1000, () -> {
            MapAuthority.of(cluster.node(MapAuthority.NAME))
                    .change(new OsdMapChange.PutPool(pool(isGrowing ? 1 : size)));
            plan.inject(cluster, FAULTY_MILLIS);
        });
        if (isGrowing) {
            grow(cluster, names.size(), size, settings);
        }
        simulation.schedule(2 * BOOT_MILLIS * 1000, () -> {
            clients.start(CLIENTS);
            once.start(ONCE_CLIENTS);
        });
        scrubNowAndThen(cluster, names, simulation.random("scrubs"));
        simulation.runUntil((BOOT_MILLIS + FAULTY_MILLIS) * 1000);
        cluster.heal();
        TooFull.say(cluster, FullRatios.DEFAULT);
        // From here on copies are only compared when the checks want it.
        MapAuthority.of(cluster.node(MapAuthority.NAME))
                .change(new OsdMapChange.SetFlags(EnumSet.of(OsdMapFlag.NOSCRUB, OsdMapFlag.NODEEP_SCRUB)));
        names.forEach(
                name -> MapAuthority.of(cluster.node(MapAuthority.NAME)).reweigh(OsdNode.number(name), CrushItem.ONE));
        simulation.runUntil((BOOT_MILLIS + FAULTY_MILLIS + HEALING_MILLIS) * 1000);
        BitRot disk = disks.get(settings.nextInt(disks.size()));
        if (size > 1) {
            rot(cluster, checks, disk, settings);
            if (settings.nextBoolean()) {
                move(cluster, checks, settings.nextInt(names.size()), names.size() > size, settings);
            }
        }
        // Repairs read, and writes wait for them: where reads take their time, operations do.
        checkQuiet(cluster, clients, once, checks, QUIET_MILLIS * Math.max(1, readMicros / 64_000));
        checks.scrubAll();
        if (size > 2) {
            disk.spreadUnnoticed(3);
            checks.scrubAll();
        }
        assertThat(checks.scrubAll()).as("entries that another scrub finds").isZero();
        disk.checkIsMended();
        checks.checkScrubsAreKnown();
        checks.checkReplicasAreEqual();
        checks.checkNothingElseIsKept();
        if (size < 3) {
            checks.expectDamage(disk.node());
            checks.expectWhatIsBeyondRepair();
            if (size == 1) {
                disk.spread(2);
            } else {
                disk.spreadUnnoticed(2);
            }
            checks.scrubAll();
            checks.checkWhatIsBeyondRepairIsSaid();
            checks.checkScrubsAreKnown();
        }
        return simulation;
    }

    /** Somebody has placement groups compared, whatever else goes on. */
    private static void scrubNowAndThen(SimCluster cluster, List<String> names, SplittableRandom random) {
        cluster.simulation().schedule((200 + random.nextInt(1_000)) * 1000L, () -> {
            PgId pg = new PgId(POOL, random.nextInt(PG_NUM));
            List<ScrubKind> kinds = List.of(ScrubKind.values());
            ScrubKind kind = kinds.get(random.nextInt(kinds.size()));
            for (String name : names) {
                if (cluster.node(name).process() instanceof OsdNode osd) {
                    osd.scrub(pg, kind);
                }
            }
            if (cluster.simulation().nowMicros() < SCRUBBED_MILLIS * 1000) {
                scrubNowAndThen(cluster, names, random);
            }
        });
    }

    /** From one OSD to all, and then from one copy to as many as there are to be. */
    private static void grow(SimCluster cluster, int osdCount, int size, SplittableRandom settings) {
        long atMillis = 2 * BOOT_MILLIS;
        for (int osd = 1; osd < osdCount; osd++) {
            atMillis += settings.nextLong(FAULTY_MILLIS / osdCount);
            int added = osd;
            order(cluster, atMillis, authority -> authority.add(added));
        }
        atMillis += settings.nextLong(BOOT_MILLIS);
        order(cluster, atMillis, authority -> authority.change(new OsdMapChange.PutPool(pool(size))));
    }

    /** Has the authority do something, when it is up. */
    private static void order(SimCluster cluster, long atMillis, Consumer<MapAuthority> change) {
        cluster.simulation().schedule(atMillis * 1000 - cluster.simulation().nowMicros(), () -> {
            MapAuthority authority = MapAuthority.of(cluster.node(MapAuthority.NAME));
            if (authority == null) {
                order(cluster, atMillis + BOOT_MILLIS, change);
            } else {
                change.accept(authority);
            }
        });
    }

    /** A little later both ends hear that what was said may be lost; then they have connected anew, which takes a while. */
    static void tellOfBreaks(SimCluster cluster) {
        SplittableRandom random = cluster.simulation().random("breaks");
        Set<String> broken = new TreeSet<>();
        cluster.network().onBreak((from, to) -> {
            String ends = from.name().compareTo(to.name()) < 0 ? from.name() + to.name() : to.name() + from.name();
            if (broken.add(ends)) {
                cluster.simulation().schedule(1_000 + random.nextInt(100_000), () -> {
                    broken.remove(ends);
                    tell(from, to);
                    tell(to, from);
                });
            }
        });
    }

    /** A connection with an OSD or a monitor has broken. */
    private static void tell(SimNode node, SimNode peer) {
        boolean isHeard = peer.process() instanceof OsdNode || peer.process() instanceof MonitorProcess;
        if (isHeard && node.process() instanceof HearsBreaks listener) {
            node.input("reset", Bytes.EMPTY, peer::name, () -> listener.onReset(peer.name()));
        }
    }

    /**
     * One disk goes bad, while the others that serve with it have all. It does so no more often than a scrub replaces an entry:
     * one that is damaged once more is said to be beyond repair.
     */
    private static void rot(SimCluster cluster, OsdChecks checks, BitRot disk, SplittableRandom settings) {
        AtomicInteger times = new AtomicInteger();
        for (long at = 0; at < QUIET_MILLIS; at += 1 + settings.nextLong(QUIET_MILLIS / 2)) {
            cluster.simulation().schedule(at * 1000, () -> {
                if (checks.isAllClean() && times.getAndIncrement() < MAX_ROTS) {
                    checks.expectDamage(disk.node());
                    disk.spread(3);
                }
            });
        }
    }

    /** Placement groups move, some of them from the disk that goes bad. */
    private static void move(
            SimCluster cluster, OsdChecks checks, int osd, boolean isNeedless, SplittableRandom settings) {
        int weight = isNeedless && settings.nextBoolean() ? 0 : CrushItem.ONE / 2;
        cluster.simulation().schedule(settings.nextLong(QUIET_MILLIS) * 1000, () -> {
            if (checks.isAllClean()) {
                MapAuthority.of(cluster.node(MapAuthority.NAME)).reweigh(osd, weight);
            }
        });
    }

    /** For some time without faults: operations are done, and in the end all is clean. */
    private static void checkQuiet(
            SimCluster cluster, RegisterClients clients, OnceClients once, OsdChecks checks, long quietMillis) {
        Simulation simulation = cluster.simulation();
        int done = clients.done();
        simulation.runUntil(simulation.nowMicros() + quietMillis * 1000);
        assertThat(clients.done()).as("operations done when all is well").isGreaterThan(done + 10);
        clients.stop();
        once.stop();
        simulation.runUntil(simulation.nowMicros() + QUIET_MILLIS * 1000);
        // Where reads take their time and miss often, a write may come long after its client has given it up.
        long giveUpMicros = simulation.nowMicros() + ClientNode.DEADLINE_MILLIS * 1000;
        while (!isIdle(cluster) && simulation.nowMicros() < giveUpMicros) {
            simulation.runUntil(simulation.nowMicros() + QUIET_MILLIS * 1000);
        }
        assertThat(isIdle(cluster)).as("all that was asked is answered").isTrue();
        assertThat(Linearizability.violation(clients.history())).isEmpty();
        checks.checkAllIsClean();
        // Scrubs that were wanted take turns of two ticks.
        simulation.runUntil(simulation.nowMicros() + PG_NUM * SCRUB_TURN_MILLIS * 1000);
        checks.checkNothingIsReserved();
    }

    private static boolean isIdle(SimCluster cluster) {
        return cluster.nodes().stream()
                .noneMatch(node -> node.process() instanceof ClientNode client && !client.isIdle());
    }
}

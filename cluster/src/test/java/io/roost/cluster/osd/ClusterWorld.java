package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.crush.CrushHierarchy;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.mon.Mkfs;
import io.roost.cluster.mon.Monitor;
import io.roost.cluster.mon.OsdMapHistory;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonitorNames;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Linearizability;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.RegisterClients;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.sim.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A whole cluster: 1, 3 or 5 monitors, 3 to 9 OSDs and clients, all real. It grows from one OSD by an administrator's commands
 * while everything fails; then all must be well again in bounded time.
 */
public final class ClusterWorld implements World {
    private static final long BOOT_MILLIS = 1_000;
    private static final long FAULTY_MILLIS = 15_000;
    private static final long HEALING_MILLIS = 90_000;
    private static final long QUIET_MILLIS = 2_000;
    private static final int CLIENT_NODES = 3;
    private static final int CLIENTS = 4;
    private static final int PG_NUM = 2;
    private static final int NEW_PG_NUM = 4;
    private static final String NEW_POOL = "new";
    private static final List<Long> POOLS = List.of(1L, 3L);

    @Override
    public FaultPlan plan(long seed) {
        return new ClusterFaults(
                        new SplittableRandom(seed), MonitorNames.of(seed).size(), osdCount(seed), FAULTY_MILLIS)
                .plan();
    }

    /** One of the pools that there are from the beginning. */
    static String poolName(long number) {
        return number % 2 == 0 ? Mkfs.SYSTEM_POOL : Mkfs.DATA_POOL;
    }

    private static int osdCount(long seed) {
        return 3 + new SplittableRandom(seed ^ 0x05d).nextInt(7);
    }

    private static UUID uuid(int osd) {
        return new UUID(0x05d, osd);
    }

    @Override
    public Simulation run(long seed, FaultPlan plan, Trace trace, Marks marks) {
        return new Run(seed, plan, trace, marks).run();
    }

    /** One run of it. */
    private static final class Run {
        private final FaultPlan plan;
        private final Simulation simulation;
        private final SimCluster cluster;
        private final OsdMapHistory history;
        private final OsdChecks checks;
        private final SplittableRandom settings;
        private final RegisterClients clients;
        private final SimNode admin;
        private final ClusterAdmin.Wishes wishes = new ClusterAdmin.Wishes();
        private final int osdCount;
        private final int size;

        Run(long seed, FaultPlan plan, Trace trace, Marks marks) {
            this.plan = plan;
            simulation = new Simulation(seed, trace);
            cluster = new SimCluster(simulation, plan.network(), marks, Envelope::describe);
            settings = simulation.random("settings");
            osdCount = osdCount(seed);
            size = 2 + settings.nextInt(2);
            history = new OsdMapHistory(cluster);
            checks = new OsdChecks(cluster, history::newest);
            checks.scrubOften();
            MonMap map = MonitorNames.map(MonitorNames.of(seed));
            Mkfs mkfs = new Mkfs(map.fsid(), map.monitors(), "host-0", uuid(0), 0x10000, 1, PG_NUM, 0);
            map.monitors().forEach(monitor -> addMonitor(monitor.name(), map, mkfs));
            addOsds(map);
            List<SimNode> clientNodes = new ArrayList<>();
            for (int i = 1; i <= CLIENT_NODES; i++) {
                clientNodes.add(addClient(i, map, mkfs.osdMap()));
            }
            admin = cluster.add(ClusterAdmin.NAME, node -> new ClusterAdmin(node, map, wishes), 1);
            OsdWorld.tellOfBreaks(cluster);
            clients = new RegisterClients(
                    cluster,
                    4 << settings.nextInt(3),
                    200_000 >> settings.nextInt(4),
                    random -> clientNodes.get(random.nextInt(CLIENT_NODES)),
                    random -> clientNodes.get(random.nextInt(CLIENT_NODES)));
        }

        private double clockRate() {
            return 0.99 + 0.02 * settings.nextDouble();
        }

        private void addMonitor(String name, MonMap map, Mkfs mkfs) {
            SimNode node = cluster.add(name, at -> new MonitorProcess(at, map, LogLimits.DEFAULT), clockRate());
            Monitor.format(new KeyValueMonStore(node.keyValue()), mkfs);
        }

        private void addOsds(MonMap map) {
            int kept = 10 << settings.nextInt(7);
            PgLog.Limits limits = new PgLog.Limits(kept, 1 << 20, settings.nextInt(kept));
            int keptEpochs = 3 << settings.nextInt(8);
            int readMicros = 4_000 << settings.nextInt(5);
            for (int i = 0; i < osdCount; i++) {
                int osd = i;
                MemoryBlockFiles[] files = new MemoryBlockFiles[1];
                SimNode added = cluster.add(
                        OsdNode.name(osd),
                        node -> new OsdNode(
                                node,
                                osd,
                                files[0],
                                (listener, life, space) ->
                                        new MonitorLink(node, osd, uuid(osd), map, keptEpochs, life, space, listener),
                                readMicros,
                                limits,
                                checks),
                        clockRate());
                files[0] = new MemoryBlockFiles(added.disk());
            }
        }

        private SimNode addClient(int number, MonMap map, OsdMap first) {
            AtomicInteger lives = new AtomicInteger();
            return cluster.add(
                    ClientNode.name(number),
                    node -> new ClientNode(
                            node,
                            number,
                            lives.incrementAndGet(),
                            first,
                            POOLS,
                            (client, newest) -> ClientMonitorLink.of(client, map, newest)),
                    1);
        }

        Simulation run() {
            cluster.nodes().stream()
                    .filter(node -> !node.name().startsWith("osd."))
                    .forEach(SimNode::start);
            cluster.node(OsdNode.name(0)).start();
            plan.inject(cluster, FAULTY_MILLIS);
            grow();
            later(500, () -> clients.start(CLIENTS));
            simulation.runUntil(FAULTY_MILLIS * 1000);
            cluster.heal();
            settle();
            checkAllIsWell();
            return simulation;
        }

        private void later(long millis, Runnable action) {
            simulation.schedule(millis * 1000, action);
        }

        private void command(long afterMillis, MonCommand command) {
            later(afterMillis, () -> wishes.add(admin, command, answer -> {}));
        }

        /** More OSDs, one after the other, a pool, and more copies of everything. */
        private void grow() {
            command(
                    BOOT_MILLIS + settings.nextLong(FAULTY_MILLIS / 2),
                    new MonCommand.CreatePool(NEW_POOL, 1, 0, NEW_PG_NUM, CrushHierarchy.REPLICATED_RULE));
            long atMillis = BOOT_MILLIS;
            for (int i = 1; i < osdCount; i++) {
                atMillis += settings.nextLong(FAULTY_MILLIS / osdCount);
                int osd = i;
                MonCommand create = new MonCommand.CreateOsd(uuid(osd), "host-" + osd, 0x10000, "");
                later(
                        atMillis,
                        () -> wishes.add(admin, create, answer -> {
                            assertThat(answer.text()).isEqualTo(OsdNode.name(osd));
                            later(
                                    settings.nextInt(500),
                                    () -> cluster.node(OsdNode.name(osd)).start());
                        }));
            }
        }

        /** The administrator puts everything as it should be, and it becomes so. */
        private void settle() {
            List<MonCommand> last = new ArrayList<>(List.of(
                    new MonCommand.SetFlag(OsdMapFlag.NODOWN, MonCommand.Switch.OFF),
                    new MonCommand.SetFlag(OsdMapFlag.NOUP, MonCommand.Switch.OFF),
                    new MonCommand.SetFlag(OsdMapFlag.NOIN, MonCommand.Switch.OFF),
                    new MonCommand.SetFlag(OsdMapFlag.NOSCRUB, MonCommand.Switch.ON),
                    new MonCommand.SetFlag(OsdMapFlag.NODEEP_SCRUB, MonCommand.Switch.ON)));
            for (String pool : List.of(Mkfs.SYSTEM_POOL, Mkfs.DATA_POOL, NEW_POOL)) {
                last.add(new MonCommand.SetPoolSize(pool, size));
            }
            for (int osd = 0; osd < osdCount; osd++) {
                last.add(new MonCommand.SetOsdWeight(osd, CrushItem.ONE));
            }
            last.forEach(command -> command(0, command));
            pass(1);
            until("all commands are carried out", wishes::isEmpty);
            until("all OSDs are there", () -> history.newest().osds().size() == osdCount);
            until("all OSDs are up", () -> history.newest().osds().stream().allMatch(OsdInfo::isUp));
            until("all is clean", checks::isAllClean);
        }

        private void until(String what, BooleanSupplier condition) {
            long end = (FAULTY_MILLIS + HEALING_MILLIS) * 1000;
            while (!condition.getAsBoolean()) {
                assertThat(simulation.nowMicros())
                        .as("%s, in %s, with %s", what, history.newest(), checks.unclean())
                        .isLessThan(end);
                pass(500);
            }
        }

        private void pass(long millis) {
            simulation.runUntil(simulation.nowMicros() + millis * 1000);
        }

        private void checkAllIsWell() {
            int done = clients.done();
            until("operations are done when all is well", () -> clients.done() > done + 10);
            clients.stop();
            long end = simulation.nowMicros() + ClientNode.DEADLINE_MILLIS * 1000;
            while (!isIdle() && simulation.nowMicros() < end) {
                pass(QUIET_MILLIS);
            }
            assertThat(isIdle()).as("all that was asked is answered").isTrue();
            assertThat(Linearizability.violation(clients.history())).isEmpty();
            until("all is clean", checks::isAllClean);
            pass(QUIET_MILLIS);
            checks.checkAllIsClean();
            checks.checkNothingIsReserved();
            assertThat(checks.scrubAll()).as("entries that a scrub finds").isZero();
            checks.checkScrubsAreKnown();
            checks.checkReplicasAreEqual();
            checks.checkNothingElseIsKept();
        }

        private boolean isIdle() {
            return cluster.nodes().stream()
                    .noneMatch(node -> node.process() instanceof ClientNode client && !client.isIdle());
        }
    }
}

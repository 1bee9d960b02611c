package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.crush.CrushHierarchy;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapFlag;
import io.roost.cluster.map.OsdSetting;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.mon.Mkfs;
import io.roost.cluster.mon.Monitor;
import io.roost.cluster.mon.OsdMapHistory;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonitorNames;
import io.roost.cluster.paxos.QuorumWorld;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Linearizability;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.RegisterClients;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.sim.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A whole cluster: 1, 3 or 5 monitors, 3 to 9 OSDs and clients, all real. It grows from one OSD by an administrator's commands
 * while everything fails; then all must be well again in bounded time.
 */
public final class ClusterWorld implements World {
    private static final long BOOT_MILLIS = 1_000;
    private static final long FAULTY_MILLIS = 15_000;
    private static final long HEALING_MILLIS = 90_000;
    private static final long REPAIR_MILLIS = 120_000;
    private static final long QUIET_MILLIS = 2_000;

    /** A tick of the OSD and of the leader, a commit, and some late messages. */
    private static final long FULL_IS_TOLD_MILLIS = 2_500;

    /** Longer than any run. */
    static final long NEVER_MILLIS = 3_600_000;

    /** What is down for longer than this goes out by itself, in seeds that say so. */
    private static final int OUT_SECONDS = 4;

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
        private final OnceClients once;
        private final SimNode admin;
        private final ClusterAdmin.Wishes wishes = new ClusterAdmin.Wishes();
        private final int osdCount;
        private final int size;
        private final List<OsdDisk> disks;
        private final LogLimits monitorLimits;
        private boolean isOutByCommand;
        private long endMillis = FAULTY_MILLIS + HEALING_MILLIS;

        Run(long seed, FaultPlan plan, Trace trace, Marks marks) {
            this.plan = plan;
            simulation = new Simulation(seed, trace);
            cluster = new SimCluster(simulation, plan.network(), marks, Envelope::describe);
            settings = simulation.random("settings");
            osdCount = osdCount(seed);
            size = 2 + settings.nextInt(2);
            disks = OsdDisk.of(osdCount);
            monitorLimits = QuorumWorld.limits(settings);
            history = new OsdMapHistory(cluster);
            checks = new OsdChecks(cluster, history::newest);
            checks.scrubOften();
            MonMap map = MonitorNames.map(MonitorNames.of(seed));
            Mkfs mkfs =
                    new Mkfs(map.fsid(), map.monitors(), "host-0", disks.get(0).uuid(), 0x10000, 1, PG_NUM, 0);
            map.monitors().forEach(monitor -> addMonitor(monitor.name(), map, mkfs));
            addOsds(map);
            List<SimNode> clientNodes = new ArrayList<>();
            for (int i = 1; i <= CLIENT_NODES; i++) {
                clientNodes.add(addClient(i, map, mkfs.osdMap()));
            }
            admin = cluster.add(ClusterAdmin.NAME, node -> new ClusterAdmin(node, map, wishes), 1);
            OsdWorld.tellOfBreaks(cluster);
            int registers = 4 << settings.nextInt(3);
            long restMicros = 200_000 >> settings.nextInt(4);
            clients = new RegisterClients(
                    cluster,
                    registers,
                    restMicros,
                    random -> clientNodes.get(random.nextInt(CLIENT_NODES)),
                    random -> clientNodes.get(random.nextInt(CLIENT_NODES)));
            once = new OnceClients(cluster, clientNodes, restMicros);
        }

        private double clockRate() {
            return 0.99 + 0.02 * settings.nextDouble();
        }

        private void addMonitor(String name, MonMap map, Mkfs mkfs) {
            SimNode node = cluster.add(name, at -> new MonitorProcess(at, map, monitorLimits), clockRate());
            Monitor.format(new KeyValueMonStore(node.keyValue()), mkfs);
        }

        private void addOsds(MonMap map) {
            int kept = 10 << settings.nextInt(7);
            PgLog.Limits limits = new PgLog.Limits(kept, 1 << 20, settings.nextInt(kept));
            int keptEpochs = 3 << settings.nextInt(8);
            int readMicros = 4_000 << settings.nextInt(5);
            for (int i = 0; i < osdCount; i++) {
                int osd = i;
                OsdDisk disk = disks.get(osd);
                SimNode added = cluster.add(
                        OsdNode.name(osd),
                        node -> new OsdNode(
                                node,
                                osd,
                                disk.files(),
                                (listener, life, space) ->
                                        new MonitorLink(node, osd, disk, map, keptEpochs, life, space, listener),
                                readMicros,
                                limits,
                                checks),
                        clockRate());
                disk.putInto(added);
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
                            osd -> OsdWorld.isNear(osd, number),
                            POOLS,
                            (client, newest) -> ClientMonitorLink.of(client, map, newest)),
                    1);
        }

        Simulation run() {
            cluster.nodes().stream()
                    .filter(node -> !node.name().startsWith("osd."))
                    .forEach(SimNode::start);
            // Monitors and clients may wait for the first one.
            later(settings.nextBoolean() ? 0 : settings.nextLong(FAULTY_MILLIS / 2), node(0)::start);
            plan.inject(cluster, FAULTY_MILLIS);
            grow();
            later(500, () -> {
                clients.start(CLIENTS);
                once.start(OsdWorld.ONCE_CLIENTS);
            });
            simulation.runUntil(FAULTY_MILLIS * 1000);
            cluster.heal();
            IntStream.range(0, osdCount).forEach(osd -> ClusterFaults.SaysFull.say(cluster, osd, false));
            settle();
            if (osdCount > size) {
                repair();
            }
            checkAllIsWell();
            return simulation;
        }

        private SimNode node(int osd) {
            return cluster.node(OsdNode.name(osd));
        }

        private void later(long millis, Runnable action) {
            simulation.schedule(millis * 1000, action);
        }

        private void command(MonCommand command) {
            command(0, command);
        }

        private void command(long afterMillis, MonCommand command) {
            later(afterMillis, () -> wishes.add(admin, command, answer -> {}));
        }

        /** More OSDs, one after the other, a pool, and more copies of everything. */
        private void grow() {
            if (settings.nextBoolean()) {
                command(BOOT_MILLIS, outAfter(OUT_SECONDS));
            }
            command(
                    BOOT_MILLIS + settings.nextLong(FAULTY_MILLIS / 2),
                    new MonCommand.CreatePool(NEW_POOL, 1, 0, NEW_PG_NUM, CrushHierarchy.REPLICATED_RULE));
            later(BOOT_MILLIS, () -> createFrom(1));
        }

        /** One after the other is answered: of two requests, each sent until it is answered, either may be carried out first. */
        private void createFrom(int osd) {
            if (osd < osdCount) {
                later(settings.nextLong(FAULTY_MILLIS / osdCount), () -> create(osd, () -> createFrom(osd + 1)));
            }
        }

        private void create(int osd, Runnable then) {
            MonCommand create = new MonCommand.CreateOsd(disks.get(osd).uuid(), "host-" + osd, CrushItem.ONE, "");
            wishes.add(admin, create, answer -> {
                assertThat(answer.text()).isEqualTo(OsdNode.name(osd));
                later(settings.nextInt(500), node(osd)::start);
                then.run();
            });
        }

        private static MonCommand outAfter(int seconds) {
            return new MonCommand.SetSetting(
                    "mon", OsdSetting.DOWN_OUT_INTERVAL.text(), Optional.of(Integer.toString(seconds)));
        }

        /** The administrator puts everything as it should be, and it becomes so. */
        private void settle() {
            until("all OSDs are there", () -> history.newest().osds().size() == osdCount);
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
            last.forEach(this::command);
            untilCommandsAreCarriedOut();
            until("all OSDs are up", () -> history.newest().osds().stream().allMatch(OsdInfo::isUp));
            until("no OSD is full", () -> !history.newest().isSet(OsdMapFlag.FULL));
            until("all is clean", checks::isAllClean);
        }

        private void untilCommandsAreCarriedOut() {
            pass(1);
            until("all commands are carried out", wishes::isEmpty);
        }

        private void until(String what, BooleanSupplier condition) {
            while (!condition.getAsBoolean()) {
                assertThat(simulation.nowMicros() / 1000)
                        .as("%s, in %s, with %s", what, history.newest(), checks.unclean())
                        .isLessThan(endMillis);
                pass(500);
            }
        }

        // ---- what an administrator does about an OSD that is gone, or about its disk ----

        /** An OSD is gone for long, or its disk is lost, or an image of that is brought back; while clients go on. */
        private void repair() {
            endMillis = simulation.nowMicros() / 1000 + REPAIR_MILLIS;
            int osd = settings.nextInt(osdCount);
            switch (settings.nextInt(4)) {
                case 0 -> {
                    isGoneForLong(osd);
                    node(osd).start();
                }
                case 1 -> {
                    isGoneForLong(osd);
                    purge(osd);
                }
                case 2 -> {
                    isGoneForLong(osd);
                    disks.get(osd).replace();
                    command(new MonCommand.DeclareOsdLost(osd));
                    untilCommandsAreCarriedOut();
                    cluster.marks().hit("cluster: a lost OSD has a new disk");
                    node(osd).start();
                }
                default -> bringBackAnImage(osd);
            }
            until("osd." + osd + " is there again", () -> isUp(osd));
            if (isOutByCommand) {
                command(new MonCommand.SetOsdWeight(osd, CrushItem.ONE));
                untilCommandsAreCarriedOut();
            }
            until("osd." + osd + " is in again", () -> history.newest().osd(osd).isIn());
            until("all is clean", checks::isAllClean);
        }

        private boolean isUp(int osd) {
            OsdInfo info = history.newest().osd(osd);
            return info != null && info.isUp();
        }

        private void end(int osd) {
            node(osd).restartAfter(NEVER_MILLIS);
            node(osd).crash();
            until("osd." + osd + " is down", () -> !isUp(osd));
        }

        /** It goes out by itself, or by command where too few others would be in; its data is made elsewhere. */
        private void isGoneForLong(int osd) {
            MonCommand.Switch noout = settings.nextBoolean() ? MonCommand.Switch.ON : MonCommand.Switch.OFF;
            command(new MonCommand.SetFlag(OsdMapFlag.NOOUT, noout));
            command(outAfter(OUT_SECONDS));
            untilCommandsAreCarriedOut();
            // Another may have been taken for down meanwhile: then this one may be all there is of a placement group.
            until("all is clean", checks::isAllClean);
            end(osd);
            isOutByCommand = 4 * (osdCount - 1) < 3 * osdCount;
            if (isOutByCommand || noout == MonCommand.Switch.ON) {
                pass(3_000L * OUT_SECONDS);
                assertThat(history.newest().osd(osd).isIn()).as("is in").isTrue();
                cluster.marks().hit("cluster: an OSD that is down stays in");
            }
            command(
                    isOutByCommand
                            ? new MonCommand.SetOsdWeight(osd, 0)
                            : new MonCommand.SetFlag(OsdMapFlag.NOOUT, MonCommand.Switch.OFF));
            until("osd." + osd + " is out", () -> !history.newest().osd(osd).isIn());
            if (!isOutByCommand) {
                cluster.marks().hit("cluster: an OSD that is down goes out");
            }
            until("all is clean without osd." + osd, checks::isAllClean);
        }

        /** Monitors say when nothing needs it any more; with a new disk it is made again, and is the same number. */
        private void purge(int osd) {
            command(new MonCommand.PurgeOsd(osd, MonCommand.Consent.NONE));
            untilCommandsAreCarriedOut();
            until("osd." + osd + " is no more", () -> history.newest().osd(osd) == null);
            disks.get(osd).replace();
            cluster.marks().hit("cluster: an OSD is purged and made again");
            create(osd, () -> {});
        }

        /** Monitors refuse what knows less than was accepted; the disk that belongs there goes on. */
        private void bringBackAnImage(int osd) {
            OsdDisk disk = disks.get(osd);
            end(osd);
            OsdDisk.Image old = disk.image();
            node(osd).start();
            until("osd." + osd + " is up", () -> isUp(osd));
            pass(settings.nextInt(5_000));
            end(osd);
            OsdDisk.Image right = disk.image();
            disk.setBackTo(old);
            node(osd).start();
            until("osd." + osd + " is refused", disk::isRefused);
            cluster.marks().hit("cluster: an image of a disk is refused");
            assertThat(isUp(osd)).isFalse();
            disk.become(right);
            node(osd).start();
        }

        // ---- time, and the end ----

        private void pass(long millis) {
            simulation.runUntil(simulation.nowMicros() + millis * 1000);
        }

        private void checkAllIsWell() {
            endMillis = simulation.nowMicros() / 1000 + HEALING_MILLIS;
            int done = clients.done();
            until("operations are done when all is well", () -> clients.done() > done + 10);
            clients.stop();
            once.stop();
            long end = simulation.nowMicros() + ClientNode.DEADLINE_MILLIS * 1000;
            while (!isIdle() && simulation.nowMicros() < end) {
                pass(QUIET_MILLIS);
            }
            assertThat(isIdle()).as("all that was asked is answered").isTrue();
            assertThat(Linearizability.violation(clients.history())).isEmpty();
            until("all is clean, and min_size has followed", () -> checks.isAllClean() && !isMinSizeToRise());
            int epoch = history.newest().epoch();
            pass(QUIET_MILLIS);
            assertThat(history.newest().epoch()).as("epoch when all is well").isEqualTo(epoch);
            checkFullIsToldAtOnce();
            checks.checkAllIsClean();
            checks.checkNothingIsReserved();
            assertThat(checks.scrubAll()).as("entries that a scrub finds").isZero();
            checks.checkScrubsAreKnown();
            checks.checkReplicasAreEqual();
            checks.checkNothingElseIsKept();
        }

        /** That a disk is full, or not any more, the map says long before the next statistics of a clean OSD are due. */
        private void checkFullIsToldAtOnce() {
            for (boolean isFull : List.of(true, false)) {
                ClusterFaults.SaysFull.say(cluster, 0, isFull);
                pass(FULL_IS_TOLD_MILLIS);
                assertThat(history.newest().isSet(OsdMapFlag.FULL))
                        .as("the cluster is full")
                        .isEqualTo(isFull);
            }
        }

        /** It does when monitors hear that all is clean; then an interval begins, and another epoch for its up_thru. */
        private boolean isMinSizeToRise() {
            return history.newest().pools().stream()
                    .anyMatch(pool -> pool.flags().contains(Pool.Flag.MIN_SIZE_RISES));
        }

        private boolean isIdle() {
            return cluster.nodes().stream()
                    .noneMatch(node -> node.process() instanceof ClientNode client && !client.isIdle());
        }
    }
}

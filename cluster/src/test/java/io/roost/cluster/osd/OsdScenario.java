package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.crush.CrushEdit;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.PgId;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.NetworkConditions;
import io.roost.cluster.sim.RegisterService;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.store.StoreSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** OSDs and two clients as in {@link OsdWorld}, where nothing happens but what a test does, one thing after the other. */
final class OsdScenario {
    /** What tests write to several registers. */
    static final int MANY = 20;

    /** A value whose body is large. */
    static final String LARGE = large();

    /** Length of the body of {@link #LARGE}, at least. */
    static final int LARGE_BYTES = 70_000;

    private static final int CLIENTS = 2;
    private static final int STEP_MILLIS = 20;
    private static final int PATIENCE_MILLIS = 60_000;
    /** Until copies that nobody needs any more are gone. */
    private static final int SETTLED_MILLIS = 5_000;

    private static final long FOR_EVER_MILLIS = 1L << 30;

    final SimCluster cluster;
    final OsdChecks checks;
    private final Marks marks = new Marks();
    private final Simulation simulation = new Simulation(1, new Trace(Trace.Detail.HASH));
    private final List<BitRot> disks = new ArrayList<>();
    private final List<MemoryBlockFiles[]> files = new ArrayList<>();
    private final int osds;

    /**
     * What there is.
     *
     * @param size of the pool
     * @param minSize of the pool
     * @param keptEpochs maps that are kept at least
     * @param readMicros longest time of a read
     * @param keptEntries of the logs of placement groups
     */
    record Settings(int osds, int size, int minSize, int keptEpochs, int readMicros, int keptEntries) {
        static Settings of(int osds, int size, int minSize) {
            return new Settings(osds, size, minSize, 100, 4_000, 1_000);
        }

        Settings withKeptEpochs(int epochs) {
            return new Settings(osds, size, minSize, epochs, readMicros, keptEntries);
        }

        Settings withReads(int micros) {
            return new Settings(osds, size, minSize, keptEpochs, micros, keptEntries);
        }

        Settings withLog(int entries) {
            return new Settings(osds, size, minSize, keptEpochs, readMicros, entries);
        }
    }

    /** What a client was told of an operation. */
    static final class Told implements RegisterService.Reply {
        private boolean isDone;
        private boolean isRefused;
        private String value;

        @Override
        public void done(String read) {
            isDone = true;
            value = read;
        }

        @Override
        public void refused() {
            isRefused = true;
        }

        boolean isDone() {
            return isDone;
        }

        boolean isRefused() {
            return isRefused;
        }

        /** Of a read that is done. */
        String value() {
            assertThat(isDone).as("the read is answered").isTrue();
            return value;
        }
    }

    /** All is up and clean, and empty. */
    OsdScenario(Settings settings) {
        this(settings, settings.osds(), settings.osds());
        until(() -> map().osds().stream().allMatch(OsdInfo::isUp));
        createPool(settings);
        until(checks::isAllClean);
    }

    /** There are OSDs, none of which has ever been started, and no pool. */
    static OsdScenario ofOsdsThatHaveNeverRun(Settings settings) {
        return new OsdScenario(settings, settings.osds(), 0);
    }

    /** There is one OSD, which is up, and a pool; the others come when they are added. */
    static OsdScenario ofOneOsd(Settings settings) {
        OsdScenario world = new OsdScenario(settings, 1, 1);
        world.until(() -> world.map().isUp(0));
        world.createPool(settings);
        // Clients hear of it.
        world.run(2_000);
        return world;
    }

    /**
     * No pool.
     *
     * @param created OSDs that the map has
     * @param started OSDs that are started
     */
    private OsdScenario(Settings settings, int created, int started) {
        osds = settings.osds();
        cluster = new SimCluster(simulation, NetworkConditions.CALM, marks, Envelope::describe);
        checks = new OsdChecks(cluster);
        OsdMap first = OsdWorld.firstMap(created);
        PgLog.Limits limits = new PgLog.Limits(settings.keptEntries(), 1 << 20, 0);
        for (int i = 0; i < osds; i++) {
            int osd = i;
            MemoryBlockFiles[] ofOsd = new MemoryBlockFiles[1];
            SimNode node = cluster.add(
                    OsdNode.name(osd),
                    added -> new OsdNode(
                            added, osd, ofOsd[0], settings.keptEpochs(), settings.readMicros(), limits, checks),
                    1);
            ofOsd[0] = new MemoryBlockFiles(node.disk());
            files.add(ofOsd);
            disks.add(new BitRot(node, ofOsd[0], simulation.random("rot " + osd)));
        }
        MapLog maps = new MapLog(first);
        cluster.add(MapAuthority.NAME, node -> new MapAuthority(node, maps, settings.keptEpochs()), 1);
        for (int i = 1; i <= CLIENTS; i++) {
            int number = i;
            cluster.add(ClientNode.name(i), node -> new ClientNode(node, number, 1, first), 1);
        }
        OsdWorld.tellOfBreaks(cluster);
        for (SimNode node : cluster.nodes()) {
            if (!disks.stream().skip(started).map(BitRot::node).toList().contains(node)) {
                node.start();
            }
        }
    }

    private static String large() {
        int number = 0;
        while (Registers.body("large " + number).length() < LARGE_BYTES) {
            number++;
        }
        return "large " + number;
    }

    void createPool(Settings settings) {
        authority().change(new OsdMapChange.PutPool(OsdWorld.pool(settings.size(), settings.minSize())));
    }

    /** Lets time pass. */
    void run(long millis) {
        simulation.runUntil(simulation.nowMicros() + millis * 1000);
    }

    /** Lets time pass until something is so, which it must be in bounded time. */
    void until(BooleanSupplier condition) {
        until(condition, STEP_MILLIS);
    }

    /** The same, and hardly any time passes after that. */
    void justUntil(BooleanSupplier condition) {
        until(condition, 1);
    }

    private void until(BooleanSupplier condition, int stepMillis) {
        for (int waited = 0; !condition.getAsBoolean(); waited += stepMillis) {
            assertThat(waited).as("virtual time waited").isLessThan(PATIENCE_MILLIS);
            run(stepMillis);
        }
    }

    // ---- who there is ----

    MapAuthority authority() {
        return MapAuthority.of(cluster.node(MapAuthority.NAME));
    }

    OsdMap map() {
        return authority().newest();
    }

    SimNode osd(int osd) {
        return cluster.node(OsdNode.name(osd));
    }

    SimNode client(int number) {
        return cluster.node(ClientNode.name(number));
    }

    BitRot disk(int osd) {
        return disks.get(osd);
    }

    /** How often something was noted. */
    long count(String mark) {
        return marks.counts().getOrDefault(mark, 0L);
    }

    /** What of an OSD's disk is used. */
    long usedPermille(int osd) {
        StoreSpace space = OsdNode.of(osd(osd)).store().space();
        return space.usedBytes() * 1000 / space.totalBytes();
    }

    /** What an OSD's store would still take. */
    long roomBytes(int osd) {
        StoreSpace space = OsdNode.of(osd(osd)).store().space();
        return space.growableBytes() + space.freeExtentBytes();
    }

    PgId pg(String register) {
        return map().pgOf(new Locator(OsdWorld.POOL, Bytes.utf8(register)));
    }

    /** The OSDs that serve a register, the primary first. */
    List<Integer> acting(String register) {
        return map().acting(pg(register));
    }

    int primary(String register) {
        return acting(register).get(0);
    }

    // ---- what clients do ----

    Told write(int client, String register, String value) {
        Told told = new Told();
        client(client)
                .input(
                        "client",
                        Bytes.EMPTY,
                        () -> "write " + register + " " + value,
                        () -> service(client).write(register, value, told));
        return told;
    }

    /** The registers that are written together. */
    static String register(int number) {
        return "r" + number;
    }

    /** Writes to {@value #MANY} registers at once, to each a value with its number. */
    void writeAll(String value) {
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            told.add(write(1, register(i), value + i));
        }
        told.forEach(this::done);
    }

    Told read(int client, String register) {
        Told told = new Told();
        client(client)
                .input(
                        "client",
                        Bytes.EMPTY,
                        () -> "read " + register,
                        () -> service(client).read(register, told));
        return told;
    }

    private RegisterService service(int client) {
        return (RegisterService) client(client).process();
    }

    /** Waits until an operation is done. */
    Told done(Told told) {
        until(() -> told.isDone() || told.isRefused());
        assertThat(told.isDone()).as("it is done").isTrue();
        return told;
    }

    /** What a client reads. */
    String value(String register) {
        return done(read(2, register)).value();
    }

    // ---- what goes wrong ----

    /** Ends an OSD; it stays away until it is started, and the map shows that. */
    void stop(int osd) {
        osd(osd).restartAfter(FOR_EVER_MILLIS);
        osd(osd).crash();
        until(() -> !map().isUp(osd));
    }

    /** Starts an OSD, and the map shows that. */
    void start(int osd) {
        osd(osd).start();
        until(() -> map().isUp(osd));
    }

    /** An OSD that is stopped is not one of the cluster any more. */
    void remove(int osd) {
        authority()
                .change(
                        new OsdMapChange.RemoveOsd(osd),
                        new OsdMapChange.SetCrush(new CrushEdit.RemoveDevice(osd)
                                .applied(map().state().crush())));
    }

    /** An OSD that is stopped is removed, and another is made under its number, with an empty disk. */
    void replace(int osd) {
        remove(osd);
        osd(osd).format();
        files.get(osd)[0] = new MemoryBlockFiles(osd(osd).disk());
        authority().add(osd, new UUID(osd, map().epoch()));
    }

    /** What two nodes say does not arrive any more. */
    void cut(SimNode one, SimNode other) {
        cluster.network().cut(one, other);
        cluster.network().cut(other, one);
    }

    /** An OSD hears neither of maps nor of other OSDs. */
    void cutOff(int osd) {
        cut(osd(osd), cluster.node(MapAuthority.NAME));
        for (int other = 0; other < osds; other++) {
            if (other != osd) {
                cut(osd(osd), osd(other));
            }
        }
    }

    /** All links work again. */
    void join() {
        cluster.network().heal();
    }

    /** In the end all is clean, and all that serve a placement group have the same. */
    void checkIsWell() {
        until(checks::isAllClean);
        run(SETTLED_MILLIS);
        checks.checkReplicasAreEqual();
        checks.checkNothingElseIsKept();
    }
}

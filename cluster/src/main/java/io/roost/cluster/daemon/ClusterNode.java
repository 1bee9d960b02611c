package io.roost.cluster.daemon;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.client.Lane;
import io.roost.cluster.client.Rados;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.mon.Mkfs;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.rocksdb.FileBlockFiles;
import io.roost.cluster.store.rocksdb.RocksConfig;
import io.roost.cluster.store.rocksdb.RocksKeyValue;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A cluster of one in this process: a monitor, an OSD and a client of them, over an in-process transport. The folder
 * holds {@code mon} and {@code osd.0}. Opening and closing block; everything else is for any thread.
 */
public final class ClusterNode {
    /** The sole OSD's id. */
    public static final int OSD = 0;

    /** Name of the sole host in the CRUSH map. */
    private static final String HOST = "localhost";

    /** A monitor keeps some thousand small rows. */
    private static final RocksConfig MONITOR_ROCKS = new RocksConfig(1 << 20, 1 << 20, 4 << 20, 1 << 20, 1);

    private static final long STOP_SECONDS = 30;
    private static final long LANE_TICK_MILLIS = 500;

    /**
     * How to run.
     *
     * @param folder with the monitor's and the OSD's data; exists
     * @param fsid of the cluster
     * @param store settings of the OSD's store
     * @param rocks memory of the OSD's key-value store
     * @param logLimits of every placement group's log
     * @param transport how messages pass
     */
    public record Config(
            Path folder,
            UUID fsid,
            StoreConfig store,
            RocksConfig rocks,
            PgLog.Limits logLimits,
            LocalTransport.Mode transport) {}

    private final Vertx vertx;
    private final MonDaemon monitor;
    private final OsdDaemon osd;
    private final RocksKeyValue keyValue;
    private final BlockPool blocks;
    private final List<Lane> lanes;
    private final List<Long> timers = new ArrayList<>();
    private final Rados rados;

    private ClusterNode(
            Vertx vertx,
            MonDaemon monitor,
            OsdDaemon osd,
            RocksKeyValue keyValue,
            BlockPool blocks,
            List<Lane> lanes,
            Rados rados) {
        this.vertx = vertx;
        this.monitor = monitor;
        this.osd = osd;
        this.keyValue = keyValue;
        this.blocks = blocks;
        this.lanes = lanes;
        this.rados = rados;
    }

    /**
     * Opens the data, making it when the folder has none, and runs.
     *
     * @param loops a context on every event loop that the OSD and its clients use
     * @param blocks buffers of bodies, shared with the gateway
     * @param onFatal called once, on any thread, when a disk or an invariant fails; the node answers nothing any more
     * @throws io.roost.cluster.store.StoreFailedException when the data cannot be used
     */
    public static ClusterNode start(
            Vertx vertx,
            Config config,
            List<Context> loops,
            ClassRegistry classes,
            BlockPool blocks,
            Consumer<Throwable> onFatal)
            throws IOException, InterruptedException {
        Path osdFolder = Files.createDirectories(config.folder().resolve("osd." + OSD));
        RocksKeyValue keyValue = RocksKeyValue.open(
                osdFolder.resolve("db"),
                config.rocks(),
                message -> onFatal.accept(new IOException("RocksDB of osd." + OSD + ": " + message)));
        Runnable closeStore = keyValue::close;
        MonDaemon monitor = null;
        ClusterNode node;
        try {
            Superblock superblock = Superblock.of(keyValue, config.fsid(), OSD);
            ObjectStore store =
                    ObjectStore.open(config.store(), keyValue, FileBlockFiles.open(osdFolder.resolve("data")), blocks);
            closeStore = store::close;
            monitor = startMonitor(config, superblock, onFatal);
            OsdMap map = monitor.bootOsd(boot(superblock, classes));
            LocalTransport transport = new LocalTransport(config.transport(), monitor::wantMap);
            OsdDaemon osd =
                    new OsdDaemon(superblock, loops, store, classes, config.logLimits(), map, transport, onFatal);
            List<Lane> lanes = lanes(loops, monitor.newClient("client.gateway"), map, transport);
            transport.connect(osd, lanes);
            monitor.subscribe(map.epoch() + 1, transport::onMap);
            osd.start();
            Rados rados = new Rados(lanes, Rados.DEFAULT_TIMEOUT);
            node = new ClusterNode(vertx, monitor, osd, keyValue, blocks, lanes, rados);
        } catch (IOException | InterruptedException | RuntimeException failure) {
            if (monitor != null) {
                monitor.stop();
            }
            closeStore.run();
            throw failure;
        }
        node.startTicking();
        return node;
    }

    private static List<Lane> lanes(List<Context> loops, long client, OsdMap map, LocalTransport transport) {
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < loops.size(); i++) {
            lanes.add(new Lane(i, loops.get(i), client, i, map, transport));
        }
        return lanes;
    }

    private static MonDaemon startMonitor(Config config, Superblock superblock, Consumer<Throwable> onFatal)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(config.folder().resolve("mon"));
        RocksKeyValue keyValue = RocksKeyValue.open(
                folder,
                MONITOR_ROCKS,
                message -> onFatal.accept(new IOException("RocksDB of the monitor: " + message)));
        Mkfs mkfs = Mkfs.singleNode(
                config.fsid(), MonDaemon.localAddress(), HOST, superblock.uuid(), System.currentTimeMillis());
        return MonDaemon.start(keyValue, mkfs, onFatal);
    }

    private static MonMessage.OsdBoot boot(Superblock superblock, ClassRegistry classes) {
        TreeMap<String, Integer> features = new TreeMap<>();
        classes.classes().forEach(objectClass -> features.put(objectClass.name(), objectClass.version()));
        NodeAddress address = MonDaemon.localAddress();
        return new MonMessage.OsdBoot(
                superblock.osd(), superblock.uuid(), address, address, superblock.newestEpoch(), features);
    }

    private void startTicking() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(lanes.size());
        for (Lane lane : lanes) {
            lane.execute(() -> {
                long timer = vertx.setPeriodic(LANE_TICK_MILLIS, id -> lane.onTick());
                synchronized (timers) {
                    timers.add(timer);
                }
                started.countDown();
            });
        }
        if (!started.await(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("an event loop is stuck");
        }
    }

    /** The client of this cluster. */
    public Rados rados() {
        return rados;
    }

    /** The OSD. */
    public OsdDaemon osd() {
        return osd;
    }

    /** The monitor. */
    public MonDaemon monitor() {
        return monitor;
    }

    /** The OSD's key-value store, for metrics. */
    public RocksKeyValue keyValue() {
        return keyValue;
    }

    /** Buffers of bodies. */
    public BlockPool blocks() {
        return blocks;
    }

    /** Ends the client's requests, writes what has been submitted, and closes the data. */
    public void stop() throws InterruptedException {
        synchronized (timers) {
            timers.forEach(vertx::cancelTimer);
        }
        CountDownLatch closed = new CountDownLatch(1);
        rados.close().onComplete(result -> closed.countDown());
        if (!closed.await(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("an event loop is stuck");
        }
        osd.stop();
        monitor.stop();
    }
}

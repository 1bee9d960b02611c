package io.roost.cluster.daemon;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.client.Rados;
import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.ClusterTrust;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.JoinToken;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.mon.Mkfs;
import io.roost.cluster.mon.Monitor;
import io.roost.cluster.net.CertificateClient;
import io.roost.cluster.net.CertificateIssuer;
import io.roost.cluster.net.CertificateRenewal;
import io.roost.cluster.net.Messenger;
import io.roost.cluster.net.MessengerConfig;
import io.roost.cluster.net.NodeTls;
import io.roost.cluster.net.Target;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.paxos.MonStoreException;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreFailedException;
import io.roost.cluster.store.rocksdb.FileBlockFiles;
import io.roost.cluster.store.rocksdb.RocksConfig;
import io.roost.cluster.store.rocksdb.RocksKeyValue;
import io.roost.cluster.transport.LocalTransport;
import io.roost.cluster.transport.NodeTransport;
import io.roost.cluster.transport.SocketTransport;
import io.roost.cluster.transport.Transport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of a cluster in this process: perhaps a monitor, OSDs, and a client. Alone it is a whole cluster. The folder holds
 * {@code mon} and {@code osd.N}. Opening and closing block; everything else is for any thread.
 */
public final class ClusterNode {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);

    /** A monitor keeps some thousand small rows. */
    private static final RocksConfig MONITOR_ROCKS = new RocksConfig(1 << 20, 1 << 20, 4 << 20, 1 << 20, 1);

    private static final long STOP_SECONDS = 30;
    private static final long TELL_SECONDS = 10;

    /**
     * How to run.
     *
     * @param folder with the node's data; exists
     * @param members what of the cluster runs here
     * @param disks of the OSDs
     * @param transport how messages pass within the process
     * @param outside how other processes are reached; empty for a cluster of this process
     * @param patience how long the cluster may take until it serves; empty for as long as it takes
     */
    public record Config(
            Path folder,
            Members members,
            Disks disks,
            LocalTransport.Mode transport,
            Optional<Outside> outside,
            Optional<Duration> patience) {}

    /**
     * What of a cluster runs in a process.
     *
     * @param monitors where the monitors were last, and the cluster's id
     * @param monitor name of the one that runs here
     * @param mkfs makes a new cluster when there is nothing in the monitor's folder
     * @param osds ids
     * @param client name of the client
     * @param onMonMap is told where the monitors are, for the next start
     */
    public record Members(
            MonMap monitors,
            Optional<String> monitor,
            Optional<Mkfs> mkfs,
            List<Integer> osds,
            String client,
            Consumer<MonMap> onMonMap) {
        /** Copies the ids. */
        public Members {
            osds = List.copyOf(osds);
        }

        /** A cluster of one: a monitor, an OSD. */
        public static Members alone(Mkfs mkfs) {
            MonMap monitors = new MonMap(1, mkfs.fsid(), mkfs.nowMillis(), mkfs.monitors());
            String monitor = mkfs.monitors().get(0).name();
            return new Members(monitors, Optional.of(monitor), Optional.of(mkfs), List.of(0), "gateway", newer -> {});
        }
    }

    /**
     * What OSDs keep their data with.
     *
     * @param store settings
     * @param rocks memory of each key-value store
     * @param logLimits of every placement group's log
     */
    public record Disks(StoreConfig store, RocksConfig rocks, PgLog.Limits logLimits) {}

    /**
     * How other processes are reached.
     *
     * @param host to listen on, and as others find it
     * @param port 0 for a free one
     * @param tls the node's certificate
     * @param authority where nodes get their certificates
     * @param detours where a node listens → where it is dialled instead
     * @param onCertificate keeps the node's next certificate when the one before is about to end, and the authority's key
     */
    public record Outside(
            String host,
            int port,
            NodeTls tls,
            Optional<CertificateAuthority> authority,
            Map<NodeAddress, NodeAddress> detours,
            Consumer<CertificateClient.Renewed> onCertificate) {
        /** Copies the detours. */
        public Outside {
            detours = Map.copyOf(detours);
        }
    }

    private final Vertx vertx;
    private final List<Context> loops;
    private final BlockPool blocks;
    private final SecureRandom random = new SecureRandom();
    private final ClusterRegistry registry = new ClusterRegistry(() -> this.client);
    private Optional<CertificateAuthority> authority = Optional.empty();
    private Messenger messenger;
    private CertificateRenewal renewal;
    private MonDaemon monitor;
    private final List<OsdNode> osds = new ArrayList<>();
    private volatile ClientNode client;
    private NodeAddress address = NodeAddress.NONE;

    private ClusterNode(Vertx vertx, List<Context> loops, BlockPool blocks) {
        this.vertx = vertx;
        this.loops = loops;
        this.blocks = blocks;
    }

    /**
     * Makes a new cluster: its monitor, in a folder where none is.
     *
     * @throws MonStoreException when there is one already
     */
    public static void make(Path folder, Mkfs mkfs) throws IOException {
        RocksKeyValue keyValue = openMonitorStore(folder, message -> {
            throw new MonStoreException("RocksDB of the monitor: " + message);
        });
        try {
            Monitor.format(new KeyValueMonStore(keyValue), mkfs);
        } finally {
            keyValue.close();
        }
    }

    /**
     * Lets the sole monitor of a folder that no process uses listen elsewhere.
     *
     * @return where the monitor is from now on
     * @throws MonStoreException when it is not alone, or there is none
     */
    public static MonMap moveMonitor(Path folder, NodeAddress address) throws IOException {
        RocksKeyValue keyValue = openMonitorStore(folder, message -> {
            throw new MonStoreException("RocksDB of the monitor: " + message);
        });
        try {
            return new MovingMonitor(keyValue).move(address);
        } finally {
            keyValue.close();
        }
    }

    /**
     * Makes the store of an OSD that the cluster knows, or looks at the one that is there.
     *
     * @param uuid of the store, as the cluster knows it
     * @throws StoreFailedException when there is another's
     */
    public static void makeOsd(Path folder, UUID fsid, int osd, UUID uuid) throws IOException {
        RocksKeyValue keyValue = RocksKeyValue.open(
                Files.createDirectories(folder.resolve("osd." + osd)).resolve("db"), MONITOR_ROCKS, message -> {
                    throw new StoreFailedException("RocksDB of osd." + osd + ": " + message);
                });
        try {
            Superblock.of(keyValue, fsid, osd, uuid);
        } finally {
            keyValue.close();
        }
    }

    /**
     * Opens the data, making it when the folder has none, and runs; returns when the client has a map in which the OSDs of
     * this process are up.
     *
     * @param loops a context on every event loop that OSDs and clients use
     * @param blocks buffers of bodies, shared with the gateway
     * @param onFatal called once, on any thread, when a disk or an invariant fails; the node answers nothing any more
     * @throws StoreFailedException when the data cannot be used, or the cluster does not serve in time
     */
    public static ClusterNode start(
            Vertx vertx,
            Config config,
            List<Context> loops,
            ClassRegistry classes,
            BlockPool blocks,
            Consumer<Throwable> onFatal)
            throws IOException, InterruptedException {
        ClusterNode node = new ClusterNode(vertx, loops, blocks);
        try {
            node.open(config, classes, onFatal);
            return node;
        } catch (MonStoreException unusable) {
            node.stop();
            throw new StoreFailedException(String.valueOf(unusable.getMessage()));
        } catch (IOException | InterruptedException | RuntimeException failure) {
            node.stop();
            throw failure;
        }
    }

    private void open(Config config, ClassRegistry classes, Consumer<Throwable> onFatal)
            throws IOException, InterruptedException {
        Transport transport = transport(config);
        Members members = config.members();
        if (members.monitor().isPresent()) {
            monitor = openMonitor(config, members.monitor().get(), onFatal);
            monitor.start(transport);
        }
        OsdNode.Surroundings surroundings = new OsdNode.Surroundings(loops, transport, address, members.monitors());
        for (int osd : members.osds()) {
            OsdNode.Parts parts = openOsd(config, osd, classes, onFatal);
            osds.add(new OsdNode(parts, surroundings, onFatal));
        }
        osds.forEach(OsdNode::start);
        client = new ClientNode(
                vertx,
                loops,
                EntityName.client(members.client()),
                members.osds(),
                members.monitors(),
                members.onMonMap());
        await("monitors", client.start(transport), config.patience());
        for (OsdNode osd : osds) {
            await("osd." + osd.osd() + " to be up", osd.up(), config.patience());
        }
        await("a map with the OSDs of this node", lanesKnow(), config.patience());
        if (authority.isPresent()) {
            await(
                    "the node to be known",
                    registry.enter(config.outside().get().tls().certificate()),
                    config.patience());
        }
        config.outside().ifPresent(this::renewCertificates);
    }

    private void renewCertificates(Outside outside) {
        CertificateClient certificates =
                new CertificateClient(vertx, loops.get(0), limits(outside), Clock.systemUTC(), random);
        renewal =
                new CertificateRenewal(vertx, outside.tls(), certificates, this::monitorsNow, outside.onCertificate());
        renewal.start();
    }

    private List<Target> monitorsNow() {
        return client.monMap().monitors().stream()
                .map(mon -> new Target(EntityName.mon(mon.name()), mon.address()))
                .toList();
    }

    private static MessengerConfig limits(Outside outside) {
        return MessengerConfig.DEFAULT.withDetours(outside.detours());
    }

    private Transport transport(Config config) throws InterruptedException {
        LocalTransport local = new LocalTransport(config.transport());
        if (config.outside().isEmpty()) {
            return local;
        }
        Outside outside = config.outside().get();
        authority = outside.authority();
        Optional<CertificateIssuer> issuer =
                authority.map(key -> new CertificateIssuer(key, registry, Clock.systemUTC(), random));
        messenger = new Messenger(vertx, loops, limits(outside), outside.tls(), issuer, random);
        int port = await(
                "port " + outside.port(),
                messenger.listen(outside.host(), outside.port()),
                Optional.of(Duration.ofSeconds(STOP_SECONDS)));
        address = new NodeAddress(outside.host(), port, 0);
        return new NodeTransport(local, new SocketTransport(messenger, blocks));
    }

    private static RocksKeyValue openMonitorStore(Path folder, Consumer<String> onFatal) throws IOException {
        return RocksKeyValue.open(Files.createDirectories(folder.resolve("mon")), MONITOR_ROCKS, onFatal);
    }

    private static MonDaemon openMonitor(Config config, String name, Consumer<Throwable> onFatal) throws IOException {
        RocksKeyValue keyValue = openMonitorStore(config.folder(), RocksFailure.toldTo("the monitor", onFatal));
        return MonDaemon.open(
                keyValue, name, config.members().monitors(), config.members().mkfs(), onFatal);
    }

    private OsdNode.Parts openOsd(Config config, int osd, ClassRegistry classes, Consumer<Throwable> onFatal)
            throws IOException {
        Path folder = Files.createDirectories(config.folder().resolve("osd." + osd));
        RocksKeyValue keyValue = RocksKeyValue.open(
                folder.resolve("db"), config.disks().rocks(), RocksFailure.toldTo("osd." + osd, onFatal));
        try {
            Superblock superblock =
                    Superblock.of(keyValue, config.members().monitors().fsid(), osd);
            ObjectStore store = ObjectStore.open(
                    config.disks().store(), keyValue, FileBlockFiles.open(folder.resolve("data")), blocks);
            return new OsdNode.Parts(
                    keyValue, superblock, store, classes, config.disks().logLimits());
        } catch (IOException | RuntimeException failure) {
            keyValue.close();
            throw failure;
        }
    }

    /** Completes when the client's map shows what the OSDs' maps show. */
    private Future<Void> lanesKnow() {
        boolean isKnown = osds.stream().allMatch(osd -> osd.isUpIn(client.osdMap()));
        return isKnown
                ? Future.succeededFuture()
                : vertx.timer(20, TimeUnit.MILLISECONDS).compose(passed -> lanesKnow());
    }

    private static <T> T await(String what, Future<T> future, Optional<Duration> patience) throws InterruptedException {
        long end = System.nanoTime() + patience.map(Duration::toNanos).orElse(0L);
        while (true) {
            try {
                long left = patience.isPresent() ? end - System.nanoTime() : Long.MAX_VALUE;
                return future.toCompletionStage()
                        .toCompletableFuture()
                        .get(Math.min(left, TimeUnit.SECONDS.toNanos(TELL_SECONDS)), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                if (patience.isPresent() && System.nanoTime() - end >= 0) {
                    throw new StoreFailedException("waited in vain for " + what);
                }
                LOG.warn("waiting for {}", what);
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new StoreFailedException(what + ": " + failed.getCause());
            }
        }
    }

    /** The client of this cluster. */
    public Rados rados() {
        return client.rados();
    }

    /** The client, with what it knows of the cluster. */
    public ClientNode client() {
        return client;
    }

    /** The OSDs of this node. */
    public List<OsdNode> osds() {
        return List.copyOf(osds);
    }

    /** True when an OSD of this node has this id. */
    public boolean hasOsd(int id) {
        return osds.stream().anyMatch(osd -> osd.osd() == id);
    }

    /** The monitor of this node. */
    public Optional<MonDaemon> monitor() {
        return Optional.ofNullable(monitor);
    }

    /** What carries messages to other nodes, where there may be some. */
    public Optional<Messenger> messenger() {
        return Optional.ofNullable(messenger);
    }

    /** Where other processes find this one; no address when they do not. */
    public NodeAddress address() {
        return address;
    }

    /**
     * Makes a token with which one node can join within the hour. Fails with {@link IllegalStateException} where no
     * certificates are issued.
     */
    public Future<JoinToken> createToken() {
        if (authority.isEmpty()) {
            return Future.failedFuture(new IllegalStateException("this node issues no certificates"));
        }
        try {
            // This one first: it surely has the key. The others are for when it is gone.
            List<NodeAddress> monitors = new ArrayList<>(List.of(address));
            client.monMap().monitors().stream()
                    .map(MonMap.Monitor::address)
                    .filter(other -> !other.host().equals(address.host()) || other.port() != address.port())
                    .limit(JoinToken.MAX_MONITORS - 1)
                    .forEach(monitors::add);
            JoinToken token = JoinToken.create(
                    monitors, ClusterTrust.fingerprint(authority.get().trust().ca()), Instant.now(), random);
            return registry.createToken(token);
        } catch (CertificateException unreadable) {
            return Future.failedFuture(unreadable);
        }
    }

    /** Buffers of bodies. */
    public BlockPool blocks() {
        return blocks;
    }

    /** Ends the client's requests, writes what has been submitted, and closes the data. */
    public void stop() throws InterruptedException {
        if (renewal != null) {
            await("the renewal of certificates", renewal.stop(), Optional.of(Duration.ofSeconds(STOP_SECONDS)));
        }
        if (client != null) {
            await("the client", client.close(), Optional.of(Duration.ofSeconds(STOP_SECONDS)));
        }
        for (OsdNode osd : osds) {
            osd.stop();
        }
        if (monitor != null) {
            monitor.stop();
        }
        if (messenger != null) {
            await("the messenger", messenger.close(), Optional.of(Duration.ofSeconds(STOP_SECONDS)));
        }
    }
}

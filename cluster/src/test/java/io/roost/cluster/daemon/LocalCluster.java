package io.roost.cluster.daemon;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.client.Lane;
import io.roost.cluster.client.Rados;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.Message;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.net.CloseCause;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.rocksdb.FileBlockFiles;
import io.roost.cluster.store.rocksdb.RocksConfig;
import io.roost.cluster.store.rocksdb.RocksKeyValue;
import io.roost.cluster.transport.LocalTransport;
import io.roost.cluster.transport.Party;
import io.roost.cluster.transport.Session;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A real OSD with its store and a client of it, over a fixed map with the pools {@code system} and {@code data}, for tests
 * of what runs on top. Closing it fails when anything failed in it.
 */
public final class LocalCluster implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<Context> loops = new ArrayList<>();
    private final BlockPool blocks = new BlockPool(256);
    private final OsdDaemon osd;
    private final Rados rados;
    private final RocksKeyValue keyValue;
    private final List<Lane> lanes = new ArrayList<>();
    private final LossyTransport lossy;

    private LocalCluster(
            Path folder, ClassRegistry classes, LocalTransport.Mode mode, PgLog.Limits limits, OptionalLong lossSeed)
            throws IOException {
        OsdMap map = SampleMaps.of("single1", pool(1, "system"), pool(2, "data"));
        keyValue = RocksKeyValue.open(
                folder.resolve("db"),
                RocksConfig.forCapacity(1L << 30),
                failure -> failures.add(new IllegalStateException(failure)));
        ObjectStore store =
                ObjectStore.open(StoreConfig.DEFAULT, keyValue, FileBlockFiles.open(folder.resolve("data")), blocks);
        for (int i = 0; i < 2; i++) {
            loops.add(((VertxInternal) vertx).createEventLoopContext());
        }
        LocalTransport transport = new LocalTransport(mode);
        Serving serving = new Serving();
        ClientSessions sessions = new ClientSessions(epoch -> {}, null, List.of());
        lossy = lossSeed.isPresent() ? new LossyTransport(sessions, serving, lossSeed.getAsLong()) : null;
        OsdDaemon.Peers peers = lossy == null ? serving : lossy;
        Lane.Transport client = lossy == null ? sessions : lossy;
        osd = new OsdDaemon(
                Superblock.of(keyValue, SampleMaps.FSID, 0),
                loops,
                store,
                classes,
                limits,
                map,
                peers,
                new OsdMetrics(),
                failures::add);
        transport.attach(
                new Entity(EntityName.osd(0), map.osd(0).clusterAddress().nonce()), serving);
        sessions.begin(transport.attach(new Entity(EntityName.client("test"), 1), sessions));
        for (int i = 0; i < loops.size(); i++) {
            lanes.add(new Lane(i, loops.get(i), 4100, i, map, client));
        }
        osd.start();
        rados = new Rados(lanes, Duration.ofSeconds(30));
    }

    /** The OSD as its sessions see it. */
    private final class Serving implements Party, OsdDaemon.Peers {
        private final Map<Long, Session> open = new ConcurrentHashMap<>();

        @Override
        public boolean admits(Entity peer) {
            return true;
        }

        @Override
        public void onOpened(Session session) {
            open.put(session.number(), session);
        }

        @Override
        public void onMessage(Session session, Message message) {
            osd.onMessage(session.number(), (OsdMessage.ToPrimary) message);
        }

        @Override
        public void onClosed(Session session, CloseCause cause) {
            osd.onSessionClosed(session.number());
        }

        @Override
        public void reply(int shard, long session, OsdMessage.ToClient message) {
            open.get(session).send(message);
        }

        @Override
        public void send(int shard, int peer, PeerMessage message) {
            throw new IllegalStateException("osd." + peer + " does not exist; for it there was " + message);
        }

        @Override
        public void wantUpThru(int epoch) {
            throw new IllegalStateException("the only OSD wants up_thru " + epoch);
        }

        @Override
        public void wantPgTemp(PgId pg, List<Integer> osds, OsdMap by) {
            throw new IllegalStateException("the only OSD wants " + osds + " to act for " + pg);
        }

        @Override
        public void wantMap(int epoch) {
            // The test that has a newer map brings it.
        }
    }

    private static Pool pool(long id, String name) {
        return new Pool(id, name, Pool.Type.REPLICATED, 1, 1, 64, 64, 0, Set.of(Pool.Flag.HASHPSPOOL), 1);
    }

    /** Opens or makes the data of a folder and runs. */
    public static LocalCluster start(Path folder, ClassRegistry classes, LocalTransport.Mode mode) throws IOException {
        return start(folder, classes, mode, PgLog.Limits.DEFAULT);
    }

    /** Opens or makes the data of a folder and runs, keeping only so much log. */
    public static LocalCluster start(Path folder, ClassRegistry classes, LocalTransport.Mode mode, PgLog.Limits limits)
            throws IOException {
        return new LocalCluster(folder, classes, mode, limits, OptionalLong.empty());
    }

    /**
     * Opens or makes the data of a folder and runs, with messages that are lost and operations that arrive twice.
     *
     * @param seed of the choice which
     */
    public static LocalCluster lossy(Path folder, ClassRegistry classes, long seed) throws IOException {
        return new LocalCluster(
                folder, classes, LocalTransport.Mode.REFERENCES, PgLog.Limits.DEFAULT, OptionalLong.of(seed));
    }

    /** The Vert.x instance that it runs on. */
    public Vertx vertx() {
        return vertx;
    }

    /** The contexts of its event loops. */
    public List<Context> loops() {
        return loops;
    }

    /** Its client. */
    public Rados rados() {
        return rados;
    }

    /** Its OSD. */
    public OsdDaemon osd() {
        return osd;
    }

    /** Its key-value store. */
    public RocksKeyValue keyValue() {
        return keyValue;
    }

    /** Replies lost so far and operations that arrived twice, of a cluster that is {@link #lossy}. */
    public long resends() {
        return lossy.dropped() + lossy.duplicated();
    }

    /** Gives its OSD and its client a newer map. */
    public void onMap(OsdMap map) {
        osd.onMap(map);
        lanes.forEach(lane -> lane.context().runOnContext(v -> lane.onMap(map)));
    }

    /** Lets the operations arrive that are late, of a cluster that is {@link #lossy}. */
    public void deliverLate() {
        lossy.deliverLate();
    }

    /** Its buffers. */
    public BlockPool blocks() {
        return blocks;
    }

    /** Waits for a future, for at most a minute. */
    public static <T> T join(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        try {
            join(rados.close());
            osd.stop();
            join(vertx.close());
        } catch (Exception failure) {
            throw new AssertionError("the cluster does not stop", failure);
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("the cluster failed", failures.get(0));
        }
    }
}

package io.roost.cluster.daemon;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.client.MonClient;
import io.roost.cluster.heartbeat.HeartbeatTiming;
import io.roost.cluster.heartbeat.Heartbeats;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.osd.OsdStanding;
import io.roost.cluster.osd.PgReport;
import io.roost.cluster.osd.StatsSchedule;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreFailedException;
import io.roost.cluster.store.StoreSpace;
import io.roost.cluster.store.rocksdb.RocksKeyValue;
import io.roost.cluster.transport.Attachment;
import io.roost.cluster.transport.Transport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An OSD in its cluster: its store and daemon, its sessions, its standing with the monitors, and its heartbeats. The daemon
 * begins when the map shows the OSD up in its present life. For any thread.
 */
public final class OsdNode {
    private static final Logger LOG = LoggerFactory.getLogger(OsdNode.class);
    private static final long TICK_MILLIS = 500;
    private static final long STOP_SECONDS = 30;

    /** How long an OSD that stops waits for the map that shows it down; without it, others find out by themselves. */
    private static final long GOODBYE_MILLIS = 2000;

    /**
     * What an OSD is made of.
     *
     * @param keyValue of its store
     * @param superblock of its store
     * @param store closed by {@link #stop}
     * @param logLimits of every placement group's log
     */
    record Parts(
            RocksKeyValue keyValue,
            Superblock superblock,
            ObjectStore store,
            ClassRegistry classes,
            PgLog.Limits logLimits) {}

    /**
     * Where it is.
     *
     * @param loops a context on every event loop, as the transport numbers them
     * @param address where this process listens; the nonce is another in every life
     * @param monitors where the monitors were last
     */
    record Surroundings(List<Context> loops, Transport transport, NodeAddress address, MonMap monitors) {}

    private final Parts parts;
    private final Surroundings surroundings;
    private final Consumer<Throwable> onFatal;
    private final int osd;
    private final Context loop;
    private final MonLink monitors;
    private final HeartbeatThread heartbeats;
    private final PeerSessions peers;
    private final OsdMetrics metrics = new OsdMetrics();
    private final Outside outside = new Outside();
    private final Standing standingEffects = new Standing();
    private final OsdInbox inbox;
    /** Takes maps to the disk, in order; before there is a daemon that does. */
    private final ExecutorService maps;

    /** Of the thread of maps, once that runs. */
    private final KnownLives lives;
    /** Of the thread of maps. */
    private List<Integer> knownUp = List.of();

    private final Promise<Void> up = Promise.promise();
    private final Promise<Void> down = Promise.promise();
    private volatile Attachment attachment;
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile boolean stopping;
    // On the event loop only.
    private OsdStanding standing;
    private boolean isBegun;
    private long timer = -1;
    private final StatsSchedule stats = new StatsSchedule();
    private volatile OsdSettings settings = OsdSettings.DEFAULT;

    OsdNode(Parts parts, Surroundings surroundings, Consumer<Throwable> onFatal) {
        this.parts = parts;
        this.surroundings = surroundings;
        this.onFatal = onFatal;
        this.osd = parts.superblock().osd();
        this.lives = KnownLives.of(parts.keyValue());
        this.loop = surroundings.loops().get(0);
        MonClient client =
                new MonClient(surroundings.monitors(), parts.superblock().maps().newest(), MonClient.FirstMap.OLDEST);
        this.monitors = new MonLink(loop, client, outside);
        this.heartbeats = new HeartbeatThread(osd, HeartbeatTiming.DEFAULT, () -> attachment, outside);
        this.peers = new PeerSessions(() -> attachment, monitors::newestOsdMap, outside);
        this.inbox = new OsdInbox(monitors, heartbeats, peers);
        this.maps = Executors.newSingleThreadExecutor(task -> new Thread(task, "osd-" + osd + "-maps"));
    }

    /** Begins to look for monitors, and boots; blocks until the disk knows of the life that begins. */
    void start() {
        NodeAddress address = nextLife();
        OsdStanding.Life life = new OsdStanding.Life(address, address, lives.begin(address.nonce()));
        attachment = surroundings.transport().attach(new Entity(EntityName.osd(osd), address.nonce()), inbox);
        TreeMap<String, Integer> features = new TreeMap<>();
        parts.classes().classes().forEach(one -> features.put(one.name(), one.version()));
        OsdStanding.Self self = new OsdStanding.Self(osd, parts.superblock().uuid(), features);
        loop.runOnContext(v -> {
            standing = new OsdStanding(self, life, parts.superblock().newestEpoch());
            timer = loop.owner().setPeriodic(TICK_MILLIS, id -> {
                standing.onTick(nowMillis(), standingEffects);
                if (stats.isDue(nowMillis(), parts.store().space().level())) {
                    tellStats();
                }
            });
        });
        monitors.start(attachment);
    }

    private NodeAddress nextLife() {
        // Not the pid: in a container it is the same in every life.
        long nonce = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        return new NodeAddress(
                surroundings.address().host(), surroundings.address().port(), nonce);
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Completes when the map shows it up for the first time; fails when the monitors refuse it. */
    Future<Void> up() {
        return up.future();
    }

    /** True when a map shows it up in its present life. */
    boolean isUpIn(OsdMap map) {
        return map != null
                && map.isUp(osd)
                && map.osd(osd).clusterAddress().nonce() == attachment.self().nonce();
    }

    /** The OSD's id. */
    public int osd() {
        return osd;
    }

    /** What serves; null before it is up for the first time. */
    public OsdDaemon daemon() {
        return inbox.daemon();
    }

    /** The store. */
    public ObjectStore store() {
        return parts.store();
    }

    /** Registers what it counts, each with the OSD's id. */
    public void bindTo(MeterRegistry registry) {
        Tags tags = Tags.of("osd", Integer.toString(osd));
        metrics.bindTo(registry, tags);
        Gauge.builder("roost.osd.used.bytes", parts.store(), one -> one.space().usedBytes())
                .description("Bytes that its store holds")
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "roost.osd.capacity.bytes",
                        parts.store(),
                        one -> one.space().totalBytes())
                .description("Bytes that its store can hold")
                .tags(tags)
                .register(registry);
        Gauge.builder("roost.osd.up", this, one -> one.isUpIn(one.monitors.newestOsdMap()) ? 1 : 0)
                .description("1 while the newest map shows it up")
                .tags(tags)
                .register(registry);
    }

    /** The key-value store, for metrics. */
    public RocksKeyValue keyValue() {
        return parts.keyValue();
    }

    private void fail(Throwable failure) {
        if (failed.compareAndSet(false, true) && !up.tryFail(failure)) {
            onFatal.accept(failure);
        }
    }

    /** On the thread of maps, in their order. */
    private void onMapOfDisk(OsdMap map) {
        List<Integer> up =
                map.osds().stream().filter(OsdInfo::isUp).map(OsdInfo::id).toList();
        if (!up.equals(knownUp)) {
            knownUp = up;
            LOG.info("osd.{}: up in epoch {} are {}", osd, map.epoch(), up);
        }
        OsdDaemon running = inbox.daemon();
        if (running != null) {
            running.onMap(map);
        } else {
            parts.superblock().keep(map);
        }
        if (isUpIn(map)) {
            lives.seen(attachment.self().nonce());
        }
        heartbeats.onMap(map);
        loop.runOnContext(v -> onMapOfLoop(map));
    }

    /** A setting that is none changes nothing. */
    private void follow(ClusterConfig config) {
        try {
            settings = OsdSettings.in(config, osd);
        } catch (IllegalArgumentException wrong) {
            LOG.warn("osd.{}: a setting is not followed: {}", osd, wrong.getMessage());
        }
        tellSettings();
    }

    /** Whatever thread tells last tells the newest. */
    private synchronized void tellSettings() {
        OsdDaemon running = inbox.daemon();
        if (running != null) {
            running.follow(settings);
        }
    }

    private void tellStats() {
        OsdMap map = monitors.newestOsdMap();
        if (isBegun && standing.isUp() && isUpIn(map)) {
            stats.onBegun(nowMillis());
            OsdDaemon running = inbox.daemon();
            if (running != null) {
                running.report()
                        .onSuccess(report -> onDisk(() -> {
                            StoreSpace space = parts.store().measuredSpace();
                            loop.runOnContext(v -> tellStats(map.epoch(), report, space));
                        }));
            }
        }
    }

    private void tellStats(int epoch, PgReport report, StoreSpace space) {
        standing.onCleanThrough(report.cleanThrough());
        parts.superblock().maps().neededFrom(Math.min(report.mapsFrom(), monitors.oldestOsdMapEpoch()));
        stats.onTold(space.level(), report.led().values());
        OsdStat stat = space.stat(monitors.newestOsdMap().state().fullRatios(), metrics.commitMicros());
        metrics.onReport(report);
        monitors.tell(new MonMessage.OsdPgStats(osd, epoch, stat, report.led()));
    }

    private void onMapOfLoop(OsdMap map) {
        standing.onMap(map, nowMillis(), standingEffects);
        if (stopping && !standing.isUp()) {
            down.tryComplete();
        } else if (standing.isUp() && !isBegun && !stopping) {
            isBegun = true;
            onDisk(() -> begin(map));
        }
        tellStats();
    }

    private void begin(OsdMap map) {
        OsdDaemon begun = new OsdDaemon(
                parts.superblock(),
                surroundings.loops(),
                parts.store(),
                parts.classes(),
                parts.logLimits(),
                map,
                new Answers(),
                metrics,
                onFatal);
        begun.follow(settings);
        begun.start();
        // What came while the event loop was seeing that the OSD is up.
        for (int epoch = map.epoch() + 1; epoch <= parts.superblock().maps().newestEpoch(); epoch++) {
            OsdMap kept = parts.superblock().maps().at(epoch);
            if (kept != null) {
                begun.onMap(kept);
            }
        }
        heartbeats.start(begun.threads());
        inbox.opens(begun);
        tellSettings();
        LOG.info("osd.{} is up since epoch {}", osd, map.osd(osd).upFrom());
        up.tryComplete();
    }

    private void onDisk(Runnable task) {
        try {
            maps.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error failure) {
                    fail(failure);
                }
            });
        } catch (RejectedExecutionException stopped) {
            LOG.debug("osd.{} has stopped", osd);
        }
    }

    /** Says goodbye, writes what has been submitted, closes the store. */
    void stop() throws InterruptedException {
        stopping = true;
        loop.runOnContext(v -> {
            if (standing != null && standing.isUp()) {
                standing.onStop(standingEffects);
            } else {
                down.tryComplete();
            }
        });
        try {
            down.future().toCompletionStage().toCompletableFuture().get(GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException late) {
            LOG.info("osd.{} stops before a map shows it down", osd);
        }
        loop.runOnContext(v -> loop.owner().cancelTimer(timer));
        monitors.stop();
        heartbeats.stop();
        if (attachment != null) {
            attachment.detach();
        }
        maps.shutdown();
        if (!maps.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.error("osd.{}: maps are not written in {} s", osd, STOP_SECONDS);
        }
        if (inbox.daemon() != null) {
            inbox.daemon().stop();
        } else {
            parts.store().close();
        }
    }

    /** What the monitors say, and what is heard of other OSDs. */
    private final class Outside implements MonLink.Listener, HeartbeatThread.Listener, PeerSessions.Resets {
        @Override
        public void onPeerReset(int shard, int peer) {
            OsdDaemon running = inbox.daemon();
            if (running != null) {
                running.onPeerReset(shard, peer);
            }
        }

        @Override
        public void onSession() {
            standing.onSession(nowMillis(), standingEffects);
            heartbeats.onSession();
            tellStats();
        }

        @Override
        public void onOsdMap(OsdMap map) {
            if (stopping) {
                onMapOfLoop(map);
            } else {
                onDisk(() -> onMapOfDisk(map));
            }
        }

        @Override
        public void onMonMap(MonMap map) {
            LOG.debug("osd.{}: {}", osd, map);
        }

        @Override
        public void onConfig(ClusterConfig config) {
            follow(config);
        }

        @Override
        public void onBootRefused(MonMessage.OsdBootRefused refused) {
            standing.onRefused(refused, standingEffects);
        }

        @Override
        public void onSilent(int peer, NodeAddress address, long silentMillis, Heartbeats.Proof proof) {
            OsdMap map = monitors.newestOsdMap();
            monitors.tell(new MonMessage.OsdFailure(
                    osd,
                    peer,
                    address,
                    silentMillis,
                    proof == Heartbeats.Proof.GONE ? MonMessage.Evidence.REFUSED : MonMessage.Evidence.SILENCE,
                    map == null ? 0 : map.epoch()));
        }

        @Override
        public void onHeardAgain(int peer, NodeAddress address) {
            OsdMap map = monitors.newestOsdMap();
            monitors.tell(new MonMessage.OsdStillAlive(osd, peer, address, map == null ? 0 : map.epoch()));
        }

        @Override
        public void onNewerMap(int epoch) {
            monitors.onNewerOsdMap(epoch);
        }

        @Override
        public void onConnected(boolean isConnected) {
            loop.runOnContext(v -> standing.onConnected(isConnected, nowMillis(), standingEffects));
        }
    }

    /** What its standing asks for; on the event loop. */
    private final class Standing implements OsdStanding.Effects {
        @Override
        public void tell(MonMessage.ToMonitor message) {
            monitors.tell(message);
        }

        @Override
        public void beginLife() {
            LOG.warn("osd.{} is marked down although it runs; it boots again when it hears all that are up", osd);
            NodeAddress address = nextLife();
            attachment.detach();
            attachment = surroundings.transport().attach(new Entity(EntityName.osd(osd), address.nonce()), inbox);
            monitors.moveTo(attachment);
            onDisk(() -> {
                OsdStanding.Life life = new OsdStanding.Life(address, address, lives.begin(address.nonce()));
                loop.runOnContext(v -> standing.onLife(life, nowMillis(), standingEffects));
            });
        }

        @Override
        public void fail(String reason) {
            OsdNode.this.fail(new StoreFailedException(reason));
        }
    }

    /** What the daemon says to clients and to other OSDs. */
    private final class Answers implements OsdDaemon.Peers {
        @Override
        public void reply(int shard, long session, OsdMessage.ToClient message) {
            inbox.reply(session, message);
        }

        @Override
        public void send(int shard, int peer, PeerMessage message) {
            peers.send(shard, peer, message);
        }

        @Override
        public void wantMap(int epoch) {
            monitors.onNewerOsdMap(epoch + 1);
        }

        @Override
        public void wantUpThru(int epoch) {
            loop.runOnContext(v -> standing.onWantedUpThru(epoch, nowMillis(), standingEffects));
        }

        @Override
        public void wantPgTemp(PgId pg, List<Integer> osds, OsdMap by) {
            loop.runOnContext(v -> standing.onWantedPgTemp(pg, osds, by, standingEffects));
        }
    }
}

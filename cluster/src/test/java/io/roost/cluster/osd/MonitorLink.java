package io.roost.cluster.osd;

import io.roost.cluster.client.MonClient;
import io.roost.cluster.daemon.KnownLives;
import io.roost.cluster.daemon.Superblock;
import io.roost.cluster.heartbeat.HeartbeatTiming;
import io.roost.cluster.heartbeat.Heartbeats;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdStat;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.store.StoreSpace;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * An OSD's link with real monitors, as the daemon has it: maps go to the disk before they are acted on, the OSD's standing and
 * its heartbeats are the daemon's machines.
 */
final class MonitorLink implements OsdMapLink, MonitorSessions.Listener {
    private static final long REFUSED_MILLIS = 100;
    private static final long STOPPED_MILLIS = 3_000;

    /** Marked down so often although it runs, its process is started again, as {@code OSD_FLAPPING} advises: monitors would let it wait. */
    private static final int MAX_REBIRTHS = 5;

    private final SimNode node;
    private final int osd;
    private final OsdDisk disk;
    private final Listener listener;
    private final Supplier<StoreSpace> space;
    private final Superblock superblock;
    private final KnownLives lives;
    private final int actedOn;
    private final MonitorSessions monitors;
    private final Heartbeats heartbeats;
    private final OsdStanding standing;
    private final Heart heart = new Heart();
    private final Wishes wishes = new Wishes();
    private final SplittableRandom random;
    /** OSD → the life that it is in by the map. */
    private final TreeMap<Integer, Known> peers = new TreeMap<>();

    /** Peer → when nobody was found listening at its address. */
    private final TreeMap<String, Long> refusedMillis = new TreeMap<>();

    private long nonce;
    private int rebirths;
    private boolean hasBeenUp;
    private boolean saysFull;
    private final StatsSchedule stats = new StatsSchedule();

    private record Known(long nonce, long sinceMillis) {}

    /**
     * The link of a process that begins.
     *
     * @param disk of the OSD
     * @param keptEpochs least number of maps that are kept
     */
    MonitorLink(
            SimNode node,
            int osd,
            OsdDisk disk,
            MonMap seed,
            int keptEpochs,
            long life,
            Supplier<StoreSpace> space,
            Listener listener) {
        this.node = node;
        this.osd = osd;
        this.disk = disk;
        this.listener = listener;
        this.space = space;
        random = node.cluster().simulation().random("lives of osd " + osd + " after " + life);
        superblock = Superblock.of(node.keyValue(), seed.fsid(), osd, disk.uuid(), keptEpochs);
        lives = KnownLives.of(node.keyValue());
        actedOn = superblock.newestEpoch();
        monitors = new MonitorSessions(node, seed, superblock.maps().newest(), MonClient.FirstMap.OLDEST, this);
        heartbeats = new Heartbeats(osd, HeartbeatTiming.DEFAULT);
        nonce = life;
        standing = new OsdStanding(
                new OsdStanding.Self(osd, superblock.uuid(), new TreeMap<>()), begin(), superblock.newestEpoch());
    }

    private OsdStanding.Life begin() {
        NodeAddress address = new NodeAddress("10.0.1." + osd, 9441, nonce);
        return new OsdStanding.Life(address, address, lives.begin(nonce));
    }

    @Override
    public MapHistory history() {
        return superblock.maps();
    }

    @Override
    public int actedOn() {
        return actedOn;
    }

    /** The daemon's shards have ticks whatever the map says. */
    @Override
    public boolean isServing() {
        return true;
    }

    @Override
    public int rebirths() {
        return rebirths;
    }

    /** From now on it says that its disk is full, or not any more. */
    void sayFull(boolean isFull) {
        saysFull = isFull;
    }

    @Override
    public void start() {
        monitors.start();
    }

    @Override
    public void onTick() {
        monitors.onTick();
        standing.onTick(node.nowMillis(), wishes);
        if (hasBeenUp) {
            heartbeats.onTick(node.nowMillis(), heart);
        }
    }

    // ---- maps ----

    @Override
    public void onMap(OsdMap map) {
        boolean isOfThisLife = map.isUp(osd) && map.osd(osd).clusterAddress().nonce() == nonce;
        hasBeenUp |= isOfThisLife;
        node.step("keep map");
        if (hasBeenUp) {
            superblock.reach(map);
        } else {
            superblock.keep(map);
        }
        if (isOfThisLife) {
            lives.seen(nonce);
        }
        node.onWritten();
        for (OsdInfo peer : map.osds()) {
            Known known = peers.get(peer.id());
            if (peer.isUp()
                    && (known == null || known.nonce() != peer.clusterAddress().nonce())) {
                peers.put(peer.id(), new Known(peer.clusterAddress().nonce(), node.nowMillis()));
            }
        }
        listener.onMap(map, hasBeenUp);
        heartbeats.onMap(map, node.nowMillis(), heart);
        standing.onMap(map, node.nowMillis(), wishes);
        tellStats();
    }

    @Override
    public void onSession() {
        standing.onSession(node.nowMillis(), wishes);
        heartbeats.onSession(node.nowMillis(), heart);
        tellStats();
    }

    @Override
    public void onReply(MonMessage.FromMonitor reply) {
        if (reply instanceof MonMessage.OsdBootRefused refused) {
            standing.onRefused(refused, wishes);
        }
    }

    private int epoch() {
        return monitors.map() == null ? 0 : monitors.map().epoch();
    }

    @Override
    public void wantMap(int epoch) {
        monitors.wantMap(epoch);
    }

    @Override
    public void onMaps(MonMessage.OsdMaps newer) {
        monitors.onMaps(newer);
    }

    @Override
    public void gossip(String peer, int epoch) {
        monitors.gossip(peer, epoch);
    }

    @Override
    public void wantUpThru(int epoch) {
        standing.onWantedUpThru(epoch, node.nowMillis(), wishes);
    }

    @Override
    public void wantPgTemp(PgId pg, List<Integer> osds, OsdMap by) {
        standing.onWantedPgTemp(pg, osds, by, wishes);
    }

    @Override
    public void onReport(PgReport report) {
        if (stats.isDue(node.nowMillis(), space().level())) {
            tellStats();
        }
    }

    private StoreSpace space() {
        StoreSpace real = space.get();
        return saysFull
                ? new StoreSpace(real.totalBytes(), real.usedBytes(), 0, real.freeExtentBytes(), StoreSpace.Level.FULL)
                : real;
    }

    private void tellStats() {
        PgReport report = standing.isUp() ? listener.report() : null;
        if (report == null) {
            return;
        }
        stats.onBegun(node.nowMillis());
        standing.onCleanThrough(report.cleanThrough());
        superblock.maps().neededFrom(Math.min(report.mapsFrom(), monitors.oldestEpoch()));
        StoreSpace now = space();
        stats.onTold(now.level(), report.led().values());
        OsdStat stat = now.stat(monitors.map().state().fullRatios(), 1_000);
        monitors.tell(new MonMessage.OsdPgStats(osd, epoch(), stat, report.led()));
    }

    // ---- messages ----

    @Override
    public void onMessage(String from, Envelope message) {
        if (message instanceof Envelope.OfLife said) {
            if (said.nonce() == nonce) {
                listener.onMessage(from, said.message());
            } else {
                // Whoever wants to connect with a life that is over is refused, which takes a while.
                node.cluster().network().reset(node, node.cluster().node(from));
            }
        } else if (message instanceof Envelope.Heart beat) {
            if (beat.to() == nonce) {
                NodeAddress address = new NodeAddress("", 0, beat.from());
                heartbeats.onMessage(OsdNode.number(from), address, beat.message(), node.nowMillis(), heart);
            } else if (beat.message() instanceof HeartbeatMessage.Ping) {
                node.send(from, "Gone", new Envelope.Gone(beat.to()).encode());
            }
        } else {
            monitors.onMessage(from, message);
        }
    }

    @Override
    public void onGone(String peer, long ended) {
        int other = OsdNode.number(peer);
        OsdMap map = monitors.map();
        if (map.isUp(other) && map.osd(other).clusterAddress().nonce() == ended) {
            heartbeats.onGone(other, map.osd(other).clusterAddress(), node.nowMillis(), heart);
        }
        listener.onReset(peer);
    }

    @Override
    public void onReset(String peer) {
        monitors.onReset(peer);
    }

    /** An attempt that began before the present life was known says nothing about it. */
    @Override
    public void onUnreachable(String peer, long dialledMillis) {
        if (!peer.startsWith("osd.")) {
            monitors.onUnreachable(peer, dialledMillis);
            return;
        }
        if (node.nowMillis() - refusedMillis.getOrDefault(peer, Long.MIN_VALUE / 2) < REFUSED_MILLIS) {
            // All that was sent in one connection is refused with it.
            return;
        }
        refusedMillis.put(peer, node.nowMillis());
        Known known = peers.get(OsdNode.number(peer));
        if (known != null && known.sinceMillis() <= dialledMillis) {
            onGone(peer, known.nonce());
        } else {
            listener.onReset(peer);
        }
    }

    @Override
    public void send(int to, String what, Envelope message) {
        monitors.send(to, what, message);
    }

    /** What its heartbeats want. */
    private final class Heart implements Heartbeats.Effects {
        @Override
        public void send(int peer, NodeAddress address, HeartbeatMessage message) {
            String what = message.getClass().getSimpleName();
            node.send(OsdNode.name(peer), what, new Envelope.Heart(address.nonce(), nonce, message).encode());
        }

        @Override
        public void report(int peer, NodeAddress address, long silentMillis, Heartbeats.Proof proof) {
            boolean isGone = proof == Heartbeats.Proof.GONE;
            MonMessage.Evidence evidence = isGone ? MonMessage.Evidence.REFUSED : MonMessage.Evidence.SILENCE;
            monitors.tell(new MonMessage.OsdFailure(osd, peer, address, silentMillis, evidence, epoch()));
        }

        @Override
        public void heardAgain(int peer, NodeAddress address) {
            monitors.tell(new MonMessage.OsdStillAlive(osd, peer, address, epoch()));
        }

        @Override
        public void onNewerMap(int epoch) {
            monitors.wantMap(epoch - 1);
        }

        @Override
        public void forget(int peer, NodeAddress address) {
            // Its messages go the same way as all others do.
        }

        @Override
        public void onConnected(boolean isConnected) {
            standing.onConnected(isConnected, node.nowMillis(), wishes);
        }
    }

    /** What its standing wants. */
    private final class Wishes implements OsdStanding.Effects {
        @Override
        public void tell(MonMessage.ToMonitor message) {
            monitors.tell(message);
        }

        /** All its sessions end, and a little later it is another. */
        @Override
        public void beginLife() {
            node.count("osd: marked down although it runs");
            rebirths++;
            if (rebirths > MAX_REBIRTHS) {
                node.count("osd: is started again, for it was marked down too often");
                node.restartAfter(STOPPED_MILLIS);
                node.crashBefore(step -> true);
                node.step("marked down too often");
            }
            nonce = 1L + random.nextInt(Integer.MAX_VALUE - 1);
            for (SimNode other : node.cluster().nodes()) {
                if (other != node) {
                    node.cluster().network().reset(node, other);
                }
            }
            node.cluster().simulation().schedule(1 + random.nextInt(2_000), () -> {
                if (node.process() == listener) {
                    node.input("life", Bytes.EMPTY, () -> "" + nonce, () -> {
                        OsdStanding.Life life = begin();
                        node.onWritten();
                        standing.onLife(life, node.nowMillis(), wishes);
                    });
                }
            });
        }

        /** The process ends. */
        @Override
        public void fail(String reason) {
            disk.onRefused(reason);
            node.restartAfter(ClusterWorld.NEVER_MILLIS);
            node.crashBefore(step -> true);
            node.step(reason);
        }
    }
}

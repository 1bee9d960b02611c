package io.roost.cluster.mon;

import io.roost.cluster.heartbeat.HeartbeatTiming;
import io.roost.cluster.heartbeat.Heartbeats;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.MonKey;
import io.roost.cluster.paxos.MonStore;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.SimProcess;
import io.roost.cluster.wire.MonMessageCodec;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * An OSD as monitors see it: has itself created, boots, sends beacons, listens to the others' hearts and reports whom it
 * does not hear. Of its disk there is only what it must remember between its lives.
 */
final class OsdModel implements SimProcess {
    /** How names of its nodes begin; a number follows. */
    static final String NAME = "osd-";

    /** There on a disk that was set back. */
    static final MonKey SET_BACK = MonKey.of("osd", "set_back");

    /** Begins the keys of nonces of boots: the one last seen accepted, and all since. */
    private static final String NONCE = "nonce";

    private static final MonKey EPOCH = MonKey.of("osd", "epoch");
    private static final TimerId TICK = new TimerId("tick");
    private static final long TICK_MILLIS = 250;
    private static final long BEACON_MILLIS = 5_000;
    private static final long SUBSCRIBE_MILLIS = 2_000;
    private static final long SAY_AGAIN_MILLIS = 1_000;

    private final SimNode node;
    private final OsdMapHistory history;
    private final List<String> monitors;
    private final MonStore store;
    private final SplittableRandom random;
    private final UUID uuid;
    private final int number;
    private String monitor;
    private OsdMap map;
    private int id = -1;
    private NodeAddress address;
    private MonMessage.BootCause cause = MonMessage.BootCause.STARTED;
    private boolean wasUp;
    private boolean isStopped;
    private long beaconMillis;
    private long chosenMillis;
    private long subscribedMillis;
    private long saidMillis;
    private long answeredMillis;
    /** Null before it has an id. */
    private Heartbeats heartbeats;

    private final Heart heart = new Heart();
    /** It hears all that are up, as far as that was asked since it was marked down. */
    private boolean isConnected = true;

    OsdModel(SimNode node, List<String> monitors, OsdMapHistory history) {
        this.node = node;
        this.monitors = monitors;
        this.history = history;
        store = new KeyValueMonStore(node.keyValue());
        random = node.cluster().simulation().random("osd " + node.name() + node.nowMillis());
        number = Integer.parseInt(node.name().substring(NAME.length()));
        uuid = uuid(number);
    }

    static UUID uuid(int number) {
        return new UUID(0x05d, number);
    }

    OsdMapHistory history() {
        return history;
    }

    OsdMap map() {
        return map;
    }

    /** True when the map it has shows it up. */
    boolean isUp() {
        OsdInfo self = map == null || id < 0 ? null : map.osd(id);
        return self != null && self.isUp() && self.clusterAddress().equals(address);
    }

    /** True when the map it has shows its life down, which was up between two maps that it saw, perhaps. */
    private boolean isOver() {
        OsdInfo self = id < 0 ? null : map.osd(id);
        return self != null && !self.isUp() && self.clusterAddress().equals(address);
    }

    private void write(MonKey key, long value) {
        node.step("persist " + key);
        store.write(new MonTransaction().put(key, value));
        node.onWritten();
    }

    private void beginLife() {
        address = new NodeAddress("10.0.1." + number, 9441, history.nextNonce());
        write(MonKey.of(NONCE, address.nonce()), 1);
        if (store.number(SET_BACK) != 0) {
            history.forbid(address);
        }
        wasUp = false;
        saidMillis = Long.MIN_VALUE / 2;
    }

    static SortedSet<Long> nonces(MonStore store) {
        TreeSet<Long> nonces = new TreeSet<>();
        for (MonTransaction.Change row :
                store.rows(Optional.empty(), Integer.MAX_VALUE).changes()) {
            if (row.key().prefix().equals(NONCE)) {
                nonces.add(MonKey.number(row.key().key()));
            }
        }
        return nonces;
    }

    private void forgetEarlierNonces() {
        MonTransaction transaction = new MonTransaction();
        nonces(store).headSet(address.nonce()).forEach(nonce -> transaction.remove(MonKey.of(NONCE, nonce)));
        if (!transaction.isEmpty()) {
            node.step("forget nonces");
            store.write(transaction);
            node.onWritten();
        }
    }

    @Override
    public void onStart() {
        chooseMonitor();
        beginLife();
        onTick();
    }

    private void chooseMonitor() {
        monitor = monitors.get(random.nextInt(monitors.size()));
        chosenMillis = node.nowMillis();
        answeredMillis = chosenMillis;
        subscribedMillis = Long.MIN_VALUE / 2;
        if (heartbeats != null) {
            heartbeats.onSession(node.nowMillis(), heart);
        }
    }

    private void tell(MonMessage.ToMonitor message) {
        node.send(monitor, message.getClass().getSimpleName(), MonMessageCodec.encode(message));
    }

    @Override
    public void onUnreachable(String peer, long dialledMillis) {
        if (isStopped) {
            return;
        }
        if (peer.equals(monitor)) {
            // Once for all that was said to it: what is said to the next one is no less, and may be refused as well.
            if (dialledMillis >= chosenMillis) {
                chooseMonitor();
            }
        } else if (peer.startsWith(NAME)) {
            onRefused(peer);
        }
    }

    private void onRefused(String peer) {
        int other = idOf(peer);
        if (heartbeats != null && map.isUp(other)) {
            heartbeats.onGone(other, map.osd(other).clusterAddress(), node.nowMillis(), heart);
        }
    }

    private int idOf(String name) {
        UUID other = uuid(Integer.parseInt(name.substring(NAME.length())));
        return map == null
                ? -1
                : map.osds().stream()
                        .filter(osd -> osd.uuid().equals(other))
                        .mapToInt(OsdInfo::id)
                        .findFirst()
                        .orElse(-1);
    }

    @Override
    public void onMessage(String from, Bytes message) {
        if (isStopped) {
            return;
        }
        if (from.startsWith(NAME)) {
            onHeartbeat(from, message.utf8());
            return;
        }
        if (from.equals(monitor)) {
            answeredMillis = node.nowMillis();
        }
        MonMessage decoded = MonMessageCodec.decode(message);
        if (decoded instanceof MonMessage.OsdMaps maps) {
            onMaps(maps);
        } else if (decoded instanceof MonMessage.OsdBootRefused refused
                && refused.nonce() == address.nonce()
                && !isUp()) {
            node.count("osd: refused");
            isStopped = true;
            history.onRefused(node);
        }
    }

    private void onMaps(MonMessage.OsdMaps maps) {
        boolean follows = map != null
                && !maps.incrementals().isEmpty()
                && maps.incrementals().get(0).epoch() == map.epoch() + 1;
        boolean isFull =
                maps.full().isPresent() && (map == null || maps.full().get().epoch() > map.epoch());
        if (!follows && !isFull) {
            return;
        }
        map = MonitorFixture.follow(map, List.of(maps));
        for (OsdInfo osd : map.osds()) {
            if (osd.uuid().equals(uuid)) {
                id = osd.id();
            }
        }
        write(EPOCH, map.epoch());
        if (heartbeats == null && id >= 0) {
            heartbeats = new Heartbeats(id, HeartbeatTiming.DEFAULT);
        }
        if (heartbeats != null) {
            heartbeats.onMap(map, node.nowMillis(), heart);
        }
        if (isUp()) {
            if (!wasUp) {
                forgetEarlierNonces();
                beaconMillis = Long.MIN_VALUE / 2;
                if (random.nextBoolean()) {
                    tell(new MonMessage.OsdAlive(id, address, map.osd(id).upFrom()));
                }
            }
            wasUp = true;
        } else if (wasUp || isOver()) {
            node.count("osd: marked down although it runs");
            cause = MonMessage.BootCause.WRONGLY_DOWN;
            isConnected = false;
            beginLife();
        }
        onTick();
    }

    // ---- hearts ----

    /**
     * {@code ping TO FROM SENT EPOCH}, and {@code pong} for its answer, with the nonces of the lives that are meant;
     * {@code gone TO} when a life is over.
     */
    private void onHeartbeat(String from, String text) {
        String[] parts = text.split(" ", 5);
        int other = idOf(from);
        long nonce = Long.parseLong(parts[1]);
        if (parts[0].equals("gone")) {
            if (map != null
                    && map.isUp(other)
                    && map.osd(other).clusterAddress().nonce() == nonce) {
                onRefused(from);
            }
        } else if (nonce != address.nonce()) {
            if (parts[0].equals("ping")) {
                node.send(from, "gone", Bytes.utf8("gone " + nonce));
            }
        } else if (heartbeats != null && other >= 0) {
            long sentMillis = Long.parseLong(parts[3]);
            int epoch = Integer.parseInt(parts[4]);
            heartbeats.onMessage(
                    other,
                    new NodeAddress("", 0, Long.parseLong(parts[2])),
                    parts[0].equals("ping")
                            ? new HeartbeatMessage.Ping(sentMillis, epoch)
                            : new HeartbeatMessage.PingReply(sentMillis, epoch),
                    node.nowMillis(),
                    heart);
        }
    }

    private final class Heart implements Heartbeats.Effects {
        @Override
        public void send(int osd, NodeAddress to, HeartbeatMessage message) {
            String name = NAME + map.osd(osd).uuid().getLeastSignificantBits();
            String what = message instanceof HeartbeatMessage.Ping ? "ping" : "pong";
            String text = what + " " + to.nonce() + " " + address.nonce() + " " + message.sentMillis() + " "
                    + message.mapEpoch();
            node.send(name, what, Bytes.utf8(text));
        }

        @Override
        public void report(int osd, NodeAddress target, long silentMillis, Heartbeats.Proof proof) {
            boolean isGone = proof == Heartbeats.Proof.GONE;
            MonMessage.Evidence evidence = isGone ? MonMessage.Evidence.REFUSED : MonMessage.Evidence.SILENCE;
            tell(new MonMessage.OsdFailure(id, osd, target, silentMillis, evidence, map.epoch()));
        }

        @Override
        public void heardAgain(int osd, NodeAddress target) {
            tell(new MonMessage.OsdStillAlive(id, osd, target, map.epoch()));
        }

        @Override
        public void onNewerMap(int epoch) {
            // It asks for newer ones all the time.
        }

        @Override
        public void forget(int osd, NodeAddress target) {
            // There are no sessions here.
        }

        @Override
        public void onConnected(boolean hearsAll) {
            isConnected = hearsAll;
        }
    }

    // ---- time ----

    @Override
    public void onTimer(TimerId timer) {
        onTick();
    }

    private void onTick() {
        if (isStopped) {
            return;
        }
        long now = node.nowMillis();
        node.setTimer(TICK, TICK_MILLIS);
        if (now - answeredMillis > 2 * SUBSCRIBE_MILLIS) {
            chooseMonitor();
        }
        if (now - subscribedMillis >= SUBSCRIBE_MILLIS) {
            subscribedMillis = now;
            long start = map == null || random.nextInt(8) == 0 ? 0 : map.epoch() + 1L;
            tell(MonitorFixture.subscribe(MonMessage.Topic.OSD_MAP, start, MonMessage.Duration.CONTINUOUS));
        }
        if (map == null) {
            return;
        }
        if (heartbeats != null) {
            heartbeats.onTick(now, heart);
        }
        boolean isTime = now - saidMillis >= SAY_AGAIN_MILLIS;
        boolean mayBoot = isConnected || cause == MonMessage.BootCause.STARTED;
        if (isTime && mayBoot && !isUp()) {
            saidMillis = now;
            answeredMillis = Math.min(answeredMillis, now);
            if (id < 0) {
                tell(new MonMessage.Command(1, new MonCommand.CreateOsd(uuid, "h" + number, 0x10000, "")));
            } else {
                tell(new MonMessage.OsdBoot(
                        id, uuid, address, address, (int) store.number(EPOCH), new TreeMap<>(), nonces(store), cause));
            }
        }
        if (isUp()) {
            if (now - beaconMillis >= BEACON_MILLIS) {
                beaconMillis = now;
                tell(new MonMessage.OsdBeacon(id, map.epoch(), 0));
            }
        }
    }
}

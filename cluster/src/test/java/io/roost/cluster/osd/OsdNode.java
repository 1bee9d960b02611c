package io.roost.cluster.osd;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.client.OsdMapChain;
import io.roost.cluster.daemon.OsdMapHistory;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ScrubKind;
import io.roost.cluster.pg.ClassFailedException;
import io.roost.cluster.pg.ReservationSide;
import io.roost.cluster.pg.ScrubResult;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.sim.MemoryBlockFiles;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.SimProcess;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.Family;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.KeyValueBatch;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One life of an OSD: its shard over the real store on the node's disk. Commits take some of what waits, reads end in any
 * order, and the shard is told of both later, as it is by the daemon's threads.
 */
final class OsdNode implements SimProcess, OsdEffects {
    private static final TimerId TICK = new TimerId("tick");
    private static final Bytes SUPERBLOCK = KeyLayout.meta("superblock");
    private static final long TICK_MILLIS = 500;
    private static final int MAX_COMMIT_MICROS = 6_000;

    private final SimNode node;
    private final OsdChecks checks;
    private final SplittableRandom random;
    private final ObjectStore store;
    private final PgLog.Limits limits;
    private final int osd;
    private final int life;
    private final int actedOn;
    private final int maxReadMicros;
    private final OsdMapHistory kept;
    private final OsdMapChain maps;
    /** Peer → epoch up to which it was told of maps. */
    private final TreeMap<String, Integer> told = new TreeMap<>();

    private final TreeMap<PgId, List<Integer>> wantedPgTemps = new TreeMap<>();
    private final List<Runnable> early = new ArrayList<>();
    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private final ArrayDeque<Runnable> toReservers = new ArrayDeque<>();
    private final ArrayDeque<Runnable> toShard = new ArrayDeque<>();
    private final Reservers reservers = new Reservers(new Turns());
    private int wantedUpThru;
    private boolean committing;
    private OsdShard shard;

    private record Queued(PgId pg, long number, StoreTransaction transaction) {}

    OsdNode(
            SimNode node,
            int osd,
            MemoryBlockFiles files,
            int keptEpochs,
            int maxReadMicros,
            PgLog.Limits limits,
            OsdChecks checks) {
        this.node = node;
        this.osd = osd;
        this.limits = limits;
        this.maxReadMicros = maxReadMicros;
        this.checks = checks;
        // So that placement groups, of which there are few, have to wait for each other.
        reservers.setMax(1);
        random = node.cluster()
                .simulation()
                .random("osd " + osd + " " + node.cluster().simulation().nowMicros());
        life = 1 + random.nextInt(Integer.MAX_VALUE - 1);
        store = ObjectStore.open(
                StoreConfig.DEFAULT.withInline(512).withCapacity(64 << 20), node.keyValue(), files, new BlockPool(8));
        Bytes row = store.disk().meta(SUPERBLOCK);
        actedOn = row == null ? 0 : new ByteReader(row).u32();
        kept = OsdMapHistory.of(node.keyValue(), keptEpochs);
        maps = new OsdMapChain(OsdWorld.FSID, kept.newest());
    }

    static String name(int osd) {
        return "osd." + osd;
    }

    static int number(String name) {
        return Integer.parseInt(name.substring("osd.".length()));
    }

    static OsdNode of(SimNode node) {
        return (OsdNode) node.process();
    }

    /** Its shard; null until it is up. */
    OsdShard shard() {
        return shard;
    }

    ObjectStore store() {
        return store;
    }

    @Override
    public void onStart() {
        tick();
    }

    private void tick() {
        wantMap(maps.epoch());
        if (shard == null || !shard.map().isUp(osd)) {
            tell("Boot", new Envelope.Boot(life));
        } else {
            shard.onTick(node.nowMillis(), this);
            tellWhatIsClean();
            checks.checkQueries(node);
            if (wantedUpThru > 0) {
                tell("UpThru", new Envelope.UpThru(wantedUpThru));
            }
            wantedPgTemps.forEach((pg, osds) -> tell("PgTemp", new Envelope.PgTemp(pg.seed(), osds)));
        }
        node.setTimer(TICK, TICK_MILLIS);
    }

    private void tell(String what, Envelope message) {
        node.send(MapAuthority.NAME, what, message.encode());
    }

    private void tellWhatIsClean() {
        PgReport report = shard.report(node.nowMillis());
        kept.neededFrom(report.mapsFrom());
        TreeMap<Integer, Integer> led = new TreeMap<>();
        report.led().forEach((pg, stat) -> led.put(pg.seed(), stat.lastEpochClean()));
        tell("Beacon", new Envelope.Beacon(report.cleanThrough(), led));
    }

    private void onMaps(MonMessage.OsdMaps newer) {
        OsdMapChain.Outcome outcome = maps.offer(newer, this::onMap);
        if (outcome != OsdMapChain.Outcome.TAKEN) {
            node.count("osd: maps are offered: " + outcome);
            want(outcome == OsdMapChain.Outcome.DAMAGED);
        }
    }

    private void want(boolean isWhole) {
        tell("Want", new Envelope.Want(maps.epoch() == 0 ? 0 : maps.epoch() + 1, isWhole && maps.epoch() > 0));
    }

    /** A peer knows this epoch: it is told what it lacks, once, or else asked is what we lack. */
    private void gossip(String peer, int epoch) {
        if (epoch > maps.epoch()) {
            wantMap(epoch);
        } else if (epoch < maps.epoch() && told.getOrDefault(peer, 0) < maps.epoch()) {
            told.put(peer, maps.epoch());
            maps.since(epoch).ifPresent(lacking -> node.send(peer, "Maps", new Envelope.Maps(lacking).encode()));
        }
    }

    /** The next map: the first that shows this life up is the one it begins with. */
    private void onMap(OsdMap map) {
        boolean isActedOn =
                shard != null || (map.isUp(osd) && map.osd(osd).publicAddress().nonce() == life);
        keep(map, isActedOn);
        if (map.osd(osd) != null && map.osd(osd).upThru() >= wantedUpThru) {
            wantedUpThru = 0;
        }
        wantedPgTemps
                .entrySet()
                .removeIf(wanted -> map.state()
                                .pgTemp()
                                .getOrDefault(wanted.getKey(), List.of())
                                .equals(wanted.getValue())
                        || map.primary(wanted.getKey()) != osd);
        if (shard != null) {
            shard.onMap(map, node.nowMillis(), this);
        } else if (isActedOn) {
            shard = new OsdShard(
                    osd, new ClassRegistry(List.of(Registers.CLASS)), store, limits, pg -> true, kept, map);
            shard.setScrubTimes(checks.scrubTimes());
            shard.start(actedOn, this);
            early.forEach(Runnable::run);
            early.clear();
        }
    }

    private void keep(OsdMap map, boolean isActedOn) {
        KeyValueBatch batch = new KeyValueBatch();
        kept.add(map, batch);
        if (isActedOn) {
            batch.put(Family.META, SUPERBLOCK, new ByteWriter().u32(map.epoch()).toBytes());
        }
        node.keyValue().write(batch);
        node.onWritten();
    }

    @Override
    public void onTimer(TimerId timer) {
        tick();
    }

    @Override
    public void onMessage(String from, Bytes message) {
        Envelope envelope = Envelope.decode(message);
        if (envelope instanceof Envelope.Maps newer) {
            onMaps(newer.maps());
            return;
        }
        if (envelope instanceof Envelope.Request request) {
            gossip(from, ((OsdMessage.ToPrimary) request.message()).mapEpoch());
        } else if (envelope instanceof Envelope.Peer peer) {
            gossip(from, peer.message().mapEpoch());
        }
        if (shard == null) {
            // Others know by the map that this life is up before it does itself.
            early.add(() -> onMessage(from, message));
        } else if (envelope instanceof Envelope.Request request) {
            long session = Long.parseLong(from.substring("client.".length()));
            shard.onMessage(session, (OsdMessage.ToPrimary) request.message(), node.nowMillis(), this);
        } else if (envelope instanceof Envelope.Peer peer) {
            shard.onPeerMessage(number(from), peer.message(), node.nowMillis(), this);
        }
    }

    /** What was said to an OSD may be lost. */
    void onReset(int peer) {
        told.remove(name(peer));
        if (shard != null) {
            shard.onPeerReset(peer, this);
        }
    }

    // ---- what the shard wants done ----

    private void later(int maxMicros, String what, Runnable action) {
        node.cluster().simulation().schedule(1 + random.nextInt(maxMicros), () -> {
            if (node.process() == this) {
                node.input(what, Bytes.EMPTY, () -> "", action);
            }
        });
    }

    @Override
    public void persist(PgId pg, long number, StoreTransaction transaction) {
        node.step("persist");
        queue.addLast(new Queued(pg, number, transaction));
        commitSoon();
    }

    private void commitSoon() {
        if (!committing && !queue.isEmpty()) {
            committing = true;
            later(MAX_COMMIT_MICROS, "commit", this::commit);
        }
    }

    private void commit() {
        List<Queued> group = new ArrayList<>();
        for (int i = random.nextInt(queue.size()); i >= 0; i--) {
            group.add(queue.pollFirst());
        }
        List<ObjectStore.Outcome> outcomes =
                store.commit(group.stream().map(Queued::transaction).toList());
        node.onWritten();
        for (int i = 0; i < group.size(); i++) {
            if (outcomes.get(i) != ObjectStore.Outcome.COMMITTED) {
                throw new AssertionError(outcomes.get(i) + " of " + group.get(i));
            }
        }
        later(1_000, "told of " + group.size() + " transactions", () -> {
            for (Queued queued : group) {
                shard.onPersisted(queued.pg(), queued.number(), this);
            }
        });
        committing = false;
        commitSoon();
    }

    @Override
    public void reserve(ReservationSide side, PgId pg, int priority, long token) {
        node.step("reserve");
        inTurn(toReservers, "reserve " + side, () -> reservers.reserve(side, pg, priority, token));
    }

    @Override
    public void release(ReservationSide side, PgId pg, long token) {
        inTurn(toReservers, "release " + side, () -> reservers.release(side, pg, token));
    }

    /** What one thread tells another is late, and in order. */
    private void inTurn(ArrayDeque<Runnable> queue, String what, Runnable action) {
        queue.addLast(action);
        later(500, what, () -> queue.pollFirst().run());
    }

    /** Tells the shard whose turn it is. */
    private final class Turns implements Reservers.Effects {
        @Override
        public void reserved(ReservationSide side, PgId pg, long token) {
            inTurn(toShard, "reserved " + side, () -> shard.onReserved(side, pg, token, OsdNode.this));
        }

        @Override
        public void preempted(ReservationSide side, PgId pg, long token) {
            node.count("osd: a reservation is preempted");
            inTurn(toShard, "preempted " + side, () -> shard.onPreempted(side, pg, token, OsdNode.this));
        }
    }

    /** The turns that placement groups have at this OSD. */
    Reservers reservers() {
        return reservers;
    }

    @Override
    public void resume(PgId pg) {
        throw new AssertionError("nothing was refused");
    }

    @Override
    public void send(int to, PeerMessage message) {
        node.send(name(to), message.getClass().getSimpleName(), new Envelope.Peer(message).encode());
    }

    @Override
    public void reply(long session, OsdMessage.ToClient reply) {
        checks.onReply(node, reply);
        node.send(ClientNode.name(session), "reply", new Envelope.Request(reply).encode());
    }

    @Override
    public void read(PgId pg, long token, Runnable task) {
        later(maxReadMicros, "read " + pg, () -> {
            RuntimeException failure = null;
            try {
                task.run();
            } catch (RuntimeException thrown) {
                failure = thrown;
            }
            RuntimeException result = failure;
            later(500, "has read " + pg, () -> shard.onRead(pg, token, result, node.nowMillis(), this));
        });
    }

    @Override
    public void damaged(PgId pg, ChecksumException damage) {
        checks.onDamage(node, damage);
    }

    /** Has a placement group compared; false when this OSD does not begin that now. */
    boolean scrub(PgId pg, ScrubKind kind) {
        boolean[] begins = new boolean[1];
        if (shard != null) {
            node.input(
                    "scrub " + pg,
                    Bytes.EMPTY,
                    () -> "",
                    () -> begins[0] = shard.scrub(pg, kind, this) == OsdMessage.ScrubStart.BEGINS);
        }
        return begins[0];
    }

    @Override
    public void scrubbed(PgId pg, ScrubResult result) {
        checks.onScrubbed(node, pg, result);
    }

    @Override
    public void classFailed(PgId pg, ClassFailedException failure) {
        throw new AssertionError("the class has no fault", failure);
    }

    @Override
    public long wallMillis() {
        return node.wallMillis();
    }

    @Override
    public long nowMillis() {
        return node.nowMillis();
    }

    @Override
    public void wantUpThru(int epoch) {
        wantedUpThru = Math.max(wantedUpThru, epoch);
        tell("UpThru", new Envelope.UpThru(wantedUpThru));
    }

    @Override
    public void wantPgTemp(PgId pg, List<Integer> osds) {
        wantedPgTemps.put(pg, osds);
        tell("PgTemp", new Envelope.PgTemp(pg.seed(), osds));
    }

    @Override
    public void wantMap(int epoch) {
        if (epoch >= maps.epoch()) {
            want(false);
        }
    }

    @Override
    public void count(String event) {
        node.count(event);
    }
}

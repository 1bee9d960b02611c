package io.roost.cluster.osd;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.BlockPool;
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
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreConfig;
import io.roost.cluster.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One life of an OSD: its shard over the real store on the node's disk. Commits take some of what waits, reads end in any
 * order, and the shard is told of both later, as it is by the daemon's threads.
 */
final class OsdNode implements SimProcess, OsdEffects, OsdMapLink.Listener, HearsBreaks {
    private static final TimerId TICK = new TimerId("tick");
    /** Sessions of clients with one that has begun to be another for them are others. */
    private static final long SESSIONS = 1_000;

    private static final long TICK_MILLIS = 500;
    private static final int MAX_COMMIT_MICROS = 6_000;

    private final SimNode node;
    private final OsdChecks checks;
    private final SplittableRandom random;
    private final ObjectStore store;
    private final PgLog.Limits limits;
    private final int osd;
    private final int maxReadMicros;
    private final OsdMapLink link;
    private final List<Runnable> early = new ArrayList<>();
    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private final ArrayDeque<Runnable> toReservers = new ArrayDeque<>();
    private final ArrayDeque<Runnable> toShard = new ArrayDeque<>();
    private final Reservers reservers = new Reservers(new Turns());
    private boolean committing;
    private OsdShard shard;

    private record Queued(PgId pg, long number, StoreTransaction transaction, ObjectStore.Coming coming) {}

    /** One whose maps an authority makes. */
    OsdNode(
            SimNode node,
            int osd,
            MemoryBlockFiles files,
            int keptEpochs,
            int maxReadMicros,
            PgLog.Limits limits,
            OsdChecks checks) {
        this(
                node,
                osd,
                files,
                (listener, life, space) -> new AuthorityLink(node, osd, life, keptEpochs, listener),
                maxReadMicros,
                limits,
                checks);
    }

    /** One with this link to whoever makes the maps. */
    OsdNode(
            SimNode node,
            int osd,
            MemoryBlockFiles files,
            OsdMapLink.Maker maker,
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
        int life = 1 + random.nextInt(Integer.MAX_VALUE - 1);
        store = ObjectStore.open(
                StoreConfig.DEFAULT.withInline(512).withCapacity(64 << 20), node.keyValue(), files, new BlockPool(8));
        link = maker.of(this, life, store::space);
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
        link.start();
        tick();
    }

    private void tick() {
        link.onTick();
        if (shard != null && link.isServing()) {
            shard.onTick(node.nowMillis(), this);
            link.onReport(report());
            checks.checkQueries(node);
        }
        node.setTimer(TICK, TICK_MILLIS);
    }

    @Override
    public PgReport report() {
        return shard == null ? null : shard.report(node.nowMillis());
    }

    @Override
    public void onMap(OsdMap map, boolean isOfThisLife) {
        if (shard != null) {
            shard.onMap(map, node.nowMillis(), this);
        } else if (isOfThisLife) {
            shard = new OsdShard(
                    osd,
                    new ClassRegistry(List.of(Registers.CLASS, WrittenOnce.CLASS)),
                    store,
                    limits,
                    pg -> true,
                    link.history(),
                    map);
            shard.setScrubTimes(checks.scrubTimes());
            shard.start(link.actedOn(), this);
            early.forEach(Runnable::run);
            early.clear();
        }
    }

    @Override
    public void onTimer(TimerId timer) {
        tick();
    }

    @Override
    public void onUnreachable(String peer, long dialledMillis) {
        link.onUnreachable(peer, dialledMillis);
    }

    @Override
    public void onMessage(String from, Bytes message) {
        onMessage(from, Envelope.decode(message));
    }

    /** What concerns maps is the link's, which gives back what is meant for this life. */
    @Override
    public void onMessage(String from, Envelope envelope) {
        if (envelope instanceof Envelope.Request request) {
            OsdMessage.ToPrimary message = (OsdMessage.ToPrimary) request.message();
            link.gossip(from, message.mapEpoch());
            long session = Long.parseLong(from.substring("client.".length())) + SESSIONS * link.rebirths();
            inShard(() -> shard.onMessage(session, message, node.nowMillis(), this));
        } else if (envelope instanceof Envelope.Peer peer) {
            link.gossip(from, peer.message().mapEpoch());
            inShard(() -> shard.onPeerMessage(number(from), peer.message(), node.nowMillis(), this));
        } else if (envelope instanceof Envelope.Maps newer) {
            link.onMaps(newer.maps());
        } else {
            link.onMessage(from, envelope);
        }
    }

    /** Others know by the map that this life is up before it does itself. */
    private void inShard(Runnable input) {
        if (shard == null) {
            early.add(input);
        } else {
            input.run();
        }
    }

    @Override
    public void onReset(String peer) {
        link.onReset(peer);
        if (shard != null && peer.startsWith("osd.")) {
            shard.onPeerReset(number(peer), this);
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
        queue.addLast(new Queued(pg, number, transaction, store.coming(transaction)));
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
        group.forEach(queued -> store.came(queued.coming()));
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

    /** Where its maps come from. */
    OsdMapLink link() {
        return link;
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
        link.send(to, message.getClass().getSimpleName(), new Envelope.Peer(message));
    }

    @Override
    public void reply(long session, OsdMessage.ToClient reply) {
        checks.onReply(node, reply);
        if (session / SESSIONS == link.rebirths()) {
            node.send(ClientNode.name(session % SESSIONS), "reply", new Envelope.Request(reply).encode());
        }
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
        link.wantUpThru(epoch);
    }

    @Override
    public void wantPgTemp(PgId pg, List<Integer> osds) {
        link.wantPgTemp(pg, osds, shard.map());
    }

    @Override
    public void wantMap(int epoch) {
        link.wantMap(epoch);
    }

    @Override
    public void count(String event) {
        node.count(event);
    }
}

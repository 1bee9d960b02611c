package io.roost.cluster.osd;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.pg.ClassFailedException;
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
final class OsdNode implements SimProcess, OsdEffects {
    private static final TimerId TICK = new TimerId("tick");
    private static final long TICK_MILLIS = 500;
    private static final int MAX_COMMIT_MICROS = 6_000;
    private static final int MAX_READ_MICROS = 4_000;

    private final SimNode node;
    private final OsdChecks checks;
    private final SplittableRandom random;
    private final ObjectStore store;
    private final OsdShard shard;
    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private boolean committing;

    private record Queued(PgId pg, long number, StoreTransaction transaction) {}

    OsdNode(SimNode node, int osd, MemoryBlockFiles files, OsdMap map, PgLog.Limits limits, OsdChecks checks) {
        this.node = node;
        this.checks = checks;
        random = node.cluster()
                .simulation()
                .random("osd " + osd + " " + node.cluster().simulation().nowMicros());
        store = ObjectStore.open(
                StoreConfig.DEFAULT.withInline(512).withCapacity(64 << 20), node.keyValue(), files, new BlockPool(8));
        shard = new OsdShard(osd, new ClassRegistry(List.of(Registers.CLASS)), store, limits, map);
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
        wantMap(shard.map().epoch());
        shard.onTick(node.nowMillis(), this);
        node.setTimer(TICK, TICK_MILLIS);
    }

    @Override
    public void onTimer(TimerId timer) {
        tick();
    }

    @Override
    public void onMessage(String from, Bytes message) {
        Envelope envelope = Envelope.decode(message);
        if (envelope instanceof Envelope.Request request) {
            long session = Long.parseLong(from.substring("client.".length()));
            shard.onMessage(session, (OsdMessage.ToPrimary) request.message(), node.nowMillis(), this);
        } else if (envelope instanceof Envelope.Peer peer) {
            shard.onPeerMessage(number(from), peer.message(), node.nowMillis(), this);
        } else if (envelope instanceof Envelope.Map map) {
            shard.onMap(map.map(), node.nowMillis(), this);
        }
    }

    /** What was said to an OSD may be lost. */
    void onReset(int peer) {
        shard.onPeerReset(peer, this);
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
        later(MAX_READ_MICROS, "read " + pg, () -> {
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
        throw new AssertionError("nothing is damaged", damage);
    }

    @Override
    public void classFailed(PgId pg, ClassFailedException failure) {
        throw new AssertionError("the class has no fault", failure);
    }

    @Override
    public void wantMap(int epoch) {
        node.send(MapAuthority.NAME, "Want", new Envelope.Want(epoch).encode());
    }

    @Override
    public void count(String event) {
        node.count(event);
    }
}

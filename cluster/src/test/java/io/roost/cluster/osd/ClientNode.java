package io.roost.cluster.osd;

import io.roost.cluster.client.Objecter;
import io.roost.cluster.client.OsdMapChain;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ReadFrom;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.sim.RegisterService;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.SimProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** A client of the cluster: its objecter over the simulated network. */
final class ClientNode implements SimProcess, RegisterService, Objecter.Effects, HearsBreaks {
    private static final TimerId TICK = new TimerId("tick");
    private static final long TICK_MILLIS = 250;
    static final long DEADLINE_MILLIS = 60_000;
    private static final String GONE = "gone";

    private final SimNode node;
    private final Objecter objecter;
    private final MapLink link;
    private final List<Long> pools;
    private final Map<Long, Asked> asked = new HashMap<>();
    private long nextTid = 1;

    /** Makes the link of a life that begins. */
    interface LinkMaker {
        /** The link. */
        MapLink of(ClientNode client, OsdMap first);
    }

    /** One whose maps an authority makes. */
    ClientNode(SimNode node, int number, int incarnation, OsdMap map) {
        this(node, number, incarnation, map, osd -> false);
    }

    /**
     * The same with OSDs that it asks first.
     *
     * @param isNear which they are
     */
    ClientNode(SimNode node, int number, int incarnation, OsdMap map, IntPredicate isNear) {
        this(node, number, incarnation, map, isNear, List.of(OsdWorld.POOL), Authority::new);
    }

    /**
     * One with this link to whoever makes the maps.
     *
     * @param isNear which OSDs it asks first
     * @param pools that registers are spread over
     */
    ClientNode(
            SimNode node,
            int number,
            int incarnation,
            OsdMap map,
            IntPredicate isNear,
            List<Long> pools,
            LinkMaker maker) {
        this.node = node;
        this.pools = List.copyOf(pools);
        this.objecter = new Objecter(number, incarnation, map, isNear);
        this.link = maker.of(this, map);
    }

    SimNode node() {
        return node;
    }

    void onMap(OsdMap map) {
        objecter.onMap(map, node.nowMillis(), this);
    }

    static String name(long session) {
        return "client." + session;
    }

    /** True when it waits for no answer: also not to what a client has given up. */
    boolean isIdle() {
        return asked.isEmpty();
    }

    private record Asked(
            Locator locator,
            String className,
            String method,
            Bytes parameters,
            Data data,
            ReadFrom readFrom,
            Reply reply)
            implements Objecter.Request {
        @Override
        public long pool() {
            return locator.pool();
        }

        @Override
        public PgId pg(OsdMap map) {
            return map.pgOf(locator);
        }

        @Override
        public OsdMessage.Operation message(
                RequestId id, int mapEpoch, PgId pg, ObjectVersion knownVersion, int attempt) {
            return new OsdMessage.Operation(
                    id, mapEpoch, pg, locator, className, method, parameters, data, knownVersion, attempt);
        }

        @Override
        public OsdMessage.ToPrimary toReplica(RequestId id, int mapEpoch, PgId pg) {
            return readFrom == ReadFrom.PRIMARY
                    ? null
                    : message(id, mapEpoch, pg, ObjectVersion.NONE, 0).forReplica();
        }

        /** What the one who asked is told. */
        String value(OsdMessage.OperationReply answer) {
            if (className.equals(WrittenOnce.NAME)) {
                return method.equals("read") ? WrittenOnce.value(locator.key().utf8(), answer) : null;
            }
            return switch (method) {
                case "read", "list" -> Registers.value(answer.output().utf8(), answer.data());
                case "find" ->
                    answer.output().isEmpty() ? null : answer.output().utf8();
                case "body" ->
                    answer.status() == 0 ? Registers.value(answer.output().utf8(), answer.data()) : GONE;
                default -> null;
            };
        }
    }

    private long poolOf(String register) {
        return pools.get(Math.floorMod(register.hashCode(), pools.size()));
    }

    private void ask(String register, String method, Bytes parameters, Data data, Reply reply) {
        // Now and then for a replica, which does not do it: only the class says what a replica may answer.
        ReadFrom readFrom = nextTid % 5 == 0 ? ReadFrom.REPLICA : ReadFrom.PRIMARY;
        Locator locator = new Locator(poolOf(register), Bytes.utf8(register));
        ask(new Asked(locator, "registers", method, parameters, data, readFrom, reply));
    }

    private void askOnce(String key, String method, Data data, ReadFrom readFrom, Reply reply) {
        Locator locator = new Locator(poolOf(key), Bytes.utf8(key));
        ask(new Asked(locator, WrittenOnce.NAME, method, Bytes.EMPTY, data, readFrom, reply));
    }

    /** Writes a key of {@link WrittenOnce}. */
    void createOnce(String key, Reply reply) {
        askOnce(key, "create", Registers.body(key), ReadFrom.PRIMARY, reply);
    }

    /** Removes it. */
    void removeOnce(String key, Reply reply) {
        askOnce(key, "remove", Data.EMPTY, ReadFrom.PRIMARY, reply);
    }

    /** Reads it, through a near replica if there is one; the answer is the key, or null when it is not there. */
    void readOnce(String key, Reply reply) {
        askOnce(key, "read", Data.EMPTY, ReadFrom.REPLICA, reply);
    }

    private void ask(Asked request) {
        long tid = nextTid++;
        asked.put(tid, request);
        objecter.onRequest(tid, request, node.nowMillis() + DEADLINE_MILLIS, node.nowMillis(), this);
    }

    @Override
    public void read(String register, Reply reply) {
        if (nextTid % 3 == 0) {
            ask(register, "find", Bytes.EMPTY, Data.EMPTY, new Found(register, reply));
        } else {
            ask(register, nextTid % 2 == 0 ? "read" : "list", Bytes.EMPTY, Data.EMPTY, reply);
        }
    }

    /** The second step of a read: the body of the version that was found, through a near replica if there is one. */
    private final class Found implements Reply {
        private final String register;
        private final Reply reply;

        Found(String register, Reply reply) {
            this.register = register;
            this.reply = reply;
        }

        @Override
        public void done(String found) {
            if (found == null) {
                reply.done(null);
                return;
            }
            int space = found.indexOf(' ');
            Locator locator = new Locator(poolOf(register), Bytes.utf8(register));
            Bytes version = Bytes.utf8(found.substring(space + 1));
            Reply second = new Body(register, found.substring(0, space), reply);
            ask(new Asked(locator, "registers", "body", version, Data.EMPTY, ReadFrom.REPLICA, second));
        }

        @Override
        public void refused() {
            reply.refused();
        }
    }

    private final class Body implements Reply {
        private final String register;
        private final String found;
        private final Reply reply;

        Body(String register, String found, Reply reply) {
            this.register = register;
            this.found = found;
            this.reply = reply;
        }

        @Override
        public void done(String value) {
            if (value.equals(GONE)) {
                node.count("client: the version that was found is gone");
                ask(register, "read", Bytes.EMPTY, Data.EMPTY, reply);
            } else {
                reply.done(value.equals(found) ? value : found + " with the body of " + value);
            }
        }

        @Override
        public void refused() {
            reply.refused();
        }
    }

    @Override
    public void write(String register, String value, Reply reply) {
        if (value == null) {
            ask(register, "clear", Bytes.EMPTY, Data.EMPTY, reply);
        } else {
            ask(register, "write", Bytes.utf8(value), Registers.body(value), reply);
        }
    }

    @Override
    public void onStart() {
        link.start();
        tick();
    }

    private void tick() {
        link.onTick();
        objecter.onTick(node.nowMillis(), this);
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
            objecter.onReply(OsdNode.number(from), (OsdMessage.ToClient) request.message(), node.nowMillis(), this);
        } else if (envelope instanceof Envelope.Maps newer) {
            link.onMaps(newer.maps());
        } else {
            link.onMessage(from, envelope);
        }
    }

    @Override
    public void onUnreachable(String peer, long dialledMillis) {
        link.onUnreachable(peer, dialledMillis);
    }

    @Override
    public void onReset(String peer) {
        link.onReset(peer);
        if (peer.startsWith("osd.")) {
            objecter.onReset(OsdNode.number(peer), node.nowMillis(), this);
        }
    }

    @Override
    public void send(int osd, OsdMessage.ToPrimary message) {
        link.send(osd, "Operation", new Envelope.Request(message));
    }

    @Override
    public void complete(long tid, OsdMessage.ToClient reply) {
        Asked request = asked.remove(tid);
        if (reply instanceof OsdMessage.OperationReply answer) {
            request.reply().done(request.value(answer));
        } else if (reply instanceof OsdMessage.Refusal refusal) {
            fail(request, new ObjectException(refusal.error(), refusal.message()));
        }
    }

    @Override
    public void fail(long tid, ObjectException failure) {
        fail(asked.remove(tid), failure);
    }

    private void fail(Asked request, ObjectException failure) {
        node.count("client: " + failure.error());
        if (failure.error() == ObjectError.IO_ERROR) {
            throw new AssertionError("another OSD has what is damaged", failure);
        }
        if (!failure.error().isOutcomeUnknown()) {
            request.reply().refused();
        }
    }

    @Override
    public void wantMap(int epoch) {
        link.wantMap(epoch);
    }

    /** A client's link with the {@link MapAuthority}. */
    private static final class Authority implements MapLink {
        private final ClientNode client;
        private final OsdMapChain maps;

        Authority(ClientNode client, OsdMap first) {
            this.client = client;
            maps = new OsdMapChain(first.fsid(), Optional.of(first));
        }

        @Override
        public void start() {
            // With the first tick.
        }

        @Override
        public void onTick() {
            wantMap(maps.epoch());
        }

        @Override
        public void wantMap(int epoch) {
            if (epoch >= maps.epoch()) {
                want(false);
            }
        }

        private void want(boolean isWhole) {
            client.node().send(MapAuthority.NAME, "Want", new Envelope.Want(maps.epoch() + 1, isWhole).encode());
        }

        @Override
        public void onMaps(MonMessage.OsdMaps newer) {
            switch (maps.offer(newer, client::onMap)) {
                case TAKEN -> {
                    // More is asked for with the next tick.
                }
                case GAP -> want(false);
                case DAMAGED -> want(true);
            }
        }

        @Override
        public void onMessage(String from, Envelope message) {
            throw new AssertionError(message + " of " + from);
        }

        @Override
        public void onReset(String peer) {
            // It is asked again and again.
        }

        @Override
        public void onUnreachable(String peer, long dialledMillis) {
            // The authority notices who is gone.
        }

        @Override
        public void send(int osd, String what, Envelope message) {
            client.node().send(OsdNode.name(osd), what, message.encode());
        }
    }
}

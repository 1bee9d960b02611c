package io.roost.cluster.osd;

import io.roost.cluster.client.Objecter;
import io.roost.cluster.client.OsdMapChain;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.sim.RegisterService;
import io.roost.cluster.sim.SimNode;
import io.roost.cluster.sim.SimProcess;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A client of the cluster: its objecter over the simulated network. */
final class ClientNode implements SimProcess, RegisterService, Objecter.Effects {
    private static final TimerId TICK = new TimerId("tick");
    private static final long TICK_MILLIS = 250;
    static final long DEADLINE_MILLIS = 60_000;

    private final SimNode node;
    private final Objecter objecter;
    private final OsdMapChain maps;
    private final Map<Long, Asked> asked = new HashMap<>();
    private long nextTid = 1;

    ClientNode(SimNode node, int number, int incarnation, OsdMap map) {
        this.node = node;
        this.maps = new OsdMapChain(map.fsid(), Optional.of(map));
        this.objecter = new Objecter(number, incarnation, map);
    }

    static String name(long session) {
        return "client." + session;
    }

    /** True when it waits for no answer: also not to what a client has given up. */
    boolean isIdle() {
        return asked.isEmpty();
    }

    private record Asked(Locator locator, String method, Bytes parameters, Data data, Reply reply)
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
        public OsdMessage.ToPrimary message(
                RequestId id, int mapEpoch, PgId pg, ObjectVersion knownVersion, int attempt) {
            return new OsdMessage.Operation(
                    id, mapEpoch, pg, locator, "registers", method, parameters, data, knownVersion, attempt);
        }
    }

    private void ask(String register, String method, Bytes parameters, Data data, Reply reply) {
        long tid = nextTid++;
        Asked request = new Asked(new Locator(OsdWorld.POOL, Bytes.utf8(register)), method, parameters, data, reply);
        asked.put(tid, request);
        objecter.onRequest(tid, request, node.nowMillis() + DEADLINE_MILLIS, node.nowMillis(), this);
    }

    @Override
    public void read(String register, Reply reply) {
        ask(register, nextTid % 2 == 0 ? "read" : "list", Bytes.EMPTY, Data.EMPTY, reply);
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
        tick();
    }

    private void tick() {
        wantMap(objecter.map().epoch());
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
            objecter.onReply((OsdMessage.ToClient) request.message(), node.nowMillis(), this);
        } else if (envelope instanceof Envelope.Maps newer) {
            switch (maps.offer(newer.maps(), map -> objecter.onMap(map, node.nowMillis(), this))) {
                case TAKEN -> {
                    // More is asked for with the next tick.
                }
                case GAP -> want(false);
                case DAMAGED -> want(true);
            }
        }
    }

    /** A connection to an OSD, in one direction or the other, broke. */
    void onReset(int osd) {
        objecter.onReset(osd, node.nowMillis(), this);
    }

    @Override
    public void send(int osd, OsdMessage.ToPrimary message) {
        node.send(OsdNode.name(osd), "Operation", new Envelope.Request(message).encode());
    }

    @Override
    public void complete(long tid, OsdMessage.ToClient reply) {
        Asked request = asked.remove(tid);
        if (reply instanceof OsdMessage.OperationReply answer) {
            boolean isRead = request.method().equals("read") || request.method().equals("list");
            request.reply().done(isRead ? Registers.value(answer.output().utf8(), answer.data()) : null);
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
        if (epoch >= maps.epoch()) {
            want(false);
        }
    }

    private void want(boolean isWhole) {
        node.send(MapAuthority.NAME, "Want", new Envelope.Want(maps.epoch() + 1, isWhole).encode());
    }
}

package io.roost.objectstore.sim;

import io.roost.cluster.client.Lane;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.Pool;
import io.roost.cluster.map.SampleMaps;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.sim.SimDisk;
import io.roost.cluster.wire.OsdMessageCodec;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A cluster of one OSD and the connections of its clients. Messages of a connection keep their order; a connection may
 * stall for a while, and ends with the OSD's life. The OSD is down for a moment after every power loss; clients learn of
 * it by a map that shows it down, or only by their connections.
 */
final class SimCluster implements Lane.Transport, SimOsd.Peers {
    private static final int MAX_LATENCY_MILLIS = 3;

    /** Time in which all clients learn that the connection to the OSD has ended. */
    static final int NOTICE_MILLIS = MAX_LATENCY_MILLIS + 1;

    /**
     * How the network behaves.
     *
     * @param isBytes whether messages go through their bytes, else by reference
     * @param maxStallMillis how long a connection stalls at most, 0 for never
     * @param stallSeed decides before which messages connections stall often
     */
    record Network(boolean isBytes, int maxStallMillis, int stallSeed) {
        /** One of so many methods is stalled often: trouble comes in the same place again and again. */
        private static final int OFTEN = 4;

        /** Classes whose calls change something that others wait for. */
        private static final Set<String> WRITING = Set.of("object", "multipart", "intent", "stripe", "garbage");

        /** So many times in a run: with more, nothing would go well any more. */
        private static final int MAX_STALLS = 10;

        /** How often a connection stalls before a message, in thousandths. */
        private int stallPermille(OsdMessage message) {
            if (maxStallMillis == 0) {
                return 0;
            }
            if (message instanceof OsdMessage.OperationReply) {
                return Math.floorMod(stallSeed, OFTEN) == 1 ? 3 : 0;
            }
            if (!(message instanceof OsdMessage.Operation operation) || !WRITING.contains(operation.className())) {
                return 0;
            }
            String method = operation.className() + "." + operation.method();
            return Math.floorMod(method.hashCode() ^ stallSeed, OFTEN) == 0 ? 60 : 3;
        }
    }

    /** A client's connection to the OSD. */
    private static final class Connection {
        final Lane lane;
        Life life;
        long toOsdMillis;
        long toClientMillis;

        Connection(Lane lane) {
            this.lane = lane;
        }
    }

    private final Scheduler scheduler;
    private final SimDisk disk;
    private final SimOsd.Setup setup;
    private final Network network;
    private final List<String> violations;
    private final StripesUnderWay stripes;
    private final TreeMap<Long, Connection> connections = new TreeMap<>();
    private OsdMap map;
    private SimOsd osd;
    private int lives;
    private boolean isCalm;
    private int stalls;

    SimCluster(
            Scheduler scheduler,
            SimDisk disk,
            SimOsd.Setup setup,
            Network network,
            int pgNum,
            Marks marks,
            List<String> violations) {
        this.stripes = new StripesUnderWay(marks, violations);
        this.scheduler = scheduler;
        this.disk = disk;
        this.setup = setup;
        this.network = network;
        this.violations = violations;
        this.map = SampleMaps.of("single1", pool(1, "system", Math.max(1, pgNum / 2)), pool(2, "data", pgNum));
    }

    private static Pool pool(long id, String name, int pgNum) {
        return new Pool(id, name, Pool.Type.REPLICATED, 1, 1, pgNum, pgNum, 0, Set.of(Pool.Flag.HASHPSPOOL), 1);
    }

    OsdMap map() {
        return map;
    }

    /** The running OSD, null while it is down. */
    SimOsd osd() {
        return osd;
    }

    /** Power on: the OSD opens its disk and takes connections; the power may be lost again meanwhile. */
    void start() {
        OsdInfo info = map.osd(SimOsd.OSD);
        NodeAddress address = new NodeAddress("127.0.0.1", 9500, ++lives);
        int epoch = map.epoch() + 1;
        map = SampleMaps.next(
                map, new OsdMapChange.PutOsd(info.up(epoch, new UUID(7, 0), address, address, new TreeMap<>())));
        osd = new SimOsd(scheduler, setup, this, new Life("osd life " + lives), map);
        connections.forEach((session, connection) -> {
            open(session, connection);
            OsdMap now = map;
            scheduler.after(latency(), connection.life, "map " + now.epoch(), () -> {
                connection.lane.onMap(now);
                connection.lane.onReset(SimOsd.OSD);
            });
        });
    }

    /** Power off, and what became of the disk's unsynced writes. */
    void losePower() {
        if (osd != null) {
            osd.life().end();
            osd = null;
        }
        connections.forEach((session, connection) -> {
            connection.life.end();
            scheduler.after(latency(), new Life("end of session " + session), "connection lost", () -> {
                if (connections.get(session) == connection) {
                    connection.lane.onReset(SimOsd.OSD);
                }
            });
        });
        disk.restart();
        if (scheduler.random().nextBoolean()) {
            map = SampleMaps.next(
                    map, new OsdMapChange.PutOsd(map.osd(SimOsd.OSD).down(map.epoch() + 1)));
            OsdMap now = map;
            Life down = new Life("map " + now.epoch());
            connections
                    .values()
                    .forEach(connection ->
                            scheduler.after(latency(), down, "osd is down", () -> connection.lane.onMap(now)));
        }
    }

    /** Connects a client. */
    void connect(Lane lane) {
        Connection connection = new Connection(lane);
        connections.put((long) lane.number(), connection);
        open(lane.number(), connection);
    }

    private void open(long session, Connection connection) {
        connection.life = new Life("session " + session);
        connection.toOsdMillis = 0;
        connection.toClientMillis = 0;
        if (osd == null) {
            connection.life.end();
        }
    }

    /** A client's process has ended; what it has sent may still arrive. */
    void disconnect(Lane lane) {
        Connection connection = connections.remove((long) lane.number());
        if (!connection.life.isEnded()) {
            arrive(connection, 0, "closed", receiver -> receiver.onSessionClosed(lane.number()));
        }
    }

    /** Lets something arrive at the OSD after what was sent before, if that OSD is still running then. */
    private void arrive(Connection connection, long latency, String what, Consumer<SimOsd> arrival) {
        SimOsd receiver = osd;
        connection.toOsdMillis = Math.max(connection.toOsdMillis, scheduler.nowMillis() + latency);
        scheduler.after(
                connection.toOsdMillis - scheduler.nowMillis(),
                receiver.life(),
                connection.life + ": " + what,
                () -> arrival.accept(receiver));
    }

    /** From now on connections do not stall, or do so again. */
    void calm(boolean calm) {
        isCalm = calm;
    }

    /** Time has passed. */
    void tick() {
        if (osd != null) {
            osd.onTick();
        }
    }

    private long latency() {
        return scheduler.random().nextInt(MAX_LATENCY_MILLIS + 1);
    }

    private long latency(OsdMessage message) {
        Random random = scheduler.random();
        boolean isStalled =
                !isCalm && stalls < Network.MAX_STALLS && random.nextInt(1000) < network.stallPermille(message);
        stalls += isStalled ? 1 : 0;
        return isStalled ? random.nextInt(network.maxStallMillis()) : latency();
    }

    @Override
    public void send(Lane from, int target, OsdMessage.ToPrimary message) {
        long session = from.number();
        Connection connection = connections.get(session);
        if (connection == null || connection.life.isEnded()) {
            return;
        }
        stripes.onSent(message);
        OsdMessage.ToPrimary sent = network.isBytes() ? (OsdMessage.ToPrimary) copy(message) : message;
        arrive(connection, latency(sent), name(sent), receiver -> receiver.onMessage(session, sent));
    }

    @Override
    public void reply(long session, OsdMessage.ToClient message) {
        Connection connection = connections.get(session);
        if (connection == null || connection.life.isEnded()) {
            if (message instanceof OsdMessage.OperationReply reply) {
                reply.data().release();
            }
            return;
        }
        OsdMessage.ToClient sent = network.isBytes() ? (OsdMessage.ToClient) copy(message) : message;
        if (sent != message && message instanceof OsdMessage.OperationReply reply) {
            reply.data().release();
        }
        connection.toClientMillis = Math.max(connection.toClientMillis, scheduler.nowMillis() + latency(sent));
        scheduler.after(
                connection.toClientMillis - scheduler.nowMillis(),
                connection.life,
                name(sent),
                () -> receive(session, connection, sent));
    }

    private void receive(long session, Connection connection, OsdMessage.ToClient message) {
        if (connections.get(session) == connection) {
            stripes.onAnswered(message);
            connection.lane.onMessage(SimOsd.OSD, message);
        }
    }

    private static OsdMessage copy(OsdMessage message) {
        return OsdMessageCodec.decode(OsdMessageCodec.encode(message));
    }

    private static String name(OsdMessage message) {
        if (message instanceof OsdMessage.Operation operation) {
            return operation.className() + "." + operation.method() + " "
                    + operation.request().tid() + " attempt " + operation.attempt();
        }
        if (message instanceof OsdMessage.OperationReply reply) {
            return "reply " + reply.request().tid() + " status " + reply.status();
        }
        return message.getClass().getSimpleName();
    }

    @Override
    public void wantMap(Lane lane, int epoch) {
        Connection connection = connections.get((long) lane.number());
        if (connection != null && map.epoch() > epoch) {
            OsdMap now = map;
            scheduler.after(latency(), new Life("monitor"), "map " + now.epoch(), () -> connection.lane.onMap(now));
        }
    }

    @Override
    public void wantMap() {
        SimOsd running = osd;
        OsdMap now = map;
        scheduler.after(latency(), running.life(), "map " + now.epoch(), () -> running.onMap(now));
    }

    @Override
    public void isBroken(String what) {
        violations.add(what);
    }
}

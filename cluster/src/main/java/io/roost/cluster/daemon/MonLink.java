package io.roost.cluster.daemon;

import io.roost.cluster.client.MonClient;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.Message;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.net.CloseCause;
import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.transport.Attachment;
import io.roost.cluster.transport.Session;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Runs a {@link MonClient} on an event loop, in sessions of the entity that it belongs to, which passes on what concerns
 * monitors. For any thread; the listener is called on the event loop.
 */
final class MonLink {
    /** What it is for. */
    interface Listener {
        /** A monitor answers: what was told to the last may have been lost. */
        void onSession();

        /** A newer map; every epoch that came, in order. */
        void onOsdMap(OsdMap map);

        /** A newer map. */
        void onMonMap(MonMap map);

        /** Newer settings. */
        void onConfig(ClusterConfig config);

        /** The monitors refuse to mark the OSD up. */
        void onBootRefused(MonMessage.OsdBootRefused refused);
    }

    private static final long TICK_MILLIS = 250;

    /** How long a command may take: an election, and then some. */
    private static final long COMMAND_SECONDS = 30;

    private final Context context;
    private final MonClient machine;
    private final Listener listener;
    private final Effects effects = new Effects();
    private final Map<String, Session> sessions = new HashMap<>();
    private final Map<Long, Promise<MonMessage.FromMonitor>> promises = new HashMap<>();
    /** Session → epoch up to which the peer was sent maps. */
    private final Map<Long, Integer> told = new ConcurrentHashMap<>();

    private volatile OsdMap newestOsdMap;
    private Attachment attachment;
    private long nextTid = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE / 2);
    private long timer = -1;

    /**
     * A link that does not run yet.
     *
     * @param context of its event loop, which is number 0 of the transport's
     */
    MonLink(Context context, MonClient machine, Listener listener) {
        this.context = context;
        this.machine = machine;
        this.newestOsdMap = machine.osdMaps().map().orElse(null);
        this.listener = listener;
    }

    /** Begins to look for a monitor, in sessions of this entity. */
    void start(Attachment entity) {
        execute(() -> {
            attachment = entity;
            timer = context.owner().setPeriodic(TICK_MILLIS, id -> machine.onTick(nowMillis(), effects));
            machine.start(nowMillis(), effects);
        });
    }

    /** The entity has begun another life: the sessions of the last one end. */
    void moveTo(Attachment entity) {
        execute(() -> attachment = entity);
    }

    /** Ends; requests without an answer fail. */
    void stop() {
        execute(() -> {
            context.owner().cancelTimer(timer);
            List.copyOf(promises.values()).forEach(promise -> promise.tryFail("the client stops"));
        });
    }

    /** Never nested: within a process a monitor's answer comes while the question is being sent. */
    private void execute(Runnable input) {
        context.runOnContext(v -> input.run());
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** A monitor keeps its address and has no lives, whatever the maps of early versions say. */
    static Target target(MonMap.Monitor monitor) {
        NodeAddress address =
                new NodeAddress(monitor.address().host(), monitor.address().port(), 0);
        return new Target(EntityName.mon(monitor.name()), address);
    }

    /** True when a session is one with a monitor. */
    static boolean concerns(Session session) {
        return session.peer().name().kind() == EntityName.Kind.MON;
    }

    /** A session with a monitor stands. */
    void onOpened(Session session) {
        ifCurrent(session, name -> machine.onOpened(name, effects));
    }

    /** A monitor's message. */
    void onMessage(Session session, Message message) {
        if (!(message instanceof MonMessage.FromMonitor fromMonitor)) {
            throw new MalformedBytesException(
                    "no message of a monitor: " + message.getClass().getSimpleName());
        }
        ifCurrent(session, name -> machine.onMessage(name, fromMonitor, nowMillis(), effects));
    }

    /** A session with a monitor has ended. */
    void onClosed(Session session, CloseCause cause) {
        ifCurrent(session, name -> {
            sessions.remove(name);
            machine.onClosed(name, nowMillis(), effects);
        });
    }

    private interface Input {
        void from(String monitor);
    }

    private void ifCurrent(Session session, Input input) {
        execute(() -> {
            String name = session.peer().name().id();
            Session present = sessions.get(name);
            if (present != null && present.number() == session.number()) {
                input.from(name);
            }
        });
    }

    /** Maps have come from a peer. */
    void onOsdMaps(MonMessage.OsdMaps maps) {
        execute(() -> machine.onOsdMaps(maps, effects));
    }

    /** Somebody knows this epoch of the OSD map. */
    void onNewerOsdMap(int epoch) {
        execute(() -> machine.onNewerOsdMap(epoch, effects));
    }

    /** Tells the monitors; lost while none answers. */
    void tell(MonMessage.ToMonitor message) {
        execute(() -> machine.onTold(message, effects));
    }

    /** As {@link MonClient#oldestOsdMapEpoch}; on its event loop. */
    int oldestOsdMapEpoch() {
        return machine.oldestOsdMapEpoch();
    }

    /** The newest OSD map, null before the first. */
    OsdMap newestOsdMap() {
        return newestOsdMap;
    }

    /**
     * A peer knows this epoch of the OSD map: it is sent what it lacks, once, or else we ask for what we lack. Within a
     * process everybody gets the maps anyway.
     */
    void gossip(Session peer, int epoch) {
        OsdMap newest = newestOsdMap;
        if (newest == null || epoch == newest.epoch() || peer.number() < 0) {
            return;
        }
        if (epoch > newest.epoch()) {
            onNewerOsdMap(epoch);
            return;
        }
        Integer before = told.put(peer.number(), newest.epoch());
        if (before == null || before < newest.epoch()) {
            execute(() -> machine.osdMaps().since(epoch).ifPresent(peer::send));
        }
    }

    /** A peer's session has ended. */
    void forget(Session peer) {
        told.remove(peer.number());
    }

    /** An id for a client that nobody has had before. */
    Future<Long> authenticate(EntityName entity) {
        return request(tid -> new MonMessage.Authenticate(tid, entity.toString()), promise -> {
                    // However long it takes: without monitors there is nothing to do.
                })
                .map(reply -> ((MonMessage.AuthenticateReply) reply).globalId());
    }

    /** Has a command carried out; fails when there is no answer in time, and then it may have been. */
    Future<MonMessage.CommandReply> command(MonCommand command) {
        return ask(tid -> new MonMessage.Command(tid, command)).map(MonMessage.CommandReply.class::cast);
    }

    /** What is not as it should be; fails when there is no answer in time. */
    Future<MonMessage.HealthReply> health() {
        return ask(MonMessage.GetHealth::new).map(MonMessage.HealthReply.class::cast);
    }

    /** How OSDs and placement groups are; fails when there is no answer in time. */
    Future<MonMessage.StatsReply> stats() {
        return ask(MonMessage.GetStats::new).map(MonMessage.StatsReply.class::cast);
    }

    private Future<MonMessage.FromMonitor> ask(Question question) {
        long millis = TimeUnit.SECONDS.toMillis(COMMAND_SECONDS);
        return request(
                question,
                promise -> context.owner()
                        .setTimer(
                                millis,
                                id -> promise.tryFail("the monitors have not answered in " + COMMAND_SECONDS + " s")));
    }

    private interface Question {
        MonMessage.ToMonitor of(long tid);
    }

    private interface Patience {
        void begin(Promise<MonMessage.FromMonitor> promise);
    }

    private Future<MonMessage.FromMonitor> request(Question question, Patience patience) {
        Promise<MonMessage.FromMonitor> promise = Promise.promise();
        execute(() -> {
            long tid = nextTid++;
            promises.put(tid, promise);
            promise.future().onComplete(ended -> {
                promises.remove(tid);
                machine.onForgotten(tid);
            });
            patience.begin(promise);
            machine.onRequest(tid, question.of(tid), nowMillis(), effects);
        });
        return promise.future();
    }

    private final class Effects implements MonClient.Effects {
        @Override
        public void connect(MonMap.Monitor monitor) {
            Target target = target(monitor);
            Session session = attachment.session(target, Channel.CONTROL, 0);
            sessions.put(monitor.name(), session);
            if (!session.isUsable()) {
                onClosed(session, CloseCause.UNREACHABLE);
            }
        }

        @Override
        public void disconnect(String monitor) {
            Session session = sessions.remove(monitor);
            if (session != null) {
                session.close();
            }
        }

        @Override
        public void send(String monitor, MonMessage.ToMonitor message) {
            Session session = sessions.get(monitor);
            if (session != null) {
                session.send(message);
            }
        }

        @Override
        public void onSession() {
            listener.onSession();
        }

        @Override
        public void onOsdMap(OsdMap map) {
            newestOsdMap = map;
            listener.onOsdMap(map);
        }

        @Override
        public void onMonMap(MonMap map) {
            listener.onMonMap(map);
        }

        @Override
        public void onConfig(ClusterConfig config) {
            listener.onConfig(config);
        }

        @Override
        public void onReply(MonMessage.FromMonitor reply) {
            if (reply instanceof MonMessage.OsdBootRefused refused) {
                listener.onBootRefused(refused);
            }
            Promise<MonMessage.FromMonitor> promise =
                    MonClient.tid(reply).map(promises::get).orElse(null);
            if (promise != null) {
                promise.tryComplete(reply);
            }
        }

        @Override
        public int random(int bound) {
            return ThreadLocalRandom.current().nextInt(bound);
        }
    }
}

package io.roost.cluster.daemon;

import io.roost.cluster.client.Lane;
import io.roost.cluster.client.MonClient;
import io.roost.cluster.client.Rados;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.HealthCheck;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.transport.Attachment;
import io.roost.cluster.transport.Transport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A client in its cluster: its sessions, the maps it follows, and lanes on every event loop. For any thread. */
public final class ClientNode {
    private static final long LANE_TICK_MILLIS = 500;
    private static final long LOOK_MILLIS = 20;

    /** A monitor that answers sends maps too. */
    private static final long KNOWN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Vertx vertx;
    private final List<Context> loops;
    private final EntityName name;
    private final Consumer<MonMap> onMonMap;
    private final MonLink monitors;
    private final ClientSessions sessions;
    private final Promise<OsdMap> firstMap = Promise.promise();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Long> timers = new ArrayList<>();
    private volatile MonMap monMap;
    private volatile Optional<ClusterConfig> config = Optional.empty();
    private volatile OsdMap map;
    private volatile Attachment attachment;
    private volatile Rados rados;

    /**
     * A client that is not connected.
     *
     * @param osds of this process
     * @param onMonMap is told where the monitors are, for the next start
     */
    ClientNode(
            Vertx vertx,
            List<Context> loops,
            EntityName name,
            List<Integer> osds,
            MonMap monitors,
            Consumer<MonMap> onMonMap) {
        this.vertx = vertx;
        this.loops = loops;
        this.name = name;
        this.onMonMap = onMonMap;
        this.monMap = monitors;
        this.monitors = new MonLink(
                loops.get(0), new MonClient(monitors, Optional.empty(), MonClient.FirstMap.NEWEST), new Listener());
        this.sessions = new ClientSessions(epoch -> this.monitors.onNewerOsdMap(epoch + 1), this.monitors, osds);
    }

    /** Looks for monitors; completes when it has an id and a map. */
    Future<Rados> start(Transport transport) {
        long life = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        attachment = transport.attach(new Entity(name, life), sessions);
        sessions.begin(attachment);
        monitors.start(attachment);
        return monitors.authenticate(name).compose(id -> firstMap.future().compose(first -> open(id, first)));
    }

    private Future<Rados> open(long id, OsdMap first) {
        List<Future<Void>> started = new ArrayList<>();
        synchronized (lanes) {
            for (int i = 0; i < loops.size(); i++) {
                Lane lane = new Lane(i, loops.get(i), id, i, first, sessions);
                lanes.add(lane);
                started.add(startTicking(lane));
            }
        }
        return Future.all(started).map(all -> {
            OsdMap newest = map;
            lanes.forEach(lane -> lane.context().runOnContext(v -> lane.onMap(newest)));
            rados = new Rados(lanes, Rados.DEFAULT_TIMEOUT);
            return rados;
        });
    }

    private Future<Void> startTicking(Lane lane) {
        Promise<Void> started = Promise.promise();
        lane.context().runOnContext(v -> {
            long timer = vertx.setPeriodic(LANE_TICK_MILLIS, id -> lane.onTick());
            synchronized (timers) {
                timers.add(timer);
            }
            started.complete();
        });
        return started.future();
    }

    /** The client's operations; null before it is connected. */
    public Rados rados() {
        return rados;
    }

    /** The newest OSD map, null before the first. */
    public OsdMap osdMap() {
        return map;
    }

    /** The newest monitor map, or the one it began with. */
    public MonMap monMap() {
        return monMap;
    }

    /** The cluster's settings, once they have come. */
    public Optional<ClusterConfig> config() {
        return config;
    }

    /**
     * Completes when it knows an epoch of the OSD map or a newer one, which is soon after a monitor has answered with that
     * epoch; or when it has not come in time.
     */
    public Future<Void> known(long epoch) {
        return known(() -> map.epoch() >= epoch, System.nanoTime() + KNOWN_NANOS);
    }

    /** The same of a version of the cluster's settings. */
    public Future<Void> knownConfig(long version) {
        return known(() -> config.isPresent() && config.get().version() >= version, System.nanoTime() + KNOWN_NANOS);
    }

    private Future<Void> known(BooleanSupplier isKnown, long untilNanos) {
        return isKnown.getAsBoolean() || System.nanoTime() - untilNanos >= 0
                ? Future.succeededFuture()
                : vertx.timer(LOOK_MILLIS, TimeUnit.MILLISECONDS).compose(passed -> known(isKnown, untilNanos));
    }

    /** Has a command carried out; fails when there is no answer in time, and then it may have been. */
    public Future<MonMessage.CommandReply> command(MonCommand command) {
        return monitors.command(command);
    }

    /** What is not as it should be, worst first; fails when the monitors do not answer in time. */
    public Future<List<HealthCheck>> health() {
        return monitors.health().map(MonMessage.HealthReply::checks);
    }

    /** How OSDs and placement groups are; fails when the monitors do not answer in time. */
    public Future<MonMessage.StatsReply> stats() {
        return monitors.stats();
    }

    /** Ends every request, and the sessions. */
    Future<Void> close() {
        synchronized (timers) {
            timers.forEach(vertx::cancelTimer);
        }
        Future<Void> closed = rados == null ? Future.succeededFuture() : rados.close();
        return closed.onComplete(v -> {
            monitors.stop();
            if (attachment != null) {
                attachment.detach();
            }
        });
    }

    private final class Listener implements MonLink.Listener {
        @Override
        public void onSession() {
            // Requests are sent again by the link.
        }

        @Override
        public void onOsdMap(OsdMap newer) {
            map = newer;
            firstMap.tryComplete(newer);
            synchronized (lanes) {
                lanes.forEach(lane -> lane.context().runOnContext(v -> lane.onMap(newer)));
            }
        }

        @Override
        public void onMonMap(MonMap newer) {
            monMap = newer;
            onMonMap.accept(newer);
        }

        @Override
        public void onConfig(ClusterConfig newer) {
            config = Optional.of(newer);
        }

        @Override
        public void onBootRefused(MonMessage.OsdBootRefused refused) {
            throw new IllegalStateException("a client does not boot: " + refused);
        }
    }
}

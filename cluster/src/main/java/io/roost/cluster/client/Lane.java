package io.roost.cluster.client;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.RequestId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A client's part on one event loop: an objecter, the promises of its requests, its watches. The transport and a timer
 * call the {@code on} methods on that event loop; the rest may be called from any thread.
 */
public final class Lane {
    /** Carries messages to OSDs and asks for maps; called on the lane's event loop. */
    public interface Transport {
        /** Sends to an OSD; what is lost is sent again by the objecter. */
        void send(Lane from, int osd, OsdMessage.ToPrimary message);

        /** Asks for maps newer than the given epoch; {@link Lane#onMap} follows. */
        void wantMap(Lane lane, int epoch);

        /** True when an OSD is in this process: what a replica may answer is asked there first. */
        default boolean isNear(int osd) {
            return false;
        }
    }

    /** Makes a caller's answer of a message. */
    interface Reply<T> {
        T of(OsdMessage.ToClient message);
    }

    private record Request<T>(Promise<T> promise, Reply<T> reply) {
        void complete(OsdMessage.ToClient message) {
            if (message instanceof OsdMessage.Refusal refusal) {
                promise.fail(new ObjectException(refusal.error(), refusal.message()));
            } else {
                promise.complete(reply.of(message));
            }
        }
    }

    private static final class Watching {
        final Locator locator;
        final Bytes name;
        final IoContext.Watcher watcher;
        /** True when the primary has it, or has been asked to. */
        boolean isSet;
        /** How often the primary was asked to: only the last answer counts. */
        int asked;
        /** True when the watcher was told that the watch holds. */
        boolean isHeld;

        Watching(Locator locator, Bytes name, IoContext.Watcher watcher) {
            this.locator = locator;
            this.name = name;
            this.watcher = watcher;
        }
    }

    private final int number;
    private final Context context;
    private volatile Thread thread;
    private final Objecter objecter;
    private final Transport transport;
    private final LongSupplier clock;
    private final Map<Long, Request<?>> requests = new HashMap<>();
    private final Map<Long, Watching> watches = new HashMap<>();
    private final Out out = new Out();
    private long nextTid = 1;
    private boolean closed;

    /**
     * A lane on a context's event loop.
     *
     * @param number of the lane, its session at an OSD of the same process
     * @param client global id, the same for all lanes
     * @param incarnation different for every lane
     */
    public Lane(int number, Context context, long client, int incarnation, OsdMap map, Transport transport) {
        this(number, context, client, incarnation, map, transport, () -> System.nanoTime() / 1_000_000);
    }

    /**
     * A lane with a clock of its own, for simulations.
     *
     * @param clock monotonic milliseconds
     */
    public Lane(
            int number,
            Context context,
            long client,
            int incarnation,
            OsdMap map,
            Transport transport,
            LongSupplier clock) {
        this.number = number;
        this.context = context;
        this.objecter = new Objecter(client, incarnation, map, transport::isNear);
        this.transport = transport;
        this.clock = clock;
        context.runOnContext(v -> thread = Thread.currentThread());
    }

    /** The lane's number. */
    public int number() {
        return number;
    }

    /** The context of the lane's event loop. */
    public Context context() {
        return context;
    }

    /** The newest map that it knows; on its event loop. */
    public OsdMap map() {
        return objecter.map();
    }

    /** True when a near replica of a locator is asked first for what a replica may answer; on its event loop. */
    boolean isReplicaNear(Locator locator) {
        OsdMap map = objecter.map();
        return map.pool(locator.pool()) != null && objecter.isReplicaNear(map.pgOf(locator));
    }

    /** Runs on the lane's event loop: at once when called there. */
    public void execute(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
        } else {
            context.runOnContext(v -> task.run());
        }
    }

    private long nowMillis() {
        return clock.getAsLong();
    }

    <T> void submit(Objecter.Request request, long timeoutMillis, Promise<T> promise, Reply<T> reply) {
        execute(() -> {
            if (closed) {
                promise.fail(new ObjectException(ObjectError.SHUT_DOWN, "the client stops"));
                return;
            }
            long tid = nextTid++;
            requests.put(tid, new Request<>(promise, reply));
            long now = nowMillis();
            objecter.onRequest(tid, request, now + timeoutMillis, now, out);
        });
    }

    Future<IoContext.Watch> watch(Locator locator, Bytes name, IoContext.Watcher watcher, long timeoutMillis) {
        Promise<IoContext.Watch> promise = Promise.promise();
        execute(() -> {
            long watch = nextTid++;
            Watching watching = new Watching(locator, name, watcher);
            watches.put(watch, watching);
            set(watch, watching, timeoutMillis).onComplete(result -> {
                if (result.succeeded()) {
                    promise.complete(() -> cancel(watch, timeoutMillis));
                } else {
                    watches.remove(watch);
                    promise.fail(result.cause());
                }
            });
        });
        return promise.future();
    }

    private Future<Void> set(long watch, Watching watching, long timeoutMillis) {
        Promise<Void> promise = Promise.promise();
        watching.isSet = true;
        int asked = ++watching.asked;
        WatchRequest request = new WatchRequest(watching.locator, watching.name, watch, WatchRequest.Kind.WATCH);
        submit(request, timeoutMillis, promise, m -> null);
        return promise.future().onSuccess(set -> {
            if (asked == watching.asked && watches.get(watch) == watching) {
                watching.isHeld = true;
                watching.watcher.onHeld();
            }
        });
    }

    /** Sets a watch up again that was set up before; when that fails, the next tick tries again. */
    private void setAgain(long watch, Watching watching) {
        if (watching.isHeld) {
            watching.isHeld = false;
            watching.watcher.onLost();
        }
        set(watch, watching, Rados.DEFAULT_TIMEOUT.toMillis()).onFailure(failure -> watching.isSet = false);
    }

    private Future<Void> cancel(long watch, long timeoutMillis) {
        Promise<Void> promise = Promise.promise();
        execute(() -> {
            Watching watching = watches.remove(watch);
            if (watching == null) {
                promise.complete();
                return;
            }
            WatchRequest request = new WatchRequest(watching.locator, watching.name, watch, WatchRequest.Kind.UNWATCH);
            submit(request, timeoutMillis, promise, m -> null);
        });
        return promise.future();
    }

    /** A message of an OSD has come. */
    public void onMessage(int osd, OsdMessage.ToClient message) {
        if (message instanceof OsdMessage.WatchNotify notification) {
            onNotification(osd, notification);
        } else {
            objecter.onReply(osd, message, nowMillis(), out);
        }
    }

    private void onNotification(int osd, OsdMessage.WatchNotify notification) {
        Watching watching = watches.get(notification.watch());
        try {
            if (watching != null) {
                watching.watcher.onNotification(notification.payload());
            }
        } catch (RuntimeException | Error thrown) {
            // The watcher's affair, as with futures: not that of the OSD, which in the same process delivers this.
            context.runOnContext(v -> {
                throw thrown;
            });
            return;
        }
        transport.send(
                this,
                osd,
                new OsdMessage.NotifyAck(
                        notification.request(),
                        objecter.map().epoch(),
                        notification.pg(),
                        notification.locator(),
                        notification.watch()));
    }

    /** A map has come; watches whose primary it changes are set up again. */
    public void onMap(OsdMap map) {
        OsdMap before = objecter.map();
        objecter.onMap(map, nowMillis(), out);
        Map.copyOf(watches).forEach((watch, watching) -> {
            boolean had = before.pool(watching.locator.pool()) != null;
            boolean has = map.pool(watching.locator.pool()) != null;
            if (had && has && !isSamePrimary(before, map, watching.locator)) {
                setAgain(watch, watching);
            }
        });
    }

    /** True when the primary is the same and was not down in between. */
    private static boolean isSamePrimary(OsdMap before, OsdMap map, Locator locator) {
        int primary = map.primary(map.pgOf(locator));
        return primary >= 0
                && primary == before.primary(before.pgOf(locator))
                && map.osd(primary).upFrom() == before.osd(primary).upFrom();
    }

    /** The connection to an OSD is lost, and with it the watches there. */
    public void onReset(int osd) {
        objecter.onReset(osd, nowMillis(), out);
        OsdMap map = objecter.map();
        Map.copyOf(watches).forEach((watch, watching) -> {
            boolean isThere =
                    map.pool(watching.locator.pool()) != null && map.primary(map.pgOf(watching.locator)) == osd;
            if (isThere) {
                setAgain(watch, watching);
            }
        });
    }

    /** Time has passed; at least once a second. */
    public void onTick() {
        objecter.onTick(nowMillis(), out);
        Map.copyOf(watches).forEach((watch, watching) -> {
            if (!watching.isSet) {
                setAgain(watch, watching);
            }
        });
    }

    Future<Void> close() {
        Promise<Void> promise = Promise.promise();
        execute(() -> {
            closed = true;
            objecter.onShutdown(out);
            promise.complete();
        });
        return promise.future();
    }

    private final class Out implements Objecter.Effects {
        @Override
        public void send(int osd, OsdMessage.ToPrimary message) {
            transport.send(Lane.this, osd, message);
        }

        @Override
        public void complete(long tid, OsdMessage.ToClient reply) {
            requests.remove(tid).complete(reply);
        }

        @Override
        public void fail(long tid, ObjectException failure) {
            requests.remove(tid).promise().fail(failure);
        }

        @Override
        public void wantMap(int epoch) {
            transport.wantMap(Lane.this, epoch);
        }
    }

    private record WatchRequest(Locator locator, Bytes name, long watch, Kind kind) implements Objecter.OfLocator {
        enum Kind {
            WATCH,
            UNWATCH
        }

        @Override
        public OsdMessage.ToPrimary message(
                RequestId id, int mapEpoch, PgId pg, ObjectVersion knownVersion, int attempt) {
            return kind == Kind.WATCH
                    ? new OsdMessage.Watch(id, mapEpoch, pg, locator, name, watch)
                    : new OsdMessage.Unwatch(id, mapEpoch, pg, locator, name, watch);
        }
    }
}

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
import java.util.function.Consumer;

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

    private record Watching(Locator locator, Bytes name, Consumer<Bytes> handler) {}

    private final int number;
    private final Context context;
    private volatile Thread thread;
    private final Objecter objecter;
    private final Transport transport;
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
        this.number = number;
        this.context = context;
        this.objecter = new Objecter(client, incarnation, map);
        this.transport = transport;
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

    OsdMap map() {
        return objecter.map();
    }

    /** Runs on the lane's event loop: at once when called there. */
    public void execute(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
        } else {
            context.runOnContext(v -> task.run());
        }
    }

    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
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

    Future<IoContext.Watch> watch(Locator locator, Bytes name, Consumer<Bytes> handler, long timeoutMillis) {
        Promise<IoContext.Watch> promise = Promise.promise();
        execute(() -> {
            long watch = nextTid++;
            watches.put(watch, new Watching(locator, name, handler));
            Promise<Void> held = Promise.promise();
            submit(new WatchRequest(locator, name, watch, WatchRequest.Kind.WATCH), timeoutMillis, held, m -> null);
            held.future().onComplete(result -> {
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

    private Future<Void> cancel(long watch, long timeoutMillis) {
        Promise<Void> promise = Promise.promise();
        execute(() -> {
            Watching watching = watches.remove(watch);
            if (watching == null) {
                promise.complete();
                return;
            }
            WatchRequest request =
                    new WatchRequest(watching.locator(), watching.name(), watch, WatchRequest.Kind.UNWATCH);
            submit(request, timeoutMillis, promise, m -> null);
        });
        return promise.future();
    }

    /** A message of an OSD has come. */
    public void onMessage(int osd, OsdMessage.ToClient message) {
        if (message instanceof OsdMessage.WatchNotify notification) {
            Watching watching = watches.get(notification.watch());
            if (watching != null) {
                watching.handler().accept(notification.payload());
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
            return;
        }
        objecter.onReply(message, nowMillis(), out);
    }

    /** A map has come; watches whose primary it changes are set up again. */
    public void onMap(OsdMap map) {
        OsdMap before = objecter.map();
        objecter.onMap(map, nowMillis(), out);
        watches.forEach((watch, watching) -> {
            boolean had = before.pool(watching.locator().pool()) != null;
            boolean has = map.pool(watching.locator().pool()) != null;
            if (had
                    && has
                    && before.primary(before.pgOf(watching.locator())) != map.primary(map.pgOf(watching.locator()))) {
                WatchRequest again =
                        new WatchRequest(watching.locator(), watching.name(), watch, WatchRequest.Kind.WATCH);
                submit(again, Rados.DEFAULT_TIMEOUT.toMillis(), Promise.promise(), m -> null);
            }
        });
    }

    /** The connection to an OSD is lost. */
    public void onReset(int osd) {
        objecter.onReset(osd, nowMillis(), out);
    }

    /** Time has passed; at least once a second. */
    public void onTick() {
        objecter.onTick(nowMillis(), out);
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

    private record WatchRequest(Locator locator, Bytes name, long watch, Kind kind) implements Objecter.Request {
        enum Kind {
            WATCH,
            UNWATCH
        }

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
            return kind == Kind.WATCH
                    ? new OsdMessage.Watch(id, mapEpoch, pg, locator, name, watch)
                    : new OsdMessage.Unwatch(id, mapEpoch, pg, locator, name, watch);
        }
    }
}

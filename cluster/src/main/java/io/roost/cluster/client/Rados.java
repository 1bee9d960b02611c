package io.roost.cluster.client;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PgQuery;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.object.ReadFrom;
import io.roost.cluster.object.RequestId;
import io.roost.cluster.object.ScrubKind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;

/**
 * A connection to a cluster, after librados' rados_t: pools by name, and their {@link IoContext}s. It has a lane, with an
 * objecter of its own, on every event loop; a call made on an event loop stays on its lane, any other goes to the first.
 * Safe for use from any thread.
 */
public final class Rados {
    /** How long a request may take before it fails with TIMED_OUT. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    /** A notification ends with the OSD's next tick after its timeout, and its answer has to come. */
    private static final long NOTIFY_GRACE_MILLIS = 3_000;

    private final List<Lane> lanes;
    // Of the instance: every connection has lanes of its own, and few connections are ever made.
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Lane> current = new ThreadLocal<>();

    /** A person waits, and is told why there is no answer. */
    private static final long QUERY_MILLIS = 5_000;

    private final long timeoutMillis;

    /**
     * A connection over lanes that are running.
     *
     * @param lanes one for each event loop, at least one
     * @param timeout of every request
     */
    public Rados(List<Lane> lanes, Duration timeout) {
        this.lanes = List.copyOf(lanes);
        this.timeoutMillis = timeout.toMillis();
        for (Lane lane : lanes) {
            lane.execute(() -> current.set(lane));
        }
    }

    private Lane lane() {
        Lane lane = current.get();
        return lane == null ? lanes.get(0) : lane;
    }

    /** The newest map that the calling lane knows. */
    public OsdMap map() {
        return lane().map();
    }

    /**
     * The pool of a name.
     *
     * @throws ObjectException NO_SUCH_POOL
     */
    public IoContext pool(String name) {
        var pool = map().pool(name);
        if (pool == null) {
            throw new ObjectException(ObjectError.NO_SUCH_POOL, "pool " + name);
        }
        return new Pool(pool.id());
    }

    /**
     * Has the primary of a placement group compare all its copies.
     *
     * @return how that begins; what it comes to shows in the states of the placement group and in the primary's log
     */
    public Future<OsdMessage.ScrubStart> scrub(PgId pg, ScrubKind kind) {
        return submit(new ScrubRequest(pg, kind), reply -> ((OsdMessage.ScrubReply) reply).start());
    }

    /**
     * How a placement group is, as its primary says.
     *
     * @return fails with TIMED_OUT when nobody leads it, or who does says nothing for {@value #QUERY_MILLIS} ms
     */
    public Future<PgQuery> query(PgId pg) {
        return submit(new QueryRequest(pg), QUERY_MILLIS, reply -> ((OsdMessage.PgQueried) reply).query());
    }

    /** Ends every request that has no answer, with SHUT_DOWN. */
    public Future<Void> close() {
        return Future.all(lanes.stream().map(Lane::close).toList()).mapEmpty();
    }

    private <T> Future<T> submit(Objecter.Request request, Lane.Reply<T> reply) {
        return submit(request, timeoutMillis, reply);
    }

    private <T> Future<T> submit(Objecter.Request request, long timeoutMillis, Lane.Reply<T> reply) {
        Lane lane = lane();
        Promise<T> promise = Promise.promise();
        lane.submit(request, timeoutMillis, promise, reply);
        return promise.future();
    }

    private final class Pool implements IoContext {
        private final long pool;

        Pool(long pool) {
            this.pool = pool;
        }

        @Override
        public long pool() {
            return pool;
        }

        @Override
        public int pgNum() {
            return map().pool(pool).pgNum();
        }

        @Override
        public int pgOf(Bytes locatorKey) {
            return map().pgOf(new Locator(pool, locatorKey)).seed();
        }

        @Override
        public int primaryOf(int pg) {
            return map().primary(new PgId(pool, pg));
        }

        @Override
        public boolean isReplicaNear(Bytes locatorKey) {
            return lane().isReplicaNear(new Locator(pool, locatorKey));
        }

        @Override
        public Future<CallReply> call(Bytes locatorKey, ClassCall call) {
            Locator locator = new Locator(pool, locatorKey);
            return submit(new OperationRequest(locator, call), reply -> {
                OsdMessage.OperationReply answer = (OsdMessage.OperationReply) reply;
                return new CallReply(answer.status(), answer.output(), answer.data(), answer.version());
            });
        }

        @Override
        public Future<WorkPage> work(int pg, WorkCursor after, int maxEntries) {
            return scan(new ScanRequest(new PgId(pool, pg), OsdMessage.Scanned.WORK, after.position(), maxEntries));
        }

        @Override
        public Future<WorkPage> catalogue(int pg, WorkCursor after, int maxEntries) {
            return scan(
                    new ScanRequest(new PgId(pool, pg), OsdMessage.Scanned.CATALOGUE, after.position(), maxEntries));
        }

        private Future<WorkPage> scan(ScanRequest request) {
            return submit(request, reply -> {
                OsdMessage.WorkReply page = (OsdMessage.WorkReply) reply;
                List<WorkPage.Item> items = page.items().stream()
                        .map(item -> new WorkPage.Item(item.locator().key(), item.name(), item.entry()))
                        .toList();
                return new WorkPage(items, page.next().isEmpty() ? null : new WorkCursor(page.next()));
            });
        }

        @Override
        public Future<Watch> watch(Bytes locatorKey, Bytes name, Watcher watcher) {
            Locator locator = new Locator(pool, locatorKey);
            return lane().watch(locator, name, watcher, timeoutMillis);
        }

        @Override
        public Future<NotifyReply> notify(Bytes locatorKey, Bytes name, Bytes payload, Duration timeout) {
            Locator locator = new Locator(pool, locatorKey);
            int millis = Math.toIntExact(timeout.toMillis());
            return submit(new NotifyRequest(locator, name, payload, millis), millis + NOTIFY_GRACE_MILLIS, reply -> {
                OsdMessage.NotifyReply heard = (OsdMessage.NotifyReply) reply;
                return new NotifyReply(heard.acknowledged(), heard.missed());
            });
        }
    }

    private record OperationRequest(Locator locator, ClassCall call) implements Objecter.OfLocator {
        @Override
        public OsdMessage.Operation message(
                RequestId id, int mapEpoch, PgId pg, ObjectVersion knownVersion, int attempt) {
            return new OsdMessage.Operation(
                    id,
                    mapEpoch,
                    pg,
                    locator,
                    call.className(),
                    call.method(),
                    call.parameters(),
                    call.data(),
                    knownVersion,
                    attempt);
        }

        @Override
        public OsdMessage.ToPrimary toReplica(RequestId id, int mapEpoch, PgId pg) {
            return call.readFrom() == ReadFrom.PRIMARY
                    ? null
                    : message(id, mapEpoch, pg, ObjectVersion.NONE, 0).forReplica();
        }

        @Override
        public void onOutlived() {
            call.data().share();
        }
    }

    /** About a placement group itself. */
    private interface GroupRequest extends Objecter.Request {
        PgId pg();

        @Override
        default long pool() {
            return pg().pool();
        }

        @Override
        default PgId pg(OsdMap map) {
            return pg();
        }
    }

    private record ScanRequest(PgId pg, OsdMessage.Scanned scanned, Bytes after, int maxEntries)
            implements GroupRequest {
        @Override
        public OsdMessage.ToPrimary message(
                RequestId id, int mapEpoch, PgId target, ObjectVersion knownVersion, int attempt) {
            return new OsdMessage.ScanWork(id, mapEpoch, target, scanned, after, maxEntries);
        }
    }

    private record ScrubRequest(PgId pg, ScrubKind kind) implements GroupRequest {
        @Override
        public OsdMessage.ToPrimary message(
                RequestId id, int mapEpoch, PgId target, ObjectVersion knownVersion, int attempt) {
            return new OsdMessage.Scrub(id, mapEpoch, target, kind);
        }
    }

    private record QueryRequest(PgId pg) implements Objecter.Request {
        @Override
        public long pool() {
            return pg.pool();
        }

        @Override
        public PgId pg(OsdMap map) {
            return pg;
        }

        @Override
        public OsdMessage.ToPrimary message(
                RequestId id, int mapEpoch, PgId target, ObjectVersion knownVersion, int attempt) {
            return new OsdMessage.QueryPg(id, mapEpoch, target);
        }
    }

    private record NotifyRequest(Locator locator, Bytes name, Bytes payload, int timeoutMillis)
            implements Objecter.OfLocator {
        @Override
        public OsdMessage.ToPrimary message(
                RequestId id, int mapEpoch, PgId pg, ObjectVersion knownVersion, int attempt) {
            return new OsdMessage.Notify(id, mapEpoch, pg, locator, name, payload, timeoutMillis);
        }
    }
}

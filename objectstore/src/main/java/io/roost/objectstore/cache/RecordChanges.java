package io.roost.objectstore.cache;

import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.objectstore.layout.SystemNames;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the gateways of a cluster which records have changed. All of them watch one entry; whoever changes a record
 * notifies it, and answers when all watchers have forgotten the record, or after {@link #MAX_AGE}, when nobody uses what he
 * has read before. So after the answer no gateway acts upon the record as it was. A gateway that knows that its watch is
 * lost keeps nothing. Safe for use from any thread.
 */
public final class RecordChanges {
    private static final Logger LOG = LoggerFactory.getLogger(RecordChanges.class);

    /** How long a record is used without a look at the cluster; so long a change waits for gateways that do not answer. */
    public static final Duration MAX_AGE = Duration.ofSeconds(5);

    private static final Bytes NAME = Bytes.utf8("changes");
    private static final int PAYLOAD_BYTES = 64;

    /** What has records that gateways keep. */
    public enum Kind {
        /** A bucket by its name. */
        BUCKET(1),
        /** An access key by its id, with what its user may do. */
        ACCESS_KEY(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** Null for one that a newer gateway has. */
        private static Kind ofCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    private final IoContext system;
    private final LongSupplier clock;
    private final Map<Kind, List<RecordCache<?>>> caches = new EnumMap<>(Kind.class);

    /**
     * Changes that are not followed yet, so that caches keep nothing.
     *
     * @param system the system pool
     * @param clock monotonic milliseconds
     */
    public RecordChanges(IoContext system, LongSupplier clock) {
        this.system = system;
        this.clock = clock;
        for (Kind kind : Kind.values()) {
            caches.put(kind, new CopyOnWriteArrayList<>());
        }
    }

    /**
     * An empty cache that forgets what changes. To be made before {@link #follow}.
     *
     * @param <V> what is kept of a record
     */
    public <V> RecordCache<V> cache(Kind kind) {
        RecordCache<V> cache = new RecordCache<>(clock);
        caches.get(kind).add(cache);
        return cache;
    }

    private final class Following implements IoContext.Watcher {
        @Override
        public void onNotification(Bytes payload) {
            ByteReader in = new ByteReader(payload);
            Kind kind = Kind.ofCode(in.u8());
            if (kind != null) {
                String name = in.text();
                caches.get(kind).forEach(cache -> cache.forget(name));
            }
        }

        @Override
        public void onHeld() {
            all().forEach(RecordCache::onTold);
        }

        @Override
        public void onLost() {
            all().forEach(RecordCache::onUntold);
        }

        private List<RecordCache<?>> all() {
            return caches.values().stream()
                    .<RecordCache<?>>flatMap(List::stream)
                    .toList();
        }
    }

    /**
     * Begins to follow changes, for as long as the client of the pool is there: until the first answer of the cluster, and
     * whenever it cannot be asked, caches keep nothing.
     *
     * @return the watch, to be cancelled at the end, so that nobody waits for this gateway
     */
    public Future<IoContext.Watch> follow() {
        return system.watch(SystemNames.GATEWAYS, NAME, new Following()).recover(failure -> {
            boolean isLate = failure instanceof ObjectException fault && fault.error() == ObjectError.TIMED_OUT;
            if (!isLate) {
                return Future.failedFuture(failure);
            }
            LOG.warn("changes of buckets and access keys cannot be followed yet, so nothing is kept of them");
            return follow();
        });
    }

    /**
     * Tells all gateways, this one too, that a record has changed; to be called when the change is on disk and before it
     * is answered.
     *
     * @return succeeds when no gateway uses the record as it was before
     */
    public Future<Void> tell(Kind kind, String name) {
        caches.get(kind).forEach(cache -> cache.forget(name));
        Bytes payload = new ByteWriter(PAYLOAD_BYTES).u8(kind.code).text(name).toBytes();
        return system.notify(SystemNames.GATEWAYS, NAME, payload, MAX_AGE)
                .onSuccess(reply -> {
                    if (reply.missed() > 0) {
                        LOG.info("{} gateways did not hear in time that {} {} has changed", reply.missed(), kind, name);
                    }
                })
                .recover(failure -> {
                    // The change is made; all that is lost is that others may not know of it for as long as MAX_AGE.
                    LOG.warn("gateways could not be told that {} {} has changed", kind, name, failure);
                    return Future.succeededFuture();
                })
                .mapEmpty();
    }
}

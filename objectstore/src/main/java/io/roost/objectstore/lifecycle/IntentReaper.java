package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.WorkPage;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.IntentClass;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.IntentRow;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Ends intents whose uploader has gone: marks one {@code reaping}, so that no commit takes it, deletes its stripes, leaving
 * tombstones for late writes, then removes the row.
 */
public final class IntentReaper implements WorkHandler {
    /** An uploader renews its intents at least every third of this. */
    public static final long STALE_AFTER_MILLIS = 15 * 60 * 1000L;

    /** Longer than any write can be under way. */
    private static final long TOMBSTONE_MILLIS = 24 * 3600 * 1000L;

    private final IoContext heads;
    private final StripeSets stripes;
    private final LongSupplier wallClock;
    private final long staleAfterMillis;
    private final AtomicLong reaped = new AtomicLong();

    /**
     * A reaper.
     *
     * @param heads pool of the heads, whose pending work it is shown
     * @param pools the pool of an id, for stripes
     * @param wallClock milliseconds since 1970
     * @param staleAfterMillis how long after its last renewal an intent is stale, usually {@link #STALE_AFTER_MILLIS}
     */
    public IntentReaper(IoContext heads, LongFunction<IoContext> pools, LongSupplier wallClock, long staleAfterMillis) {
        this.heads = heads;
        this.stripes = new StripeSets(pools);
        this.wallClock = wallClock;
        this.staleAfterMillis = staleAfterMillis;
    }

    /** Intents ended so far. */
    public long reaped() {
        return reaped.get();
    }

    @Override
    public Future<Void> visit(WorkPage.Item item) {
        if (item.name().at(0) != EntryNames.INTENT) {
            return Future.succeededFuture();
        }
        long staleBefore = wallClock.getAsLong() - staleAfterMillis;
        IntentRow seen = IntentRow.decode(item.entry().attributes());
        if (!seen.isReaping() && seen.renewedMillis() >= staleBefore) {
            return Future.succeededFuture();
        }
        Bytes setId = EntryNames.idOf(item.name());
        return heads.call(item.locatorKey(), IntentClass.reap(setId, staleBefore))
                .compose(reply -> marked(item.locatorKey(), setId, reply));
    }

    private Future<Void> marked(Bytes locatorKey, Bytes setId, CallReply reply) {
        ClassStatus status = ClassStatus.ofCode(reply.status());
        if (status == ClassStatus.NOT_FOUND || status == ClassStatus.STILL_LIVE) {
            // Committed, reaped by another, or renewed since it was scanned.
            return Future.succeededFuture();
        }
        return StripeSets.expectOk(reply)
                .compose(ok ->
                        stripes.bury(IntentRow.decode(reply.output()).set(), wallClock.getAsLong() + TOMBSTONE_MILLIS))
                .compose(buried -> heads.call(locatorKey, IntentClass.remove(setId)))
                .compose(StripeSets::expectOk)
                .onSuccess(done -> reaped.incrementAndGet());
    }
}

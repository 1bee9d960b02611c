package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.client.WorkPage;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.GarbageClass;
import io.roost.objectstore.classes.PartClass;
import io.roost.objectstore.classes.StripeClass;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.GarbageRow;
import io.roost.objectstore.layout.PartPage;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.StripeSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Deletes what garbage rows name once they are due: first the stripes, then the row in one transaction with what else it
 * stands for. Removes tombstones that have expired. Stopped at any moment, it does the rest the next time.
 */
public final class GarbageCollection implements WorkHandler {
    private static final int PARTS_PAGE = 100;

    private final IoContext heads;
    private final StripeSets stripes;
    private final LongSupplier wallClock;
    private final long earlyMillis;
    private final AtomicLong rowsRemoved = new AtomicLong();
    private final AtomicLong setsDeleted = new AtomicLong();

    /**
     * A collection.
     *
     * @param heads pool of the heads, whose pending work it is shown
     * @param pools the pool of an id, for stripes
     * @param wallClock milliseconds since 1970
     * @param earlyMillis how long before it is due stripes may be deleted: 0, or more when an administrator wants the
     *     space at once and takes it that readers under way are cut off
     */
    public GarbageCollection(IoContext heads, LongFunction<IoContext> pools, LongSupplier wallClock, long earlyMillis) {
        this.heads = heads;
        this.stripes = new StripeSets(pools);
        this.wallClock = wallClock;
        this.earlyMillis = earlyMillis;
    }

    /** Garbage rows removed so far. */
    public long rowsRemoved() {
        return rowsRemoved.get();
    }

    /** Stripe sets deleted so far. */
    public long setsDeleted() {
        return setsDeleted.get();
    }

    @Override
    public Future<Void> visit(WorkPage.Item item) {
        if (item.name().equals(EntryNames.TOMBSTONE)) {
            return tombstone(item);
        }
        if (item.name().at(0) != EntryNames.GARBAGE) {
            return Future.succeededFuture();
        }
        GarbageRow.Kind kind = EntryNames.garbageKind(item.name());
        boolean isBytes = kind == GarbageRow.Kind.SETS || kind == GarbageRow.Kind.UPLOAD;
        // Rows that guard against late messages keep their time.
        long nowMillis = wallClock.getAsLong() + (isBytes ? earlyMillis : 0);
        if (EntryNames.garbageDueMillis(item.name()) > nowMillis) {
            return Future.succeededFuture();
        }
        Future<Void> deleted = switch (kind) {
            case SETS -> sets(item);
            case UPLOAD -> upload(item.locatorKey(), EntryNames.garbageId(item.name()));
            case COMPLETED, FENCE -> Future.succeededFuture();
        };
        return deleted.compose(done -> heads.call(item.locatorKey(), GarbageClass.remove(item.name(), nowMillis)))
                .compose(StripeSets::expectOk)
                .onSuccess(done -> rowsRemoved.incrementAndGet());
    }

    private Future<Void> tombstone(WorkPage.Item item) {
        long nowMillis = wallClock.getAsLong();
        if (Stripe.Tombstone.decode(item.entry().attributes()).expiresMillis() > nowMillis) {
            return Future.succeededFuture();
        }
        return heads.call(item.locatorKey(), StripeClass.forget(nowMillis)).compose(StripeSets::expectOk);
    }

    private Future<Void> sets(WorkPage.Item item) {
        // A long row has its content in the value, which a scan does not show.
        Future<GarbageRow> row = item.entry().attributes().isEmpty()
                ? heads.call(item.locatorKey(), GarbageClass.get(item.name())).map(GarbageCollection::row)
                : Future.succeededFuture(GarbageRow.decode(item.entry().attributes()));
        return row.compose(garbage -> delete(garbage.sets()));
    }

    private static GarbageRow row(CallReply reply) {
        return ClassStatus.ofCode(reply.status()) == ClassStatus.NOT_FOUND
                ? GarbageRow.NAMED
                : GarbageRow.decode(reply.output());
    }

    private Future<Void> upload(Bytes locatorKey, Bytes uploadId) {
        int[] after = {0};
        return Steps.repeat(() -> heads.call(
                        locatorKey, new PartClass.ListParameters(Bytes.EMPTY, uploadId, after[0], PARTS_PAGE).call())
                .compose(reply -> {
                    PartClass.ListReply page = PartClass.ListReply.decode(reply.output());
                    List<StripeSet> sets = new ArrayList<>();
                    for (PartPage.Part part : page.parts()) {
                        sets.add(part.set());
                        after[0] = part.number();
                    }
                    return delete(sets).map(done -> page.isTruncated());
                }));
    }

    private Future<Void> delete(List<StripeSet> sets) {
        return Steps.each(sets, set -> stripes.delete(set).onSuccess(done -> setsDeleted.incrementAndGet()));
    }
}

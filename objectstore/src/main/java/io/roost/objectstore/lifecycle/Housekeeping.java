package io.roost.objectstore.lifecycle;

import io.roost.cluster.client.IoContext;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * What a daemon does for the buckets from time to time, and what an administrator can ask for at once. It has no timer of
 * its own: the daemon calls {@link #round} about once a minute, never two at a time.
 */
public final class Housekeeping {
    /** Beyond any delay of garbage: with this, everything that waits is due. */
    private static final long ANY_DELAY_MILLIS = 365L * 24 * 3600 * 1000;

    /** Three renewals missed: the uploader is gone, or cut off for long. */
    private static final long UNRENEWED_MILLIS = 3 * 60 * 1000L;

    private final IoContext system;
    private final IoContext data;
    private final LongSupplier wallClock;
    private final DeletedBuckets deletedBuckets;
    private final List<WorkHandler> others;

    /**
     * Housekeeping of a cluster.
     *
     * @param system pool of the records
     * @param data pool of heads and stripes
     * @param wallClock milliseconds since 1970
     */
    public Housekeeping(IoContext system, IoContext data, LongSupplier wallClock) {
        this(system, data, wallClock, List.of());
    }

    /**
     * Housekeeping of a cluster whose buckets are shared with others.
     *
     * @param others who look at every row of pending work too
     */
    public Housekeeping(IoContext system, IoContext data, LongSupplier wallClock, List<WorkHandler> others) {
        this.others = List.copyOf(others);
        this.system = system;
        this.data = data;
        this.wallClock = wallClock;
        this.deletedBuckets = new DeletedBuckets(system, data, wallClock);
    }

    /** Which garbage is collected. */
    public enum Extent {
        /** What is due. */
        DUE,
        /** All of it: readers of what was replaced lately are cut off. Intents go when three renewals are missed. */
        ALL
    }

    /**
     * What a collection removed.
     *
     * @param rows garbage rows
     * @param stripeSets of these rows, with all their stripes
     * @param intents whose uploaders had gone, with their stripes
     */
    public record Collected(long rows, long stripeSets, long intents) {}

    /**
     * What a verification found.
     *
     * @param findings everything wrong
     * @param shards looked at
     * @param stripes looked at
     */
    public record Verified(List<Finding> findings, long shards, long stripes) {
        /** Copies the list. */
        public Verified {
            findings = List.copyOf(findings);
        }
    }

    /**
     * One round of everything that is due.
     *
     * @param isOurs which placement groups' garbage to collect; a daemon takes those it is the primary of
     */
    public Future<Collected> round(IntPredicate isOurs) {
        return collect(Extent.DUE, isOurs)
                .compose(collected -> deletedBuckets.round().map(collected));
    }

    /** Collects garbage and ends stale intents in some placement groups. */
    public Future<Collected> collect(Extent extent, IntPredicate isOurs) {
        boolean isAll = extent == Extent.ALL;
        GarbageCollection garbage = new GarbageCollection(data, this::pool, wallClock, isAll ? ANY_DELAY_MILLIS : 0);
        IntentReaper reaper = new IntentReaper(
                data, this::pool, wallClock, isAll ? UNRENEWED_MILLIS : IntentReaper.STALE_AFTER_MILLIS);
        List<WorkHandler> handlers = new ArrayList<>(List.of(reaper, garbage));
        handlers.addAll(others);
        return new PendingWork(data, handlers)
                .round(isOurs)
                .map(done -> new Collected(garbage.rowsRemoved(), garbage.setsDeleted(), reaper.reaped()));
    }

    /** Verifies all buckets and stripes; changes nothing. */
    public Future<Verified> verify() {
        List<Finding> findings = new ArrayList<>();
        BucketVerify verify = new BucketVerify(system, data, this::pool, findings::add);
        return verify.run().map(done -> new Verified(findings, verify.shardsVerified(), verify.stripesVerified()));
    }

    private IoContext pool(long id) {
        if (id != data.pool()) {
            throw new IllegalArgumentException("stripes in pool " + id);
        }
        return data;
    }
}

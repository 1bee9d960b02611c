package io.roost.cluster.client;

import io.roost.cluster.object.Bytes;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Operations on one pool, after librados' rados_ioctx_t. Safe for use from any thread; futures complete on the caller's
 * Vert.x context where there is one.
 *
 * <p>A failed future carries an {@link io.roost.cluster.object.ObjectException}. When its error says that the outcome is
 * unknown, the operation may or may not have been carried out.
 */
public interface IoContext {
    /** The pool's id. */
    long pool();

    /**
     * Runs a method of an object class at the primary of a locator's placement group. A write is on disk on every acting
     * replica when the future succeeds. It is sent again, as the same request, after a map change or a lost connection; it
     * takes effect at most once, and as the future says. A near replica is asked first for what it may answer
     * ({@link ClassCall#ofConstant}).
     *
     * @param locatorKey the key of a locator of this pool
     * @param call what to run
     */
    Future<CallReply> call(Bytes locatorKey, ClassCall call);

    /** Number of placement groups of the pool by the newest map. */
    int pgNum();

    /** The placement group, 0 to {@link #pgNum} - 1, of a locator of this pool by the newest map. */
    int pgOf(Bytes locatorKey);

    /** The primary OSD's id of a placement group by the newest map, -1 for none. */
    int primaryOf(int pg);

    /**
     * True when, by the newest map, the primary of a locator is in another process and a replica in this one, which is asked
     * first for what it may answer ({@link ClassCall#ofConstant}).
     */
    default boolean isReplicaNear(Bytes locatorKey) {
        return false;
    }

    /**
     * A page of the pending work of a placement group: entries with names from 0x80 on, by locator and name.
     *
     * @param pg 0 to {@link #pgNum} - 1
     * @param after where the last page ended, {@link WorkCursor#START} for the first
     * @param maxEntries 1 to 1024
     */
    Future<WorkPage> work(int pg, WorkCursor after, int maxEntries);

    /**
     * A page of the other entries of a placement group, those with names below 0x80, by locator and name: for verification,
     * which reads everything.
     *
     * @param pg 0 to {@link #pgNum} - 1
     * @param after where the last page ended, {@link WorkCursor#START} for the first
     * @param maxEntries 1 to 1024
     */
    Future<WorkPage> catalogue(int pg, WorkCursor after, int maxEntries);

    /**
     * Watches an entry: every {@link #notify} on it is given to the watcher, at least once while the watch holds. What is
     * notified while it does not hold is lost, so a watcher also polls, or does without what it has from before.
     */
    Future<Watch> watch(Bytes locatorKey, Bytes name, Watcher watcher);

    /**
     * Notifies the watchers of an entry and waits until all have acknowledged or the timeout has passed. When nobody is
     * missed, every watcher has it whose watch has not been lost for longer than the timeout, whether it knows of that or
     * not: while watchers may be unknown to the primary it waits the whole timeout.
     *
     * @param timeout for the watchers; when the primary cannot be reached, it fails not much later
     * @return how many acknowledged and how many did not in time
     */
    Future<NotifyReply> notify(Bytes locatorKey, Bytes name, Bytes payload, Duration timeout);

    /** What a watch calls, one at a time, on an event loop; shortly. */
    interface Watcher {
        /** A notification; it is acknowledged when this returns. */
        void onNotification(Bytes payload);

        /** The watch holds, for the first time or again. */
        default void onHeld() {}

        /** The watch does not hold any more; it is set up again by itself. */
        default void onLost() {}
    }

    /** A watch that holds until it is cancelled. */
    interface Watch {
        /** Ends the watch. */
        Future<Void> cancel();
    }

    /**
     * Who heard a notification.
     *
     * @param acknowledged number of watchers that did
     * @param missed number of watchers that did not in time
     */
    record NotifyReply(int acknowledged, int missed) {}
}

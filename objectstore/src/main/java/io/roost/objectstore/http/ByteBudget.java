package io.roost.objectstore.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory that the bodies of requests, or those of answers, of one process may take. A piece of a body reserves its
 * bytes before it is read; when there are not enough, it waits its turn, and its connection waits with it. Waiters are
 * served in order, so that a large piece is not passed over for ever. Safe for use from any thread.
 */
public final class ByteBudget {
    private final long capacityBytes;
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private long reservedBytes;

    private record Waiter(long bytes, Promise<Void> granted, Context context) {
        void grant() {
            if (context == null) {
                granted.complete();
            } else {
                context.runOnContext(on -> granted.complete());
            }
        }
    }

    /**
     * A budget.
     *
     * @param capacityBytes at least as much as the largest reservation
     */
    public ByteBudget(long capacityBytes) {
        if (capacityBytes <= 0) {
            throw new IllegalArgumentException("a budget of " + capacityBytes + " bytes");
        }
        this.capacityBytes = capacityBytes;
    }

    /** Reserves bytes, now or when others have given theirs back; the future completes on the caller's event loop. */
    public Future<Void> reserve(long bytes) {
        if (bytes < 0 || bytes > capacityBytes) {
            throw new IllegalArgumentException("reserving " + bytes + " bytes of " + capacityBytes);
        }
        synchronized (this) {
            if (!waiters.isEmpty() || reservedBytes + bytes > capacityBytes) {
                Promise<Void> granted = Promise.promise();
                waiters.add(new Waiter(bytes, granted, Vertx.currentContext()));
                return granted.future();
            }
            reservedBytes += bytes;
        }
        return Future.succeededFuture();
    }

    /** Reserves bytes if that can be had at once: what is only convenient does not wait. */
    public synchronized boolean tryReserve(long bytes) {
        if (!waiters.isEmpty() || reservedBytes + bytes > capacityBytes) {
            return false;
        }
        reservedBytes += bytes;
        return true;
    }

    /** Gives reserved bytes back. */
    public void release(long bytes) {
        Deque<Waiter> granted = new ArrayDeque<>();
        synchronized (this) {
            if (bytes < 0 || bytes > reservedBytes) {
                throw new IllegalArgumentException("releasing " + bytes + " of " + reservedBytes + " bytes");
            }
            reservedBytes -= bytes;
            while (!waiters.isEmpty() && reservedBytes + waiters.peek().bytes() <= capacityBytes) {
                reservedBytes += waiters.peek().bytes();
                granted.add(waiters.remove());
            }
        }
        granted.forEach(Waiter::grant);
    }

    /** Bytes reserved now. */
    public synchronized long reservedBytes() {
        return reservedBytes;
    }
}

package io.roost.objectstore.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory that bodies of one process may take. A piece of a body reserves its bytes before it is read; when there are
 * not enough, it waits its turn, and its connection waits with it. Waiters are served in order, so that a large piece is
 * not passed over for ever. Safe for use from any thread.
 */
public final class ByteBudget {
    private final long capacityBytes;
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private long reservedBytes;

    private static final class Waiter {
        private final long bytes;
        private final long sinceNanos = System.nanoTime();
        private final Promise<Void> granted = Promise.promise();
        private final Context context = Vertx.currentContext();
        private long comingBytes;

        Waiter(long bytes) {
            this.bytes = bytes;
        }

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
                Waiter waiter = new Waiter(bytes);
                waiters.add(waiter);
                return waiter.granted.future();
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
            while (!waiters.isEmpty() && reservedBytes + waiters.peek().bytes <= capacityBytes) {
                reservedBytes += waiters.peek().bytes;
                granted.add(waiters.remove());
            }
        }
        granted.forEach(Waiter::grant);
    }

    /**
     * Asked by one who holds bytes for a slow client: whether that client is to be ended, so that those who have waited
     * too long get its bytes. No more are ended than that takes.
     *
     * @param bytes that come back if it is
     * @param beforeNanos who has waited since before then has waited too long
     */
    synchronized boolean mustGiveBack(long bytes, long beforeNanos) {
        long left = bytes;
        for (Waiter waiter : waiters) {
            if (left == 0 || waiter.sinceNanos - beforeNanos >= 0) {
                break;
            }
            long taken = Math.min(left, waiter.bytes - waiter.comingBytes);
            waiter.comingBytes += taken;
            left -= taken;
        }
        return left < bytes;
    }

    /** Bytes reserved now. */
    public synchronized long reservedBytes() {
        return reservedBytes;
    }
}

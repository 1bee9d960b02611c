package io.roost.mailstore.store;

import io.roost.mailstore.mailbox.EmailId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Memory and processor time for the bodies of messages, of one process: so many bytes of bodies are in memory at a time,
 * and what takes longer than an event loop can be held for is computed elsewhere. Safe for any thread.
 */
public final class BodyWork {
    /** A message of this size is scanned in a millisecond or two. */
    private static final int BRIEF_BYTES = 128 * 1024;

    /** Damaged messages are few, and forgetting one costs a client its connection. */
    private static final int MAX_SUSPECTS = 1_000;

    /** Where something is computed. */
    public interface Elsewhere {
        /** Computes it; the future completes where this was called. */
        <T> Future<T> run(Callable<T> work);
    }

    private record Waiting(long bytes, Promise<Void> turn, Context context) {}

    private final long budgetBytes;
    private final Elsewhere elsewhere;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long reservedBytes;
    private final Set<EmailId> suspects = new LinkedHashSet<>();

    /**
     * For one process.
     *
     * @param budgetBytes of bodies in memory; a body is held up to four times over while it is worked on, so this is a
     *     small part of the memory that there is
     */
    public BodyWork(long budgetBytes, Elsewhere elsewhere) {
        this.budgetBytes = budgetBytes;
        this.elsewhere = elsewhere;
    }

    /** Bytes reserved now. */
    public synchronized long reservedBytes() {
        return reservedBytes;
    }

    /** Remembers a message that turned out to be unreadable after a part of it had been told; the oldest are forgotten. */
    synchronized void suspect(EmailId email) {
        if (suspects.add(email) && suspects.size() > MAX_SUSPECTS) {
            suspects.remove(suspects.iterator().next());
        }
    }

    /** Whether it is remembered. */
    synchronized boolean isSuspect(EmailId email) {
        return suspects.contains(email);
    }

    /** Reserves memory when there is some, and nobody waits for it. */
    public synchronized boolean tryReserve(long bytes) {
        if (!waiting.isEmpty() || !fits(bytes)) {
            return false;
        }
        reservedBytes += bytes;
        return true;
    }

    /** A body larger than all memory for bodies gets its turn alone. */
    private boolean fits(long bytes) {
        return reservedBytes == 0 || reservedBytes + bytes <= budgetBytes;
    }

    /** Reserves memory as soon as it is there, in turn; for those who hold none, so that nobody waits for one who waits. */
    public Future<Void> reserve(long bytes) {
        synchronized (this) {
            if (waiting.isEmpty() && fits(bytes)) {
                reservedBytes += bytes;
                return Future.succeededFuture();
            }
            Waiting next = new Waiting(bytes, Promise.promise(), Vertx.currentContext());
            waiting.add(next);
            return next.turn.future();
        }
    }

    /** Gives memory back. */
    public void release(long bytes) {
        Deque<Waiting> served = new ArrayDeque<>();
        synchronized (this) {
            reservedBytes -= bytes;
            while (!waiting.isEmpty() && fits(waiting.peek().bytes)) {
                Waiting next = waiting.remove();
                reservedBytes += next.bytes;
                served.add(next);
            }
        }
        for (Waiting each : served) {
            if (each.context == null) {
                each.turn.complete();
            } else {
                each.context.runOnContext(v -> each.turn.complete());
            }
        }
    }

    /** Computes something from so many bytes of a body. */
    <T> Future<T> compute(long bytes, Callable<T> work) {
        if (bytes > BRIEF_BYTES) {
            return elsewhere.run(work);
        }
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception failure) {
            return Future.failedFuture(failure);
        }
    }
}

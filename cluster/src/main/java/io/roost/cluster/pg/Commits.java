package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import io.roost.cluster.store.StoreTransaction;
import java.util.ArrayDeque;

/** What a placement group has given its store, in order, and what waits until it is on disk. */
final class Commits {
    /** What is to be done then. */
    interface Step {
        /** Does it. */
        void run(PgEffects out);
    }

    private record Waiting(long number, Step step) {}

    private final PgId pg;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long submitted;
    /** Newest that was not taken back. */
    private long newest;

    private long durable;
    private boolean isShared;

    Commits(PgId pg) {
        this.pg = pg;
    }

    /**
     * Where other OSDs take part, they may have what is submitted from now on.
     *
     * @param byOthers false when this is the only OSD
     */
    void shared(boolean byOthers) {
        isShared = byOthers;
    }

    /** Has a transaction made durable after those before; returns its number. */
    long submit(StoreTransaction transaction, PgEffects out) {
        newest = ++submitted;
        out.persist(pg, newest, isShared ? transaction.owed() : transaction);
        return newest;
    }

    /** Does something when all that was submitted so far is on disk: at once when it is. */
    void whenDurable(Step step, PgEffects out) {
        if (areDurable()) {
            step.run(out);
        } else {
            waiting.addLast(new Waiting(newest, step));
        }
    }

    /** True when all that was submitted so far is on disk. */
    boolean areDurable() {
        return durable >= newest;
    }

    /** Number of the newest transaction that was submitted and not taken back. */
    long newest() {
        return newest;
    }

    /** True when the transaction of a number, and all before it, are on disk. */
    boolean isDurable(long number) {
        return durable >= number;
    }

    /** A transaction and all before it are on disk. */
    void onPersisted(long number, PgEffects out) {
        durable = Math.max(durable, number);
        while (!waiting.isEmpty() && waiting.peekFirst().number() <= number) {
            waiting.pollFirst().step().run(out);
        }
    }

    /** A transaction and all after it were refused; nothing waits for them any more. */
    void takeBack(long from) {
        newest = from - 1;
        waiting.removeIf(step -> step.number() >= from);
    }
}

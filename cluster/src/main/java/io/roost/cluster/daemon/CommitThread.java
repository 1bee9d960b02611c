package io.roost.cluster.daemon;

import io.roost.cluster.map.PgId;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The one thread that writes to a disk: takes all transactions that wait, makes them durable with one group commit, and
 * tells their placement groups. A failed write or sync is fatal and never tried again (Rebello et al., ATC 2020): from
 * then on nothing is written and nobody is told anything.
 */
final class CommitThread {
    /** Transactions of one group: a thousand rows fit one sync well. */
    private static final int MAX_GROUP = 1024;

    /** Told what became of transactions. */
    interface Listener {
        /** Called on the commit thread, once for a group, in the order of the transactions. */
        void onDone(List<Done> group);
    }

    /**
     * What became of a transaction; of those refused in a row, only the first of a placement group is told.
     *
     * @param pg whose
     * @param number of the transaction
     * @param transaction itself
     * @param refused null when it is on disk
     */
    record Done(PgId pg, long number, StoreTransaction transaction, ObjectError refused) {}

    /** What the thread does, in the order it was asked for. */
    private sealed interface Queued {
        /** Writes a transaction, together with others before and after it. */
        record Transaction(PgId pg, long number, StoreTransaction changes, ObjectStore.Coming coming)
                implements Queued {}

        /** Runs between transactions. */
        record Task(Runnable body) implements Queued {}
    }

    private final ObjectStore store;
    private final Listener listener;
    private final LongConsumer onCommitted;
    private final Consumer<Throwable> onFatal;
    private final LinkedBlockingQueue<Queued> queue = new LinkedBlockingQueue<>();
    private final LongAdder uncommitted = new LongAdder();
    private final Thread thread;
    private boolean stopping;

    /** @param onCommitted told how many nanoseconds each group took, on the commit thread */
    CommitThread(
            String name, ObjectStore store, Listener listener, LongConsumer onCommitted, Consumer<Throwable> onFatal) {
        this.onCommitted = onCommitted;
        this.store = store;
        this.listener = listener;
        this.onFatal = onFatal;
        this.thread = new Thread(this::run, name);
    }

    void start() {
        thread.start();
    }

    void submit(PgId pg, long number, StoreTransaction transaction) {
        uncommitted.increment();
        queue.add(new Queued.Transaction(pg, number, transaction, store.coming(transaction)));
    }

    /** Transactions submitted and neither on disk nor refused. For any thread. */
    long uncommittedCount() {
        return uncommitted.sum();
    }

    /** After a refusal: takes transactions of the placement group again that are submitted from now on. */
    void resume(PgId pg) {
        execute(() -> store.resume(pg));
    }

    /** Runs a task when the transactions submitted before are written; when it fails, so has the disk. */
    void execute(Runnable task) {
        queue.add(new Queued.Task(task));
    }

    /** Writes what has been submitted and ends. Not by an interrupt, which would close the files under a commit. */
    void stop() throws InterruptedException {
        execute(() -> stopping = true);
        thread.join();
    }

    private void run() {
        List<Queued> group = new ArrayList<>();
        try {
            while (!stopping) {
                group.add(queue.take());
                queue.drainTo(group, MAX_GROUP - 1);
                commit(group);
                group.clear();
            }
        } catch (InterruptedException | RuntimeException | Error failure) {
            onFatal.accept(failure);
        }
    }

    private void commit(List<Queued> group) {
        List<Queued.Transaction> transactions = new ArrayList<>(group.size());
        List<Done> done = new ArrayList<>(group.size());
        for (Queued queued : group) {
            if (queued instanceof Queued.Transaction transaction) {
                transactions.add(transaction);
            } else if (queued instanceof Queued.Task task) {
                write(transactions, done);
                task.body().run();
            }
        }
        write(transactions, done);
        listener.onDone(done);
    }

    private void write(List<Queued.Transaction> transactions, List<Done> done) {
        if (transactions.isEmpty()) {
            return;
        }
        long begunNanos = System.nanoTime();
        List<ObjectStore.Outcome> outcomes = store.commit(
                transactions.stream().map(Queued.Transaction::changes).toList());
        onCommitted.accept(System.nanoTime() - begunNanos);
        transactions.forEach(queued -> store.came(queued.coming()));
        uncommitted.add(-transactions.size());
        for (int i = 0; i < outcomes.size(); i++) {
            Queued.Transaction queued = transactions.get(i);
            switch (outcomes.get(i)) {
                case COMMITTED -> done.add(done(queued, null));
                case NO_SPACE -> done.add(done(queued, ObjectError.NO_SPACE));
                case DAMAGED -> done.add(done(queued, ObjectError.IO_ERROR));
                case HELD -> {
                    // Refused with the one before it, whose refusal takes it back too.
                }
            }
        }
        transactions.clear();
    }

    private static Done done(Queued.Transaction queued, ObjectError refused) {
        return new Done(queued.pg(), queued.number(), queued.changes(), refused);
    }
}

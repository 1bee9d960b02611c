package io.roost.cluster.daemon;

import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.osd.OsdEffects;
import io.roost.cluster.osd.OsdShard;
import io.roost.cluster.osd.Reservers;
import io.roost.cluster.pg.ClassFailedException;
import io.roost.cluster.pg.ReservationSide;
import io.roost.cluster.pg.ScrubResult;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.StoreTransaction;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard's machine on its event loop: gives it its inputs, and carries its effects out. Steps never nest: what a step's
 * replies cause runs after it. For any thread.
 */
final class ShardLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ShardLoop.class);
    private static final long TICK_MILLIS = 100;

    /** An input of the machine. */
    interface Step {
        /** Runs on the event loop. */
        void run(OsdShard machine, OsdEffects out);
    }

    /**
     * What the shards of an OSD have together.
     *
     * @param readPool runs what reads the disk
     * @param reserving has the OSD's reservations told something, in turn
     * @param hasFailed true when nothing goes on any more
     * @param onFailure told when a step breaks
     */
    record Shared(
            int osd,
            CommitThread commitThread,
            Executor readPool,
            OsdDaemon.Peers peers,
            OsdMetrics metrics,
            DamagedEntries damaged,
            Consumer<Consumer<Reservers>> reserving,
            BooleanSupplier hasFailed,
            Consumer<Throwable> onFailure) {
        void onReservers(Consumer<Reservers> task) {
            reserving.accept(task);
        }
    }

    private final Shared shared;
    private final int number;
    private final Context context;
    private final OsdShard machine;
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private final Effects effects = new Effects();
    private final OperationTimes times;
    private volatile Thread thread;
    private boolean running;
    private boolean stopped;
    private long timer = -1;

    /** @param number of the shard */
    ShardLoop(Shared shared, int number, Context context, OsdShard machine) {
        this.shared = shared;
        this.number = number;
        this.context = context;
        this.machine = machine;
        times = new OperationTimes(shared.metrics());
        context.runOnContext(v -> thread = Thread.currentThread());
    }

    /**
     * Begins to run.
     *
     * @param actedOn newest epoch that the OSD has acted on in an earlier life
     */
    void start(int actedOn) {
        context.runOnContext(v -> {
            run((shard, out) -> shard.start(actedOn, out));
            timer = context.owner()
                    .setPeriodic(
                            TICK_MILLIS,
                            id -> run((shard, out) -> {
                                shard.onTick(nowMillis(), out);
                                times.onTick(System.nanoTime());
                            }));
        });
    }

    /** Takes no more inputs; then runs a task. */
    void stop(Runnable whenStopped) {
        context.runOnContext(v -> {
            stopped = true;
            context.owner().cancelTimer(timer);
            whenStopped.run();
        });
    }

    /** Notes when a client's request came; in a step. */
    void onRequest(OsdMessage.Operation operation, OperationTimes.Kind kind) {
        times.onRequest(operation.request(), kind, System.nanoTime());
    }

    /** Runs a task on the event loop. */
    void post(Runnable task) {
        context.runOnContext(v -> task.run());
    }

    /** Runs a step, now when this is the event loop and no other is running. */
    void execute(Step step) {
        if (Thread.currentThread() == thread) {
            run(step);
        } else {
            context.runOnContext(v -> run(step));
        }
    }

    private void run(Step step) {
        if (stopped || shared.hasFailed().getAsBoolean()) {
            return;
        }
        steps.addLast(step);
        if (running) {
            return;
        }
        running = true;
        try {
            for (Step next = steps.pollFirst(); next != null; next = steps.pollFirst()) {
                next.run(machine, effects);
                effects.deliver();
            }
        } catch (RuntimeException | Error broken) {
            shared.onFailure().accept(broken);
        } finally {
            running = false;
        }
    }

    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }

    private record Reply(long session, OsdMessage.ToClient message) {}

    /** Carries the machine's effects out; replies go when the step that made them has ended. */
    private final class Effects implements OsdEffects {
        private final ArrayDeque<Reply> replies = new ArrayDeque<>();

        void deliver() {
            for (Reply reply = replies.pollFirst(); reply != null; reply = replies.pollFirst()) {
                times.onReply(reply.message(), System.nanoTime());
                shared.peers().reply(number, reply.session(), reply.message());
            }
        }

        @Override
        public void persist(PgId pg, long number, StoreTransaction transaction) {
            shared.commitThread().submit(pg, number, transaction);
        }

        @Override
        public long nowMillis() {
            return ShardLoop.nowMillis();
        }

        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public void reserve(ReservationSide side, PgId pg, int priority, long token) {
            shared.onReservers(reservers -> reservers.reserve(side, pg, priority, token));
        }

        @Override
        public void release(ReservationSide side, PgId pg, long token) {
            shared.onReservers(reservers -> reservers.release(side, pg, token));
        }

        @Override
        public void resume(PgId pg) {
            shared.commitThread().resume(pg);
        }

        @Override
        public void send(int to, PeerMessage message) {
            shared.metrics().onSend(message);
            shared.peers().send(number, to, message);
        }

        @Override
        public void wantUpThru(int epoch) {
            shared.peers().wantUpThru(epoch);
        }

        @Override
        public void wantPgTemp(PgId pg, List<Integer> osds) {
            shared.peers().wantPgTemp(pg, osds, machine.map());
        }

        @Override
        public void count(String event) {
            LOG.debug("osd.{}: {}", shared.osd(), event);
        }

        @Override
        public void reply(long session, OsdMessage.ToClient reply) {
            replies.addLast(new Reply(session, reply));
        }

        @Override
        public void read(PgId pg, long token, Runnable task) {
            shared.readPool().execute(() -> {
                RuntimeException failure = null;
                try {
                    task.run();
                } catch (RuntimeException thrown) {
                    failure = thrown;
                }
                RuntimeException result = failure;
                execute((machine, out) -> machine.onRead(pg, token, result, nowMillis(), out));
            });
        }

        @Override
        public void damaged(PgId pg, ChecksumException damage) {
            String detail = String.valueOf(damage.getMessage());
            LOG.error("osd.{}: pg {} has a damaged entry, which is not served: {}", shared.osd(), pg, detail);
            shared.damaged()
                    .add(new DamagedEntries.Damage(
                            damage.locator(), damage.name(), detail, System.currentTimeMillis()));
        }

        @Override
        public void scrubbed(PgId pg, ScrubResult result) {
            shared.metrics().onScrubbed(result);
            String kind = result.kind().text();
            if (result.unresolved() > 0) {
                LOG.error(
                        "osd.{}: pg {} {}: {} entries differed between copies or were damaged, {} still are",
                        shared.osd(),
                        pg,
                        kind,
                        result.found(),
                        result.unresolved());
            } else if (result.found() > 0) {
                LOG.warn(
                        "osd.{}: pg {} {}: {} entries differed between copies or were damaged, and are repaired",
                        shared.osd(),
                        pg,
                        kind,
                        result.found());
            } else {
                LOG.info("osd.{}: pg {} {}: ok", shared.osd(), pg, kind);
            }
        }

        @Override
        public void classFailed(PgId pg, ClassFailedException failure) {
            LOG.error(
                    "osd.{}: pg {}: an operation was refused because of a fault in its class",
                    shared.osd(),
                    pg,
                    failure);
        }

        @Override
        public void wantMap(int epoch) {
            shared.peers().wantMap(epoch);
        }
    }
}

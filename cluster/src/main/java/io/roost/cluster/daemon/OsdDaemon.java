package io.roost.cluster.daemon;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.osd.OsdEffects;
import io.roost.cluster.osd.OsdShard;
import io.roost.cluster.osd.PgReport;
import io.roost.cluster.osd.Reservers;
import io.roost.cluster.pg.ClassFailedException;
import io.roost.cluster.pg.ReservationSide;
import io.roost.cluster.pg.ScrubResult;
import io.roost.cluster.pg.ScrubTimes;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreFinding;
import io.roost.cluster.store.StoreTransaction;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one OSD: a shard on every event loop, one commit thread and a small read pool for its disk. Messages come from and
 * go to sessions, which are clients' connections.
 */
public final class OsdDaemon {
    private static final Logger LOG = LoggerFactory.getLogger(OsdDaemon.class);

    /** Reads of one disk at a time; more only queue in the device. */
    private static final int READ_THREADS = 4;

    private static final long TICK_MILLIS = 100;
    private static final long STOP_SECONDS = 30;

    /** Carries what the OSD says to clients, and its questions to the monitor; called on the shard's event loop. */
    public interface Peers {
        /** Sends to the client of a session. */
        void reply(int shard, long session, OsdMessage.ToClient message);

        /** Sends to another OSD, on a connection of this shard's own, in order. */
        void send(int shard, int osd, PeerMessage message);

        /** Asks for maps newer than the given epoch; {@link OsdDaemon#onMap} follows. */
        void wantMap(int epoch);

        /** Asks the monitors to note that this OSD is up as of an epoch, again and again until a map says so. */
        void wantUpThru(int epoch);

        /** Asks the monitors for who acts in an interval, again and again until it ends; empty for no others. */
        void wantPgTemp(PgId pg, List<Integer> osds);
    }

    private final int osd;
    private final Superblock superblock;
    private final OsdMap bootMap;
    private final ObjectStore store;
    private final Peers peers;
    private final OsdMetrics metrics;
    private final ClassRegistry classes;
    private final int shardCount;
    private final List<Shard> shards = new ArrayList<>();
    private final CommitThread commitThread;
    private final ExecutorService readPool;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final Consumer<Throwable> onFatal;
    private final DamagedEntries damaged = new DamagedEntries();
    private final Reservers reservers = new Reservers(new Turns());

    /**
     * An OSD that is not running yet. Reads the disk.
     *
     * @param superblock of the store
     * @param loops a context on every event loop
     * @param store opened; the daemon closes it when it stops
     * @param map one that shows this OSD up
     * @param metrics for all its lives in this process
     * @param onFatal called once, on any thread, when the disk or an invariant fails; the OSD answers nothing any more
     */
    OsdDaemon(
            Superblock superblock,
            List<Context> loops,
            ObjectStore store,
            ClassRegistry classes,
            PgLog.Limits logLimits,
            OsdMap map,
            Peers peers,
            OsdMetrics metrics,
            Consumer<Throwable> onFatal) {
        this.metrics = metrics;
        this.classes = classes;
        this.osd = superblock.osd();
        this.superblock = superblock;
        this.bootMap = map;
        this.store = store;
        this.peers = peers;
        this.onFatal = onFatal;
        this.shardCount = loops.size();
        for (int i = 0; i < loops.size(); i++) {
            int number = i;
            OsdShard machine =
                    new OsdShard(osd, classes, store, logLimits, pg -> shardOf(pg) == number, superblock.maps(), map);
            shards.add(new Shard(i, loops.get(i), machine));
        }
        commitThread = new CommitThread("osd-" + osd + "-commit", store, this::onDone, metrics::onCommit, this::fail);
        readPool = Executors.newFixedThreadPool(READ_THREADS, task -> new Thread(task, "osd-" + osd + "-read"));
    }

    /** Begins to run; blocks until the disk says which map it began with. */
    public void start() {
        store.damage().forEach(this::foundAtOpening);
        int actedOn = superblock.newestEpoch();
        superblock.reach(bootMap);
        commitThread.start();
        for (Shard shard : shards) {
            shard.context.runOnContext(v -> {
                shard.run(out -> shard.machine.start(actedOn, out));
                shard.startTicking();
            });
        }
    }

    private void foundAtOpening(StoreFinding finding) {
        String detail = finding.subject() + ": " + finding.detail();
        LOG.error("osd.{}: found damaged at the start: {}", osd, detail);
        Locator locator = finding.entry() == null ? null : finding.entry().locator();
        Bytes name = finding.entry() == null ? null : finding.entry().name();
        damaged.add(new DamagedEntries.Damage(locator, name, detail, System.currentTimeMillis()));
    }

    /** The shard of a placement group: the same for its life, pools spread alike. */
    public int shardOf(PgId pg) {
        return Math.floorMod(pg.seed() + (int) pg.pool(), shardCount);
    }

    /** What runs the OSD: its event loops and the thread of its disk. Each runs what it is given in turn. */
    List<Executor> threads() {
        List<Executor> threads = new ArrayList<>();
        shards.forEach(shard -> threads.add(task -> shard.context.runOnContext(v -> task.run())));
        threads.add(commitThread::execute);
        return threads;
    }

    /** A client's message, on any thread. */
    public void onMessage(long session, OsdMessage.ToPrimary message) {
        Shard shard = shards.get(shardOf(message.pg()));
        shard.execute(out -> {
            if (message instanceof OsdMessage.Operation operation) {
                shard.times.onRequest(operation.request(), kind(operation), System.nanoTime());
            }
            shard.machine.onMessage(session, message, nowMillis(), out);
        });
    }

    private OperationTimes.Kind kind(OsdMessage.Operation operation) {
        ObjectClass.Method method = classes.method(operation.className(), operation.method());
        return method != null && method.access() == ObjectClass.Access.READ
                ? OperationTimes.Kind.READ
                : OperationTimes.Kind.WRITE;
    }

    /** A message of another OSD, on any thread. */
    public void onPeerMessage(int from, PeerMessage message) {
        Shard shard = shards.get(shardOf(message.pg()));
        shard.execute(out -> shard.machine.onPeerMessage(from, message, nowMillis(), out));
    }

    /** A shard's connection to another OSD broke, on any thread; what was said on it may be lost. */
    public void onPeerReset(int number, int osd) {
        Shard shard = shards.get(number);
        shard.execute(out -> shard.machine.onPeerReset(osd, out));
    }

    /** A connection of another OSD broke, on any thread; what that has said on it may be lost. */
    public void onPeerReset(int osd) {
        for (int number = 0; number < shards.size(); number++) {
            onPeerReset(number, osd);
        }
    }

    /** What all placement groups report; completes on the context of the caller. */
    Future<PgReport> report() {
        List<Future<PgReport>> reports = new ArrayList<>();
        for (Shard shard : shards) {
            Promise<PgReport> report = Promise.promise();
            reports.add(report.future());
            shard.execute(out -> report.complete(shard.machine.report(nowMillis())));
        }
        return Future.all(reports).map(all -> PgReport.of(all.list()));
    }

    /** A newer map, on any thread. It is acted on when the superblock has its epoch. */
    public void onMap(OsdMap map) {
        commitThread.execute(() -> {
            superblock.reach(map);
            for (Shard shard : shards) {
                shard.execute(out -> shard.machine.onMap(map, nowMillis(), out));
            }
        });
    }

    /** A client's session has ended, on any thread. */
    public void onSessionClosed(long session) {
        for (Shard shard : shards) {
            shard.execute(out -> shard.machine.onSessionClosed(session, nowMillis(), out));
        }
    }

    /** Transactions on their way to the disk, for metrics. For any thread. */
    public long transactionsInFlight() {
        return commitThread.uncommittedCount();
    }

    /** The store, for status and verification. */
    public ObjectStore store() {
        return store;
    }

    /** What reads and verifications have found damaged. */
    public DamagedEntries damaged() {
        return damaged;
    }

    /**
     * Stops: what has been submitted is written, then the store is closed. Called on a thread that may block, after
     * the clients have stopped.
     */
    public void stop() throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(shards.size());
        for (Shard shard : shards) {
            shard.context.runOnContext(v -> {
                shard.stop();
                stopped.countDown();
            });
        }
        if (!stopped.await(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.error("osd.{}: an event loop is stuck", osd);
        }
        commitThread.stop();
        readPool.shutdown();
        if (!readPool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.error("osd.{}: reads did not end in {} s", osd, STOP_SECONDS);
        }
        store.close();
    }

    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }

    private void fail(Throwable failure) {
        if (failed.compareAndSet(false, true)) {
            onFatal.accept(failure);
        }
    }

    private void onDone(List<CommitThread.Done> group) {
        List<List<CommitThread.Done>> byShard = new ArrayList<>();
        for (int i = 0; i < shards.size(); i++) {
            byShard.add(new ArrayList<>());
        }
        for (CommitThread.Done done : group) {
            byShard.get(shardOf(done.pg())).add(done);
            if (done.refused() == null && done.transaction().locator() != null) {
                damaged.forgetReplaced(
                        done.transaction().locator(), done.transaction().mutations());
            }
        }
        for (int i = 0; i < shards.size(); i++) {
            List<CommitThread.Done> ended = byShard.get(i);
            if (!ended.isEmpty()) {
                Shard shard = shards.get(i);
                shard.execute(out -> onDone(shard.machine, ended, out));
            }
        }
    }

    private static void onDone(OsdShard machine, List<CommitThread.Done> ended, OsdEffects out) {
        for (CommitThread.Done done : ended) {
            if (done.refused() == null) {
                machine.onPersisted(done.pg(), done.number(), out);
            } else {
                machine.onRefused(done.pg(), done.number(), done.refused(), out);
            }
        }
    }

    /** The reservations of all shards are of the first one's event loop. */
    private void onReservers(Runnable task) {
        shards.get(0).execute(out -> task.run());
    }

    /** As many placement groups are recovered or filled at a time from here, and as many to here; on any thread. */
    void setMaxBackfills(int turns) {
        onReservers(() -> reservers.setMax(turns));
    }

    /** When copies are compared from now on; on any thread. */
    void setScrubTimes(ScrubTimes times) {
        shards.forEach(shard -> shard.execute(out -> shard.machine.setScrubTimes(times)));
    }

    /** Tells shards whose turn it is. */
    private final class Turns implements Reservers.Effects {
        @Override
        public void reserved(ReservationSide side, PgId pg, long token) {
            Shard shard = shards.get(shardOf(pg));
            shard.execute(out -> shard.machine.onReserved(side, pg, token, out));
        }

        @Override
        public void preempted(ReservationSide side, PgId pg, long token) {
            Shard shard = shards.get(shardOf(pg));
            shard.execute(out -> shard.machine.onPreempted(side, pg, token, out));
        }
    }

    private interface Step {
        void run(OsdEffects out);
    }

    /** A shard's machine on its event loop. Steps never nest: what a step's replies cause runs after it. */
    private final class Shard {
        private final int number;
        private final Context context;
        private final OsdShard machine;
        private final ArrayDeque<Step> steps = new ArrayDeque<>();
        private final Effects effects = new Effects(this);
        private final OperationTimes times = new OperationTimes(metrics);
        private volatile Thread thread;
        private boolean running;
        private boolean stopped;
        private long timer = -1;

        Shard(int number, Context context, OsdShard machine) {
            this.number = number;
            this.context = context;
            this.machine = machine;
            context.runOnContext(v -> thread = Thread.currentThread());
        }

        void startTicking() {
            timer = context.owner()
                    .setPeriodic(
                            TICK_MILLIS,
                            id -> run(out -> {
                                machine.onTick(nowMillis(), out);
                                times.onTick(System.nanoTime());
                            }));
        }

        void stop() {
            stopped = true;
            context.owner().cancelTimer(timer);
        }

        void execute(Step step) {
            if (Thread.currentThread() == thread) {
                run(step);
            } else {
                context.runOnContext(v -> run(step));
            }
        }

        private void run(Step step) {
            if (stopped || failed.get()) {
                return;
            }
            steps.addLast(step);
            if (running) {
                return;
            }
            running = true;
            try {
                for (Step next = steps.pollFirst(); next != null; next = steps.pollFirst()) {
                    next.run(effects);
                    effects.deliver();
                }
            } catch (RuntimeException | Error broken) {
                fail(broken);
            } finally {
                running = false;
            }
        }
    }

    private record Reply(long session, OsdMessage.ToClient message) {}

    /** Carries a shard's effects out; replies go when the step that made them has ended. */
    private final class Effects implements OsdEffects {
        private final Shard shard;
        private final ArrayDeque<Reply> replies = new ArrayDeque<>();

        Effects(Shard shard) {
            this.shard = shard;
        }

        void deliver() {
            for (Reply reply = replies.pollFirst(); reply != null; reply = replies.pollFirst()) {
                shard.times.onReply(reply.message(), System.nanoTime());
                peers.reply(shard.number, reply.session(), reply.message());
            }
        }

        @Override
        public void persist(PgId pg, long number, StoreTransaction transaction) {
            commitThread.submit(pg, number, transaction);
        }

        @Override
        public long nowMillis() {
            return OsdDaemon.nowMillis();
        }

        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public void reserve(ReservationSide side, PgId pg, int priority, long token) {
            onReservers(() -> reservers.reserve(side, pg, priority, token));
        }

        @Override
        public void release(ReservationSide side, PgId pg, long token) {
            onReservers(() -> reservers.release(side, pg, token));
        }

        @Override
        public void resume(PgId pg) {
            commitThread.resume(pg);
        }

        @Override
        public void send(int to, PeerMessage message) {
            metrics.onSend(message);
            peers.send(shard.number, to, message);
        }

        @Override
        public void wantUpThru(int epoch) {
            peers.wantUpThru(epoch);
        }

        @Override
        public void wantPgTemp(PgId pg, List<Integer> osds) {
            peers.wantPgTemp(pg, osds);
        }

        @Override
        public void count(String event) {
            LOG.debug("osd.{}: {}", osd, event);
        }

        @Override
        public void reply(long session, OsdMessage.ToClient reply) {
            replies.addLast(new Reply(session, reply));
        }

        @Override
        public void read(PgId pg, long token, Runnable task) {
            readPool.execute(() -> {
                RuntimeException failure = null;
                try {
                    task.run();
                } catch (RuntimeException thrown) {
                    failure = thrown;
                }
                RuntimeException result = failure;
                shard.execute(out -> shard.machine.onRead(pg, token, result, nowMillis(), out));
            });
        }

        @Override
        public void damaged(PgId pg, ChecksumException damage) {
            String detail = String.valueOf(damage.getMessage());
            LOG.error("osd.{}: pg {} has a damaged entry, which is not served: {}", osd, pg, detail);
            damaged.add(new DamagedEntries.Damage(damage.locator(), damage.name(), detail, System.currentTimeMillis()));
        }

        @Override
        public void scrubbed(PgId pg, ScrubResult result) {
            metrics.onScrubbed(result);
            String kind = result.kind().text();
            if (result.unresolved() > 0) {
                LOG.error(
                        "osd.{}: pg {} {}: {} entries differed between copies or were damaged, {} still are",
                        osd,
                        pg,
                        kind,
                        result.found(),
                        result.unresolved());
            } else if (result.found() > 0) {
                LOG.warn(
                        "osd.{}: pg {} {}: {} entries differed between copies or were damaged, and are repaired",
                        osd,
                        pg,
                        kind,
                        result.found());
            } else {
                LOG.info("osd.{}: pg {} {}: ok", osd, pg, kind);
            }
        }

        @Override
        public void classFailed(PgId pg, ClassFailedException failure) {
            LOG.error("osd.{}: pg {}: an operation was refused because of a fault in its class", osd, pg, failure);
        }

        @Override
        public void wantMap(int epoch) {
            peers.wantMap(epoch);
        }
    }
}

package io.roost.cluster.daemon;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.message.OsdMessage;
import io.roost.cluster.message.PeerMessage;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ReadFrom;
import io.roost.cluster.osd.OsdEffects;
import io.roost.cluster.osd.OsdShard;
import io.roost.cluster.osd.PgReport;
import io.roost.cluster.osd.Reservers;
import io.roost.cluster.pg.ReservationSide;
import io.roost.cluster.pg.log.PgLog;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreFinding;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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

        /** Asks the monitors for who acts in an interval of this map, again and again until it ends; empty for no others. */
        void wantPgTemp(PgId pg, List<Integer> osds, OsdMap by);
    }

    private final int osd;
    private final Superblock superblock;
    private final OsdMap bootMap;
    private final ObjectStore store;
    private final ClassRegistry classes;
    private final int shardCount;
    private final List<ShardLoop> shards = new ArrayList<>();
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
        this.classes = classes;
        this.osd = superblock.osd();
        this.superblock = superblock;
        this.bootMap = map;
        this.store = store;
        this.onFatal = onFatal;
        this.shardCount = loops.size();
        commitThread = new CommitThread("osd-" + osd + "-commit", store, this::onDone, metrics::onCommit, this::fail);
        readPool = Executors.newFixedThreadPool(READ_THREADS, task -> new Thread(task, "osd-" + osd + "-read"));
        ShardLoop.Shared shared = new ShardLoop.Shared(
                osd, commitThread, readPool, peers, metrics, damaged, this::onReservers, failed::get, this::fail);
        for (int i = 0; i < loops.size(); i++) {
            int number = i;
            OsdShard machine =
                    new OsdShard(osd, classes, store, logLimits, pg -> shardOf(pg) == number, superblock.maps(), map);
            shards.add(new ShardLoop(shared, i, loops.get(i), machine));
        }
    }

    /** Begins to run; blocks until the disk says which map it began with. */
    public void start() {
        store.damage().forEach(this::foundAtOpening);
        int actedOn = superblock.newestEpoch();
        superblock.reach(bootMap);
        commitThread.start();
        shards.forEach(shard -> shard.start(actedOn));
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
        shards.forEach(shard -> threads.add(shard::post));
        threads.add(commitThread::execute);
        return threads;
    }

    /** A client's message, on any thread. */
    public void onMessage(long session, OsdMessage.ToPrimary message) {
        ShardLoop shard = shards.get(shardOf(message.pg()));
        shard.execute((machine, out) -> {
            if (message instanceof OsdMessage.Operation operation) {
                shard.onRequest(operation, kind(operation));
            }
            machine.onMessage(session, message, nowMillis(), out);
        });
    }

    private OperationTimes.Kind kind(OsdMessage.Operation operation) {
        if (operation.readFrom() == ReadFrom.REPLICA) {
            return OperationTimes.Kind.REPLICA_READ;
        }
        ObjectClass.Method method = classes.method(operation.className(), operation.method());
        return method != null && method.isReading() ? OperationTimes.Kind.READ : OperationTimes.Kind.WRITE;
    }

    /** A message of another OSD, on any thread. */
    public void onPeerMessage(int from, PeerMessage message) {
        ShardLoop shard = shards.get(shardOf(message.pg()));
        shard.execute((machine, out) -> machine.onPeerMessage(from, message, nowMillis(), out));
    }

    /** A shard's connection to another OSD broke, on any thread; what was said on it may be lost. */
    public void onPeerReset(int number, int osd) {
        ShardLoop shard = shards.get(number);
        shard.execute((machine, out) -> machine.onPeerReset(osd, out));
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
        for (ShardLoop shard : shards) {
            Promise<PgReport> report = Promise.promise();
            reports.add(report.future());
            shard.execute((machine, out) -> report.complete(machine.report(nowMillis())));
        }
        return Future.all(reports).map(all -> PgReport.of(all.list()));
    }

    /** A newer map, on any thread. It is acted on when the superblock has its epoch. */
    public void onMap(OsdMap map) {
        commitThread.execute(() -> {
            superblock.reach(map);
            for (ShardLoop shard : shards) {
                shard.execute((machine, out) -> machine.onMap(map, nowMillis(), out));
            }
        });
    }

    /** A client's session has ended, on any thread. */
    public void onSessionClosed(long session) {
        for (ShardLoop shard : shards) {
            shard.execute((machine, out) -> machine.onSessionClosed(session, nowMillis(), out));
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
        shards.forEach(shard -> shard.stop(stopped::countDown));
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
                ShardLoop shard = shards.get(i);
                shard.execute((machine, out) -> onDone(machine, ended, out));
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

    /** The reservations of all shards are of the first one's event loop; a task is run there, from any thread. */
    void onReservers(Consumer<Reservers> task) {
        shards.get(0).execute((machine, out) -> task.accept(reservers));
    }

    /** Goes on as these settings say; on any thread. */
    void follow(OsdSettings settings) {
        onReservers(all -> all.setMax(settings.maxBackfills()));
        shards.forEach(shard -> shard.execute((machine, out) -> machine.setScrubTimes(settings.scrubTimes())));
    }

    /** Tells shards whose turn it is. */
    private final class Turns implements Reservers.Effects {
        @Override
        public void reserved(ReservationSide side, PgId pg, long token) {
            ShardLoop shard = shards.get(shardOf(pg));
            shard.execute((machine, out) -> machine.onReserved(side, pg, token, out));
        }

        @Override
        public void preempted(ReservationSide side, PgId pg, long token) {
            ShardLoop shard = shards.get(shardOf(pg));
            shard.execute((machine, out) -> machine.onPreempted(side, pg, token, out));
        }
    }
}

package io.roost.cluster.daemon;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.mon.Clocks;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.mon.Mkfs;
import io.roost.cluster.mon.MonEffects;
import io.roost.cluster.mon.Monitor;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.store.StoreFailedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a monitor on a thread of its own, for the daemons of the same process. What it persists is on disk before the
 * input that asked for it returns.
 */
public final class MonDaemon {
    private static final Logger LOG = LoggerFactory.getLogger(MonDaemon.class);
    private static final long STOP_SECONDS = 30;

    private final KeyValue keyValue;
    private final KeyValueMonStore store;
    private final ScheduledExecutorService thread;
    private final Consumer<Throwable> onFatal;
    private final Sessions sessions = new Sessions();
    private Monitor monitor;
    private long nextTid = 1;

    private MonDaemon(KeyValue keyValue, Consumer<Throwable> onFatal) {
        this.keyValue = keyValue;
        this.store = new KeyValueMonStore(keyValue);
        this.onFatal = onFatal;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "mon"));
    }

    /**
     * Opens the monitor of a store and runs it, making a new cluster when there is none.
     *
     * @param keyValue closed by {@link #stop}
     * @param mkfs what a new cluster is made of
     * @param onFatal called when the disk or an invariant fails; the monitor answers nothing any more
     */
    static MonDaemon start(KeyValue keyValue, Mkfs mkfs, Consumer<Throwable> onFatal) throws InterruptedException {
        MonDaemon daemon = new MonDaemon(keyValue, onFatal);
        try {
            daemon.call(() -> {
                if (!Monitor.isFormatted(daemon.store)) {
                    Monitor.format(daemon.store, mkfs);
                }
                daemon.monitor = Monitor.openSole(daemon.store, clocks().monotonicMillis());
                daemon.monitor.start(clocks(), daemon.sessions);
                return null;
            });
        } catch (InterruptedException | RuntimeException failure) {
            daemon.stop();
            throw failure;
        }
        return daemon;
    }

    /** Runs on the monitor's thread and waits for it. */
    private <T> T call(Callable<T> task) throws InterruptedException {
        try {
            return thread.submit(task).get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    /** The committed OSD map. */
    public OsdMap osdMap() throws InterruptedException {
        return call(() -> monitor.osdMap());
    }

    /** Hands a message over; replies go to the consumer of its session, on the monitor's thread. */
    private void send(MonMessage.ToMonitor message) {
        try {
            monitor.onMessage(Sessions.LOCAL, message, clocks(), sessions);
        } catch (RuntimeException broken) {
            onFatal.accept(broken);
            throw broken;
        }
    }

    private void onTimer(TimerId timer) {
        try {
            sessions.timers.remove(timer);
            monitor.onTimer(timer, clocks(), sessions);
        } catch (RuntimeException broken) {
            onFatal.accept(broken);
            throw broken;
        }
    }

    private static Clocks clocks() {
        return new Clocks(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), System.currentTimeMillis());
    }

    /**
     * Marks an OSD of this process up.
     *
     * @return the map that shows it
     * @throws StoreFailedException when the monitor refuses it: its store is another's, or an old copy
     */
    OsdMap bootOsd(MonMessage.OsdBoot boot) throws InterruptedException {
        return call(() -> {
            sessions.refusal = null;
            send(boot);
            if (sessions.refusal != null) {
                throw new StoreFailedException("osd." + boot.osd() + " is refused: " + sessions.refusal.reason());
            }
            return monitor.osdMap();
        });
    }

    /** An id for a client that nobody has had before. */
    long newClient(String entity) throws InterruptedException {
        return call(() -> {
            send(new MonMessage.Authenticate(nextTid++, entity));
            return sessions.globalId;
        });
    }

    /** Gives every OSD map from an epoch on to a consumer, on the monitor's thread. */
    void subscribe(int fromEpoch, Consumer<OsdMap> consumer) throws InterruptedException {
        call(() -> {
            sessions.consumer = consumer;
            want(fromEpoch);
            return null;
        });
    }

    /** Asks for maps newer than an epoch; they go to the subscriber. */
    void wantMap(int epoch) {
        thread.execute(() -> want(epoch + 1));
    }

    private void want(int epoch) {
        MonMessage.Subscription wanted =
                new MonMessage.Subscription(MonMessage.Topic.OSD_MAP, epoch, MonMessage.Duration.CONTINUOUS);
        send(new MonMessage.Subscribe(List.of(wanted)));
    }

    /** An address for a daemon that can be reached in this process only; another in every life. */
    static NodeAddress localAddress() {
        // Not the pid: in a container it is the same in every life.
        return new NodeAddress("127.0.0.1", 0, ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }

    /** Stops and closes the store. */
    void stop() throws InterruptedException {
        thread.execute(sessions::cancelTimers);
        thread.shutdown();
        if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the monitor does not stop");
        }
        keyValue.close();
    }

    /** The one session of this process. */
    private final class Sessions implements MonEffects {
        static final long LOCAL = 1;

        private MonMessage.OsdBootRefused refusal;
        private long globalId;
        private Consumer<OsdMap> consumer = map -> {};
        private final Map<TimerId, ScheduledFuture<?>> timers = new HashMap<>();

        @Override
        public void persist(MonTransaction batch) {
            store.write(batch);
        }

        @Override
        public void send(String peer, MonPeerMessage message) {
            throw new IllegalStateException("a sole monitor has no peer " + peer);
        }

        @Override
        public void setTimer(TimerId timer, long delayMillis) {
            cancelTimer(timer);
            timers.put(timer, thread.schedule(() -> onTimer(timer), delayMillis, TimeUnit.MILLISECONDS));
        }

        @Override
        public void cancelTimer(TimerId timer) {
            ScheduledFuture<?> running = timers.remove(timer);
            if (running != null) {
                running.cancel(false);
            }
        }

        void cancelTimers() {
            List.copyOf(timers.keySet()).forEach(this::cancelTimer);
        }

        @Override
        public void count(String event) {
            LOG.debug("{}", event);
        }

        @Override
        public void send(long session, MonMessage.FromMonitor message) {
            if (message instanceof MonMessage.OsdBootRefused refused) {
                refusal = refused;
            } else if (message instanceof MonMessage.AuthenticateReply reply) {
                globalId = reply.globalId();
            } else if (message instanceof MonMessage.OsdMaps) {
                // In one process the newest map is at hand: what lies between is for daemons that keep a history.
                consumer.accept(monitor.osdMap());
            }
        }
    }
}

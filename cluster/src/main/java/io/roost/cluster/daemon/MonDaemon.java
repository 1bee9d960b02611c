package io.roost.cluster.daemon;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.message.Message;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.mon.Clocks;
import io.roost.cluster.mon.KeyValueMonStore;
import io.roost.cluster.mon.Mkfs;
import io.roost.cluster.mon.MonEffects;
import io.roost.cluster.mon.Monitor;
import io.roost.cluster.net.CloseCause;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.net.handshake.Entity;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.paxos.Quorum;
import io.roost.cluster.paxos.QuorumTiming;
import io.roost.cluster.store.KeyValue;
import io.roost.cluster.transport.Attachment;
import io.roost.cluster.transport.Party;
import io.roost.cluster.transport.Session;
import io.roost.cluster.transport.Transport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a monitor on a thread of its own, in sessions with other monitors, OSDs and clients. What it persists is on disk
 * before the input that asked for it returns.
 */
public final class MonDaemon {
    private static final Logger LOG = LoggerFactory.getLogger(MonDaemon.class);
    private static final long STOP_SECONDS = 30;

    /** Messages that wait for the thread; whoever sends more loses his session. */
    private static final int MAX_WAITING = 20_000;

    private final KeyValue keyValue;
    private final KeyValueMonStore store;
    private final EntityName self;
    private final MonMap seed;
    private final ScheduledExecutorService thread;
    private final Consumer<Throwable> onFatal;
    private final Outside outside = new Outside();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, LongAdder> events = new ConcurrentHashMap<>();
    private final MonMetrics metrics = new MonMetrics();
    private final Monitor monitor;
    /** On the monitor's thread. */
    private boolean isStopping;

    private volatile Attachment attachment;
    private volatile Standing standing;

    /**
     * What a monitor says of itself.
     *
     * @param role in the quorum
     * @param leader name of the leader, when it knows one
     * @param quorum names of the quorum, empty outside of one
     * @param monMap the newest that it knows
     */
    public record Standing(Quorum.Role role, Optional<String> leader, List<String> quorum, MonMap monMap) {}

    private MonDaemon(KeyValue keyValue, String name, MonMap seed, Optional<Mkfs> mkfs, Consumer<Throwable> onFatal) {
        this.keyValue = keyValue;
        this.store = new KeyValueMonStore(keyValue);
        this.self = EntityName.mon(name);
        this.seed = seed;
        this.onFatal = onFatal;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "mon-" + name));
        if (mkfs.isPresent() && !Monitor.isFormatted(store)) {
            Monitor.format(store, mkfs.get());
        }
        monitor = Monitor.open(store, name, seed, QuorumTiming.DEFAULT, LogLimits.DEFAULT, clocks().monotonicMillis());
        standing = standing();
    }

    /**
     * Opens the monitor of a store.
     *
     * @param keyValue closed by {@link #stop}, or when this fails
     * @param name of the monitor
     * @param seed whom to ask while the store does not say
     * @param mkfs what a new cluster is made of; empty for a monitor that joins one
     * @param onFatal called when the disk or an invariant fails; the monitor answers nothing any more
     * @throws io.roost.cluster.paxos.MonStoreException when the store is damaged or another cluster's
     */
    static MonDaemon open(
            KeyValue keyValue, String name, MonMap seed, Optional<Mkfs> mkfs, Consumer<Throwable> onFatal) {
        try {
            return new MonDaemon(keyValue, name, seed, mkfs, onFatal);
        } catch (RuntimeException failure) {
            keyValue.close();
            throw failure;
        }
    }

    /** Runs it: others find it now. */
    void start(Transport transport) throws InterruptedException {
        attachment = transport.attach(new Entity(self, 0), outside);
        call(() -> {
            monitor.start(clocks(), outside);
            standing = standing();
            return null;
        });
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

    /** What it is. For any thread. */
    public Standing current() {
        return standing;
    }

    /** What it counts. For any thread. */
    public MonMetrics metrics() {
        return metrics;
    }

    /** How often something noteworthy and rare has happened, by kind. For any thread. */
    public Map<String, Long> events() {
        Map<String, Long> counts = new HashMap<>();
        events.forEach((event, count) -> counts.put(event, count.sum()));
        return counts;
    }

    private Standing standing() {
        Quorum quorum = monitor.quorum();
        return new Standing(
                quorum.role(),
                Optional.ofNullable(quorum.leader()),
                quorum.leader() == null ? List.of() : List.copyOf(quorum.members()),
                monMap());
    }

    private void follow(Standing now) {
        Standing before = standing;
        standing = now;
        boolean isNews = now.role() != before.role()
                || !now.quorum().equals(before.quorum())
                || !now.leader().equals(before.leader());
        if (isNews) {
            LOG.info(
                    "{}: {}, leader {}, quorum {}",
                    self,
                    now.role(),
                    now.leader().orElse("none"),
                    now.quorum());
        }
    }

    private MonMap monMap() {
        return monitor.isWhole() ? monitor.monMap() : seed;
    }

    private static Clocks clocks() {
        return new Clocks(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), System.currentTimeMillis());
    }

    /** An input of the monitor, on its thread, in the order of the calls; dropped when it stops. */
    private void execute(Consumer<Clocks> input) {
        waiting.incrementAndGet();
        try {
            thread.execute(() -> {
                waiting.decrementAndGet();
                run(input);
            });
        } catch (RejectedExecutionException stopped) {
            LOG.debug("{} has stopped", self);
        }
    }

    private void run(Consumer<Clocks> input) {
        if (isStopping) {
            return;
        }
        try {
            long begunNanos = System.nanoTime();
            input.accept(clocks());
            follow(standing());
            metrics.onInput(monitor.quorum(), clocks().monotonicMillis(), begunNanos, System.nanoTime());
        } catch (RuntimeException broken) {
            onFatal.accept(broken);
            throw broken;
        }
    }

    /** Stops and closes the store. */
    void stop() throws InterruptedException {
        if (attachment != null) {
            attachment.detach();
        }
        Future<?> stopped = thread.submit(() -> {
            isStopping = true;
            outside.cancelTimers();
        });
        try {
            // Until then an input may set a timer, which a thread that is shut down refuses.
            stopped.get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException stuck) {
            throw new IllegalStateException(self + " does not stop", stuck);
        }
        thread.shutdown();
        if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(self + " does not stop");
        }
        keyValue.close();
    }

    /** Its sessions and timers. The sessions are of any thread, the rest of the monitor's. */
    private final class Outside implements MonEffects, Party {
        private final Map<Long, Session> sessions = new ConcurrentHashMap<>();
        /** Session with a monitor → when it was asked for first; until it has closed. Of the monitor's thread. */
        private final Map<Long, Long> askedForMillis = new HashMap<>();

        private final Map<TimerId, ScheduledFuture<?>> timers = new HashMap<>();

        @Override
        public boolean admits(Entity peer) {
            boolean isMonitor = peer.name().kind() == EntityName.Kind.MON;
            return !isMonitor || standing.monMap().rank(peer.name().id()) >= 0;
        }

        @Override
        public void onOpened(Session session) {
            sessions.put(session.number(), session);
        }

        @Override
        public void onMessage(Session session, Message message) {
            if (waiting.get() > MAX_WAITING) {
                LOG.warn("{} has no time for {}", self, session);
                session.close();
                return;
            }
            Entity peer = session.peer();
            boolean isMonitor = peer.name().kind() == EntityName.Kind.MON;
            if (message instanceof MonPeerMessage ofMonitor && isMonitor) {
                execute(now -> monitor.onPeerMessage(peer.name().id(), ofMonitor, now, this));
            } else if (message instanceof MonMessage.ToMonitor toMonitor && mayAsk(peer.name(), toMonitor)) {
                execute(now -> monitor.onMessage(session.number(), toMonitor, now, this));
            } else {
                throw new MalformedBytesException(
                        message.getClass().getSimpleName() + " is not for " + peer + " to say to " + self);
            }
        }

        @Override
        public void onClosed(Session session, CloseCause cause) {
            sessions.remove(session.number());
            EntityName peer = session.peer().name();
            execute(now -> {
                monitor.onSessionClosed(session.number());
                long dialledMillis = Optional.ofNullable(askedForMillis.remove(session.number()))
                        .orElse(Long.MIN_VALUE);
                if (peer.kind() == EntityName.Kind.MON) {
                    onMonitorLost(peer.id(), cause, dialledMillis, now);
                }
            });
        }

        private void onMonitorLost(String peer, CloseCause cause, long dialledMillis, Clocks now) {
            if (cause == CloseCause.CONNECTION_REFUSED) {
                monitor.onUnreachable(peer, dialledMillis, now, this);
            } else if (cause == CloseCause.RESET || cause == CloseCause.PEER_CLOSED) {
                // Dialled at once, for when its process is gone nobody listens there: so this is soon known.
                session(peer);
            }
        }

        private Optional<Session> session(String peer) {
            return monMap().monitors().stream()
                    .filter(other -> other.name().equals(peer))
                    .findFirst()
                    .map(other -> {
                        long now = clocks().monotonicMillis();
                        Session dialled = attachment.session(MonLink.target(other), Channel.CONTROL, 0);
                        askedForMillis.putIfAbsent(dialled.number(), now);
                        return dialled;
                    });
        }

        @Override
        public void persist(MonTransaction batch) {
            long begunNanos = System.nanoTime();
            store.write(batch);
            metrics.onPersisted(System.nanoTime() - begunNanos);
        }

        @Override
        public void send(String peer, MonPeerMessage message) {
            session(peer).ifPresent(session -> session.send(message));
        }

        @Override
        public void send(long session, MonMessage.FromMonitor message) {
            Session open = sessions.get(session);
            if (open != null) {
                open.send(message);
            }
        }

        @Override
        public void setTimer(TimerId timer, long delayMillis) {
            cancelTimer(timer);
            timers.put(timer, thread.schedule(() -> onTimer(timer), delayMillis, TimeUnit.MILLISECONDS));
        }

        private void onTimer(TimerId timer) {
            timers.remove(timer);
            run(now -> monitor.onTimer(timer, now, this));
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
            LOG.debug("{}: {}", self, event);
            events.computeIfAbsent(event, e -> new LongAdder()).increment();
        }
    }

    /** An OSD speaks for itself only, and commands nothing. */
    private static boolean mayAsk(EntityName peer, MonMessage.ToMonitor message) {
        OptionalInt speaker = speaker(message);
        if (speaker.isPresent()) {
            return peer.equals(EntityName.osd(speaker.getAsInt()));
        }
        return !(message instanceof MonMessage.Command) || peer.kind() != EntityName.Kind.OSD;
    }

    private static OptionalInt speaker(MonMessage.ToMonitor message) {
        if (message instanceof MonMessage.OsdBoot boot) {
            return OptionalInt.of(boot.osd());
        } else if (message instanceof MonMessage.OsdAlive alive) {
            return OptionalInt.of(alive.osd());
        } else if (message instanceof MonMessage.OsdBeacon beacon) {
            return OptionalInt.of(beacon.osd());
        } else if (message instanceof MonMessage.OsdStopping stopping) {
            return OptionalInt.of(stopping.osd());
        } else if (message instanceof MonMessage.OsdFailure failure) {
            return OptionalInt.of(failure.reporter());
        } else if (message instanceof MonMessage.OsdStillAlive alive) {
            return OptionalInt.of(alive.reporter());
        } else if (message instanceof MonMessage.OsdPgTemp wanted) {
            return OptionalInt.of(wanted.osd());
        } else if (message instanceof MonMessage.OsdPgStats stats) {
            return OptionalInt.of(stats.osd());
        }
        return OptionalInt.empty();
    }
}

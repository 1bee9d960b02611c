package io.roost.cluster.daemon;

import io.roost.cluster.heartbeat.HeartbeatTiming;
import io.roost.cluster.heartbeat.Heartbeats;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.HeartbeatMessage;
import io.roost.cluster.net.CloseCause;
import io.roost.cluster.net.Target;
import io.roost.cluster.net.handshake.Channel;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.cluster.transport.Attachment;
import io.roost.cluster.transport.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an OSD's heartbeats on a thread of their own, in connections of their own, so that load does not look like death. It
 * also watches the threads that do the OSD's work: while one of them has been stuck for half the grace, the OSD is silent.
 */
final class HeartbeatThread {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatThread.class);

    private static final long TICK_MILLIS = 200;
    private static final long STOP_SECONDS = 5;

    /** Where the results go; called on the thread. */
    interface Listener {
        /** An OSD is silent, or certainly gone. */
        void onSilent(int osd, NodeAddress address, long silentMillis, Heartbeats.Proof proof);

        /** An OSD answers again that was silent. */
        void onHeardAgain(int osd, NodeAddress address);

        /** Somebody knows a newer map. */
        void onNewerMap(int epoch);

        /** While the OSD is not up: whether it hears all that are. */
        void onConnected(boolean isConnected);
    }

    /** A thread that is asked now and then to answer. */
    private static final class Watched {
        private final Executor thread;
        private final AtomicLong askedNanos = new AtomicLong();

        Watched(Executor thread) {
            this.thread = thread;
        }

        /** How long it has owed an answer. Asks again when there was one. */
        long silentNanos(long nowNanos) {
            long asked = askedNanos.get();
            if (asked != 0) {
                return nowNanos - asked;
            }
            askedNanos.set(nowNanos);
            thread.execute(() -> askedNanos.set(0));
            return 0;
        }
    }

    private record Peer(int osd, NodeAddress address) {}

    private final int osd;
    private final HeartbeatTiming timing;
    private final Heartbeats machine;
    private final Supplier<Attachment> self;
    private final Listener listener;
    private final ScheduledExecutorService thread;
    private final Effects effects = new Effects();
    private final List<Watched> watched = new ArrayList<>();
    private final Map<Peer, Session> sessions = new HashMap<>();
    private ScheduledFuture<?> ticking;
    private boolean isStuck;

    /**
     * Heartbeats that have not begun.
     *
     * @param self the OSD in its present life
     */
    HeartbeatThread(int osd, HeartbeatTiming timing, Supplier<Attachment> self, Listener listener) {
        this.osd = osd;
        this.timing = timing;
        this.machine = new Heartbeats(osd, timing);
        this.self = self;
        this.listener = listener;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "osd-" + osd + "-heartbeat"));
    }

    /** Begins. */
    void start(List<Executor> threads) {
        execute(() -> threads.forEach(one -> watched.add(new Watched(one))));
        ticking =
                thread.scheduleAtFixedRate(() -> guarded(this::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop() throws InterruptedException {
        if (ticking != null) {
            ticking.cancel(false);
        }
        thread.shutdown();
        if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.error("osd.{}: heartbeats do not stop", osd);
        }
    }

    private void execute(Runnable input) {
        try {
            thread.execute(() -> guarded(input));
        } catch (RejectedExecutionException stopped) {
            LOG.debug("osd.{} has stopped", osd);
        }
    }

    /** A failure here is a defect: it is told, and the OSD goes silent, which others notice. */
    private void guarded(Runnable input) {
        try {
            input.run();
        } catch (RuntimeException | Error broken) {
            LOG.error("osd.{}: heartbeats fail", osd, broken);
            throw broken;
        }
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void tick() {
        long now = System.nanoTime();
        long longest = 0;
        for (Watched one : watched) {
            longest = Math.max(longest, one.silentNanos(now));
        }
        boolean stuck = TimeUnit.NANOSECONDS.toMillis(longest) >= timing.graceMillis() / 2;
        if (stuck != isStuck) {
            isStuck = stuck;
            LOG.warn(stuck ? "osd.{} is stuck, and silent until it goes on" : "osd.{} goes on", osd);
            machine.onStuck(stuck, nowMillis());
        }
        machine.onTick(nowMillis(), effects);
    }

    /** A newer map; any thread, as all that follows. */
    void onMap(OsdMap map) {
        execute(() -> machine.onMap(map, nowMillis(), effects));
    }

    /** Another monitor answers. */
    void onSession() {
        execute(() -> machine.onSession(nowMillis(), effects));
    }

    /** A message in a session that either side began. */
    void onMessage(Session session, HeartbeatMessage message) {
        EntityName peer = session.peer().name();
        if (peer.kind() != EntityName.Kind.OSD) {
            throw new MalformedBytesException("a heartbeat of " + peer);
        }
        NodeAddress address = new NodeAddress("", 0, session.peer().nonce());
        execute(() -> {
            effects.answersIn = session;
            machine.onMessage(Integer.parseInt(peer.id()), address, message, nowMillis(), effects);
            effects.answersIn = null;
        });
    }

    /** A session with an OSD has ended. */
    void onClosed(Session session, CloseCause cause) {
        execute(() -> sessions.entrySet().removeIf(entry -> {
            Peer peer = entry.getKey();
            boolean isThis = entry.getValue().number() == session.number();
            if (isThis) {
                onLost(peer, cause);
            }
            return isThis;
        }));
    }

    private void onLost(Peer peer, CloseCause cause) {
        if (cause == CloseCause.CONNECTION_REFUSED) {
            machine.onGone(peer.osd(), peer.address(), nowMillis(), effects);
        } else if (cause == CloseCause.RESET || cause == CloseCause.PEER_CLOSED) {
            // After this session has been forgotten.
            execute(() -> machine.onReset(peer.osd(), peer.address(), nowMillis(), effects));
        }
    }

    private final class Effects implements Heartbeats.Effects {
        private Session answersIn;

        @Override
        public void send(int peer, NodeAddress address, HeartbeatMessage message) {
            if (answersIn != null) {
                answersIn.send(message);
                return;
            }
            Peer key = new Peer(peer, address);
            Session session = sessions.get(key);
            if (session == null || !session.isUsable()) {
                Target target = new Target(EntityName.osd(peer), address);
                session = self.get().session(target, Channel.HEARTBEAT, 0);
                sessions.put(key, session);
            }
            session.send(message);
        }

        @Override
        public void report(int peer, NodeAddress address, long silentMillis, Heartbeats.Proof proof) {
            LOG.info("osd.{}: osd.{} at {} is {}, heard {} ms ago", osd, peer, address, proof, silentMillis);
            listener.onSilent(peer, address, silentMillis, proof);
        }

        @Override
        public void heardAgain(int peer, NodeAddress address) {
            LOG.info("osd.{}: osd.{} at {} answers again", osd, peer, address);
            listener.onHeardAgain(peer, address);
        }

        @Override
        public void onNewerMap(int epoch) {
            listener.onNewerMap(epoch);
        }

        @Override
        public void onConnected(boolean isConnected) {
            listener.onConnected(isConnected);
        }

        @Override
        public void forget(int peer, NodeAddress address) {
            Session session = sessions.remove(new Peer(peer, address));
            if (session != null) {
                session.close();
            }
        }
    }
}

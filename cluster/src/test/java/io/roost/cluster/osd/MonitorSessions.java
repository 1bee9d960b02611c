package io.roost.cluster.osd;

import io.roost.cluster.client.MonClient;
import io.roost.cluster.map.ClusterConfig;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.sim.SimNode;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A node's link with real monitors: its {@link MonClient}, in sessions that end with their connections. */
final class MonitorSessions implements MapLink {
    /** Whoever has them. */
    interface Listener {
        /** The next map that there is. */
        void onMap(OsdMap map);

        /** What was told to the monitors may have been lost. */
        void onSession();

        /** A monitor answers. */
        void onReply(MonMessage.FromMonitor reply);

        /** An OSD has ended a life. */
        void onGone(String osd, long nonce);
    }

    private final SimNode node;
    private final Listener listener;
    private final MonClient machine;
    private final Effects effects = new Effects();
    private final SplittableRandom random;
    private final TreeMap<String, Long> sessions = new TreeMap<>();
    /** Peer → epoch up to which it was told of maps. */
    private final TreeMap<String, Integer> told = new TreeMap<>();
    /** What an input causes comes after it, as on an event loop. */
    private final ArrayDeque<Runnable> inputs = new ArrayDeque<>();

    private boolean isRunning;

    /**
     * A link that has not started.
     *
     * @param seed where the monitors are
     * @param newest map that is known
     * @param firstMap wanted when none is
     */
    MonitorSessions(
            SimNode node, MonMap seed, Optional<OsdMap> newest, MonClient.FirstMap firstMap, Listener listener) {
        this.node = node;
        this.listener = listener;
        machine = new MonClient(seed, newest, firstMap);
        random = node.cluster()
                .simulation()
                .random("sessions of " + node.name() + " "
                        + node.cluster().simulation().nowMicros());
    }

    private void execute(Runnable input) {
        inputs.addLast(input);
        if (isRunning) {
            return;
        }
        isRunning = true;
        for (Runnable next = inputs.pollFirst(); next != null; next = inputs.pollFirst()) {
            next.run();
        }
        isRunning = false;
    }

    /** The newest map; null before the first. */
    OsdMap map() {
        return machine.osdMaps().map().orElse(null);
    }

    /** Oldest epoch of the map that monitors still have, as they have said. */
    int oldestEpoch() {
        return machine.oldestOsdMapEpoch();
    }

    @Override
    public void start() {
        execute(() -> machine.start(node.nowMillis(), effects));
    }

    @Override
    public void onTick() {
        execute(() -> machine.onTick(node.nowMillis(), effects));
    }

    /** Tells the monitors; lost while none answers. */
    void tell(MonMessage.ToMonitor message) {
        execute(() -> machine.onTold(message, effects));
    }

    /** Asks until there is an answer with this number. */
    void ask(long tid, MonMessage.ToMonitor message) {
        execute(() -> machine.onRequest(tid, message, node.nowMillis(), effects));
    }

    @Override
    public void wantMap(int epoch) {
        execute(() -> machine.onNewerOsdMap(epoch + 1, effects));
    }

    @Override
    public void onMaps(MonMessage.OsdMaps newer) {
        execute(() -> machine.onOsdMaps(newer, effects));
    }

    /** A peer knows this epoch: it is sent what it lacks, once, or else we ask for what we lack. */
    void gossip(String peer, int epoch) {
        int newest = machine.osdMaps().epoch();
        if (epoch > newest) {
            wantMap(epoch - 1);
        } else if (epoch < newest && told.getOrDefault(peer, 0) < newest) {
            told.put(peer, newest);
            machine.osdMaps()
                    .since(epoch)
                    .ifPresent(lacking -> node.send(peer, "Maps", new Envelope.Maps(lacking).encode()));
        }
    }

    @Override
    public void onMessage(String from, Envelope message) {
        if (message instanceof Envelope.Gone gone) {
            listener.onGone(from, gone.nonce());
        } else if (message instanceof Envelope.Welcome welcome && isOpen(from, welcome.session())) {
            execute(() -> machine.onOpened(from, effects));
        } else if (message instanceof Envelope.OfSession said && isOpen(from, said.session())) {
            MonMessage.FromMonitor answer = (MonMessage.FromMonitor) said.message();
            execute(() -> machine.onMessage(from, answer, node.nowMillis(), effects));
        } else if (message instanceof Envelope.Bye bye && isOpen(from, bye.session())) {
            onReset(from);
        }
    }

    private boolean isOpen(String monitor, long session) {
        return sessions.getOrDefault(monitor, 0L) == session;
    }

    @Override
    public void onReset(String peer) {
        told.remove(peer);
        if (sessions.remove(peer) != null) {
            execute(() -> machine.onClosed(peer, node.nowMillis(), effects));
        }
    }

    @Override
    public void onUnreachable(String peer, long dialledMillis) {
        onReset(peer);
    }

    @Override
    public void send(int osd, String what, Envelope message) {
        OsdMap newest = map();
        if (newest != null && newest.isUp(osd)) {
            long nonce = newest.osd(osd).clusterAddress().nonce();
            node.send(OsdNode.name(osd), what, new Envelope.OfLife(nonce, message).encode());
        }
    }

    private final class Effects implements MonClient.Effects {
        @Override
        public void connect(MonMap.Monitor monitor) {
            long session = 1 + random.nextLong(Long.MAX_VALUE - 1);
            sessions.put(monitor.name(), session);
            node.send(monitor.name(), "Hello", new Envelope.Hello(session).encode());
        }

        @Override
        public void disconnect(String monitor) {
            Long session = sessions.remove(monitor);
            if (session != null) {
                node.send(monitor, "Bye", new Envelope.Bye(session).encode());
            }
        }

        @Override
        public void send(String monitor, MonMessage.ToMonitor message) {
            Long session = sessions.get(monitor);
            if (session != null) {
                String what = message.getClass().getSimpleName();
                node.send(monitor, what, new Envelope.OfSession(session, message).encode());
            }
        }

        @Override
        public void onSession() {
            listener.onSession();
        }

        @Override
        public void onOsdMap(OsdMap map) {
            listener.onMap(map);
        }

        @Override
        public void onMonMap(MonMap map) {
            node.count("a newer map of monitors");
        }

        @Override
        public void onConfig(ClusterConfig config) {
            // Nobody changes any.
        }

        @Override
        public void onReply(MonMessage.FromMonitor reply) {
            listener.onReply(reply);
        }

        @Override
        public int random(int bound) {
            return random.nextInt(bound);
        }
    }
}

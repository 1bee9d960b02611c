package io.roost.cluster.mon;

import io.roost.cluster.machine.TimerId;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.message.HealthCheck;
import io.roost.cluster.message.MonMessage;
import io.roost.cluster.message.MonPeerMessage;
import io.roost.cluster.paxos.LogLimits;
import io.roost.cluster.paxos.MonTransaction;
import io.roost.cluster.paxos.QuorumTiming;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** Three monitors that have started, and the messages between them, delivered one at a time in the order sent. */
final class MonitorTrio {
    private static final long HEALTH = 999;
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final Map<String, Node> nodes = new TreeMap<>();
    private final Deque<Runnable> underWay = new ArrayDeque<>();
    private final Set<String> gone = new TreeSet<>();
    private long nowMillis = 1000;

    private final class Node implements MonEffects {
        private final String name;
        private final MapMonStore store = new MapMonStore();
        private final Map<Long, List<MonMessage.FromMonitor>> sent = new TreeMap<>();
        private final TreeMap<String, Long> timers = new TreeMap<>();
        private final Monitor monitor;

        Node(String name, Mkfs mkfs) {
            this.name = name;
            Monitor.format(store, mkfs);
            MonMap seed = new MonMap(1, mkfs.fsid(), 0, mkfs.monitors());
            monitor = Monitor.open(store, name, seed, QuorumTiming.DEFAULT, LogLimits.DEFAULT, nowMillis);
        }

        @Override
        public void persist(MonTransaction batch) {
            store.write(batch);
        }

        @Override
        public void send(String peer, MonPeerMessage message) {
            underWay.add(() -> {
                Node to = nodes.get(peer);
                if (!gone.contains(name) && !gone.contains(peer)) {
                    to.monitor.onPeerMessage(name, message, clocks(), to);
                }
            });
        }

        @Override
        public void send(long session, MonMessage.FromMonitor message) {
            sent.computeIfAbsent(session, s -> new ArrayList<>()).add(message);
        }

        @Override
        public void setTimer(TimerId timer, long delayMillis) {
            timers.put(timer.name(), nowMillis + delayMillis);
        }

        @Override
        public void cancelTimer(TimerId timer) {
            timers.remove(timer.name());
        }

        @Override
        public void count(String event) {}

        void fireTimers() {
            if (gone.contains(name)) {
                return;
            }
            for (String timer : List.copyOf(timers.keySet())) {
                if (timers.getOrDefault(timer, Long.MAX_VALUE) <= nowMillis) {
                    timers.remove(timer);
                    monitor.onTimer(new TimerId(timer), clocks(), this);
                }
            }
        }
    }

    MonitorTrio() {
        List<MonMap.Monitor> monitors = new ArrayList<>();
        for (String name : NAMES) {
            NodeAddress address = new NodeAddress("10.0.0." + (1 + monitors.size()), 9441, 0);
            monitors.add(new MonMap.Monitor(name, address, MonMap.Role.VOTER));
        }
        Mkfs mkfs = new Mkfs(MonitorFixture.FSID, monitors, "node1", MonitorFixture.OSD, 0x10000, 1, 0);
        NAMES.forEach(name -> nodes.put(name, new Node(name, mkfs)));
        nodes.values().forEach(node -> node.monitor.start(clocks(), node));
    }

    private Clocks clocks() {
        return new Clocks(nowMillis, nowMillis);
    }

    Monitor monitor(String name) {
        return nodes.get(name).monitor;
    }

    /** Session → what a monitor has sent to it. */
    Map<Long, List<MonMessage.FromMonitor>> sentBy(String name) {
        return nodes.get(name).sent;
    }

    void on(String name, long session, MonMessage.ToMonitor message) {
        nodes.get(name).monitor.onMessage(session, message, clocks(), nodes.get(name));
    }

    void subscribe(String name, long session, MonMessage.Topic topic, long start) {
        on(name, session, MonitorFixture.subscribe(topic, start, MonMessage.Duration.CONTINUOUS));
    }

    /** Delivers messages until something is so. */
    void deliverUntil(BooleanSupplier isSo) {
        while (!isSo.getAsBoolean()) {
            underWay.remove().run();
        }
    }

    /** A monitor says and hears nothing any more. */
    void stop(String name) {
        gone.add(name);
    }

    /** It says and hears again. */
    void goOn(String name) {
        gone.remove(name);
    }

    /** What is wrong, as a monitor that leads says. */
    List<HealthCheck> health(String name) {
        List<MonMessage.FromMonitor> sent = sentBy(name).computeIfAbsent(HEALTH, none -> new ArrayList<>());
        int before = sent.size();
        on(name, HEALTH, new MonMessage.GetHealth(1));
        pass(5000, () -> sent.size() > before);
        return ((MonMessage.HealthReply) sent.get(before)).checks();
    }

    /** Lets two seconds pass, in which all messages arrive at once: all are in one quorum then. */
    void settle() {
        pass(2000, () -> false);
    }

    /** Lets time pass, in which all messages arrive at once, until something is so. */
    void pass(long millis, BooleanSupplier isSo) {
        long end = nowMillis + millis;
        while (nowMillis < end && !isSo.getAsBoolean()) {
            deliverUntil(underWay::isEmpty);
            nowMillis += 10;
            nodes.values().forEach(Node::fireTimers);
        }
        deliverUntil(underWay::isEmpty);
    }
}

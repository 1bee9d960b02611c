package io.roost.cluster.sim;

import io.roost.cluster.object.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/**
 * Connections between nodes as TCP makes them: in order and without gaps until one breaks. Then a part of what was under
 * way still arrives, perhaps after the first messages of the next connection, the rest is lost, and what had arrived may
 * be sent again. A link, which is one direction, can be cut: messages wait, and when it works again they arrive late or
 * are lost with their connection.
 */
public final class SimNetwork {
    private static final int REMEMBERED = 3;

    private final Simulation simulation;
    private final Marks marks;
    private final SplittableRandom random;
    private final Map<Ends, Link> links = new LinkedHashMap<>();
    private NetworkConditions conditions;
    private BiConsumer<SimNode, SimNode> onBreak = (from, to) -> {};

    private record Ends(String from, String to) {}

    private record InFlight(long arrivalMicros, Bytes message) {}

    SimNetwork(Simulation simulation, NetworkConditions conditions, Marks marks) {
        this.simulation = simulation;
        this.conditions = conditions;
        this.marks = marks;
        random = simulation.random("network");
    }

    /** One direction between two nodes. */
    private final class Link {
        private final SimNode from;
        private final SimNode to;
        private Connection connection = new Connection(this);
        private final Deque<Bytes> arrived = new ArrayDeque<>();
        private double delayMicros;
        private int cuts;
        private long cloggedUntilMicros;

        Link(SimNode from, SimNode to) {
            this.from = from;
            this.to = to;
            delayMicros = conditions.minDelayMicros()
                    + random.nextInt(conditions.maxDelayMicros() - conditions.minDelayMicros() + 1);
        }

        long nextArrival() {
            delayMicros *= 0.9 + 0.2 * random.nextDouble();
            delayMicros = Math.max(conditions.minDelayMicros(), Math.min(conditions.maxDelayMicros(), delayMicros));
            long delay = (long) delayMicros;
            if (random.nextInt(1000) < conditions.spikePerMille()) {
                delay += random.nextLong(conditions.maxSpikeMillis() * 1000L);
            }
            return Math.max(simulation.nowMicros() + delay, cloggedUntilMicros);
        }

        void send(Bytes message) {
            connection.add(message);
            if (random.nextInt(1000) < conditions.resetPerMille()) {
                reset();
            }
        }

        /** Breaks the connection. */
        void reset() {
            marks.hit("network: a connection breaks");
            connection.breakOff(cuts > 0 ? 0 : random.nextInt(connection.queue.size() + 1));
            connection = new Connection(this);
            onBreak.accept(from, to);
            if (cuts == 0 && from.isUp() && random.nextInt(1000) < conditions.duplicatePerMille()) {
                marks.hit("network: messages arrive twice");
                arrived.forEach(connection::add);
            }
        }

        void deliver(Bytes message) {
            arrived.add(message);
            if (arrived.size() > REMEMBERED) {
                arrived.poll();
            }
            if (to.isUp()) {
                to.onMessage(from, message);
            } else {
                refuse(this);
            }
        }
    }

    /** Messages under way, in order. */
    private final class Connection {
        private final Link link;
        private final Deque<InFlight> queue = new ArrayDeque<>();
        private long lastArrivalMicros;
        private boolean isWaking;

        Connection(Link link) {
            this.link = link;
        }

        void add(Bytes message) {
            lastArrivalMicros = Math.max(link.nextArrival(), lastArrivalMicros + 1);
            queue.add(new InFlight(lastArrivalMicros, message));
            wake();
        }

        /** Sees to it that the first message arrives in time, unless the link is cut. */
        void wake() {
            if (queue.isEmpty() || isWaking || link.cuts > 0) {
                return;
            }
            isWaking = true;
            long due = Math.max(queue.peek().arrivalMicros(), link.cloggedUntilMicros);
            simulation.schedule(Math.max(0, due - simulation.nowMicros()), this::arrive);
        }

        private void arrive() {
            isWaking = false;
            if (link.cuts == 0 && !queue.isEmpty() && link.cloggedUntilMicros <= simulation.nowMicros()) {
                link.deliver(queue.poll().message());
            }
            wake();
        }

        /** Only so many of the messages under way arrive. */
        void breakOff(int arriving) {
            while (queue.size() > arriving) {
                queue.pollLast();
            }
        }
    }

    private Link link(SimNode from, SimNode to) {
        return links.computeIfAbsent(new Ends(from.name(), to.name()), ends -> new Link(from, to));
    }

    /** Calls somebody whenever messages from one node to another may have been lost. */
    public void onBreak(BiConsumer<SimNode, SimNode> listener) {
        onBreak = listener;
    }

    void send(SimNode from, SimNode to, Bytes message) {
        link(from, to).send(message);
    }

    void onCrash(SimNode node) {
        for (Link link : links.values()) {
            if (link.from == node) {
                link.connection.breakOff(random.nextInt(link.connection.queue.size() + 1));
                link.connection = new Connection(link);
                link.arrived.clear();
            } else if (link.to == node) {
                link.connection.breakOff(0);
                link.connection = new Connection(link);
                onBreak.accept(link.from, node);
                refuse(link);
            }
        }
    }

    /** The sender's next attempt to connect fails at once, if it can get through at all. */
    private void refuse(Link link) {
        if (conditions.refusal() == NetworkConditions.Refusal.SILENT) {
            return;
        }
        long delay = conditions.minDelayMicros() + random.nextLong(20_000);
        long dialledMillis = link.from.nowMillis();
        simulation.schedule(delay, () -> {
            if (!link.to.isUp() && link.from.isUp() && !isCut(link.from, link.to) && !isCut(link.to, link.from)) {
                link.from.onUnreachable(link.to, dialledMillis);
            }
        });
    }

    private boolean isCut(SimNode from, SimNode to) {
        return link(from, to).cuts > 0;
    }

    /** Cuts one direction between two nodes; cutting it twice takes two {@link #join}s. */
    public void cut(SimNode from, SimNode to) {
        link(from, to).cuts++;
    }

    /** Takes one cut back. */
    public void join(SimNode from, SimNode to) {
        Link link = link(from, to);
        if (link.cuts > 0 && --link.cuts == 0) {
            if (random.nextBoolean()) {
                link.connection.breakOff(0);
                link.connection = new Connection(link);
                onBreak.accept(from, to);
            }
            link.connection.wake();
        }
    }

    /** Breaks the connection between two nodes. */
    public void reset(SimNode one, SimNode other) {
        link(one, other).reset();
        link(other, one).reset();
    }

    /** Holds everything up in one direction for a time. */
    public void clog(SimNode from, SimNode to, long micros) {
        Link link = link(from, to);
        link.cloggedUntilMicros = Math.max(link.cloggedUntilMicros, simulation.nowMicros() + micros);
    }

    /** Ends all cuts and clogs, and is calm from now on; what was sent into a clog still arrives as late as it would have. */
    public void heal() {
        conditions = new NetworkConditions(
                conditions.minDelayMicros(), conditions.maxDelayMicros(), 0, 0, 0, 0, conditions.refusal());
        for (Link link : links.values()) {
            link.cloggedUntilMicros = 0;
            link.cuts = 0;
            link.connection.wake();
        }
    }
}

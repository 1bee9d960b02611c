package io.roost.cluster.sim;

import java.util.List;

/** What can go wrong with nodes and the network between them. */
public final class Faults {
    private Faults() {}

    /** Directions of a link or a node's links that stop working. */
    public enum Direction {
        /** Both. */
        BOTH,
        /** What goes to the first one named. */
        IN,
        /** What comes from the first one named. */
        OUT
    }

    /**
     * A process ends and starts again.
     *
     * @param downMillis how long it is gone
     * @param effects what it still does before: 0 for nothing
     */
    public record Crash(long atMillis, String node, long downMillis, int effects) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            SimNode victim = cluster.node(node);
            victim.restartAfter(downMillis);
            if (effects == 0) {
                victim.crash();
            } else {
                victim.crashAfterEffects(effects);
            }
        }
    }

    /**
     * A process ends just before the next step of a kind that it would take.
     *
     * @param downMillis how long it is gone
     * @param step how the step's name begins
     */
    public record CrashBefore(long atMillis, String node, long downMillis, String step) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            SimNode victim = cluster.node(node);
            victim.restartAfter(downMillis);
            victim.crashBefore(next -> next.startsWith(step));
        }
    }

    /**
     * A process ends in the middle of writing.
     *
     * @param downMillis how long it is gone
     * @param steps I/Os that it still does before
     */
    public record CrashAtDisk(long atMillis, String node, long downMillis, int steps) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            SimNode victim = cluster.node(node);
            if (victim.isUp()) {
                victim.restartAfter(downMillis);
                victim.disk().losePowerAfter(steps);
            }
        }
    }

    /**
     * All nodes end at once, and come back one after the other.
     *
     * @param downMillis until the first is back
     * @param apartMillis between one and the next
     */
    public record PowerCut(long atMillis, long downMillis, long apartMillis) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            long down = downMillis;
            for (SimNode node : cluster.nodes()) {
                node.restartAfter(down);
                node.crash();
                down += apartMillis;
            }
        }
    }

    /** A process stands still. */
    public record Pause(long atMillis, String node, long forMillis) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            SimNode victim = cluster.node(node);
            victim.pause();
            Fault.later(cluster, forMillis, victim::resume);
        }
    }

    /** A node's links with all others are cut. */
    public record Isolate(long atMillis, String node, long forMillis, Direction direction) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            for (SimNode other : cluster.nodes()) {
                if (!other.name().equals(node)) {
                    cutFor(cluster, cluster.node(node), other, direction, forMillis);
                }
            }
        }
    }

    /** Some nodes are cut off from all others. */
    public record Split(long atMillis, List<String> side, long forMillis) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            for (SimNode one : cluster.nodes()) {
                for (SimNode other : cluster.nodes()) {
                    if (side.contains(one.name()) && !side.contains(other.name())) {
                        cutFor(cluster, one, other, Direction.BOTH, forMillis);
                    }
                }
            }
        }
    }

    /** Two nodes cannot talk, while everybody else can with both. */
    public record CutLink(long atMillis, String node, String other, long forMillis, Direction direction)
            implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            cutFor(cluster, cluster.node(node), cluster.node(other), direction, forMillis);
        }
    }

    /** What a node says to another is held up. */
    public record Clog(long atMillis, String from, String to, long forMillis) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            cluster.network().clog(cluster.node(from), cluster.node(to), forMillis * 1000);
        }
    }

    /** The connection of two nodes breaks. */
    public record Reset(long atMillis, String node, String other) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            cluster.network().reset(cluster.node(node), cluster.node(other));
        }
    }

    /**
     * The connection of a node with whom it talks to breaks just after messages of a kind, so that they may be lost.
     *
     * @param message how its name begins
     * @param times how often
     */
    public record BreakAfter(long atMillis, String node, String message, int times) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            SimNode sender = cluster.node(node);
            sender.afterSending(
                    sent -> sent.startsWith(message),
                    times,
                    receiver -> cluster.network().reset(sender, receiver));
        }
    }

    /** Every write takes up to so much longer. */
    public record SlowDisk(long atMillis, String node, long forMillis, long writeMillis) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            cluster.node(node).slowDisk(writeMillis * 1000, forMillis * 1000);
        }
    }

    /** The wall clock is set. */
    public record ClockJump(long atMillis, String node, long jumpMillis) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            cluster.node(node).jumpWallClock(jumpMillis);
        }
    }

    private static void cutFor(SimCluster cluster, SimNode one, SimNode other, Direction direction, long millis) {
        if (direction != Direction.IN) {
            cluster.network().cut(one, other);
            Fault.later(cluster, millis, () -> cluster.network().join(one, other));
        }
        if (direction != Direction.OUT) {
            cluster.network().cut(other, one);
            Fault.later(cluster, millis, () -> cluster.network().join(other, one));
        }
    }
}

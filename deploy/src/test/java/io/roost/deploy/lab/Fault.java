package io.roost.deploy.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Something that happens to a cluster and is over at the end.
 *
 * @param name for a person
 * @param kind of which sort it is, for comparison of stalls
 * @param affected nodes whose clients may have errors, and whose OSDs may be marked down
 * @param serves what the others must serve meanwhile
 * @param action from its begin to its end
 */
record Fault(String name, Kind kind, Set<Integer> affected, Serves serves, Action action) {
    /** What the nodes that are not affected serve all the time. */
    enum Serves {
        EVERYTHING,
        /** A PUT may be answered with 507. */
        ALL_BUT_PUTS,
        NOTHING
    }

    /** Sorts of faults, and how long a PUT at a node that is not affected should take at most. */
    enum Kind {
        KILL("kill -9", 2),
        STOP("a node stopped", 8),
        PARTITION("a partition", 8),
        DISK("a disk full, damaged, wiped or set back", 2),
        OTHER("anything else", 0);

        private final String text;
        private final int aimSeconds;

        Kind(String text, int aimSeconds) {
            this.text = text;
            this.aimSeconds = aimSeconds;
        }

        String text() {
            return text;
        }

        /** 0 for none. */
        int aimSeconds() {
            return aimSeconds;
        }
    }

    /** What happens. */
    @FunctionalInterface
    interface Action {
        void run(Lab lab) throws IOException, InterruptedException;
    }

    /** The monitors' grace for an OSD. */
    private static final int GRACE_SECONDS = 6;

    private static Fault killed(String what, int node, int seconds) {
        return new Fault("kill -9 of " + what, Kind.KILL, Set.of(node), Serves.EVERYTHING, lab -> {
            lab.command("kill", "" + node);
            TimeUnit.SECONDS.sleep(seconds);
            lab.command("start", "" + node);
        });
    }

    private static Fault stopped(int node, int seconds) {
        return new Fault(
                "node " + node + " stopped for " + seconds + " s", Kind.STOP, Set.of(node), Serves.EVERYTHING, lab -> {
                    lab.command("stop", "" + node);
                    TimeUnit.SECONDS.sleep(seconds);
                    lab.command("cont", "" + node);
                });
    }

    private static Fault partitioned(String what, int node, List<Integer> from, boolean isOneWay, int seconds) {
        return new Fault(what, Kind.PARTITION, Set.of(node), Serves.EVERYTHING, lab -> {
            for (int other : from) {
                if (isOneWay) {
                    lab.command("partition", "" + node, "" + other, "--one-way");
                } else {
                    lab.command("partition", "" + node, "" + other);
                }
            }
            TimeUnit.SECONDS.sleep(seconds);
            lab.command("heal");
        });
    }

    private static List<Integer> others(int node, int nodes) {
        List<Integer> others = new ArrayList<>();
        for (int other = 1; other <= nodes; other++) {
            if (other != node) {
                others.add(other);
            }
        }
        return others;
    }

    /** A kill of a node, while the others serve. */
    static Fault kill(int node) {
        return killed("node " + node, node, 8);
    }

    private static Fault partitionedOnly(int first, int second, int seconds) {
        String name = "partition of nodes " + first + " and " + second + " only";
        return new Fault(name, Kind.PARTITION, Set.of(first, second), Serves.EVERYTHING, lab -> {
            lab.command("partition", "" + first, "" + second);
            TimeUnit.SECONDS.sleep(seconds);
            lab.command("heal");
        });
    }

    private static Fault killedBoth(int first, int second) {
        String name = "kill -9 of nodes " + first + " and " + second;
        return new Fault(name, Kind.OTHER, Set.of(first, second), Serves.NOTHING, lab -> {
            lab.command("kill", "" + first);
            lab.command("kill", "" + second);
            TimeUnit.SECONDS.sleep(4);
            lab.command("start", "" + first);
            lab.command("start", "" + second);
        });
    }

    private static Fault rollingRestart(int nodes) {
        return new Fault("rolling restart", Kind.OTHER, Set.copyOf(others(0, nodes)), Serves.EVERYTHING, lab -> {
            for (int each = 1; each <= nodes; each++) {
                lab.command("term", "" + each);
                lab.command("start", "" + each);
                lab.awaitWhole(60);
            }
        });
    }

    private static Fault allCut(int nodes) {
        return new Fault("all connections cut", Kind.OTHER, Set.of(), Serves.EVERYTHING, lab -> {
            for (int each = 1; each < nodes; each++) {
                lab.command("drop", "" + each, "" + (each + 1));
            }
            TimeUnit.SECONDS.sleep(2);
        });
    }

    // ---- disks ----

    /**
     * Space is left for what a full node writes all the same. A node that finds none ends, as after any failed write.
     *
     * @param keptMib 0 for none at all
     */
    private static Fault filled(int node, int keptMib) {
        String name = "disk of node " + node + " full" + (keptMib == 0 ? " to the last byte" : "");
        return new Fault(name, Kind.DISK, Set.of(node), Serves.ALL_BUT_PUTS, lab -> {
            lab.command("fill", "" + node, "" + keptMib);
            TimeUnit.SECONDS.sleep(12);
            lab.command("free", "" + node);
            if (!lab.isRunning(node)) {
                lab.command("start", "" + node);
            }
        });
    }

    private static Fault corrupted(int node, int bytes) {
        String name = bytes + " bytes flipped in the bodies of node " + node;
        return new Fault(name, Kind.DISK, Set.of(node), Serves.EVERYTHING, lab -> {
            lab.command("kill", "" + node);
            lab.command("corrupt", "" + node, "" + bytes);
            lab.command("start", "" + node);
        });
    }

    /** The monitors do not take an empty store for one that has had data, until they are told that this data is lost. */
    private static Fault wiped(int node) {
        return new Fault("disk of node " + node + " wiped", Kind.DISK, Set.of(node), Serves.EVERYTHING, lab -> {
            lab.command("kill", "" + node);
            lab.command("wipe", "" + node);
            lab.checkRefused(node, "has store");
            lab.command("lost", "" + node);
            lab.command("wipe", "" + node);
            lab.command("start", "" + node);
        });
    }

    /** Somebody puts a copy of the disk back that has missed what was served since. */
    private static Fault setBack(int node) {
        String name = "an old image of node " + node + "'s disk";
        return new Fault(name, Kind.DISK, Set.of(node), Serves.EVERYTHING, lab -> {
            lab.command("kill", "" + node);
            lab.command("image", "" + node);
            lab.command("start", "" + node);
            lab.awaitWhole(60);
            TimeUnit.SECONDS.sleep(4);
            lab.command("kill", "" + node);
            lab.command("exchange", "" + node);
            lab.checkRefused(node, "set back to an older state");
            lab.command("exchange", "" + node);
            lab.command("start", "" + node);
        });
    }

    /** One of each, in an order and on nodes that the random source chooses. */
    static List<Fault> round(Lab lab, Random random) {
        int nodes = lab.nodes();
        int leader = lab.leader().orElse(1);
        List<Fault> faults = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            faults.add(kill(node));
        }
        faults.add(killed("the leader's node " + leader, leader, 5));
        int node = 1 + random.nextInt(nodes);
        faults.add(stopped(node, GRACE_SECONDS));
        faults.add(stopped(1 + node % nodes, 3 * GRACE_SECONDS));
        faults.add(partitioned("partition of the leader's node " + leader, leader, others(leader, nodes), false, 12));
        int cut = 1 + random.nextInt(nodes);
        faults.add(partitioned("nobody hears node " + cut, cut, others(cut, nodes), true, 12));
        int first = 1 + random.nextInt(nodes);
        int second = 1 + first % nodes;
        faults.add(partitionedOnly(first, second, 12));
        faults.add(killedBoth(first, second));
        faults.add(rollingRestart(nodes));
        faults.add(allCut(nodes));
        if (lab.hasSmallDisks()) {
            faults.add(filled(1 + random.nextInt(nodes), 48));
            faults.add(filled(1 + random.nextInt(nodes), 0));
        }
        // Always the same: damage that nobody has read yet must not meet other damage.
        faults.add(corrupted(nodes, 40));
        faults.add(wiped(1 + random.nextInt(nodes)));
        faults.add(setBack(1 + random.nextInt(nodes)));
        Collections.shuffle(faults, random);
        return faults;
    }
}

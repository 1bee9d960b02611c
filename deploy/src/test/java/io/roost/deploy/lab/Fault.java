package io.roost.deploy.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Something that happens to a cluster and is over at the end.
 *
 * @param name for a person
 * @param affected nodes whose clients may have errors, and whose OSDs may be marked down
 * @param serves whether the others must serve meanwhile
 * @param action from its begin to its end
 */
record Fault(String name, Set<Integer> affected, Serves serves, Action action) {
    /** Whether the nodes that are not affected serve all the time. */
    enum Serves {
        YES,
        NO
    }

    /** What happens. */
    @FunctionalInterface
    interface Action {
        void run(Lab lab) throws IOException, InterruptedException;
    }

    /** The monitors' grace for an OSD. */
    private static final int GRACE_SECONDS = 6;

    private static Fault killed(String what, int node, int seconds) {
        return new Fault("kill -9 of " + what, Set.of(node), Serves.YES, lab -> {
            lab.command("kill", "" + node);
            TimeUnit.SECONDS.sleep(seconds);
            lab.command("start", "" + node);
        });
    }

    private static Fault stopped(int node, int seconds) {
        return new Fault("node " + node + " stopped for " + seconds + " s", Set.of(node), Serves.YES, lab -> {
            lab.command("stop", "" + node);
            TimeUnit.SECONDS.sleep(seconds);
            lab.command("cont", "" + node);
        });
    }

    private static Fault partitioned(String what, int node, List<Integer> from, boolean isOneWay, int seconds) {
        return new Fault(what, Set.of(node), Serves.YES, lab -> {
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

    /** One of each, in an order and on nodes that the random source chooses. */
    static List<Fault> round(int nodes, int leader, Random random) {
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
        faults.add(new Fault(
                "partition of nodes " + first + " and " + second + " only", Set.of(first, second), Serves.YES, lab -> {
                    lab.command("partition", "" + first, "" + second);
                    TimeUnit.SECONDS.sleep(12);
                    lab.command("heal");
                }));
        faults.add(new Fault("kill -9 of nodes " + first + " and " + second, Set.of(first, second), Serves.NO, lab -> {
            lab.command("kill", "" + first);
            lab.command("kill", "" + second);
            TimeUnit.SECONDS.sleep(4);
            lab.command("start", "" + first);
            lab.command("start", "" + second);
        }));
        Set<Integer> all = Set.copyOf(others(0, nodes));
        faults.add(new Fault("rolling restart", all, Serves.YES, lab -> {
            for (int each = 1; each <= nodes; each++) {
                lab.command("term", "" + each);
                lab.command("start", "" + each);
                lab.awaitWhole(60);
            }
        }));
        faults.add(new Fault("all connections cut", Set.of(), Serves.YES, lab -> {
            for (int each = 1; each < nodes; each++) {
                lab.command("drop", "" + each, "" + (each + 1));
            }
            TimeUnit.SECONDS.sleep(2);
        }));
        java.util.Collections.shuffle(faults, random);
        return faults;
    }
}

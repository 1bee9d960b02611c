package io.roost.cluster.mon;

import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.message.MonCommand;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.paxos.LoseStore;
import io.roost.cluster.paxos.QuorumChecks;
import io.roost.cluster.paxos.QuorumNode;
import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What administrators do with monitors, whatever else fails meanwhile: each asks again until it is so, or gives up. Nobody
 * removes one while the store of another is lost: two of three would be gone.
 */
final class MembershipFaults {
    private static final long PATIENCE_MILLIS = 6_000;
    private static final long ASK_AGAIN_MILLIS = 400;
    /** After so long nobody asks any more for what was asked for. */
    private static final long FORGOTTEN_MILLIS = 8_000;

    private MembershipFaults() {}

    /** A monitor joins, with whatever is on its disk: nothing when it is a new one, old things when it was removed. */
    record Add(long atMillis, String node) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            cluster.node(node).start();
            add(cluster, node);
        }
    }

    /** A monitor is removed; it runs on, and does not know. */
    record Remove(long atMillis, String node) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            remove(cluster, node, () -> {});
        }
    }

    /** A monitor is removed, and one of the same name takes its place, with an empty disk. */
    record Replace(long atMillis, String node, long downMillis) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            remove(cluster, node, () -> {
                SimNode replaced = cluster.node(node);
                if (LoseStore.isBearable(cluster, replaced)) {
                    cluster.marks().hit("fault: a monitor is replaced");
                    replaced.restartAfter(downMillis);
                    replaced.crash();
                    replaced.format();
                    add(cluster, node);
                }
            });
        }
    }

    /** The newest map of those who are up. */
    static Optional<MonMap> newestMap(SimCluster cluster) {
        return cluster.nodes().stream()
                .filter(node -> node.isUp() && QuorumNode.of(node).isWhole())
                .max(Comparator.comparingLong(node -> QuorumNode.of(node).lastCommitted()))
                .map(node -> ((MonitorNode) node.process()).monitor().monMap());
    }

    private static void add(SimCluster cluster, String node) {
        int number = cluster.nodes().indexOf(cluster.node(node));
        NodeAddress address = new NodeAddress("10.0.0." + (1 + number), 9441, 0);
        ask(cluster, new MonCommand.AddMonitor(node, address), PATIENCE_MILLIS, map -> map.rank(node) >= 0, done -> {
            if (done) {
                cluster.marks().hit("fault: a monitor is added");
            }
        });
    }

    private static void remove(SimCluster cluster, String node, Runnable then) {
        boolean areAllWhole = newestMap(cluster).stream()
                .flatMap(map -> map.monitors().stream())
                .allMatch(monitor -> QuorumChecks.isWhole(cluster.node(monitor.name())));
        if (!areAllWhole) {
            return;
        }
        cluster.beginChange();
        MonCommand command = new MonCommand.RemoveMonitor(node);
        ask(cluster, command, PATIENCE_MILLIS, map -> map.rank(node) < 0, done -> {
            if (done) {
                cluster.marks().hit("fault: a monitor is removed");
                cluster.endChange();
                then.run();
            } else {
                Fault.later(cluster, FORGOTTEN_MILLIS, cluster::endChange);
            }
        });
    }

    /** Asks the leader, again and again, until it is so, or for long enough. */
    private static void ask(
            SimCluster cluster, MonCommand command, long patience, Predicate<MonMap> isSo, Consumer<Boolean> then) {
        boolean isDone = newestMap(cluster).filter(isSo).isPresent();
        if (isDone || patience < 0) {
            then.accept(isDone);
        } else if (!cluster.isHealed()) {
            QuorumNode.leader(cluster)
                    .ifPresent(leader -> leader.input(
                            "command",
                            Bytes.utf8(command.toString()),
                            command::toString,
                            () -> ((MonitorNode) leader.process()).command(command)));
            Fault.later(
                    cluster, ASK_AGAIN_MILLIS, () -> ask(cluster, command, patience - ASK_AGAIN_MILLIS, isSo, then));
        }
    }
}

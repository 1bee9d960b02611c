package io.roost.cluster.paxos;

import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.Faults;
import io.roost.cluster.sim.SimCluster;
import io.roost.cluster.sim.SimNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What goes wrong with whoever leads at the moment. */
final class LeaderFaults {
    private LeaderFaults() {}

    /**
     * The leader ends just before the next step of a kind.
     *
     * @param downMillis how long it is gone
     * @param step how the step's name begins
     */
    record CrashLeader(long atMillis, long downMillis, String step) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            QuorumNode.leader(cluster)
                    .ifPresent(leader ->
                            new Faults.CrashBefore(atMillis, leader.name(), downMillis, step).inject(cluster));
        }
    }

    /**
     * Leaders end one after the other, each just before a step of a kind, and each comes back when the one after it has
     * ended: what one has begun meets what the next one has made of it.
     *
     * @param first who ends before them, at once
     * @param steps how the steps' names begin
     * @param downMillis how long the last one is gone
     */
    record CrashInTurn(long atMillis, Optional<String> first, List<String> steps, long downMillis) implements Fault {
        private static final long PATIENCE_MILLIS = 8_000;
        private static final long LOOK_MILLIS = 10;

        @Override
        public void inject(SimCluster cluster) {
            Optional<SimNode> away = first.map(cluster::node);
            away.ifPresent(node -> {
                node.restartAfter(PATIENCE_MILLIS);
                node.crash();
            });
            await(cluster, 0, away, PATIENCE_MILLIS / LOOK_MILLIS);
        }

        /** Looks again and again for a leader that is not the one that ended last, until it has ended too. */
        private void await(SimCluster cluster, int turn, Optional<SimNode> before, long looks) {
            if (looks == 0 || cluster.isHealed()) {
                return;
            }
            QuorumNode.leader(cluster).ifPresent(leader -> {
                leader.restartAfter(turn == steps.size() - 1 ? downMillis : PATIENCE_MILLIS);
                leader.crashBefore(step -> step.startsWith(steps.get(turn)));
                Fault.later(cluster, LOOK_MILLIS, () -> onLook(cluster, turn, before, leader, looks - 1));
            });
            if (QuorumNode.leader(cluster).isEmpty()) {
                Fault.later(cluster, LOOK_MILLIS, () -> await(cluster, turn, before, looks - 1));
            }
        }

        private void onLook(SimCluster cluster, int turn, Optional<SimNode> before, SimNode leader, long looks) {
            if (leader.isUp()) {
                await(cluster, turn, before, looks);
                return;
            }
            before.ifPresent(SimNode::start);
            if (turn + 1 < steps.size()) {
                await(cluster, turn + 1, Optional.of(leader), looks);
            } else {
                cluster.marks().hit("fault: leaders have ended in turn");
            }
        }
    }

    /** Messages of the leader to a peon, or of it to the leader, are held up. */
    record ClogLeader(long atMillis, String peon, long forMillis, Faults.Direction direction) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            QuorumNode.leader(cluster)
                    .filter(leader -> !leader.name().equals(peon))
                    .ifPresent(leader -> clog(cluster, leader.name()));
        }

        private void clog(SimCluster cluster, String leader) {
            if (direction != Faults.Direction.IN) {
                new Faults.Clog(atMillis, leader, peon, forMillis).inject(cluster);
            }
            if (direction != Faults.Direction.OUT) {
                new Faults.Clog(atMillis, peon, leader, forMillis).inject(cluster);
            }
        }
    }

    /** Whether the leader is among those cut off. */
    enum Leader {
        /** It is. */
        CUT_OFF,
        /** Only when it is named. */
        AS_IT_IS
    }

    /**
     * Some are cut off without knowing, while the others, a majority, begin anew at once: the two sides overlap in time
     * as far as leases let them.
     *
     * @param cutOff names; as many as leave a majority
     * @param forMillis how long they are cut off
     * @param downMillis how long the others are gone
     */
    record Usurp(long atMillis, List<String> cutOff, Leader leader, long forMillis, long downMillis) implements Fault {
        @Override
        public void inject(SimCluster cluster) {
            List<String> side = new ArrayList<>();
            if (leader == Leader.CUT_OFF) {
                QuorumNode.leader(cluster).ifPresent(node -> side.add(node.name()));
            }
            cutOff.stream().filter(name -> !side.contains(name)).forEach(side::add);
            int most = (cluster.nodes().size() - 1) / 2;
            List<String> minority = side.subList(0, Math.min(most, side.size()));
            new Faults.Split(atMillis, minority, forMillis).inject(cluster);
            for (SimNode node : cluster.nodes()) {
                if (!minority.contains(node.name())) {
                    node.restartAfter(downMillis);
                    node.crash();
                }
            }
        }
    }
}

package io.roost.cluster.paxos;

import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Faults;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.NetworkConditions;
import io.roost.cluster.sim.Simulation;
import io.roost.cluster.sim.Trace;
import io.roost.cluster.sim.World;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Five monitors, of which two are away. One of the others has accepted a value and loses its store; then its vote counts,
 * though not its disk, and who has a disk is gone when the two are back. Too long a chain to happen by chance.
 */
public final class LostStoreWorld implements World {
    private static final long LOSS_MILLIS = 8_000;

    @Override
    public FaultPlan plan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long othersGoMillis = LOSS_MILLIS + 300 + random.nextLong(600);
        long awayMillis = othersGoMillis - 1_900;
        NetworkConditions network = new NetworkConditions(100, 1_000, 0, 0, 0, 0, NetworkConditions.Refusal.SILENT);
        List<Fault> faults = List.of(
                new Faults.Crash(2_000, "d", awayMillis, 0),
                new Faults.Crash(2_000, "e", awayMillis, 0),
                new Faults.SlowDisk(LOSS_MILLIS - 50, "b", 600, 600),
                new LoseStore.AfterAccept(LOSS_MILLIS, "c", 1),
                new Faults.Crash(othersGoMillis, "a", 6_000, 0),
                new Faults.Crash(othersGoMillis, "b", 6_000, 0));
        return new FaultPlan(network, faults);
    }

    @Override
    public Simulation run(long seed, FaultPlan plan, Trace trace, Marks marks) {
        return new QuorumWorld().run(ofFive(seed), plan, trace, marks);
    }

    /** A seed of five monitors with the usual times. */
    private static long ofFive(long seed) {
        long like = 5 * seed + 1;
        while (!QuorumWorld.timing(like).equals(QuorumTiming.DEFAULT)) {
            like += 5_000_005;
        }
        return like;
    }
}

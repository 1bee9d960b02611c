package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.Fault;
import io.roost.cluster.sim.FaultPlan;
import io.roost.cluster.sim.Marks;
import io.roost.cluster.sim.NetworkConditions;
import io.roost.cluster.sim.Seeds;
import io.roost.cluster.sim.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterSimulationTest {
    /** Each was in at least ten of these seeds. */
    private static final List<String> RARE_BRANCHES = List.of(
            "an activation is said again",
            "backfill from scratch",
            "client: NO_SPACE",
            "client: the version that was found is gone",
            "cluster: a lost OSD has a new disk",
            "cluster: an OSD is purged and made again",
            "cluster: an OSD that is down goes out",
            "cluster: an OSD that is down stays in",
            "cluster: an image of a disk is refused",
            "fault: MachineEnds",
            "fault: SaysFull",
            "monitor: epochs are trimmed",
            "osd: a reservation is preempted",
            "osd: marked down although it runs",
            "paxos: an uncommitted value is proposed again",
            "paxos: wait for leases of the leader before",
            "pg down",
            "pg: a copy is removed",
            "pg: a member knows of a scrub that the primary does not",
            "pg: a message of an interval that has ended",
            "pg: a push of what is not missed",
            "pg: a range is filled",
            "pg: a replica answers a client",
            "pg: a replica leaves a read to the primary",
            "pg: a reservation is preempted",
            "pg: a reservation is taken back",
            "pg: a scrub gives way to a write",
            "pg: a scrub is due",
            "pg: a scrub is wanted",
            "pg: a transaction ahead of its turn",
            "pg: a transaction comes again",
            "pg: a turn is given to who does not wait any more",
            "pg: a write waits for a range that is being filled",
            "pg: an entry is asked of one that is no member",
            "pg: an entry is recovered",
            "pg: an operation waits for an entry",
            "pg: an operation waits until all have an entry",
            "osd: peering message of one that is down",
            "prior set changed",
            "quorum: another one joins",
            "sync: the whole store is copied");

    @Test
    void aClusterIsWellAgainWhateverFails() {
        Seeds seeds = new Seeds(new ClusterWorld());
        seeds.check(1, 200);
        assertThat(seeds.marks().missing(RARE_BRANCHES)).as("never taken").isEmpty();
    }

    /** What a fault would end later was ended when all healed: an OSD that is full by then is so for another reason. */
    @Test
    void noFaultSaysLaterThatAnOsdIsNotFull() {
        List<Fault> faults = new ArrayList<>();
        for (long millis = 2_000; millis < 200_000; millis += 2_000) {
            faults.add(new ClusterFaults.SaysFull(14_000, 0, millis));
        }
        FaultPlan plan = new FaultPlan(NetworkConditions.CALM, faults);
        new ClusterWorld().run(1, plan, new Trace(Trace.Detail.HASH), new Marks());
    }
}

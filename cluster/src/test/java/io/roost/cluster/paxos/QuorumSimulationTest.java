package io.roost.cluster.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuorumSimulationTest {
    private static final List<String> RARE_BRANCHES = List.of(
            "paxos: a peon follows a higher number",
            "paxos: a peon is silent",
            "paxos: an uncommitted value is proposed again",
            "paxos: asked again",
            "paxos: the leader is silent",
            "paxos: two uncommitted values",
            "paxos: wait for leases of the leader before",
            "quorum: a candidate is ignored",
            "quorum: a member is gone",
            "quorum: another one joins",
            "sync: the source is silent",
            "sync: done");

    @Test
    void monitorsAgreeWhateverFails() {
        Seeds seeds = new Seeds(new QuorumWorld());
        seeds.check(1, 60);
        assertThat(seeds.marks().missing(RARE_BRANCHES)).as("never taken").isEmpty();
    }

    @Test
    void everyBugOftenSeenIsFound() {
        assertThat(BugHunt.huntAll(new QuorumBugs.OftenSeen(), 200))
                .as("seeds needed")
                .doesNotContainValue(0);
    }

    @Test
    void whatMustHappenStepByStepIsBorne() {
        Seeds seeds = new Seeds(new QuorumScenarioWorld());
        seeds.check(1, 9);
    }

    @Test
    void everyBugOfScenariosIsFound() {
        assertThat(BugHunt.huntAll(new QuorumBugs.OfScenarios(), 30))
                .as("seeds needed")
                .doesNotContainValue(0);
    }
}

package io.roost.cluster.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElectionSimulationTest {
    private static final List<String> RARE_BRANCHES = List.of(
            "election: a better candidate comes after the vote",
            "election: a candidate is behind",
            "election: won without all votes",
            "election: given up");

    @Test
    void everyEpochHasOneLeaderWhateverFails() {
        Seeds seeds = new Seeds(new ElectionWorld());
        seeds.check(1, 200);
        assertThat(seeds.marks().missing(RARE_BRANCHES)).as("never taken").isEmpty();
    }

    @Test
    void everyPlantedBugIsFound() {
        assertThat(BugHunt.huntAll(new ElectionBugs(), 2000)).as("seeds needed").doesNotContainValue(0);
    }
}

package io.roost.cluster.mon;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.Seeds;
import org.junit.jupiter.api.Test;

class MonitorSimulationTest {
    @Test
    void whatWasAnsweredIsSoWhateverFails() {
        Seeds seeds = new Seeds(new MonitorWorld());
        seeds.check(1, 30);
    }

    @Test
    void everyBugOftenSeenIsFound() {
        assertThat(BugHunt.huntAll(new MonitorBugs.OftenSeen(), 100))
                .as("seeds needed")
                .doesNotContainValue(0);
    }
}

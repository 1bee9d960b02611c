package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.Seeds;
import org.junit.jupiter.api.Test;

class OsdSimulationTest {
    @Test
    void osdsKeepWhatTheyAcknowledgedWhateverFails() {
        Seeds seeds = new Seeds(new OsdWorld());
        for (long seed = 1; seed <= 15; seed++) {
            seeds.check(seed);
        }
    }

    @Test
    void everyBugOftenSeenIsFound() {
        assertThat(BugHunt.huntAll(new OsdBugs.OftenSeen(), 40))
                .as("seeds needed")
                .doesNotContainValue(0);
    }
}

package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.Seeds;
import org.junit.jupiter.api.Test;

class OsdSimulationTest {
    @Test
    void osdsKeepWhatTheyAcknowledgedWhateverFails() {
        Seeds seeds = new Seeds(new OsdWorld());
        for (long seed = 1; seed <= 25; seed++) {
            seeds.check(seed);
        }
    }

    @Test
    void everyBugIsFound() {
        assertThat(BugHunt.huntAll(new OsdBugs(), 100)).as("seeds needed").doesNotContainValue(0);
    }
}

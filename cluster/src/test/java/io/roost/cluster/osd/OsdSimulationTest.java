package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.BugHunt;
import io.roost.cluster.sim.Seeds;
import org.junit.jupiter.api.Test;

class OsdSimulationTest {
    @Test
    void osdsKeepWhatTheyAcknowledgedWhateverFails() {
        Seeds seeds = new Seeds(new OsdWorld());
        seeds.check(1, 15);
    }

    /** A write that its client had given up came when bits had been flipped, and counted as damage that nobody mends. */
    @Test
    void aSeedThatFoundAMistakePasses() {
        new Seeds(new OsdWorld()).check(361);
    }

    @Test
    void everyBugOftenSeenIsFound() {
        assertThat(BugHunt.huntAll(new OsdBugs.OftenSeen(), 40))
                .as("seeds needed")
                .doesNotContainValue(0);
    }
}

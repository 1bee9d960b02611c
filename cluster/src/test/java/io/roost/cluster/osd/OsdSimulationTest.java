package io.roost.cluster.osd;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.PlantedBug;
import io.roost.cluster.sim.Seeds;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OsdSimulationTest {
    /** Hunted by hand ({@link io.roost.cluster.sim.BugHunt}). */
    private static final String SELDOM_SEEN = "a copy of a request is carried out again";

    @Test
    void osdsKeepWhatTheyAcknowledgedWhateverFails() {
        Seeds seeds = new Seeds(new OsdWorld());
        for (long seed = 1; seed <= 15; seed++) {
            seeds.check(seed);
        }
    }

    @Test
    void bugsThatShowSoonAreFound() {
        Map<String, Integer> found = new TreeMap<>();
        for (PlantedBug bug : new OsdBugs().bugs()) {
            if (!bug.name().equals(SELDOM_SEEN)) {
                found.put(bug.name(), bug.seedsUntilFound(OsdWorld.class, 1, 30));
            }
        }
        assertThat(found).as("seeds needed").isNotEmpty().doesNotContainValue(0);
    }
}

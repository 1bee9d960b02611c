package io.roost.cluster.pg.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.sim.PlantedBug;
import io.roost.cluster.sim.Seeds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PeeringSimulationTest {
    private static final List<String> RARE_BRANCHES = List.of(
            "divergent primary",
            "divergent replica",
            "divergent peer",
            "backfill from scratch",
            "pg down",
            "wait for up_thru",
            "prior set changed",
            "peering message of an older interval");

    /** Found within a few seeds; the others are hunted by hand ({@link io.roost.cluster.sim.BugHunt}). */
    private static final List<String> SOON_FOUND = List.of(
            "no interval may have taken writes unless it was clean",
            "who is down counts as heard",
            "a half-filled copy can have the log that counts",
            "a half-filled copy can act",
            "who is too far behind can act",
            "a primary starts before the monitors have noted it",
            "it serves when the first has recorded the start",
            "what others have to take back is not missing there",
            "what others have not heard of is not missing there",
            "past intervals are forgotten",
            "what is missing is not on disk",
            "divergent entries stay on disk",
            "what a divergent entry made may stay",
            "removals are never missing",
            "a divergent version is taken for the one before it");

    @Test
    void nothingAcknowledgedIsEverLost() {
        Seeds seeds = new Seeds(new PeeringWorld());
        seeds.check(1, 150);
        assertThat(seeds.marks().missing(RARE_BRANCHES)).as("never taken").isEmpty();
    }

    @Test
    void plantedBugsAreFound() {
        Map<String, Integer> found = new TreeMap<>();
        for (PlantedBug bug : new PeeringBugs().bugs()) {
            String name = bug.name().substring("peering: ".length());
            if (SOON_FOUND.contains(name)) {
                found.put(name, bug.seedsUntilFound(PeeringWorld.class, 1, 60));
            }
        }
        assertThat(found).hasSameSizeAs(SOON_FOUND).doesNotContainValue(0);
    }
}

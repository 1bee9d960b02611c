package io.roost.objectstore.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.objectstore.sim.S3Simulation.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The claims of a store that loses its power, at the level of S3: everything acknowledged is there byte for byte, nothing
 * half-written is visible, listings tell the same as reads, every answer is one that a single copy of the data could have
 * given, and when all garbage is due nothing is left but what is needed. In every seed, and each mistake is noticed.
 *
 * <p>{@code -Droost.sim.seeds=1001-6000} runs other seeds.
 */
class S3SimulationTest {
    private static final String SEEDS = System.getProperty("roost.sim.seeds", "1-60");

    private static long bound(int index) {
        return Long.parseLong(SEEDS.split("-")[index]);
    }

    @Test
    void theClaimsHoldInEverySeedAndEverySeedIsTheSameTwice() {
        Marks marks = new Marks();
        for (long seed = bound(0); seed <= bound(1); seed++) {
            Outcome first = S3Simulation.run(seed, PlantedBug.NONE, Plan.Theme.ANY);
            assertThat(first.violations()).as(first.toString()).isEmpty();
            Outcome second = S3Simulation.run(seed, PlantedBug.NONE, Plan.Theme.ANY);
            assertThat(second.traceHash()).as("trace of seed %d", seed).isEqualTo(first.traceHash());
            marks.addAll(first.marks());
        }
        if (bound(1) - bound(0) >= 50) {
            assertThat(Marks.REACHED).as(marks.toString()).allMatch(what -> marks.of(what) > 0);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aPlantedBugIsCaught(PlantedBug bug) {
        for (long seed = 1; seed <= bug.maxSeeds(); seed++) {
            if (!S3Simulation.run(seed, bug, bug.theme()).violations().isEmpty()) {
                return;
            }
        }
        throw new AssertionError(bug + " was not caught in " + bug.maxSeeds() + " seeds");
    }
}

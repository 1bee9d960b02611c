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
 * <p>In scenarios of the cluster's list: S25, listings page by page over shards while keys come and go; S26, clients that put and
 * delete one key at the same time, and chunks of one that must not be read with another's.
 *
 * <p>{@code -Droost.sim.first=1001 -Droost.sim.count=5000} runs other seeds.
 */
class S3SimulationTest {
    /** Seeds that reach all of {@link Marks#REACHED}, and quick ones. */
    private static final long FIRST = Long.getLong("roost.sim.first", 21);

    private static final long COUNT = Long.getLong("roost.sim.count", 40);

    /** Fewer seeds need not reach everything. */
    private static final long SEEDS_THAT_REACH_ALL = 40;

    /** Seeds in which a planted bug must be noticed. */
    private static final long MAX_SEEDS = 1_000;

    /** One seed of so many is run twice. */
    private static final long TWICE = 8;

    @Test
    void theClaimsHoldInEverySeedAndASeedIsTheSameTwice() {
        Marks marks = new Marks();
        for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
            Outcome first = S3Simulation.run(seed, PlantedBug.NONE, Plan.Theme.ANY);
            assertThat(first.violations()).as(first.toString()).isEmpty();
            if (seed % TWICE == 0) {
                Outcome second = S3Simulation.run(seed, PlantedBug.NONE, Plan.Theme.ANY);
                assertThat(second.traceHash()).as("trace of seed %d", seed).isEqualTo(first.traceHash());
            }
            marks.addAll(first.marks());
        }
        if (COUNT >= SEEDS_THAT_REACH_ALL) {
            assertThat(Marks.REACHED).as(marks.toString()).allMatch(what -> marks.of(what) > 0);
        }
    }

    /** A part of an upload to a bucket that was made anew was sought in the old one's shard. */
    @Test
    void theClaimsHoldInASeedThatFoundAMistake() {
        Outcome outcome = S3Simulation.run(2041, PlantedBug.NONE, Plan.Theme.ANY);
        assertThat(outcome.violations()).as(outcome.toString()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aPlantedBugIsCaught(PlantedBug bug) {
        for (long seed = bug.firstSeed(); seed < bug.firstSeed() + MAX_SEEDS; seed++) {
            if (!S3Simulation.run(seed, bug, bug.theme()).violations().isEmpty()) {
                return;
            }
        }
        throw new AssertionError(bug + " was not caught in " + MAX_SEEDS + " seeds");
    }
}

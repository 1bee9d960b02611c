package io.roost.cluster.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.store.StoreFailedException;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** S7, S8: every request takes effect at most once, and as its client was told, whenever its copies arrive. */
class ResendTest {
    private static final int SEEDS = 60;

    @Test
    void everyRequestTakesEffectAtMostOnceAndAsItsClientWasTold() {
        Map<ResendSimulation.Event, Integer> events = new EnumMap<>(ResendSimulation.Event.class);
        for (long seed = 1; seed <= SEEDS; seed++) {
            ResendSimulation run = new ResendSimulation(seed, ResendSimulation.Bug.NONE);
            assertThat(run.run(4)).as("seed %d", seed).isEmpty();
            run.events().forEach((event, count) -> events.merge(event, count, Integer::sum));
        }
        for (ResendSimulation.Event event : ResendSimulation.Event.values()) {
            assertThat(events.getOrDefault(event, 0)).as("%s", event).isGreaterThan(SEEDS / 2);
        }
    }

    /** Bugs that are planted must not get past the seeds of the gate. */
    @ParameterizedTest
    @EnumSource(value = ResendSimulation.Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aPlantedBugIsCaught(ResendSimulation.Bug bug) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                if (!new ResendSimulation(seed, bug).run(4).isEmpty()) {
                    return;
                }
            } catch (IllegalStateException | StoreFailedException noticed) {
                return;
            }
        }
        throw new AssertionError(bug + " was not caught in " + SEEDS + " seeds");
    }
}

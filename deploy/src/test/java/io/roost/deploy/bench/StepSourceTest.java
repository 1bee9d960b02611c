package io.roost.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StepSourceTest {
    private static BenchPlan plan(Map<Operation, Integer> mix, int objects) {
        return new BenchPlan(
                "b", mix, 10, objects, 1, 1, Payload.UNSIGNED, Duration.ZERO, Duration.ofSeconds(1), 1, List.of());
    }

    @Test
    void deletesEveryKeyOnceAThousandAtATime() {
        StepSource source = StepSource.deleteAll(2500);
        SplittableRandom random = new SplittableRandom(1);
        assertThat(source.next(random)).isEqualTo(new Step(Operation.DELETE_MANY, 0, 1000));
        assertThat(source.next(random)).isEqualTo(new Step(Operation.DELETE_MANY, 1000, 1000));
        assertThat(source.next(random)).isEqualTo(new Step(Operation.DELETE_MANY, 2000, 500));
        assertThat(source.next(random)).isNull();
    }

    @Test
    void aRunOfDeletesEndsWithTheLastKey() {
        StepSource source = StepSource.mixed(plan(Map.of(Operation.DELETE, 1), 2));
        SplittableRandom random = new SplittableRandom(1);
        assertThat(source.next(random)).isEqualTo(Step.of(Operation.DELETE, 0));
        assertThat(source.next(random)).isEqualTo(Step.of(Operation.DELETE, 1));
        assertThat(source.next(random)).isNull();
    }

    @Test
    void aMixNeverDeletesOrOverwritesWhatItReads() {
        Map<Operation, Integer> mix = Map.of(Operation.GET, 3, Operation.PUT, 2, Operation.DELETE, 1);
        StepSource source = StepSource.mixed(plan(mix, 100));
        SplittableRandom random = new SplittableRandom(7);
        Set<Operation> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            Step step = source.next(random);
            seen.add(step.operation());
            if (step.operation() == Operation.GET) {
                assertThat(step.key()).isBetween(0, 99);
            } else {
                assertThat(step.key()).isBetween(100, 199);
            }
        }
        assertThat(seen).isEqualTo(mix.keySet());
    }

    @Test
    void keysAreDistinctAndOfOneLength() {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String key = RequestWriter.key(i);
            assertThat(key).hasSize(14);
            assertThat(keys.add(key)).isTrue();
        }
    }
}

package io.roost.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepSourceTest {
    private static BenchPlan plan(Map<Operation, Integer> mix, int objects) {
        return plan(mix, objects, Pages.ANYWHERE);
    }

    private static BenchPlan plan(Map<Operation, Integer> mix, int objects, Pages pages) {
        return new BenchPlan(
                "b",
                Contents.OWN,
                mix,
                10,
                objects,
                1,
                1,
                pages,
                Payload.UNSIGNED,
                Duration.ZERO,
                Duration.ofSeconds(1),
                1,
                List.of());
    }

    @Test
    void deletesEveryKeyOnceAThousandAtATime() {
        StepSource source = StepSource.deleteMany(2500, key -> true);
        SplittableRandom random = new SplittableRandom(1);
        assertThat(source.next(random)).isEqualTo(deletes(0, 1000));
        assertThat(source.next(random)).isEqualTo(deletes(1000, 2000));
        assertThat(source.next(random)).isEqualTo(deletes(2000, 2500));
        assertThat(source.next(random)).isNull();
    }

    private static Step deletes(int begin, int end) {
        return new Step(
                Operation.DELETE_MANY, IntStream.range(begin, end).boxed().toList());
    }

    @Test
    void deletesOnlyTheKeysThatAreChosen() {
        StepSource source = StepSource.deleteMany(5000, key -> key >= 3999 && key < 4002);
        SplittableRandom random = new SplittableRandom(1);
        assertThat(source.next(random)).isEqualTo(deletes(3999, 4000));
        assertThat(source.next(random)).isEqualTo(deletes(4000, 4002));
        assertThat(source.next(random)).isNull();
    }

    @Test
    void aPartOfTheOrderOfKeysIsThatPartOfTheKeys() {
        List<Integer> chosen = IntStream.range(0, 10_000)
                .filter(key -> RequestWriter.part(key) < 0.8)
                .boxed()
                .toList();
        assertThat(chosen).hasSizeBetween(7990, 8010);
        Set<Integer> all = new HashSet<>(chosen);
        List<String> sorted =
                IntStream.range(0, 10_000).mapToObj(RequestWriter::key).sorted().toList();
        Set<String> first = new HashSet<>(sorted.subList(0, chosen.size()));
        assertThat(all.stream().map(RequestWriter::key)).allMatch(first::contains);
    }

    @Test
    void pagesBeginWhereTheyAreAskedForAndLeaveAFullPageBehindThem() {
        Map<Operation, Integer> lists = Map.of(Operation.LIST, 1);
        for (Pages.Entries entries : Pages.Entries.values()) {
            for (Pages.Place place : Pages.Place.values()) {
                BenchPlan plan = plan(lists, 100_000, new Pages(place, entries));
                double part = Integer.toUnsignedLong(StepSource.mixed(plan)
                                .next(new SplittableRandom(5))
                                .key())
                        / (double) RequestWriter.PLACES;
                assertThat(part).as(place + " " + entries).satisfies(from -> {
                    switch (place) {
                        case BEGINNING ->
                            assertThat((int) (long) (from * RequestWriter.PLACES))
                                    .isEqualTo(StepSource.FROM_THE_BEGINNING);
                        case MIDDLE -> assertThat(from).isEqualTo(0.5);
                        case END -> assertThat(from).isBetween(0.98, 0.99);
                        case ANYWHERE -> assertThat(from).isBetween(0.0, 0.99);
                    }
                });
            }
            BenchPlan small = plan(lists, 1000, new Pages(Pages.Place.END, entries));
            assertThat(StepSource.mixed(small).next(new SplittableRandom(5)).key())
                    .isEqualTo(StepSource.FROM_THE_BEGINNING);
        }
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
            assertThat(key).hasSize(15);
            assertThat(keys.add(key)).isTrue();
        }
    }
}

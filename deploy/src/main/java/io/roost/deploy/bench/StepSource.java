package io.roost.deploy.bench;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What is sent next. Called by every event loop. */
@FunctionalInterface
interface StepSource {
    /** A page's place that is none: its request has no start-after. */
    int FROM_THE_BEGINNING = -1;

    /** The next request, or null when there is none left. */
    Step next(SplittableRandom random);

    /** Each key in turn, once. */
    static StepSource eachOnce(Operation operation, int objects) {
        AtomicInteger next = new AtomicInteger();
        return random -> {
            int key = next.getAndIncrement();
            return key < objects ? Step.of(operation, key) : null;
        };
    }

    /** Deletes of the keys {@code [0, objects)} those that are chosen, many at a time. */
    static StepSource deleteMany(int objects, IntPredicate chosen) {
        AtomicInteger next = new AtomicInteger();
        return random -> {
            List<Integer> keys = List.of();
            while (keys.isEmpty()) {
                int begin = next.getAndAdd(RequestWriter.KEYS_PER_DELETE);
                if (begin < 0 || begin >= objects) {
                    return null;
                }
                int end = Math.min(begin + RequestWriter.KEYS_PER_DELETE, objects);
                keys = IntStream.range(begin, end).filter(chosen).boxed().toList();
            }
            return new Step(Operation.DELETE_MANY, keys);
        };
    }

    /**
     * Without end, by share. Reads take any of the keys {@code [0, objects)}. A run that only writes goes over them again
     * and again; one that also reads writes {@code [objects, 2 * objects)} and deletes there, so that no read misses its
     * key.
     */
    static StepSource mixed(BenchPlan plan) {
        // By the operations' order, so that a seed gives one sequence.
        Map<Operation, Integer> mix = new TreeMap<>(plan.mix());
        int shares = mix.values().stream().mapToInt(Integer::intValue).sum();
        int firstWritten = plan.needsObjects() ? plan.objects() : 0;
        AtomicInteger written = new AtomicInteger();
        AtomicInteger deleted = new AtomicInteger();
        return random -> {
            Operation operation = pick(mix, random.nextInt(shares));
            return switch (operation) {
                case PUT -> Step.of(operation, firstWritten + turn(written, plan.objects()));
                case DELETE -> Step.of(operation, firstWritten + turn(deleted, plan.objects()));
                case LIST -> Step.of(operation, listFrom(plan, random));
                default -> Step.of(operation, random.nextInt(plan.objects()));
            };
        };
    }

    private static int turn(AtomicInteger counter, int objects) {
        return Math.floorMod(counter.getAndIncrement(), objects);
    }

    /** The place of a page that has a full one behind it: entries lie evenly, so a tenth more is left to be sure. */
    private static int listFrom(BenchPlan plan, SplittableRandom random) {
        Pages pages = plan.pages();
        double last = 1 - 1.1 * RequestWriter.ENTRIES_PER_PAGE / pages.entriesOf(plan.objects());
        if (last <= 0 || pages.place() == Pages.Place.BEGINNING) {
            return FROM_THE_BEGINNING;
        }
        double part = switch (pages.place()) {
            case BEGINNING -> 0;
            case MIDDLE -> Math.min(0.5, last);
            case END -> last;
            case ANYWHERE -> random.nextDouble() * last;
        };
        return (int) (long) (part * RequestWriter.PLACES);
    }

    private static Operation pick(Map<Operation, Integer> mix, int ticket) {
        int left = ticket;
        for (Map.Entry<Operation, Integer> share : mix.entrySet()) {
            left -= share.getValue();
            if (left < 0) {
                return share.getKey();
            }
        }
        throw new IllegalStateException("ticket " + ticket + " of " + mix);
    }
}

package io.roost.deploy.bench;

import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

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

    /** Deletes the keys {@code [0, objects)}, many at a time. */
    static StepSource deleteAll(int objects) {
        AtomicInteger next = new AtomicInteger();
        return random -> {
            int key = next.getAndAdd(RequestWriter.KEYS_PER_DELETE);
            return key < 0 || key >= objects
                    ? null
                    : new Step(Operation.DELETE_MANY, key, Math.min(RequestWriter.KEYS_PER_DELETE, objects - key));
        };
    }

    /**
     * Without end, by share; a run of deletes alone ends when every key has been deleted. Reads take any of the keys
     * {@code [0, objects)}. A run that only writes goes over them again and again; one that also reads writes
     * {@code [objects, 2 * objects)} and deletes there, so that no read misses its key.
     */
    static StepSource mixed(BenchPlan plan) {
        if (plan.mix().keySet().equals(Set.of(Operation.DELETE))) {
            return eachOnce(Operation.DELETE, plan.objects());
        }
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

    /** A place anywhere that leaves a full page behind it (keys lie evenly, so a tenth more is left to be sure). */
    private static int listFrom(BenchPlan plan, SplittableRandom random) {
        double last = 1 - 1.1 * RequestWriter.KEYS_PER_PAGE / plan.objects();
        return last <= 0 ? FROM_THE_BEGINNING : (int) (long) (random.nextDouble() * last * (1L << 32));
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

package io.roost.cluster.sim;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs seeds of worlds for so long, an equal share of the time for each world, and goes on where it ended when it is run again: a
 * journal has a line for every seed that was run. A seed that had failed comes before all others.
 *
 * <pre>
 * Soak JOURNAL MINUTES REVISION WORLD...    REVISION, of what is run, is a word for the journal
 * </pre>
 */
public final class Soak {
    private static final int FIRST_WORLD = 3;
    private static final String PASSED = "passed";
    private static final String FAILED = "failed";

    private Soak() {}

    /** What has been run of a world, in this slice and before. */
    private static final class Share {
        private final World world;
        private final Seeds seeds;
        private final Marks faults = new Marks();
        /** Seeds and whether they passed when they were run last. */
        private final TreeMap<Long, Boolean> outcomes = new TreeMap<>();
        /** Those that had failed when this slice began. */
        private final ArrayDeque<Long> again = new ArrayDeque<>();

        private long seedsNow;
        private long nanos;

        private Share(World world) {
            this.world = world;
            this.seeds = new Seeds(world);
        }

        private String name() {
            return world.getClass().getSimpleName();
        }

        private long next() {
            if (!again.isEmpty()) {
                return again.remove();
            }
            return outcomes.isEmpty() ? 1 : outcomes.lastKey() + 1;
        }

        private long count(boolean passed) {
            return outcomes.values().stream()
                    .filter(outcome -> outcome == passed)
                    .count();
        }

        /** What is wrong with a seed; null when it passes. */
        private AssertionError run(long seed) {
            long begin = System.nanoTime();
            try {
                world.plan(seed)
                        .faults()
                        .forEach(fault ->
                                faults.hit("injected " + fault.getClass().getSimpleName()));
                seeds.check(seed);
                return null;
            } catch (AssertionError failure) {
                return failure;
            } finally {
                seedsNow++;
                nanos += System.nanoTime() - begin;
            }
        }

        private void print() {
            double seconds = nanos / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "report %s: %d seeds, %d events, each twice, in %.0f s: %.0f a second; %.1f virtual hours; %d seeds have "
                            + "passed so far, %d fail%n",
                    name(),
                    seedsNow,
                    seeds.events(),
                    seconds,
                    seconds == 0 ? 0 : 2 * seeds.events() / seconds,
                    seeds.virtualMicros() / 3.6e9,
                    count(true),
                    count(false));
            faults.counts().forEach((fault, count) -> System.out.printf("%10d %s%n", count, fault));
            seeds.marks().counts().forEach((mark, count) -> System.out.printf("%10d %s%n", count, mark));
        }
    }

    private static void read(Path journal, List<Share> shares) throws IOException {
        if (!Files.exists(journal)) {
            return;
        }
        for (String line : Files.readAllLines(journal)) {
            String[] words = line.split(" ", -1);
            shares.stream()
                    .filter(share -> share.name().equals(words[0]))
                    .forEach(share -> share.outcomes.put(Long.valueOf(words[1]), words[2].equals(PASSED)));
        }
        for (Share share : shares) {
            share.outcomes.forEach((seed, hasPassed) -> {
                if (!hasPassed) {
                    share.again.add(seed);
                }
            });
        }
    }

    /** Runs. */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        Path journal = Path.of(arguments[0]);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.parseLong(arguments[1]));
        List<Share> shares = new ArrayList<>();
        for (String world : List.of(arguments).subList(FIRST_WORLD, arguments.length)) {
            shares.add(new Share(Class.forName(world)
                    .asSubclass(World.class)
                    .getDeclaredConstructor()
                    .newInstance()));
        }
        read(journal, shares);
        long failures = 0;
        try (PrintWriter lines = new PrintWriter(
                Files.newBufferedWriter(journal, StandardOpenOption.CREATE, StandardOpenOption.APPEND), true)) {
            while (System.nanoTime() < end) {
                Share share = shares.stream()
                        .min(Comparator.comparingLong(each -> each.nanos))
                        .orElseThrow();
                long seed = share.next();
                AssertionError failure = share.run(seed);
                share.outcomes.put(seed, failure == null);
                lines.println(
                        share.name() + " " + seed + " " + (failure == null ? PASSED : FAILED) + " " + arguments[2]);
                if (failure != null) {
                    failures++;
                    System.out.println("FAIL  " + failure.getMessage());
                }
            }
        }
        shares.forEach(Share::print);
        System.exit(failures == 0 ? 0 : 1);
    }
}

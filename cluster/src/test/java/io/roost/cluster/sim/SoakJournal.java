package io.roost.cluster.sim;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * What a {@link Soak} has run, in all of its slices, in a file. Safe for any thread.
 *
 * <pre>
 * seed WORLD SEED passed|failed REVISION EVENTS VIRTUAL_MICROS   the last line of a seed counts
 * hit WORLD COUNT WHAT                                           a fault injected, a mark, so often in some seeds
 * </pre>
 */
final class SoakJournal implements AutoCloseable {
    private static final String PASSED = "passed";
    private static final int OUTCOME_WORDS = 7;
    private static final int HIT_WORDS = 4;

    private final TreeMap<String, Total> totals = new TreeMap<>();
    private final PrintWriter lines;

    /** How a seed ended when it was run last; events and virtual time of one run. */
    record Outcome(boolean hasPassed, String revision, long events, long virtualMicros) {}

    /** All that has been run of a world. */
    private static final class Total {
        private final TreeMap<Long, Outcome> outcomes = new TreeMap<>();
        private final Marks hits = new Marks();
    }

    /** Reads it, if there is one, and goes on with it. */
    SoakJournal(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.readAllLines(file).forEach(this::read);
        }
        lines = new PrintWriter(
                Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), true);
    }

    private Total of(String world) {
        return totals.computeIfAbsent(world, name -> new Total());
    }

    private void read(String line) {
        String[] words = line.split(" ", OUTCOME_WORDS);
        if (words[0].equals("hit")) {
            String[] hit = line.split(" ", HIT_WORDS);
            of(hit[1]).hits.add(hit[3], Long.parseLong(hit[2]));
        } else {
            Outcome outcome =
                    new Outcome(words[3].equals(PASSED), words[4], Long.parseLong(words[5]), Long.parseLong(words[6]));
            of(words[1]).outcomes.put(Long.valueOf(words[2]), outcome);
        }
    }

    /** Seeds of a world that have failed and have not passed since. */
    synchronized List<Long> failing(String world) {
        List<Long> failing = new ArrayList<>();
        of(world).outcomes.forEach((seed, outcome) -> {
            if (!outcome.hasPassed()) {
                failing.add(seed);
            }
        });
        return failing;
    }

    /** The first seed of a world after all that have been run. */
    synchronized long next(String world) {
        TreeMap<Long, Outcome> outcomes = of(world).outcomes;
        return outcomes.isEmpty() ? 1 : outcomes.lastKey() + 1;
    }

    /** A seed has been run. */
    synchronized void add(String world, long seed, Outcome outcome) {
        of(world).outcomes.put(seed, outcome);
        lines.printf(
                "seed %s %d %s %s %d %d%n",
                world,
                seed,
                outcome.hasPassed() ? PASSED : "failed",
                outcome.revision(),
                outcome.events(),
                outcome.virtualMicros());
    }

    /** Seeds that have been run have touched this. */
    synchronized void add(String world, Marks hits) {
        of(world).hits.addAll(hits);
        hits.counts().forEach((what, count) -> lines.printf("hit %s %d %s%n", world, count, what));
    }

    /** What has been run of each world up to now, and of that with the sources of a revision. */
    synchronized void print(String revision) {
        totals.forEach((world, total) -> {
            List<Outcome> passed =
                    total.outcomes.values().stream().filter(Outcome::hasPassed).toList();
            System.out.printf(
                    Locale.ROOT,
                    "total %s: %d seeds have passed, %d of them with the sources of %s; %d fail; %d events, each twice; "
                            + "%.1f virtual hours%n",
                    world,
                    passed.size(),
                    passed.stream()
                            .filter(outcome -> outcome.revision().equals(revision))
                            .count(),
                    revision,
                    total.outcomes.size() - passed.size(),
                    passed.stream().mapToLong(Outcome::events).sum(),
                    passed.stream().mapToLong(Outcome::virtualMicros).sum() / 3.6e9);
            total.hits.counts().forEach((what, count) -> System.out.printf("%10d %s%n", count, what));
        });
    }

    @Override
    public void close() {
        lines.close();
    }
}

package io.roost.cluster.sim;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Runs seeds of worlds for so long, and goes on where it ended when it is run again: a {@link SoakJournal} has every seed that
 * was run. A seed that had failed comes before all others. Every world has its part of the time.
 *
 * <pre>
 * Soak JOURNAL MINUTES THREADS FROM REVISION WORLD=PARTS...    REVISION, of what is run, is a word for the journal; 0
 *                                                              MINUTES only say what the journal has; of a world that it
 *                                                              has nothing of, FROM is the first seed
 * </pre>
 */
public final class Soak {
    private static final int FIRST_WORLD = 5;
    /** Seeds whose marks are written at once: those of as many are lost when a slice is killed. */
    private static final int SEEDS_A_NOTE = 50;

    private final SoakJournal journal;
    private final String revision;
    private final long endNanos;
    private final List<Share> shares = new ArrayList<>();
    private long failures;

    private Soak(SoakJournal journal, String revision, long minutes) {
        this.journal = journal;
        this.revision = revision;
        endNanos = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
    }

    /** What is run of a world in this slice. Its owner's lock guards it. */
    private static final class Share {
        private final World world;
        private final int parts;
        private final ArrayDeque<Long> again = new ArrayDeque<>();
        private Marks hits = new Marks();
        private long next;
        private long seeds;
        private long events;
        private long nanos;

        private Share(World world, int parts) {
            this.world = world;
            this.parts = parts;
        }

        private String name() {
            return world.getClass().getSimpleName();
        }

        private double spent() {
            return (double) nanos / parts;
        }

        private void print() {
            double seconds = nanos / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "report %s: %d seeds in %.0f s of one thread, %.0f events a second%n",
                    name(),
                    seeds,
                    seconds,
                    seconds == 0 ? 0 : 2 * events / seconds);
        }
    }

    /** A seed of a world to run. */
    private record Turn(Share share, long seed) {}

    private void add(String world, int parts, long from) throws ReflectiveOperationException {
        Share share = new Share(
                Class.forName(world)
                        .asSubclass(World.class)
                        .getDeclaredConstructor()
                        .newInstance(),
                parts);
        share.again.addAll(journal.failing(share.name()));
        share.next = Math.max(journal.next(share.name()), from);
        shares.add(share);
    }

    /** What is to be run next; null when the time is over. */
    private synchronized Turn next() {
        if (System.nanoTime() >= endNanos) {
            return null;
        }
        Share share =
                shares.stream().min(Comparator.comparingDouble(Share::spent)).orElseThrow();
        return new Turn(share, share.again.isEmpty() ? share.next++ : share.again.remove());
    }

    private void work() {
        for (Turn turn = next(); turn != null; turn = next()) {
            Seeds seeds = new Seeds(turn.share().world);
            long begin = System.nanoTime();
            AssertionError failure = null;
            try {
                seeds.check(turn.seed());
            } catch (AssertionError thrown) {
                failure = thrown;
            }
            onRun(turn, seeds, failure, System.nanoTime() - begin);
        }
    }

    private synchronized void onRun(Turn turn, Seeds seeds, AssertionError failure, long nanos) {
        Share share = turn.share();
        share.world
                .plan(turn.seed())
                .faults()
                .forEach(fault -> share.hits.hit("injected " + fault.getClass().getSimpleName()));
        share.hits.addAll(seeds.marks());
        share.nanos += nanos;
        share.seeds++;
        share.events += seeds.events();
        journal.add(
                share.name(),
                turn.seed(),
                new SoakJournal.Outcome(failure == null, revision, seeds.events(), seeds.virtualMicros()));
        if (share.seeds % SEEDS_A_NOTE == 0) {
            note(share);
        }
        if (failure != null) {
            failures++;
            System.out.println("FAIL  " + failure.getMessage() + "\n" + failure.getCause());
        }
    }

    private void note(Share share) {
        journal.add(share.name(), share.hits);
        share.hits = new Marks();
    }

    private void run(int threads) throws InterruptedException {
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(this::work, "soak-" + i);
            // What is thrown beside an AssertionError is a mistake of the simulator: the slice ends.
            worker.setUncaughtExceptionHandler((thread, thrown) -> {
                thrown.printStackTrace();
                Runtime.getRuntime().halt(2);
            });
            worker.start();
            workers.add(worker);
        }
        for (Thread worker : workers) {
            worker.join();
        }
    }

    /** Runs. */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException, InterruptedException {
        long from = Long.parseLong(arguments[3]);
        String revision = arguments[4];
        try (SoakJournal journal = new SoakJournal(Path.of(arguments[0]))) {
            Soak soak = new Soak(journal, revision, Long.parseLong(arguments[1]));
            for (String world : List.of(arguments).subList(FIRST_WORLD, arguments.length)) {
                int at = world.indexOf('=');
                soak.add(world.substring(0, at), Integer.parseInt(world.substring(at + 1)), from);
            }
            soak.run(Integer.parseInt(arguments[2]));
            soak.shares.forEach(soak::note);
            soak.shares.stream().filter(share -> share.seeds > 0).forEach(Share::print);
            journal.print(revision);
            System.exit(soak.failures == 0 ? 0 : 1);
        }
    }
}

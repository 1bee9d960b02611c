package io.roost.cluster.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Runs seeds of a world: each twice, to see that it runs the same; when one fails, with fewer and fewer faults until none
 * can be left out. Safe for any thread.
 */
public final class Seeds {
    private static final int MAX_SHRINKING_RUNS = 600;
    private static final int LINES_SHOWN = 60;

    private final World world;
    private final Marks marks = new Marks();
    private long events;
    private long virtualMicros;

    /** A runner. */
    public Seeds(World world) {
        this.world = world;
    }

    /** A test of seeds of a world by its class name: true when a seed passes. */
    public static LongPredicate test(String world) throws ReflectiveOperationException {
        Seeds seeds = new Seeds(Class.forName(world)
                .asSubclass(World.class)
                .getDeclaredConstructor()
                .newInstance());
        return seeds::passes;
    }

    /** What the seeds run so far have touched. */
    public synchronized Marks marks() {
        Marks all = new Marks();
        all.addAll(marks);
        return all;
    }

    /** Events of the seeds run so far, each run once. */
    public synchronized long events() {
        return events;
    }

    /** Virtual time of the seeds run so far, each run once. */
    public synchronized long virtualMicros() {
        return virtualMicros;
    }

    private synchronized void add(Ending ending) {
        marks.addAll(ending.marks());
        events += ending.events();
        virtualMicros += ending.virtualMicros();
    }

    /** How a run ended: with a failure, or null; what it has touched, and how much there was of it when it did not fail. */
    private record Ending(Throwable failure, Trace trace, Marks marks, long events, long virtualMicros) {}

    private Ending run(long seed, FaultPlan plan, Trace.Detail detail) {
        Trace trace = new Trace(detail);
        Marks marks = new Marks();
        try {
            Simulation simulation = world.run(seed, plan, trace, marks);
            return new Ending(null, trace, marks, simulation.events(), simulation.nowMicros());
        } catch (RuntimeException | AssertionError | StackOverflowError failure) {
            return new Ending(failure, trace, marks, 0, 0);
        }
    }

    /** True when a seed, run once, ends well. */
    public boolean passes(long seed) {
        Ending ending = run(seed, world.plan(seed), Trace.Detail.HASH);
        add(ending);
        return ending.failure() == null;
    }

    /** True when a seed ends well, in the same way twice. */
    private boolean passesTwice(long seed) {
        Ending first = run(seed, world.plan(seed), Trace.Detail.HASH);
        add(first);
        return first.failure() == null
                && run(seed, world.plan(seed), Trace.Detail.HASH).trace().hash()
                        == first.trace().hash();
    }

    /**
     * Runs a seed twice.
     *
     * @throws AssertionError with the smallest plan of faults found that fails, and the end of its trace
     */
    public void check(long seed) {
        if (!passesTwice(seed)) {
            throw failure(seed);
        }
    }

    /**
     * Runs seeds twice each, on as many threads as there are processors.
     *
     * @throws AssertionError with all that fail, and of the first what {@link #check(long)} says
     */
    public void check(long first, long last) {
        List<Long> failing = LongStream.rangeClosed(first, last)
                .parallel()
                .filter(seed -> !passesTwice(seed))
                .boxed()
                .toList();
        if (!failing.isEmpty()) {
            throw new AssertionError("seeds " + failing + " fail", failure(failing.get(0)));
        }
    }

    private AssertionError failure(long seed) {
        FaultPlan plan = world.plan(seed);
        Throwable failure = run(seed, plan, Trace.Detail.HASH).failure();
        return failure == null
                ? new AssertionError(
                        "seed " + seed + " of " + world.getClass().getSimpleName() + " does not run the same way twice")
                : new AssertionError(report(seed, shrink(seed, plan)), failure);
    }

    /** The lines of a seed's trace, and how it ended; of one that fails with as few faults as can be. */
    public List<String> trace(long seed) {
        FaultPlan plan = world.plan(seed);
        return lines(seed, passes(seed) ? plan : shrink(seed, plan));
    }

    private List<String> lines(long seed, FaultPlan plan) {
        Ending ending = run(seed, plan, Trace.Detail.LINES);
        List<String> lines = new ArrayList<>(ending.trace().lines());
        lines.add(ending.failure() == null ? "passed" : "failed: " + ending.failure());
        return lines;
    }

    private String report(long seed, FaultPlan plan) {
        List<String> lines = lines(seed, plan);
        return "seed " + seed + " of " + world.getClass().getSimpleName() + " fails; with as few faults as can be:\n"
                + plan + "\nthe end of its trace:\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }

    /** Leaves out faults as long as it still fails: halves, quarters, and so on (Zeller, "ddmin", 1999). */
    FaultPlan shrink(long seed, FaultPlan plan) {
        FaultPlan smallest = plan;
        int runs = 0;
        int pieces = 2;
        while (!smallest.faults().isEmpty() && runs < MAX_SHRINKING_RUNS) {
            int size = smallest.faults().size();
            pieces = Math.min(pieces, size);
            FaultPlan smaller = null;
            for (int piece = 0; piece < pieces && smaller == null && runs < MAX_SHRINKING_RUNS; piece++) {
                List<Fault> left = new ArrayList<>(smallest.faults().subList(0, piece * size / pieces));
                left.addAll(smallest.faults().subList((piece + 1) * size / pieces, size));
                FaultPlan candidate = new FaultPlan(smallest.network(), left);
                runs++;
                if (run(seed, candidate, Trace.Detail.HASH).failure() != null) {
                    smaller = candidate;
                }
            }
            if (smaller != null) {
                smallest = smaller;
                pieces = Math.max(2, pieces - 1);
            } else if (pieces == size) {
                break;
            } else {
                pieces = pieces * 2;
            }
        }
        return smallest;
    }
}

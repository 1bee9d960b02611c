package io.roost.deploy.lab;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a client has seen that no store may show, as it is seen. For any thread. */
final class Violations {
    /** What is wrong with an answer. */
    enum Kind {
        /** What was acknowledged is not there. */
        LOST,
        /** It is not what was written. */
        WRONG,
        /** It is what was replaced before the question. */
        STALE
    }

    /** Further ones are counted only. */
    private static final int MAX_PRINTED = 40;

    private final Consumer<String> printer;
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final List<String> lines = new ArrayList<>();

    Violations(Consumer<String> printer) {
        this.printer = printer;
    }

    synchronized void add(Kind kind, String what) {
        counts.merge(kind, 1, Integer::sum);
        String line = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS) + " " + kind + ": " + what;
        if (lines.size() < MAX_PRINTED) {
            lines.add(line);
            printer.accept("FAIL  " + line);
        }
    }

    synchronized int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    synchronized int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** {@code lost 0, wrong 0, stale 0}. */
    @Override
    public synchronized String toString() {
        return "lost " + count(Kind.LOST) + ", wrong " + count(Kind.WRONG) + ", stale " + count(Kind.STALE);
    }
}

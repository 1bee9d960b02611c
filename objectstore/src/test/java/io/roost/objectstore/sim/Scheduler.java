package io.roost.objectstore.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Virtual time and everything that is still to happen, in the order of a seed. Time passes only from one event to the
 * next. Every event goes into the trace, whose hash tells whether two runs were the same.
 */
final class Scheduler {
    private static final int KEPT_LINES = Integer.getInteger("roost.sim.lines", 400);

    private final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private long nowMillis;
    private long nextNumber;
    private long hash = 0xcbf29ce484222325L;
    private long eventCount;

    private record Event(long atMillis, long number, Life life, String what, Runnable task, boolean isTimer)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** A scheduler at time 0 without events. */
    Scheduler(long seed) {
        random = new Random(seed);
    }

    /** The source of all choices. */
    Random random() {
        return random;
    }

    /** Virtual milliseconds since the beginning. */
    long nowMillis() {
        return nowMillis;
    }

    /** Has a task run after a delay, unless its process has ended by then. Events of one time run in the order asked for. */
    void after(long delayMillis, Life life, String what, Runnable task) {
        events.add(new Event(nowMillis + delayMillis, nextNumber++, life, what, task, false));
    }

    /** The same for what comes again and again, without anything being under way because of it. */
    void timer(long delayMillis, Life life, String what, Runnable task) {
        events.add(new Event(nowMillis + delayMillis, nextNumber++, life, what, task, true));
    }

    /** True when nothing is under way: only timers are still to go off. */
    boolean isQuiet() {
        return events.stream().allMatch(event -> event.isTimer || event.life.isEnded());
    }

    /** When the next event is, in virtual milliseconds; {@link Long#MAX_VALUE} for never. */
    long nextMillis() {
        dropEnded();
        return events.isEmpty() ? Long.MAX_VALUE : events.peek().atMillis;
    }

    private void dropEnded() {
        while (!events.isEmpty() && events.peek().life.isEnded()) {
            events.poll();
        }
    }

    /** Runs the next event; there must be one. Whatever its task throws comes out. */
    void runNext() {
        dropEnded();
        Event event = events.poll();
        nowMillis = event.atMillis;
        eventCount++;
        note(event.life + ": " + event.what);
        event.task.run();
    }

    /** Lets time pass in which nothing happens; no event may be due before. */
    void passUntil(long millis) {
        if (nextMillis() < millis) {
            throw new IllegalStateException("an event is due before " + millis);
        }
        nowMillis = Math.max(nowMillis, millis);
    }

    /** Adds a line to the trace. */
    void note(String line) {
        for (int i = 0; i < line.length(); i++) {
            hash = (hash ^ line.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ nowMillis) * 0x100000001b3L;
        if (lines.size() == KEPT_LINES) {
            lines.pollFirst();
        }
        lines.addLast(nowMillis + " " + line);
    }

    /** The trace's hash. */
    long traceHash() {
        return hash;
    }

    /** Events run so far. */
    long eventCount() {
        return eventCount;
    }

    /** The trace's last lines. */
    List<String> lastLines() {
        return new ArrayList<>(lines);
    }
}

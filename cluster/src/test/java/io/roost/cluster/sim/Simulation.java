package io.roost.cluster.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Virtual time and the queue of what is to happen. Nothing in a simulation knows any other time or source of random
 * numbers, so that a seed always runs in the same way. Whoever observes is called after every event. For one thread.
 */
public final class Simulation {
    private final long seed;
    private final Trace trace;
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final List<Runnable> observers = new ArrayList<>();
    private final SplittableRandom ties;
    private long nowMicros;
    private long scheduled;
    private long executed;

    /** Something that will happen, unless it is called off. */
    public static final class Event implements Comparable<Event> {
        private final long atMicros;
        private final int tie;
        private final long number;
        private Runnable action;

        private Event(long atMicros, int tie, long number, Runnable action) {
            this.atMicros = atMicros;
            this.tie = tie;
            this.number = number;
            this.action = action;
        }

        /** Calls it off; nothing when it has happened. */
        public void cancel() {
            action = null;
        }

        @Override
        public int compareTo(Event other) {
            int order = Long.compare(atMicros, other.atMicros);
            if (order == 0) {
                order = Integer.compare(tie, other.tie);
            }
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    /** A simulation at time 0. */
    public Simulation(long seed, Trace trace) {
        this.seed = seed;
        this.trace = trace;
        ties = random("ties");
    }

    /** A source of random numbers of its own for a purpose: what one draws does not shift another's. */
    public SplittableRandom random(String purpose) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + purpose.hashCode());
    }

    /** The virtual time. */
    public long nowMicros() {
        return nowMicros;
    }

    /** Events executed so far. */
    public long events() {
        return executed;
    }

    /** Where what happens is written down. */
    public Trace trace() {
        return trace;
    }

    /** Calls a check after every event; it throws when something is wrong. */
    public void observe(Runnable check) {
        observers.add(check);
    }

    /** Lets something happen after a delay; what is due at the same time happens in random order. */
    public Event schedule(long delayMicros, Runnable action) {
        if (delayMicros < 0) {
            throw new IllegalArgumentException("a delay of " + delayMicros);
        }
        Event event = new Event(nowMicros + delayMicros, ties.nextInt(), scheduled++, action);
        queue.add(event);
        return event;
    }

    /** Runs all that is due up to a time, and ends at it. */
    public void runUntil(long micros) {
        while (!queue.isEmpty() && queue.peek().atMicros <= micros) {
            step();
        }
        nowMicros = micros;
    }

    /** Runs the next event; false when there is none. */
    public boolean step() {
        Event event = queue.poll();
        if (event == null) {
            return false;
        }
        nowMicros = event.atMicros;
        Runnable action = event.action;
        event.action = null;
        if (action != null) {
            executed++;
            action.run();
            for (Runnable observer : observers) {
                observer.run();
            }
        }
        return true;
    }
}

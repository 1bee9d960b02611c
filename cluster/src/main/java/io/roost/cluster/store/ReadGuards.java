package io.roost.cluster.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps extents that were freed from being used again while a read that began before may still look at them. Reads are
 * counted by generation; freeing ends a generation. What was freed in one may be used again when no read of it or of an
 * older one is left. Safe for any thread; every step is O(1) but {@link #reusable}, which is amortised.
 */
final class ReadGuards {
    private final ArrayDeque<Generation> generations = new ArrayDeque<>();

    ReadGuards() {
        generations.add(new Generation());
    }

    private static final class Generation {
        private int readers;
        private final List<Extent> freed = new ArrayList<>();
    }

    /** A read that has begun and not ended. */
    final class Guard implements AutoCloseable {
        private final Generation generation;
        private boolean closed;

        private Guard(Generation generation) {
            this.generation = generation;
        }

        /** Ends the read; a second call does nothing. */
        @Override
        public void close() {
            synchronized (ReadGuards.this) {
                if (!closed) {
                    closed = true;
                    generation.readers--;
                }
            }
        }
    }

    /** Begins a read: nothing freed from now on is used again before its end. */
    synchronized Guard begin() {
        Generation newest = generations.getLast();
        newest.readers++;
        return new Guard(newest);
    }

    /** Takes extents that no row refers to any more, durably. */
    synchronized void freed(List<Extent> extents) {
        if (!extents.isEmpty()) {
            generations.getLast().freed.addAll(extents);
            generations.addLast(new Generation());
        }
    }

    /** Removes and returns the freed extents that no read can look at any more. */
    synchronized List<Extent> reusable() {
        if (generations.size() == 1 || generations.getFirst().readers > 0) {
            return List.of();
        }
        List<Extent> extents = new ArrayList<>();
        while (generations.size() > 1 && generations.getFirst().readers == 0) {
            extents.addAll(generations.removeFirst().freed);
        }
        return extents;
    }

    /** All freed extents that are not used again yet. */
    synchronized List<Extent> waiting() {
        List<Extent> extents = new ArrayList<>();
        for (Generation generation : generations) {
            extents.addAll(generation.freed);
        }
        return extents;
    }
}

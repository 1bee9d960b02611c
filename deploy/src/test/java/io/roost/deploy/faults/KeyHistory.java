package io.roost.deploy.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What one key may hold: the outcome of the last write that was acknowledged, or of any later one whose answer did not
 * come. One thread writes a key at a time; any may ask.
 */
final class KeyHistory {
    /**
     * Bytes that can be made again.
     *
     * @param seed of the random numbers they are
     * @param length how many
     */
    record Segment(long seed, int length) {}

    /**
     * A state of a key.
     *
     * @param segments of its bytes, in order; none when there is no object
     */
    record State(List<Segment> segments) {
        static final State NONE = new State(List.of());

        State {
            segments = List.copyOf(segments);
        }

        static State of(long seed, int length) {
            return new State(List.of(new Segment(seed, length)));
        }

        boolean isAbsent() {
            return segments.isEmpty();
        }

        int length() {
            return segments.stream().mapToInt(Segment::length).sum();
        }

        byte[] bytes() {
            byte[] all = new byte[length()];
            int end = 0;
            for (Segment segment : segments) {
                byte[] bytes = new byte[segment.length()];
                new Random(segment.seed()).nextBytes(bytes);
                System.arraycopy(bytes, 0, all, end, bytes.length);
                end += bytes.length;
            }
            return all;
        }
    }

    private final List<State> possible = new ArrayList<>(List.of(State.NONE));
    private int acknowledged;

    /** A write is about to be sent. */
    synchronized void begin(State state) {
        possible.add(state);
    }

    /** The write begun last was acknowledged: nothing older can be there. */
    synchronized void acknowledge() {
        acknowledged++;
        settle(possible.get(possible.size() - 1));
    }

    /** The key was read: this is what it holds. */
    synchronized void settle(State found) {
        possible.clear();
        possible.add(found);
    }

    /** How many writes were acknowledged. */
    synchronized int acknowledged() {
        return acknowledged;
    }

    /** What the key may hold now; one state unless a write has no answer. */
    synchronized List<State> possible() {
        return List.copyOf(possible);
    }
}

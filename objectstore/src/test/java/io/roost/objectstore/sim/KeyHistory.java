package io.roost.objectstore.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What clients asked of one key and what they were answered, and whether that can be: whether every operation can have
 * taken effect at one moment between its beginning and its end, each answer being what the state of that moment says
 * (linearizability; Herlihy and Wing, 1990). An operation of unknown outcome may have taken effect at any moment from its
 * beginning until nothing of it can be under way any more, or never.
 *
 * <p>The check walks through the history and keeps all states that are possible, each with the operations that have taken
 * effect in it and not yet ended ("just-in-time linearization"; Lowe, 2017). An operation that changes nothing is counted
 * as having taken effect as soon as a state agrees with its answer, which loses nothing.
 */
final class KeyHistory {
    /** The ETag of a copy whose answer was lost: that of any content. */
    static final String ANY_ETAG = "?";

    /** More than this and the check is hopeless; unknown outcomes have to be settled more often. */
    private static final int MAX_POSSIBILITIES = 200_000;

    private static final int MAX_OPEN = 63;

    /**
     * A version of the key.
     *
     * @param write the number of the operation that wrote it
     * @param eTag of its content
     * @param isMarker true for a delete marker
     */
    record Version(long write, String eTag, boolean isMarker) {
        boolean hasETag(String other) {
            return eTag.equals(other) || eTag.equals(ANY_ETAG);
        }
    }

    /**
     * The versions of a key, newest first.
     *
     * @param versions at most one of a bucket that was never versioned
     */
    record State(List<Version> versions) {
        static final State ABSENT = new State(List.of());

        /** The object that is there, null for none. */
        Version latest() {
            return versions.isEmpty() || versions.get(0).isMarker() ? null : versions.get(0);
        }

        boolean isAbsent() {
            return latest() == null;
        }

        State with(Version version) {
            List<Version> now = new ArrayList<>(versions);
            now.add(0, version);
            return new State(List.copyOf(now));
        }

        State without(long write) {
            return new State(versions.stream()
                    .filter(version -> version.write() != write)
                    .toList());
        }

        boolean has(long write) {
            return versions.stream().anyMatch(version -> version.write() == write);
        }
    }

    /** An operation of a client on this key. */
    final class Call {
        private final String what;
        private final Aim aim;
        private Predicate<State> holds;
        private UnaryOperator<State> change;
        private boolean isUnknown;
        private int slot = -1;
        private String end = "not ended";

        private Call(String what, Aim aim) {
            this.what = what;
            this.aim = aim;
        }

        /** It was answered, changed nothing, and says this about the state. */
        void saw(String answer, Predicate<State> state) {
            end(answer, state, null);
            finish();
        }

        /** It succeeded: it found a state of which this holds, and changed it. */
        void did(String answer, Predicate<State> condition, UnaryOperator<State> effect) {
            end(answer, condition, effect);
            finish();
        }

        private void finish() {
            changing -= aim == Aim.TO_CHANGE ? 1 : 0;
            events.add(new Event(this, Step.END));
        }

        /** Whether it took effect is not known; if so, it found a state of which this holds, and changed it. */
        void mayHave(String answer, Predicate<State> condition, UnaryOperator<State> effect) {
            end(answer, condition, effect);
            isUnknown = true;
            unsettled.add(this);
        }

        /** It said nothing about the state and did nothing to it. */
        void failed(String answer) {
            saw(answer, state -> true);
        }

        private void end(String answer, Predicate<State> condition, UnaryOperator<State> effect) {
            if (holds != null) {
                throw new IllegalStateException(what + " ends twice: " + end + ", " + answer);
            }
            end = answer;
            holds = condition;
            change = effect;
        }

        @Override
        public String toString() {
            return what + " -> " + end;
        }
    }

    private enum Aim {
        TO_SEE,
        TO_CHANGE
    }

    private enum Step {
        BEGIN,
        END
    }

    private record Event(Call call, Step step) {}

    /** A possible state, and which of the operations that have not ended have taken effect in it. */
    private record Possibility(State state, long effective) {
        boolean has(Call call) {
            return (effective & 1L << call.slot) != 0;
        }

        Possibility with(Call call) {
            return new Possibility(call.change == null ? state : call.change.apply(state), effective | 1L << call.slot);
        }

        Possibility forgetting(Call call) {
            return new Possibility(state, effective & ~(1L << call.slot));
        }
    }

    private final String key;
    private final List<Event> events = new ArrayList<>();
    private final List<Call> unsettled = new ArrayList<>();
    private final List<Call> open = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private int changing;
    private Set<Possibility> possible = Set.of(new Possibility(State.ABSENT, 0));

    KeyHistory(String key) {
        this.key = key;
    }

    /** An operation begins now that changes nothing. */
    Call begin(String what) {
        return begin(new Call(what, Aim.TO_SEE));
    }

    /** An operation begins now that is to change something. */
    Call beginChange(String what) {
        changing++;
        return begin(new Call(what, Aim.TO_CHANGE));
    }

    private Call begin(Call call) {
        events.add(new Event(call, Step.BEGIN));
        return call;
    }

    /** Nothing of the operations of unknown outcome is under way any more: what has not happened never will. */
    void settle() {
        for (Call call : unsettled) {
            events.add(new Event(call, Step.END));
        }
        changing -= unsettled.size();
        unsettled.clear();
    }

    /** Changes that are under way or of unknown outcome: the possibilities grow with their factorial. */
    int changing() {
        return changing;
    }

    /** The states that are possible now; of use when nothing is under way. */
    Set<State> states() {
        Set<State> states = new LinkedHashSet<>();
        possible.forEach(one -> states.add(one.state()));
        return states;
    }

    /**
     * Checks what has been added since the last check. Every operation must have ended, unknown ones may be unsettled.
     *
     * @return null, or what is impossible
     */
    String check() {
        for (Event event : events) {
            Call call = event.call();
            told.add((event.step() == Step.BEGIN ? "begin " + call.what : "end   " + call));
            if (event.step() == Step.BEGIN) {
                open(call);
            } else {
                end(call);
            }
            if (possible.isEmpty()) {
                String history = String.join("\n    ", told);
                return key + ": no state agrees with " + call + "\n    " + history;
            }
        }
        events.clear();
        return null;
    }

    private void open(Call call) {
        for (int slot = 0; slot < MAX_OPEN; slot++) {
            int free = slot;
            if (open.stream().noneMatch(other -> other.slot == free)) {
                call.slot = slot;
                open.add(call);
                possible = noticing(possible);
                return;
            }
        }
        throw new IllegalStateException(key + ": more than " + MAX_OPEN + " operations at a time");
    }

    /** Counts the operations that change nothing as effective wherever the state agrees with them. */
    private Set<Possibility> noticing(Set<Possibility> all) {
        Set<Possibility> noticed = new HashSet<>();
        all.forEach(one -> noticed.add(noticing(one)));
        return noticed;
    }

    private Possibility noticing(Possibility one) {
        Possibility noticed = one;
        for (Call call : open) {
            if (call.change == null && !noticed.has(call) && call.holds.test(noticed.state())) {
                noticed = noticed.with(call);
            }
        }
        return noticed;
    }

    private void end(Call ended) {
        Set<Possibility> reached = new HashSet<>(possible);
        ArrayDeque<Possibility> left = new ArrayDeque<>(possible);
        while (!left.isEmpty()) {
            Possibility one = left.pollFirst();
            if (one.has(ended)) {
                // Whatever else takes effect can do so after the end as well.
                continue;
            }
            for (Call call : open) {
                if (call.change != null && !one.has(call) && call.holds.test(one.state())) {
                    Possibility next = noticing(one.with(call));
                    if (reached.add(next)) {
                        left.addLast(next);
                    }
                }
            }
            if (reached.size() > MAX_POSSIBILITIES) {
                throw new IllegalStateException(key + ": too many possibilities");
            }
        }
        possible = new HashSet<>();
        for (Possibility one : reached) {
            if (one.has(ended) || ended.isUnknown) {
                possible.add(one.forgetting(ended));
            }
        }
        open.remove(ended);
    }
}

package io.roost.cluster.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a history is linearizable: whether there is an order of its operations, each at a moment between call and
 * return, in which every read has the value of the last write. Searched for after Wing and Gong (1993), with the
 * memoisation of Lowe (2017): a set of operations done together with the value they leave is tried once. A write that
 * nobody was told about returns never: it may be anywhere after its call.
 */
public final class Linearizability {
    /** Steps after which a history counts as too hard; they are made so that this does not happen. */
    private static final long MAX_STEPS = 5_000_000;

    private Linearizability() {}

    /** A call or a return, in a list from which those of one operation can be taken out and put back. */
    private static final class Entry {
        private final int operation;
        private final boolean isCall;
        private Entry partner;
        private Entry before;
        private Entry after;

        Entry(int operation, boolean isCall) {
            this.operation = operation;
            this.isCall = isCall;
        }

        void takeOut() {
            before.after = after;
            if (after != null) {
                after.before = before;
            }
        }

        void putBack() {
            before.after = this;
            if (after != null) {
                after.before = this;
            }
        }
    }

    private record Tried(BitSet done, String value) {}

    private record Step(Entry call, String valueBefore) {}

    /** The first register whose operations have no such order, with them, or empty when all have. */
    public static Optional<String> violation(History history) {
        for (var register : history.byRegister().entrySet()) {
            if (!isLinearizable(register.getValue())) {
                List<String> lines = new ArrayList<>();
                register.getValue().forEach(operation -> lines.add(operation.toString()));
                return Optional.of(String.join("\n", lines));
            }
        }
        return Optional.empty();
    }

    static boolean isLinearizable(List<History.Operation> operations) {
        Entry head = list(operations);
        Set<Tried> tried = new HashSet<>();
        Deque<Step> steps = new ArrayDeque<>();
        BitSet done = new BitSet();
        String value = null;
        Entry entry = head.after;
        for (long count = 0; head.after != null; count++) {
            if (count > MAX_STEPS) {
                throw new IllegalStateException("a history of " + operations.size() + " operations is too hard");
            }
            if (!entry.isCall) {
                if (steps.isEmpty()) {
                    return false;
                }
                Step last = steps.pop();
                value = last.valueBefore();
                done.clear(last.call().operation);
                last.call().partner.putBack();
                last.call().putBack();
                entry = last.call().after;
                continue;
            }
            History.Operation operation = operations.get(entry.operation);
            boolean fits = operation.kind() == History.Kind.WRITE || Objects.equals(operation.value(), value);
            if (fits && isNew(tried, done, entry.operation, operation.value())) {
                steps.push(new Step(entry, value));
                value = operation.value();
                done.set(entry.operation);
                entry.takeOut();
                entry.partner.takeOut();
                entry = head.after;
            } else {
                entry = entry.after;
            }
        }
        return true;
    }

    private static boolean isNew(Set<Tried> tried, BitSet done, int operation, String value) {
        BitSet next = (BitSet) done.clone();
        next.set(operation);
        return tried.add(new Tried(next, value));
    }

    private record Moment(long micros, Entry entry) {}

    private static Entry list(List<History.Operation> operations) {
        List<Moment> moments = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Entry call = new Entry(i, true);
            Entry end = new Entry(i, false);
            call.partner = end;
            moments.add(new Moment(operations.get(i).calledMicros(), call));
            moments.add(new Moment(operations.get(i).returnedMicros(), end));
        }
        // At the same time calls come first: then the two overlap.
        moments.sort(
                Comparator.comparingLong(Moment::micros).thenComparingInt(moment -> moment.entry().isCall ? 0 : 1));
        Entry head = new Entry(-1, true);
        Entry last = head;
        for (Moment moment : moments) {
            last.after = moment.entry();
            moment.entry().before = last;
            last = moment.entry();
        }
        return head;
    }
}

package io.roost.cluster.pg;

import java.util.ArrayDeque;
import java.util.List;

/** What clients want of a placement group that does not serve yet, in the order in which it came. */
final class WaitingOperations {
    /** So many wait; more are refused. */
    private static final int MAX_COUNT = 1024;

    private final ArrayDeque<Commits.Step> steps = new ArrayDeque<>();

    /** Has one wait; false when too many do. */
    boolean add(Commits.Step step) {
        if (steps.size() < MAX_COUNT) {
            steps.addLast(step);
            return true;
        }
        return false;
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** It serves. */
    void carryOut(PgEffects out) {
        List<Commits.Step> all = List.copyOf(steps);
        steps.clear();
        all.forEach(step -> step.run(out));
    }

    /** Clients see that the interval has ended, and send again. */
    void clear() {
        steps.clear();
    }
}

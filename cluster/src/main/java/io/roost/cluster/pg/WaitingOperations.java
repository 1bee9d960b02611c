package io.roost.cluster.pg;

import java.util.ArrayDeque;
import java.util.List;

/** What clients want of a placement group that may not begin yet, in the order in which it came. */
final class WaitingOperations {
    private final int maxCount;
    private final ArrayDeque<Commits.Step> steps = new ArrayDeque<>();

    /**
     * None yet.
     *
     * @param maxCount so many wait; more are refused
     */
    WaitingOperations(int maxCount) {
        this.maxCount = maxCount;
    }

    /** Has one wait; false when too many do. */
    boolean add(Commits.Step step) {
        if (steps.size() < maxCount) {
            steps.addLast(step);
            return true;
        }
        return false;
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** They may begin. */
    void carryOut(PgEffects out) {
        List<Commits.Step> all = List.copyOf(steps);
        steps.clear();
        all.forEach(step -> step.run(out));
    }

    /** The interval has ended: clients see that, and send again. */
    void clear() {
        steps.clear();
    }
}

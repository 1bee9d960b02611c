package io.roost.cluster.pg;

import io.roost.cluster.map.PgId;
import java.util.HashMap;
import java.util.Map;

/** Reads from the disk under way, each with what goes on when it has ended. */
final class ReadSteps {
    private final PgId id;
    private final Reads reads;
    private final Map<Long, Step> steps = new HashMap<>();

    /** What goes on when a read has ended. */
    interface Step {
        /** Goes on; failure is null when the read succeeded. */
        void run(RuntimeException failure, PgEffects out);
    }

    /** @param reads for tokens that no other read of the placement group has */
    ReadSteps(PgId id, Reads reads) {
        this.id = id;
        this.reads = reads;
    }

    /** Begins a read. */
    void read(Runnable task, Step step, PgEffects out) {
        long token = reads.newToken();
        steps.put(token, step);
        out.read(id, token, task);
    }

    /** A read has ended; false when it was not one of these. */
    boolean onRead(long token, RuntimeException failure, PgEffects out) {
        Step step = steps.remove(token);
        if (step != null) {
            step.run(failure, out);
        }
        return step != null;
    }

    /** How many are under way. */
    int count() {
        return steps.size();
    }

    /** Nothing goes on when those under way have ended. */
    void forgetAll() {
        steps.clear();
    }
}

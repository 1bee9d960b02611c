package io.roost.cluster.pg;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.store.KeyLayout;
import java.util.List;

/**
 * What a write has to wait for although it has been evaluated. What is missing on a member is not written over (decision
 * 9): the copy here may be the only one. And nothing changes in a range that is being filled, nor an entry that is being
 * repaired.
 */
final class WriteGate {
    private final Members members;
    private final Recovery recovery;
    private final Backfill backfill;
    private final Repair repair;

    WriteGate(Members members, Recovery recovery, Backfill backfill, Repair repair) {
        this.members = members;
        this.recovery = recovery;
        this.backfill = backfill;
        this.repair = repair;
    }

    /** True when changes may be made now; otherwise something is done when it is time to try again. */
    boolean isOpen(Locator locator, List<Mutation> mutations, Commits.Step again, PgEffects out) {
        if (members.areNone()) {
            return true;
        }
        for (Mutation mutation : mutations) {
            Bytes key = KeyLayout.entry(locator, mutation.name());
            if (members.isMissedBySome(key)) {
                recovery.whenEverywhere(key, again, out);
                return false;
            } else if (backfill.range().holds(key)) {
                out.count("pg: a write waits for a range that is being filled");
                backfill.range().whenMoved(again);
                return false;
            } else if (repair.isUnderWay(key)) {
                out.count("pg: a write waits for an entry that is being repaired");
                repair.whenEnded(key, again);
                return false;
            }
        }
        return true;
    }
}

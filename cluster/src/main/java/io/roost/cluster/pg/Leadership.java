package io.roost.cluster.pg;

import io.roost.cluster.map.PgState;
import io.roost.cluster.map.ScrubHistory;
import io.roost.cluster.object.ScrubDepth;
import io.roost.cluster.object.ScrubKind;
import java.util.EnumSet;
import java.util.Set;

/**
 * What an OSD does for a placement group in an interval in which it leads it.
 *
 * @param primary serves clients
 * @param upkeep makes all copies what they should be
 * @param recovery says when
 * @param scrubs says when copies are compared
 * @param lease by which it may read
 */
record Leadership(Primary primary, Upkeep upkeep, RecoverySchedule recovery, ScrubSchedule scrubs, ReadLease lease) {
    /** The interval has ended. */
    void end() {
        primary.end();
        scrubs.end();
    }

    /** What is to be said because copies were compared, or are. */
    Set<PgState> scrubStates(ScrubHistory known) {
        EnumSet<PgState> states = EnumSet.noneOf(PgState.class);
        if (known.errors() > 0) {
            states.add(PgState.INCONSISTENT);
        }
        ScrubKind underWay = upkeep.scrub().underWay();
        if (underWay != null) {
            states.add(PgState.SCRUBBING);
            if (underWay.depth() == ScrubDepth.DEEP) {
                states.add(PgState.DEEP);
            }
            if (underWay == ScrubKind.REPAIR || upkeep.scrub().isMending()) {
                states.add(PgState.REPAIR);
            }
        }
        return states;
    }
}

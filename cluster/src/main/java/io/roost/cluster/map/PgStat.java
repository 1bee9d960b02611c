package io.roost.cluster.map;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a placement group is, as its primary says.
 *
 * @param epoch of the primary's map
 * @param states what its state is made of
 * @param objects entries it holds
 * @param bytes of their bodies
 * @param degraded replicas of entries that are missing
 * @param misplaced replicas of entries that are elsewhere than placement says
 * @param unfound entries that no OSD that is up has
 * @param lastEpochClean newest epoch in which it was clean
 * @param scrubs what comparing its copies has come to
 */
public record PgStat(
        int epoch,
        Set<PgState> states,
        long objects,
        long bytes,
        long degraded,
        long misplaced,
        long unfound,
        int lastEpochClean,
        ScrubHistory scrubs) {
    /** Copies the states and checks that nothing is negative. */
    public PgStat {
        EnumSet<PgState> copy = EnumSet.noneOf(PgState.class);
        copy.addAll(states);
        states = Collections.unmodifiableSet(copy);
        if (objects < 0 || bytes < 0 || degraded < 0 || misplaced < 0 || unfound < 0) {
            throw new IllegalArgumentException("statistics below zero");
        }
    }

    /** The same with what is known of scrubs, and the states that follow from it. */
    public PgStat with(ScrubHistory history, Set<PgState> more) {
        EnumSet<PgState> all = EnumSet.noneOf(PgState.class);
        all.addAll(states);
        all.addAll(more);
        return new PgStat(epoch, all, objects, bytes, degraded, misplaced, unfound, lastEpochClean, history);
    }

    /** True when it serves, and all its replicas have everything. */
    public boolean isActiveAndClean() {
        return states.contains(PgState.ACTIVE) && states.contains(PgState.CLEAN);
    }
}

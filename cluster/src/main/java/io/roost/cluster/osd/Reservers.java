package io.roost.cluster.osd;

import io.roost.cluster.map.OsdSetting;
import io.roost.cluster.map.PgId;
import io.roost.cluster.pg.ReservationSide;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Set;

/**
 * The turns of one OSD, for all its shards: as many placement groups are recovered or filled at a time from it, and as many at
 * it, as {@link OsdSetting#MAX_BACKFILLS} says; apart from that one is compared at a time. A machine: one thread.
 */
public final class Reservers {
    /** Placement groups compared at a time, on each side (Ceph's osd_max_scrubs). */
    private static final int MAX_SCRUBS = 1;

    private static final Set<ReservationSide> SCRUBS =
            EnumSet.of(ReservationSide.SCRUB_LOCAL, ReservationSide.SCRUB_REMOTE);

    /** What it wants told, in order, to the shard of the placement group. */
    public interface Effects {
        /** {@link OsdShard#onReserved}. */
        void reserved(ReservationSide side, PgId pg, long token);

        /** {@link OsdShard#onPreempted}. */
        void preempted(ReservationSide side, PgId pg, long token);
    }

    private final EnumMap<ReservationSide, Reserver> sides = new EnumMap<>(ReservationSide.class);
    private final Effects out;

    /** All turns are free. */
    public Reservers(Effects out) {
        this.out = out;
        for (ReservationSide side : ReservationSide.values()) {
            boolean isScrub = SCRUBS.contains(side);
            sides.put(side, new Reserver(isScrub ? MAX_SCRUBS : (int) OsdSetting.MAX_BACKFILLS.fallback()));
        }
    }

    private Reserver.Effects told(ReservationSide side) {
        return new Reserver.Effects() {
            @Override
            public void reserved(PgId pg, long token) {
                out.reserved(side, pg, token);
            }

            @Override
            public void preempted(PgId pg, long token) {
                out.preempted(side, pg, token);
            }
        };
    }

    /** As {@link io.roost.cluster.pg.PgEffects#reserve}. */
    public void reserve(ReservationSide side, PgId pg, int priority, long token) {
        sides.get(side).reserve(pg, priority, token, told(side));
        letScrub();
    }

    /** Scrubs wait while anything is recovered or filled (Ceph's osd_scrub_during_recovery is false); one that goes on does. */
    private void letScrub() {
        boolean recovers = !held(ReservationSide.LOCAL).isEmpty()
                || !held(ReservationSide.REMOTE).isEmpty();
        for (ReservationSide side : SCRUBS) {
            sides.get(side).setMax(recovers ? 0 : MAX_SCRUBS, told(side));
        }
    }

    /** As {@link io.roost.cluster.pg.PgEffects#release}. */
    public void release(ReservationSide side, PgId pg, long token) {
        sides.get(side).release(pg, token, told(side));
        letScrub();
    }

    /** As many have a turn on each side of recovery from now on; at least one. */
    public void setMax(int turns) {
        sides.get(ReservationSide.LOCAL).setMax(turns, told(ReservationSide.LOCAL));
        sides.get(ReservationSide.REMOTE).setMax(turns, told(ReservationSide.REMOTE));
        letScrub();
    }

    /** Who has a turn. */
    public Collection<PgId> held(ReservationSide side) {
        return sides.get(side).held();
    }

    /** How many wait for one. */
    public int waitingCount(ReservationSide side) {
        return sides.get(side).waitingCount();
    }
}

package io.roost.cluster.pg;

import io.roost.cluster.map.PgState;
import io.roost.cluster.message.PgInfo;
import io.roost.cluster.message.PgQuery;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.pg.peering.Peering;
import io.roost.cluster.pg.peering.PeeringStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a primary tells a person who asks how a placement group is. */
final class Description {
    private Description() {}

    /**
     * Puts it together.
     *
     * @param members null before it is active
     * @param unfound as of the recovery
     * @param reservation null before it is active
     */
    static PgQuery of(
            int osd,
            int epoch,
            Set<PgState> states,
            Peering peering,
            LocalCopy copy,
            Members members,
            long unfound,
            PrimaryReservation reservation) {
        PeeringStatus status = peering.status();
        List<PgQuery.Copy> copies = new ArrayList<>();
        copies.add(new PgQuery.Copy(osd, copy.info(), copy.missing().size()));
        SortedSet<Integer> others = new TreeSet<>(status.infos().keySet());
        others.remove(osd);
        for (int other : others) {
            copies.add(copy(other, status.infos().get(other), members));
        }
        boolean isActive = reservation != null;
        return new PgQuery(
                epoch,
                states,
                peering.mapping(),
                peering.phase().name().toLowerCase(Locale.ROOT),
                copies,
                copy.pastIntervals(),
                status.asked(),
                status.blockedBy(),
                status.downOsds(),
                unfound,
                isActive ? reservation.phase().name().toLowerCase(Locale.ROOT) : "none",
                isActive ? reservation.awaited() : List.of(),
                copy.scrubs());
    }

    /** Of a member the primary knows more than what it has once said. */
    private static PgQuery.Copy copy(int other, PgInfo said, Members members) {
        Members.Member member = members == null ? null : members.of(other);
        if (member == null) {
            return new PgQuery.Copy(other, said, said.missingCount());
        }
        int missing = member.missing().size();
        PgInfo now = new PgInfo(
                members.onDisk(other),
                said.logTail().compareTo(members.onDisk(other)) > 0 ? members.onDisk(other) : said.logTail(),
                member.lastBackfill(),
                missing,
                said.lastEpochStarted(),
                said.history());
        return new PgQuery.Copy(other, now, missing);
    }
}

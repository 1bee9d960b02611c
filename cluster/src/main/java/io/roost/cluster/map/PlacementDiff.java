package io.roost.cluster.map;

import io.roost.cluster.crush.CrushMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What another hierarchy would do to the placement groups of a map, by placement alone: acting sets that differ for a time
 * do not count.
 *
 * @param moves those whose OSDs would be others, or in another order
 * @param shares OSD → how many placement groups it has and would have; every OSD that exists
 */
public record PlacementDiff(SortedMap<PgId, Move> moves, SortedMap<Integer, Share> shares) {
    /** Copies the maps. */
    public PlacementDiff {
        moves = Collections.unmodifiableSortedMap(new TreeMap<>(moves));
        shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
    }

    /**
     * The OSDs of a placement group.
     *
     * @param before by the map
     * @param after by the other hierarchy
     */
    public record Move(List<Integer> before, List<Integer> after) {
        /** Copies the lists. */
        public Move {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        /** Replicas that would have to be made; 0 when only the order is another. */
        public int newReplicas() {
            List<Integer> added = new ArrayList<>(after);
            added.removeAll(before);
            return added.size();
        }
    }

    /**
     * Placement groups of an OSD.
     *
     * @param before by the map
     * @param after by the other hierarchy
     */
    public record Share(int before, int after) {
        private Share plus(int moreBefore, int moreAfter) {
            return new Share(before + moreBefore, after + moreAfter);
        }
    }

    /**
     * What a hierarchy would change. Computes every placement of every pool twice: not for an event loop.
     *
     * @throws IllegalArgumentException when a pool would have no rule
     */
    public static PlacementDiff of(OsdMap map, CrushMap crush) {
        OsdMap changed = map.apply(new OsdMap.Incremental(
                map.epoch() + 1,
                map.fsid(),
                map.state().modifiedMillis(),
                List.of(new OsdMapChange.SetCrush(crush)),
                0));
        SortedMap<PgId, Move> moves = new TreeMap<>();
        SortedMap<Integer, Share> shares = new TreeMap<>();
        map.osds().forEach(osd -> shares.put(osd.id(), new Share(0, 0)));
        for (Pool pool : map.pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                PgId pg = new PgId(pool.id(), seed);
                Move move = new Move(map.up(pg), changed.up(pg));
                if (!move.before().equals(move.after())) {
                    moves.put(pg, move);
                }
                move.before().forEach(osd -> shares.computeIfPresent(osd, (id, share) -> share.plus(1, 0)));
                move.after().forEach(osd -> shares.computeIfPresent(osd, (id, share) -> share.plus(0, 1)));
            }
        }
        return new PlacementDiff(moves, shares);
    }
}

package io.roost.cluster.osd;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.pg.PlacementGroup;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The placement groups of pools that are gone, which leave the disk a few at a time. An id is never given to another pool, so
 * nobody needs them by any map to come.
 */
final class RemovedPools {
    /** Placement groups of which something is being deleted at the same time: others need the disk more. */
    private static final int MAX_AT_A_TIME = 2;

    private record Leaving(PlacementGroup group, int pgNum) {}

    private final ObjectStore store;
    private final Predicate<PgId> isOfShard;
    private final MapHistory maps;
    private final Function<LocalCopy, PlacementGroup> making;
    private final TreeMap<PgId, Leaving> leaving = new TreeMap<>();
    /** What is being looked for, or null. */
    private Leftovers leftovers;
    /** Whether pools may have left something that nobody has looked for. */
    private boolean isAnythingLeft = true;

    /**
     * None yet.
     *
     * @param making makes a placement group of a copy
     */
    RemovedPools(
            ObjectStore store, Predicate<PgId> isOfShard, MapHistory maps, Function<LocalCopy, PlacementGroup> making) {
        this.store = store;
        this.isOfShard = isOfShard;
        this.maps = maps;
        this.making = making;
    }

    /** A newer map. */
    void onMap(OsdMap older, OsdMap newer) {
        isAnythingLeft |= older.pools().stream().anyMatch(pool -> newer.pool(pool.id()) == null);
    }

    /** Takes one on in which nothing begins any more. */
    void add(PlacementGroup group, int pgNum) {
        leaving.put(group.id(), new Leaving(group, pgNum));
    }

    /** One of them, or null. */
    PlacementGroup group(PgId pg) {
        Leaving found = leaving.get(pg);
        return found == null ? null : found.group();
    }

    /** Epoch of the oldest map that says how many placement groups such a pool had, when the store is read again; 0 for all. */
    int neededMapEpoch(int newest) {
        int needed = leftovers == null && !isAnythingLeft ? newest : 0;
        for (Leaving each : leaving.values()) {
            needed = Math.min(needed, each.group().copy().neededMapEpoch());
        }
        return needed;
    }

    /** Goes on; one that cannot be deleted, because a table is damaged, is left until the OSD starts again. */
    void onTick(OsdMap newest, OsdEffects out) {
        List<Leaving> next = new ArrayList<>(leaving.values());
        for (Leaving each : next.subList(0, Math.min(MAX_AT_A_TIME, next.size()))) {
            each.group().removeWithPool(each.pgNum(), out);
        }
        leaving.values().removeIf(each -> each.group().isGone() || each.group().cannotBeRemoved());
        if (isAnythingLeft && leftovers == null) {
            isAnythingLeft = false;
            Set<PgId> known = new TreeSet<>(leaving.keySet());
            Leftovers search = new Leftovers(store, isOfShard, maps, newest, known);
            leftovers = search;
            out.read(PlacementGroups.NO_GROUP, PlacementGroups.LEFT_TOKEN, search);
        }
    }

    /** Whatever is not in memory has been looked for: of a shard that has started since, or is alone. */
    void onLeftoversRead(RuntimeException failure, OsdEffects out) {
        if (failure == null) {
            leftovers.found().forEach((copy, pgNum) -> add(making.apply(copy), pgNum));
        } else {
            out.count("osd: what is left of removed pools cannot be read");
        }
        leftovers = null;
    }
}

package io.roost.cluster.osd;

import io.roost.cluster.map.PgId;
import io.roost.cluster.pg.PlacementGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The placement groups of pools that are gone, which leave the disk a few at a time. An id is never given to another pool, so
 * nobody needs them by any map to come.
 */
final class RemovedPools {
    /** Placement groups of which something is being deleted at the same time: others need the disk more. */
    private static final int MAX_AT_A_TIME = 2;

    private record Leaving(PlacementGroup group, int pgNum) {}

    private final TreeMap<PgId, Leaving> leaving = new TreeMap<>();

    /** Takes one on in which nothing begins any more. */
    void add(PlacementGroup group, int pgNum) {
        leaving.put(group.id(), new Leaving(group, pgNum));
    }

    /** One of them, or null. */
    PlacementGroup group(PgId pg) {
        Leaving found = leaving.get(pg);
        return found == null ? null : found.group();
    }

    /** Which there are. */
    Set<PgId> ids() {
        return new TreeSet<>(leaving.keySet());
    }

    /** Epoch of the oldest map that says how many placement groups such a pool had, when the store is read again. */
    int neededMapEpoch(int newest) {
        int needed = newest;
        for (Leaving each : leaving.values()) {
            needed = Math.min(needed, each.group().copy().neededMapEpoch());
        }
        return needed;
    }

    /** Goes on; one that cannot be deleted, because a table is damaged, is left until the OSD starts again. */
    void onTick(OsdEffects out) {
        List<Leaving> next = new ArrayList<>(leaving.values());
        for (Leaving each : next.subList(0, Math.min(MAX_AT_A_TIME, next.size()))) {
            each.group().removeWithPool(each.pgNum(), out);
        }
        leaving.values().removeIf(each -> each.group().isGone() || each.group().cannotBeRemoved());
    }
}

package io.roost.cluster.osd;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.pg.StoredCopy;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.ObjectStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What is on the disk of placement groups whose pool is gone. A task that reads the disk, away from the event loop. */
final class Leftovers implements Runnable {
    private final ObjectStore store;
    private final Predicate<PgId> isOfShard;
    private final MapHistory maps;
    private final OsdMap newest;
    private final Set<PgId> known;
    private final Map<LocalCopy, Integer> found = new LinkedHashMap<>();

    /**
     * Nothing yet.
     *
     * @param newest the newest map known
     * @param known which are looked after already
     */
    Leftovers(ObjectStore store, Predicate<PgId> isOfShard, MapHistory maps, OsdMap newest, Set<PgId> known) {
        this.store = store;
        this.isOfShard = isOfShard;
        this.maps = maps;
        this.newest = newest;
        this.known = known;
    }

    @Override
    public void run() {
        PastMaps past = new PastMaps(maps, newest);
        for (PgId pg : store.disk().placementGroups()) {
            if (isOfShard.test(pg) && newest.pool(pg.pool()) == null && !known.contains(pg)) {
                OsdMap last = past.lastWith(pg.pool());
                if (last != null) {
                    found.put(
                            StoredCopy.load(store, pg, newest.epoch()),
                            last.pool(pg.pool()).pgNum());
                }
            }
        }
    }

    /** Copy → how many placement groups its pool had. */
    Map<LocalCopy, Integer> found() {
        return found;
    }
}

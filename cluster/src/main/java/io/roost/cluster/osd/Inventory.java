package io.roost.cluster.osd;

import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.pg.StoredCopy;
import io.roost.cluster.pg.peering.LocalCopy;
import io.roost.cluster.store.ObjectStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a shard finds when it begins to peer: its copies of placement groups, and the maps that tell what became of them
 * since. A task that reads the disk, away from the event loop.
 */
final class Inventory implements Runnable {
    private final int osd;
    private final ObjectStore store;
    private final Predicate<PgId> isOfShard;
    private final MapHistory maps;
    private final OsdMap newest;
    private final int actedOn;
    private final List<LocalCopy> copies = new ArrayList<>();
    private final List<PgId> unused = new ArrayList<>();
    private final PastMaps past;
    private int aloneThrough;

    /**
     * Nothing yet.
     *
     * @param newest the newest map known
     * @param actedOn newest epoch that this OSD has acted on before, 0 for none
     */
    Inventory(int osd, ObjectStore store, Predicate<PgId> isOfShard, MapHistory maps, OsdMap newest, int actedOn) {
        this.osd = osd;
        this.store = store;
        this.isOfShard = isOfShard;
        this.maps = maps;
        this.newest = newest;
        this.actedOn = actedOn;
        past = new PastMaps(maps, newest);
    }

    @Override
    public void run() {
        OsdMap lastAlone = lastAlone();
        aloneThrough = lastAlone == null ? actedOn : lastAlone.epoch();
        Set<PgId> known = new HashSet<>();
        int from = actedOn == 0 ? newest.epoch() : Math.min(actedOn - 1, aloneThrough);
        for (PgId pg : store.disk().placementGroups()) {
            if (isOfShard.test(pg)) {
                LocalCopy copy = StoredCopy.load(store, pg, aloneThrough);
                copies.add(copy);
                known.add(pg);
                from = Math.min(from, copy.mapEpoch());
            }
        }
        if (lastAlone != null) {
            addUnused(lastAlone, known);
        }
        past.goBackTo(from);
        // A pool may be older than what was acted on last: its placement groups may not have reached the disk.
        past.goBackBefore(poolsWithUnknown(known), osd);
    }

    /**
     * The newest map acted on in which this OSD, with this store, was the only one; null when there is none, as far as those
     * between are here. There may be older ones that it was not in.
     */
    private OsdMap lastAlone() {
        OsdMap map = actedOn == 0 ? null : maps.at(actedOn);
        if (map != null && !map.hasOneOsd() && !beganAlone()) {
            return null;
        }
        while (map != null && !map.hasOneOsd()) {
            map = maps.at(map.epoch() - 1);
        }
        return map != null && isOfThisStore(map) ? map : null;
    }

    private boolean beganAlone() {
        OsdMap oldest = maps.at(maps.oldestEpoch());
        return oldest != null && oldest.hasOneOsd();
    }

    /** Who was alone had every placement group, also those of which nothing is on its disk: nothing was ever written. */
    private void addUnused(OsdMap lastAlone, Set<PgId> known) {
        for (Pool pool : lastAlone.pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                PgId pg = new PgId(pool.id(), seed);
                if (isOfShard.test(pg) && known.add(pg)) {
                    unused.add(pg);
                }
            }
        }
    }

    private boolean isOfThisStore(OsdMap map) {
        OsdInfo then = map.osd(osd);
        return then != null && then.uuid().equals(newest.osd(osd).uuid());
    }

    /** Pools of which this OSD should have a placement group that it knows nothing of: one that was alone had all. */
    private Set<Long> poolsWithUnknown(Set<PgId> known) {
        boolean beganAlone = beganAlone();
        TreeSet<Long> pools = new TreeSet<>();
        for (Pool pool : newest.pools()) {
            for (int seed = 0; seed < pool.pgNum(); seed++) {
                PgId pg = new PgId(pool.id(), seed);
                if (isOfShard.test(pg)
                        && !known.contains(pg)
                        && (beganAlone || newest.acting(pg).contains(osd))) {
                    pools.add(pool.id());
                }
            }
        }
        return pools;
    }

    /** The copies that the store has. */
    List<LocalCopy> copies() {
        return copies;
    }

    /** Placement groups that this OSD had when it was alone, and that nobody has written to. */
    List<PgId> unused() {
        return unused;
    }

    /** Newest epoch that this OSD has acted on before, 0 for none. */
    int actedOn() {
        return actedOn;
    }

    /** The epoch up to which copies of when this OSD was alone are the only ones. */
    int aloneThrough() {
        return aloneThrough;
    }

    /** As far back as needed, or as there are any; newer ones may be added. */
    PastMaps past() {
        return past;
    }
}

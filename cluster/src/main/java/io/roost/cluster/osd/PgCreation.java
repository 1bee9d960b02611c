package io.roost.cluster.osd;

import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.pg.peering.LocalCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes placement groups. Whoever serves one when its pool comes to be begins with an empty copy; but all of those may end
 * before they have. So does everyone who serves it later and has heard of nobody that has it: empty it was when the pool came
 * to be, and which OSDs must be asked what became of it since, the maps from then on tell (Ceph's
 * build_initial_past_intervals). As long as it has never been clean monitors have all of those.
 */
final class PgCreation {
    private PgCreation() {}

    /**
     * The copies that an OSD begins with.
     *
     * @param past up to the newest map
     * @param isUnknown which placement groups are none of its copies yet
     */
    static List<LocalCopy> copies(int osd, PastMaps past, Predicate<PgId> isUnknown) {
        OsdMap now = past.newest();
        List<LocalCopy> copies = new ArrayList<>();
        for (Pool pool : now.pools()) {
            OsdMap first = past.firstWith(pool.id(), osd);
            for (int seed = 0; first != null && seed < pool.pgNum(); seed++) {
                PgId pg = new PgId(pool.id(), seed);
                if (isUnknown.test(pg) && (isServedBy(osd, pg, first) || isServedBy(osd, pg, now))) {
                    copies.add(LocalCopy.created(pg, first.epoch()));
                }
            }
        }
        return copies;
    }

    /** The only OSD has all there is. */
    private static boolean isServedBy(int osd, PgId pg, OsdMap map) {
        return map.acting(pg).contains(osd) || (map.hasOneOsd() && map.osd(osd) != null);
    }
}

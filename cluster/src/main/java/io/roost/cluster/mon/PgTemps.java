package io.roost.cluster.mon;

import io.roost.cluster.crush.CrushMapper;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.map.OsdMap;
import io.roost.cluster.map.OsdMapChange;
import io.roost.cluster.map.PgId;
import io.roost.cluster.map.Pool;
import io.roost.cluster.message.MonMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Acting sets that differ from what placement gives, for as long as they are of use. */
final class PgTemps {
    /** Placement groups looked at for one epoch: some tens of milliseconds. */
    private static final int MAX_PRIMED = 8192;

    private PgTemps() {}

    /** What a request changes of a map. */
    static List<OsdMapChange> requested(MonMessage.OsdPgTemp request, OsdMap map) {
        List<OsdMapChange> changes = new ArrayList<>();
        if (!map.isUp(request.osd())) {
            return changes;
        }
        request.wanted().forEach((pg, osds) -> {
            List<Integer> before = map.state().pgTemp().getOrDefault(pg, List.of());
            if (isAskable(request.osd(), pg, map) && isPossible(osds, map) && !osds.equals(before)) {
                changes.add(new OsdMapChange.SetPgTemp(pg, osds));
            }
        });
        return changes;
    }

    /** True when it is one of those that the placement group is on: others know nothing of it. */
    private static boolean isAskable(int osd, PgId pg, OsdMap map) {
        return map.up(pg).contains(osd) || map.acting(pg).contains(osd);
    }

    private static boolean isPossible(List<Integer> osds, OsdMap map) {
        return osds.size() <= CrushMapper.MAX_RESULT
                && new HashSet<>(osds).size() == osds.size()
                && osds.stream().allMatch(map::isUp);
    }

    /**
     * What lets those go on who have the data, while placement gives it to others: who leads of those others would only
     * find out that it has nothing, and ask for the same, and nobody would serve meanwhile (Ceph primes pg_temp so). Who
     * merely comes up or goes down keeps what it had, and needs none of this.
     *
     * @param next as it shall be, with an epoch of its own
     */
    static List<OsdMapChange> primed(OsdMap map, OsdMap next) {
        List<OsdMapChange> changes = new ArrayList<>();
        if (isPlacementOf(map, next)) {
            return changes;
        }
        int left = MAX_PRIMED;
        for (Pool pool : next.pools()) {
            Pool before = map.pool(pool.id());
            if (before == null || before.pgNum() != pool.pgNum()) {
                continue;
            }
            for (int seed = 0; seed < pool.pgNum() && left > 0; seed++, left--) {
                PgId pg = new PgId(pool.id(), seed);
                List<Integer> acting = map.acting(pg);
                boolean isKept = !next.state().pgTemp().containsKey(pg)
                        && acting.size() >= pool.minSize()
                        && acting.stream().allMatch(next::isUp)
                        && !acting.containsAll(next.up(pg));
                if (isKept) {
                    changes.add(new OsdMapChange.SetPgTemp(pg, acting));
                }
            }
        }
        return changes;
    }

    /** True when placement, but for who is up, is the same in both. */
    private static boolean isPlacementOf(OsdMap map, OsdMap next) {
        return map.state().crush().equals(next.state().crush())
                && map.state().upmaps().equals(next.state().upmaps())
                && map.state().upmapItems().equals(next.state().upmapItems())
                && next.osds().stream().allMatch(osd -> osd.weight() == weight(map.osd(osd.id())))
                && next.pools().stream()
                        .allMatch(pool -> map.pool(pool.id()) != null
                                && map.pool(pool.id()).size() == pool.size());
    }

    private static int weight(OsdInfo osd) {
        return osd == null ? 0 : osd.weight();
    }

    /** What is of no use in a map any more: it says what placement says, or nobody of it is up. */
    static List<OsdMapChange> useless(OsdMap map) {
        List<OsdMapChange> changes = new ArrayList<>();
        for (Map.Entry<PgId, List<Integer>> temp : map.state().pgTemp().entrySet()) {
            PgId pg = temp.getKey();
            if (temp.getValue().stream().noneMatch(map::isUp) || temp.getValue().equals(map.up(pg))) {
                changes.add(new OsdMapChange.SetPgTemp(pg, List.of()));
            }
        }
        return changes;
    }
}

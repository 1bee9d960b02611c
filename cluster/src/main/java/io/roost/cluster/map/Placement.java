package io.roost.cluster.map;

import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.crush.CrushMapper;
import io.roost.cluster.crush.JenkinsHash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Computes where placement groups are, by one epoch of the map. */
final class Placement {
    private final OsdMapState map;
    private final CrushMapper mapper;
    private final int[] weights;

    Placement(OsdMapState map) {
        this.map = map;
        mapper = new CrushMapper(map.crush());
        weights = new int[map.osds().isEmpty() ? 0 : map.osds().lastKey() + 1];
        for (OsdInfo osd : map.osds().values()) {
            weights[osd.id()] = osd.weight();
        }
    }

    PgMapping of(Pool pool, PgId pg) {
        int x = pool.placementSeed(pg.seed());
        boolean shifts = pool.type() == Pool.Type.REPLICATED;
        List<Integer> osds = new ArrayList<>(pool.size());
        for (int osd : mapper.map(pool.crushRule(), x, pool.size(), weights)) {
            keep(osds, osd, exists(osd), shifts);
        }
        List<Integer> up = new ArrayList<>(pool.size());
        for (int osd : remapped(pg, osds)) {
            keep(up, osd, isUp(osd), shifts);
        }
        int upPrimary = pickUpPrimary(x, up, shifts);

        List<Integer> acting = new ArrayList<>(up.size());
        for (int osd : map.pgTemp().getOrDefault(pg, List.of())) {
            keep(acting, osd, isUp(osd), shifts);
        }
        int primary = first(acting);
        if (acting.isEmpty()) {
            acting = up;
            primary = upPrimary;
        }
        int primaryTemp = map.primaryTemp().getOrDefault(pg, OsdMap.NO_OSD);
        return new PgMapping(up, upPrimary, acting, isUp(primaryTemp) ? primaryTemp : primary);
    }

    /** Replicas close up over one that is not kept; shards of an erasure code keep their places. */
    private static void keep(List<Integer> osds, int osd, boolean kept, boolean shifts) {
        if (kept) {
            osds.add(osd);
        } else if (!shifts) {
            osds.add(CrushMapper.NONE);
        }
    }

    private boolean exists(int osd) {
        return map.osds().containsKey(osd);
    }

    private boolean isUp(int osd) {
        OsdInfo info = map.osds().get(osd);
        return info != null && info.isUp();
    }

    /** True for an OSD that exists and was taken out: exceptions that name it do not hold. */
    private boolean isOut(int osd) {
        return osd < weights.length && exists(osd) && weights[osd] == 0;
    }

    private List<Integer> remapped(PgId pg, List<Integer> osds) {
        List<Integer> result = osds;
        List<Integer> upmap = map.upmaps().getOrDefault(pg, List.of());
        if (!upmap.isEmpty() && upmap.stream().noneMatch(this::isOut)) {
            result = new ArrayList<>(upmap);
        }
        for (Remap remap : map.upmapItems().getOrDefault(pg, List.of())) {
            int from = result.indexOf(remap.from());
            if (from >= 0 && !result.contains(remap.to()) && !isOut(remap.to())) {
                result.set(from, remap.to());
            }
        }
        return result;
    }

    private static int first(List<Integer> osds) {
        for (int osd : osds) {
            if (osd != CrushMapper.NONE) {
                return osd;
            }
        }
        return OsdMap.NO_OSD;
    }

    /**
     * The first OSD that accepts by its affinity, or the first at all when every one declines; where replicas can move,
     * it moves to the front.
     */
    private int pickUpPrimary(int x, List<Integer> up, boolean shifts) {
        int chosen = -1;
        for (int place = 0; place < up.size(); place++) {
            int osd = up.get(place);
            if (osd == CrushMapper.NONE) {
                continue;
            }
            int affinity = map.osds().get(osd).primaryAffinity();
            if (affinity == CrushItem.ONE || JenkinsHash.hash2(x, osd) >>> 16 < affinity) {
                chosen = place;
                break;
            }
            if (chosen < 0) {
                chosen = place;
            }
        }
        if (chosen < 0) {
            return OsdMap.NO_OSD;
        }
        int primary = up.get(chosen);
        if (shifts && chosen > 0) {
            Collections.rotate(up.subList(0, chosen + 1), 1);
        }
        return primary;
    }
}

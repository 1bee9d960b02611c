package io.roost.cluster.map;

import io.roost.cluster.crush.CrushMap;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A copy of a map's state while changes are applied to it. */
final class OsdMapEdit {
    private final OsdMapState before;
    private final OsdMap.Incremental incremental;
    private final SortedMap<Long, Pool> pools;
    private final SortedMap<Integer, OsdInfo> osds;
    private final SortedMap<PgId, List<Integer>> pgTemp;
    private final SortedMap<PgId, Integer> primaryTemp;
    private final SortedMap<PgId, List<Integer>> upmaps;
    private final SortedMap<PgId, List<Remap>> upmapItems;
    private final SortedMap<Long, Long> blocklist;
    private Set<OsdMapFlag> flags;
    private CrushMap crush;
    private FullRatios fullRatios;
    private long lastPool;

    OsdMapEdit(OsdMapState before, OsdMap.Incremental incremental) {
        this.before = before;
        this.incremental = incremental;
        pools = new TreeMap<>(before.pools());
        osds = new TreeMap<>(before.osds());
        pgTemp = new TreeMap<>(before.pgTemp());
        primaryTemp = new TreeMap<>(before.primaryTemp());
        upmaps = new TreeMap<>(before.upmaps());
        upmapItems = new TreeMap<>(before.upmapItems());
        blocklist = new TreeMap<>(before.blocklist());
        flags = before.flags();
        crush = before.crush();
        fullRatios = before.fullRatios();
        lastPool = before.lastPool();
    }

    OsdMapState applied() {
        incremental.changes().forEach(this::apply);
        return new OsdMapState(
                incremental.epoch(),
                before.fsid(),
                before.createdMillis(),
                incremental.modifiedMillis(),
                flags,
                lastPool,
                pools,
                osds,
                crush,
                pgTemp,
                primaryTemp,
                upmaps,
                upmapItems,
                blocklist,
                fullRatios);
    }

    private void apply(OsdMapChange change) {
        if (change instanceof OsdMapChange.PutPool put) {
            pools.put(put.pool().id(), put.pool());
            lastPool = Math.max(lastPool, put.pool().id());
        } else if (change instanceof OsdMapChange.RemovePool remove) {
            removePool(remove.pool());
        } else if (change instanceof OsdMapChange.PutOsd put) {
            osds.put(put.osd().id(), put.osd());
        } else if (change instanceof OsdMapChange.RemoveOsd remove) {
            osds.remove(remove.osd());
        } else if (change instanceof OsdMapChange.SetFlags set) {
            flags = set.flags();
        } else if (change instanceof OsdMapChange.SetCrush set) {
            crush = set.crush();
        } else if (change instanceof OsdMapChange.SetFullRatios set) {
            fullRatios = set.ratios();
        } else if (change instanceof OsdMapChange.SetBlocklisted set) {
            putOrRemove(blocklist, set.client(), set.untilMillis() == 0 ? null : set.untilMillis());
        } else {
            applyToPg(change);
        }
    }

    private void applyToPg(OsdMapChange change) {
        if (change instanceof OsdMapChange.SetPgTemp set) {
            putOrRemove(pgTemp, set.pg(), set.osds().isEmpty() ? null : set.osds());
        } else if (change instanceof OsdMapChange.SetPrimaryTemp set) {
            putOrRemove(primaryTemp, set.pg(), set.osd() == OsdMap.NO_OSD ? null : set.osd());
        } else if (change instanceof OsdMapChange.SetUpmap set) {
            putOrRemove(upmaps, set.pg(), set.osds().isEmpty() ? null : set.osds());
        } else if (change instanceof OsdMapChange.SetUpmapItems set) {
            putOrRemove(upmapItems, set.pg(), set.remaps().isEmpty() ? null : set.remaps());
        }
    }

    private void removePool(long pool) {
        pools.remove(pool);
        pgTemp.keySet().removeIf(pg -> pg.pool() == pool);
        primaryTemp.keySet().removeIf(pg -> pg.pool() == pool);
        upmaps.keySet().removeIf(pg -> pg.pool() == pool);
        upmapItems.keySet().removeIf(pg -> pg.pool() == pool);
    }

    private static <K, V> void putOrRemove(SortedMap<K, V> map, K key, V value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }
}

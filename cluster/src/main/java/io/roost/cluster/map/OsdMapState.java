package io.roost.cluster.map;

import io.roost.cluster.crush.CrushMap;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What an epoch of the OSD map says.
 *
 * @param epoch 1 for the first
 * @param fsid the cluster's id
 * @param createdMillis when the first epoch was made
 * @param modifiedMillis when this one was made
 * @param flags switches of the whole cluster
 * @param lastPool highest pool id ever given
 * @param pools by id
 * @param osds by id; one that is absent does not exist
 * @param crush the placement hierarchy and rules
 * @param pgTemp acting sets that differ from up for a time
 * @param primaryTemp primaries that differ for a time
 * @param upmaps placements that replace the rule's
 * @param upmapItems exceptions to placement
 * @param blocklist client → until when its requests are refused, milliseconds of the epoch
 * @param fullRatios how full stores may be
 */
public record OsdMapState(
        int epoch,
        UUID fsid,
        long createdMillis,
        long modifiedMillis,
        Set<OsdMapFlag> flags,
        long lastPool,
        SortedMap<Long, Pool> pools,
        SortedMap<Integer, OsdInfo> osds,
        CrushMap crush,
        SortedMap<PgId, List<Integer>> pgTemp,
        SortedMap<PgId, Integer> primaryTemp,
        SortedMap<PgId, List<Integer>> upmaps,
        SortedMap<PgId, List<Remap>> upmapItems,
        SortedMap<Long, Long> blocklist,
        FullRatios fullRatios) {
    /** Copies the collections, and checks that keys and what they name agree and that every pool has its rule. */
    public OsdMapState {
        Objects.requireNonNull(fsid, "fsid");
        Objects.requireNonNull(crush, "crush");
        Objects.requireNonNull(fullRatios, "fullRatios");
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch " + epoch);
        }
        EnumSet<OsdMapFlag> copy = EnumSet.noneOf(OsdMapFlag.class);
        copy.addAll(flags);
        flags = Collections.unmodifiableSet(copy);
        pools = copied(pools);
        osds = copied(osds);
        pgTemp = copied(pgTemp);
        primaryTemp = copied(primaryTemp);
        upmaps = copied(upmaps);
        upmapItems = copied(upmapItems);
        blocklist = copied(blocklist);
        for (Map.Entry<Long, Pool> pool : pools.entrySet()) {
            if (pool.getKey() != pool.getValue().id() || pool.getKey() > lastPool) {
                throw new IllegalArgumentException("pool " + pool.getKey() + " is " + pool.getValue());
            }
            if (crush.rule(pool.getValue().crushRule()).isEmpty()) {
                throw new IllegalArgumentException("pool " + pool.getValue().name() + " has no rule "
                        + pool.getValue().crushRule());
            }
        }
        for (Map.Entry<Integer, OsdInfo> osd : osds.entrySet()) {
            if (osd.getKey() != osd.getValue().id()) {
                throw new IllegalArgumentException("osd." + osd.getKey() + " is " + osd.getValue());
            }
        }
    }

    private static <K, V> SortedMap<K, V> copied(SortedMap<K, V> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}

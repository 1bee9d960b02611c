package io.roost.cluster.crush;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An inner node of the hierarchy: a host, a rack, a root.
 *
 * @param id {@code [-MAX_BUCKETS, -1]}
 * @param name unique in the map
 * @param type a type of the map, 1 and above
 * @param algorithm how it chooses
 * @param items in the order that the algorithm sees
 * @param shadowIds device class → id of this bucket's copy that holds only devices of that class. The ids enter the
 *     hashes, so they are part of the map
 */
public record CrushBucket(
        int id,
        String name,
        int type,
        BucketAlgorithm algorithm,
        List<CrushItem> items,
        SortedMap<String, Integer> shadowIds) {
    /** Most buckets, shadows included: arrays are indexed by it. */
    public static final int MAX_BUCKETS = 65_536;

    /** Copies the collections and checks the ranges above. */
    public CrushBucket {
        CrushMap.checkBucketId(id);
        if (type < 1) {
            throw new IllegalArgumentException("bucket " + name + " of type " + type);
        }
        items = List.copyOf(items);
        shadowIds = Collections.unmodifiableSortedMap(new TreeMap<>(shadowIds));
        for (Map.Entry<String, Integer> shadow : shadowIds.entrySet()) {
            CrushMap.checkName(shadow.getKey());
            CrushMap.checkBucketId(shadow.getValue());
        }
        if (algorithm == BucketAlgorithm.UNIFORM) {
            for (CrushItem item : items) {
                if (item.weight() != items.get(0).weight()) {
                    throw new IllegalArgumentException("uniform bucket " + name + " has items of different weights");
                }
            }
        }
        if (weightOf(items) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("bucket " + name + " is too heavy");
        }
    }

    private static long weightOf(List<CrushItem> items) {
        long sum = 0;
        for (CrushItem item : items) {
            sum += item.weight();
        }
        return sum;
    }

    /** The sum of the items' weights, 16.16. */
    public int weight() {
        return (int) weightOf(items);
    }

    CrushBucket withItems(List<CrushItem> changed) {
        return new CrushBucket(id, name, type, algorithm, changed, shadowIds);
    }

    CrushBucket withShadowIds(SortedMap<String, Integer> changed) {
        return new CrushBucket(id, name, type, algorithm, items, changed);
    }
}

package io.roost.cluster.crush;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gives every bucket a shadow id for every device class, keeping those it has. */
final class ShadowIds {
    private final Map<Integer, CrushBucket> byId = new TreeMap<>();
    private final Map<Integer, SortedMap<String, Integer>> shadowIds = new TreeMap<>();
    private final Set<Integer> used = new HashSet<>();

    private ShadowIds(List<CrushBucket> buckets) {
        for (CrushBucket bucket : buckets) {
            byId.put(bucket.id(), bucket);
            shadowIds.put(bucket.id(), new TreeMap<>(bucket.shadowIds()));
            used.add(bucket.id());
            used.addAll(bucket.shadowIds().values());
        }
    }

    /**
     * The buckets with all shadow ids. New ones are the first free from -1 downwards, given tree by tree (ascending by
     * the root's id), class by class, children before their parent, as Ceph gives them.
     *
     * @param classes in the order in which the map names them first
     */
    static List<CrushBucket> complete(List<CrushBucket> buckets, List<String> classes) {
        ShadowIds ids = new ShadowIds(buckets);
        Set<Integer> children = new HashSet<>();
        for (CrushBucket bucket : buckets) {
            bucket.items().forEach(item -> children.add(item.id()));
        }
        for (CrushBucket bucket : ids.byId.values()) {
            if (!children.contains(bucket.id())) {
                classes.forEach(deviceClass -> ids.assign(bucket, deviceClass));
            }
        }
        List<CrushBucket> completed = new ArrayList<>();
        for (CrushBucket bucket : buckets) {
            completed.add(bucket.withShadowIds(ids.shadowIds.get(bucket.id())));
        }
        return completed;
    }

    private void assign(CrushBucket bucket, String deviceClass) {
        for (CrushItem item : bucket.items()) {
            if (item.id() < 0) {
                assign(byId.get(item.id()), deviceClass);
            }
        }
        SortedMap<String, Integer> own = shadowIds.get(bucket.id());
        if (!own.containsKey(deviceClass)) {
            int id = -1;
            while (used.contains(id)) {
                id--;
            }
            used.add(id);
            own.put(deviceClass, id);
        }
    }
}

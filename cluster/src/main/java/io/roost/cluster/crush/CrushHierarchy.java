package io.roost.cluster.crush;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes and changes hierarchies of the usual shape: hosts below one root. */
public final class CrushHierarchy {
    /** Name of the root of a new map. */
    public static final String ROOT = "default";
    /** Name of the rule of a new map: replicas on distinct hosts. */
    public static final String REPLICATED_RULE = "replicated_rule";

    private static final List<String> TYPES = List.of(
            "osd", "host", "chassis", "rack", "row", "pdu", "pod", "room", "datacenter", "zone", "region", "root");
    private static final int HOST = 1;

    private CrushHierarchy() {}

    /** The map of a new cluster: the usual types, an empty root, and the rule for replicas on distinct hosts. */
    public static CrushMap empty() {
        SortedMap<Integer, String> types = new TreeMap<>();
        for (int type = 0; type < TYPES.size(); type++) {
            types.put(type, TYPES.get(type));
        }
        CrushBucket root = new CrushBucket(
                -1, ROOT, TYPES.indexOf("root"), BucketAlgorithm.STRAW2, List.of(), Collections.emptySortedMap());
        CrushRule rule = new CrushRule(
                0,
                REPLICATED_RULE,
                CrushRule.Type.REPLICATED,
                1,
                10,
                List.of(
                        new CrushStep.Take(-1, ""),
                        new CrushStep.Choose(CrushStep.Mode.FIRSTN, CrushStep.Depth.CHOOSELEAF, 0, HOST),
                        new CrushStep.Emit()));
        return new CrushMap(CrushTunables.JEWEL, List.of(), types, List.of(root), List.of(rule));
    }

    /**
     * A map with a device added below a host, which is made below the root when it is not there.
     *
     * @param device new
     * @param host name of a bucket of type host
     * @param weight 16.16
     * @throws IllegalArgumentException when the device exists, the name is no host's, or there is no root of that name
     */
    public static CrushMap withDevice(CrushMap map, CrushDevice device, String host, int weight) {
        List<CrushDevice> devices = new ArrayList<>(map.devices());
        int place = 0;
        while (place < devices.size() && devices.get(place).id() < device.id()) {
            place++;
        }
        devices.add(place, device);
        List<CrushBucket> buckets = new ArrayList<>(map.buckets());
        if (map.bucket(host).isEmpty()) {
            addHost(buckets, host);
        }
        for (int i = 0; i < buckets.size(); i++) {
            CrushBucket bucket = buckets.get(i);
            if (bucket.name().equals(host)) {
                if (bucket.type() != HOST) {
                    throw new IllegalArgumentException("bucket " + host + " is no host");
                }
                List<CrushItem> items = new ArrayList<>(bucket.items());
                items.add(new CrushItem(device.id(), weight));
                buckets.set(i, bucket.withItems(items));
                raise(buckets, bucket.id(), weight);
            }
        }
        List<String> classes = new ArrayList<>();
        devices.stream()
                .map(CrushDevice::deviceClass)
                .filter(name -> !name.isEmpty() && !classes.contains(name))
                .forEach(classes::add);
        return new CrushMap(map.tunables(), devices, map.types(), ShadowIds.complete(buckets, classes), map.rules());
    }

    private static void addHost(List<CrushBucket> buckets, String host) {
        int id = -1;
        for (CrushBucket bucket : buckets) {
            id = Math.min(id, bucket.id() - 1);
            for (int shadow : bucket.shadowIds().values()) {
                id = Math.min(id, shadow - 1);
            }
        }
        for (int i = 0; i < buckets.size(); i++) {
            CrushBucket root = buckets.get(i);
            if (root.name().equals(ROOT)) {
                List<CrushItem> items = new ArrayList<>(root.items());
                items.add(new CrushItem(id, 0));
                buckets.set(i, root.withItems(items));
                buckets.add(
                        i,
                        new CrushBucket(
                                id, host, HOST, BucketAlgorithm.STRAW2, List.of(), Collections.emptySortedMap()));
                return;
            }
        }
        throw new IllegalArgumentException("the map has no root " + ROOT);
    }

    /** Adds a weight to what stands for a bucket in all that contain it. */
    private static void raise(List<CrushBucket> buckets, int id, int weight) {
        int raised = id;
        for (int i = 0; i < buckets.size(); i++) {
            CrushBucket bucket = buckets.get(i);
            List<CrushItem> items = new ArrayList<>();
            boolean contains = false;
            for (CrushItem item : bucket.items()) {
                boolean found = item.id() == raised;
                contains |= found;
                items.add(found ? new CrushItem(item.id(), Math.addExact(item.weight(), weight)) : item);
            }
            if (contains) {
                buckets.set(i, bucket.withItems(items));
                raised = bucket.id();
            }
        }
    }
}

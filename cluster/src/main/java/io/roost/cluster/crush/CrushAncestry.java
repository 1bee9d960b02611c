package io.roost.cluster.crush;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who is below whom in a hierarchy. Of an item that is in several buckets the first counts. */
public final class CrushAncestry {
    private final CrushMap map;
    private final Map<Integer, CrushBucket> parents = new TreeMap<>();
    private final Map<Integer, CrushBucket> buckets = new TreeMap<>();

    /** The ancestry in a map. */
    public CrushAncestry(CrushMap map) {
        this.map = map;
        for (CrushBucket bucket : map.buckets()) {
            buckets.put(bucket.id(), bucket);
            bucket.items().forEach(item -> parents.putIfAbsent(item.id(), bucket));
        }
    }

    /** The bucket that contains an item; empty for a root and for what is nowhere. */
    public Optional<CrushBucket> parent(int item) {
        return Optional.ofNullable(parents.get(item));
    }

    /** The nearest bucket of a type above an item. */
    public Optional<CrushBucket> above(int item, String type) {
        CrushBucket bucket = parents.get(item);
        while (bucket != null && !map.types().get(bucket.type()).equals(type)) {
            bucket = parents.get(bucket.id());
        }
        return Optional.ofNullable(bucket);
    }

    /** Name of the host of a device; the device's own when it is below none. */
    public String host(int device) {
        return above(device, "host").map(CrushBucket::name).orElse("osd." + device);
    }

    /** The devices below a bucket. */
    public List<Integer> devices(CrushBucket bucket) {
        List<Integer> devices = new ArrayList<>();
        for (CrushItem item : bucket.items()) {
            if (item.id() >= 0) {
                devices.add(item.id());
            } else {
                devices.addAll(devices(buckets.get(item.id())));
            }
        }
        return devices;
    }
}

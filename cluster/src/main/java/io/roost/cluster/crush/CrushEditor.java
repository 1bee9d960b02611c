package io.roost.cluster.crush;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A copy of a map while it is edited. */
final class CrushEditor {
    /** Sizes of pools that a new rule is meant for. */
    private static final int MAX_REPLICAS = 10;

    private final CrushMap map;
    private final List<CrushDevice> devices;
    private final Map<Integer, CrushBucket> buckets = new LinkedHashMap<>();
    private final List<CrushRule> rules;

    CrushEditor(CrushMap map) {
        this.map = map;
        devices = new ArrayList<>(map.devices());
        map.buckets().forEach(bucket -> buckets.put(bucket.id(), bucket));
        rules = new ArrayList<>(map.rules());
    }

    void apply(CrushEdit edit) {
        if (edit instanceof CrushEdit.AddBucket add) {
            addBucket(add);
        } else if (edit instanceof CrushEdit.RemoveBucket remove) {
            removeBucket(remove.name());
        } else if (edit instanceof CrushEdit.Move move) {
            move(item(move.name()), bucket(move.parent()));
        } else if (edit instanceof CrushEdit.SetWeight set) {
            device(set.device());
            reweigh(set.device(), set.weight());
        } else if (edit instanceof CrushEdit.SetClass set) {
            int index = devices.indexOf(device(set.device()));
            devices.set(index, new CrushDevice(set.device(), devices.get(index).name(), set.deviceClass()));
        } else if (edit instanceof CrushEdit.AddRule add) {
            addRule(add);
        } else if (edit instanceof CrushEdit.RemoveRule remove) {
            rules.removeIf(rule -> rule.name().equals(remove.name()));
        } else if (edit instanceof CrushEdit.AddDevice add) {
            addDevice(add);
        } else if (edit instanceof CrushEdit.RemoveDevice remove) {
            devices.removeIf(device -> device.id() == remove.device());
            takeOut(remove.device());
        }
    }

    /** The map as it is now. */
    CrushMap edited() {
        List<CrushBucket> ordered = new ArrayList<>();
        Set<Integer> placed = new TreeSet<>();
        for (int id : List.copyOf(buckets.keySet())) {
            place(id, placed, ordered, new TreeSet<>());
        }
        List<String> classes = new ArrayList<>();
        devices.stream()
                .map(CrushDevice::deviceClass)
                .filter(name -> !name.isEmpty() && !classes.contains(name))
                .forEach(classes::add);
        // A class that no device has any more may be what a rule names.
        for (CrushBucket bucket : ordered) {
            bucket.shadowIds().keySet().stream()
                    .filter(name -> !classes.contains(name))
                    .forEach(classes::add);
        }
        return new CrushMap(map.tunables(), devices, map.types(), ShadowIds.complete(ordered, classes), rules);
    }

    /** Appends a bucket after those it contains, with their weights. */
    private void place(int id, Set<Integer> placed, List<CrushBucket> ordered, Set<Integer> above) {
        if (placed.contains(id)) {
            return;
        }
        if (!above.add(id)) {
            throw new IllegalArgumentException("bucket " + buckets.get(id).name() + " would contain itself");
        }
        Map<Integer, Integer> weights = new HashMap<>();
        for (CrushItem item : buckets.get(id).items()) {
            if (item.id() < 0) {
                place(item.id(), placed, ordered, above);
                weights.put(item.id(), buckets.get(item.id()).weight());
            }
        }
        List<CrushItem> items = buckets.get(id).items().stream()
                .map(item -> new CrushItem(item.id(), weights.getOrDefault(item.id(), item.weight())))
                .toList();
        CrushBucket summed = buckets.get(id).withItems(items);
        buckets.put(id, summed);
        above.remove(id);
        placed.add(id);
        ordered.add(summed);
    }

    private CrushDevice device(int id) {
        return devices.stream()
                .filter(device -> device.id() == id)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no device " + id));
    }

    private Optional<CrushBucket> find(String name) {
        return buckets.values().stream()
                .filter(bucket -> bucket.name().equals(name))
                .findFirst();
    }

    private CrushBucket bucket(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no bucket " + name));
    }

    private int item(String name) {
        return devices.stream()
                .filter(device -> device.name().equals(name))
                .findFirst()
                .map(CrushDevice::id)
                .orElseGet(() -> bucket(name).id());
    }

    private int type(String name) {
        return map.types().entrySet().stream()
                .filter(type -> type.getValue().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no type " + name))
                .getKey();
    }

    private void addBucket(CrushEdit.AddBucket add) {
        Optional<CrushBucket> existing = find(add.name());
        if (existing.isEmpty()) {
            int id = newBucket(add.name(), type(add.type()));
            if (!add.parent().isEmpty()) {
                move(id, bucket(add.parent()));
            }
        } else if (existing.get().type() != type(add.type())) {
            throw new IllegalArgumentException("bucket " + add.name() + " is of another type");
        } else if (!add.parent().isEmpty()) {
            move(existing.get().id(), bucket(add.parent()));
        }
    }

    private int newBucket(String name, int type) {
        int id = -1;
        for (CrushBucket bucket : buckets.values()) {
            id = Math.min(id, bucket.id() - 1);
            for (int shadow : bucket.shadowIds().values()) {
                id = Math.min(id, shadow - 1);
            }
        }
        buckets.put(
                id, new CrushBucket(id, name, type, BucketAlgorithm.STRAW2, List.of(), Collections.emptySortedMap()));
        return id;
    }

    private void removeBucket(String name) {
        Optional<CrushBucket> existing = find(name);
        if (existing.isEmpty()) {
            return;
        }
        if (!existing.get().items().isEmpty()) {
            throw new IllegalArgumentException("bucket " + name + " is not empty");
        }
        takeOut(existing.get().id());
        buckets.remove(existing.get().id());
    }

    /** Takes an item out of all that contain it; its weight there, 0 where nothing did. */
    private int takeOut(int item) {
        int weight = 0;
        for (CrushBucket bucket : List.copyOf(buckets.values())) {
            List<CrushItem> left = new ArrayList<>();
            for (CrushItem other : bucket.items()) {
                if (other.id() == item) {
                    weight = other.weight();
                } else {
                    left.add(other);
                }
            }
            if (left.size() < bucket.items().size()) {
                buckets.put(bucket.id(), bucket.withItems(left));
            }
        }
        return weight;
    }

    private void move(int item, CrushBucket parent) {
        boolean isThere = parent.items().stream().anyMatch(other -> other.id() == item);
        long parents = buckets.values().stream()
                .filter(bucket -> bucket.items().stream().anyMatch(other -> other.id() == item))
                .count();
        if (isThere && parents == 1) {
            // Its place among the others counts for some algorithms.
            return;
        }
        int type = item >= 0 ? 0 : buckets.get(item).type();
        if (type >= parent.type()) {
            throw new IllegalArgumentException("a " + map.types().get(type) + " cannot be in " + parent.name() + ", a "
                    + map.types().get(parent.type()));
        }
        int weight = takeOut(item);
        add(parent.id(), item, weight);
    }

    private void add(int parent, int item, int weight) {
        CrushBucket bucket = buckets.get(parent);
        List<CrushItem> items = new ArrayList<>(bucket.items());
        items.add(new CrushItem(item, weight));
        buckets.put(parent, bucket.withItems(items));
    }

    private void reweigh(int device, int weight) {
        for (CrushBucket bucket : List.copyOf(buckets.values())) {
            buckets.put(
                    bucket.id(),
                    bucket.withItems(bucket.items().stream()
                            .map(item -> item.id() == device ? new CrushItem(device, weight) : item)
                            .toList()));
        }
    }

    private void addRule(CrushEdit.AddRule add) {
        int failureDomain = type(add.failureDomain());
        List<CrushStep> steps = CrushEdit.steps(bucket(add.root()).id(), failureDomain, add.deviceClass());
        Optional<CrushRule> existing =
                rules.stream().filter(rule -> rule.name().equals(add.name())).findFirst();
        if (existing.isPresent()) {
            if (!existing.get().steps().equals(steps)) {
                throw new IllegalArgumentException("there is another rule " + add.name());
            }
            return;
        }
        int id = 0;
        while (id < rules.size() && rules.get(id).id() == id) {
            id++;
        }
        rules.add(id, new CrushRule(id, add.name(), CrushRule.Type.REPLICATED, 1, MAX_REPLICAS, steps));
    }

    private void addDevice(CrushEdit.AddDevice add) {
        int place = 0;
        while (place < devices.size() && devices.get(place).id() < add.device().id()) {
            place++;
        }
        Optional<CrushBucket> host = find(add.host());
        if (place < devices.size() && devices.get(place).id() == add.device().id()) {
            boolean isThere = host.isPresent()
                    && host.get().items().stream()
                            .anyMatch(item -> item.id() == add.device().id());
            if (devices.get(place).equals(add.device()) && isThere) {
                return;
            }
            throw new IllegalArgumentException(
                    "there is another device " + add.device().id());
        }
        devices.add(place, add.device());
        int hostType = type("host");
        if (host.isPresent() && host.get().type() != hostType) {
            throw new IllegalArgumentException("bucket " + add.host() + " is no host");
        }
        int parent;
        if (host.isPresent()) {
            parent = host.get().id();
        } else {
            CrushBucket root = bucket(CrushHierarchy.ROOT);
            parent = newBucket(add.host(), hostType);
            add(root.id(), parent, 0);
        }
        add(parent, add.device().id(), add.weight());
    }
}

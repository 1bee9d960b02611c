package io.roost.cluster.crush;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The hierarchy of devices and the rules that place data on it. Immutable. The shadow trees of device classes are not
 * stored but for their ids: {@link #shadowBuckets} derives them.
 *
 * @param tunables how the mapper behaves
 * @param devices ascending by id
 * @param types id → name; 0 is the devices' type
 * @param buckets every bucket after those it contains, so that there is no cycle
 * @param rules ascending by id
 */
public record CrushMap(
        CrushTunables tunables,
        List<CrushDevice> devices,
        SortedMap<Integer, String> types,
        List<CrushBucket> buckets,
        List<CrushRule> rules) {
    /** Longest name. */
    public static final int MAX_NAME_LENGTH = 128;

    /** Copies the collections and checks that every name and id is unique and every reference leads somewhere. */
    public CrushMap {
        Objects.requireNonNull(tunables, "tunables");
        devices = List.copyOf(devices);
        types = Collections.unmodifiableSortedMap(new TreeMap<>(types));
        buckets = List.copyOf(buckets);
        rules = List.copyOf(rules);
        checkDevicesAndTypes(devices, types);
        checkBuckets(devices, types, buckets);
        checkRules(devices, types, buckets, rules);
    }

    private static void checkDevicesAndTypes(List<CrushDevice> devices, SortedMap<Integer, String> types) {
        int last = -1;
        for (CrushDevice device : devices) {
            if (device.id() <= last) {
                throw new IllegalArgumentException("device " + device.id() + " after device " + last);
            }
            last = device.id();
        }
        Set<String> names = new HashSet<>();
        for (Map.Entry<Integer, String> type : types.entrySet()) {
            checkName(type.getValue());
            if (type.getKey() < 0) {
                throw new IllegalArgumentException("type " + type.getKey());
            }
            if (!names.add(type.getValue())) {
                throw new IllegalArgumentException("two types named " + type.getValue());
            }
        }
    }

    private static void checkBuckets(
            List<CrushDevice> devices, SortedMap<Integer, String> types, List<CrushBucket> buckets) {
        Set<String> names = new HashSet<>();
        Map<Integer, CrushBucket> placed = new TreeMap<>();
        Set<Integer> items = new HashSet<>();
        for (CrushDevice device : devices) {
            items.add(device.id());
            requireNew(names.add(device.name()), "name " + device.name());
        }
        Set<Integer> ids = new HashSet<>();
        for (CrushBucket bucket : buckets) {
            checkName(bucket.name());
            requireNew(names.add(bucket.name()), "name " + bucket.name());
            requireNew(ids.add(bucket.id()), "bucket id " + bucket.id());
            for (Map.Entry<String, Integer> shadow : bucket.shadowIds().entrySet()) {
                requireNew(ids.add(shadow.getValue()), "bucket id " + shadow.getValue());
            }
            if (!types.containsKey(bucket.type())) {
                throw new IllegalArgumentException("bucket " + bucket.name() + " of unknown type " + bucket.type());
            }
            Set<Integer> own = new HashSet<>();
            for (CrushItem item : bucket.items()) {
                if (!items.contains(item.id())) {
                    throw new IllegalArgumentException(
                            "item " + item.id() + " of bucket " + bucket.name() + " is not defined before it");
                }
                requireNew(own.add(item.id()), "item " + item.id() + " of bucket " + bucket.name());
                checkShadowsOfChild(bucket, placed.get(item.id()));
            }
            items.add(bucket.id());
            placed.put(bucket.id(), bucket);
        }
    }

    private static void checkShadowsOfChild(CrushBucket bucket, CrushBucket child) {
        if (child != null
                && !child.shadowIds().keySet().containsAll(bucket.shadowIds().keySet())) {
            throw new IllegalArgumentException("bucket " + child.name() + " has no shadow for a class of "
                    + bucket.name() + ", which contains it");
        }
    }

    private static void checkRules(
            List<CrushDevice> devices,
            SortedMap<Integer, String> types,
            List<CrushBucket> buckets,
            List<CrushRule> rules) {
        Set<String> names = new HashSet<>();
        int last = -1;
        for (CrushRule rule : rules) {
            if (rule.id() <= last) {
                throw new IllegalArgumentException("rule " + rule.id() + " after rule " + last);
            }
            last = rule.id();
            requireNew(names.add(rule.name()), "rule name " + rule.name());
            for (CrushStep step : rule.steps()) {
                if (step instanceof CrushStep.Take take) {
                    checkTake(take, devices, buckets);
                } else if (step instanceof CrushStep.Choose choose && !types.containsKey(choose.type())) {
                    throw new IllegalArgumentException(
                            "rule " + rule.name() + " chooses unknown type " + choose.type());
                }
            }
        }
    }

    private static void checkTake(CrushStep.Take take, List<CrushDevice> devices, List<CrushBucket> buckets) {
        for (CrushBucket bucket : buckets) {
            if (bucket.id() == take.item()) {
                if (!take.deviceClass().isEmpty() && !bucket.shadowIds().containsKey(take.deviceClass())) {
                    throw new IllegalArgumentException(
                            "bucket " + bucket.name() + " has no shadow for class " + take.deviceClass());
                }
                return;
            }
        }
        for (CrushDevice device : devices) {
            if (device.id() == take.item() && take.deviceClass().isEmpty()) {
                return;
            }
        }
        throw new IllegalArgumentException("a rule takes item " + take.item() + ", which does not exist");
    }

    private static void requireNew(boolean added, String what) {
        if (!added) {
            throw new IllegalArgumentException(what + " twice");
        }
    }

    /** Letters, digits, {@code - _ .}: what the text form can hold. */
    static void checkName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("name of " + name.length() + " characters");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.';
            if (!allowed) {
                throw new IllegalArgumentException("name " + name + " has a character other than A-Z a-z 0-9 - _ .");
            }
        }
    }

    static void checkBucketId(int id) {
        if (id >= 0 || id < -CrushBucket.MAX_BUCKETS) {
            throw new IllegalArgumentException("bucket id " + id + " is not in -" + CrushBucket.MAX_BUCKETS + " to -1");
        }
    }

    /** The rule of an id. */
    public Optional<CrushRule> rule(int id) {
        return rules.stream().filter(rule -> rule.id() == id).findFirst();
    }

    /** The rule of a name. */
    public Optional<CrushRule> rule(String name) {
        return rules.stream().filter(rule -> rule.name().equals(name)).findFirst();
    }

    /** The bucket of a name. */
    public Optional<CrushBucket> bucket(String name) {
        return buckets.stream().filter(bucket -> bucket.name().equals(name)).findFirst();
    }

    /** One above the highest device id. */
    public int maxDevices() {
        return devices.isEmpty() ? 0 : devices.get(devices.size() - 1).id() + 1;
    }

    /** The classes of the devices, in the order in which devices name them first. */
    public List<String> deviceClasses() {
        List<String> classes = new ArrayList<>();
        for (CrushDevice device : devices) {
            if (!device.deviceClass().isEmpty() && !classes.contains(device.deviceClass())) {
                classes.add(device.deviceClass());
            }
        }
        return classes;
    }

    /**
     * The shadow buckets, each after those it contains: the bucket's items in order, devices of other classes left out,
     * child buckets replaced by their shadows even when empty, weights summed anew. Named {@code bucket~class}.
     */
    public List<Shadow> shadowBuckets() {
        Map<Integer, String> classOfDevice = new TreeMap<>();
        for (CrushDevice device : devices) {
            classOfDevice.put(device.id(), device.deviceClass());
        }
        Map<Integer, CrushBucket> originals = new TreeMap<>();
        Map<Integer, Integer> weights = new TreeMap<>();
        List<Shadow> shadows = new ArrayList<>();
        for (CrushBucket bucket : buckets) {
            originals.put(bucket.id(), bucket);
            for (Map.Entry<String, Integer> shadow : bucket.shadowIds().entrySet()) {
                String deviceClass = shadow.getKey();
                List<CrushItem> items = new ArrayList<>();
                long weight = 0;
                for (CrushItem item : bucket.items()) {
                    if (item.id() < 0) {
                        int child = originals.get(item.id()).shadowIds().get(deviceClass);
                        items.add(new CrushItem(child, weights.get(child)));
                        weight += weights.get(child);
                    } else if (classOfDevice.get(item.id()).equals(deviceClass)) {
                        items.add(item);
                        weight += item.weight();
                    }
                }
                if (weight > Integer.MAX_VALUE) {
                    throw new IllegalArgumentException("the shadow of bucket " + bucket.name() + " is too heavy");
                }
                weights.put(shadow.getValue(), (int) weight);
                shadows.add(new Shadow(
                        shadow.getValue(),
                        bucket.name() + "~" + deviceClass,
                        bucket.type(),
                        bucket.algorithm(),
                        items));
            }
        }
        return shadows;
    }

    /**
     * A bucket reduced to the devices of one class.
     *
     * @param id its own
     * @param name the bucket's, {@code ~} and the class
     * @param type the bucket's
     * @param algorithm the bucket's
     * @param items in the bucket's order
     */
    public record Shadow(int id, String name, int type, BucketAlgorithm algorithm, List<CrushItem> items) {
        /** Copies the items. */
        public Shadow {
            items = List.copyOf(items);
        }
    }
}

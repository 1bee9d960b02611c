package io.roost.cluster.crush;

import java.util.List;
import java.util.Objects;

/**
 * A change of a hierarchy as an administrator thinks of it. It asks for a state: where that is so already it changes
 * nothing. The weights of buckets are the sums of what they contain, afterwards.
 */
public sealed interface CrushEdit {
    /**
     * The map with this change.
     *
     * @throws IllegalArgumentException when it names what is not there, or would break a rule of the map
     */
    default CrushMap applied(CrushMap map) {
        CrushEditor editor = new CrushEditor(map);
        editor.apply(this);
        return editor.edited();
    }

    /**
     * There shall be a bucket.
     *
     * @param name unique
     * @param type as {@code host} or {@code rack}
     * @param parent name of the bucket that contains it; empty for a root
     */
    record AddBucket(String name, String type, String parent) implements CrushEdit {}

    /** An empty bucket shall not be. */
    record RemoveBucket(String name) implements CrushEdit {}

    /**
     * A bucket or a device shall be in a bucket, and in no other.
     *
     * @param name its name, as {@code rack1} or {@code osd.3}
     * @param parent name of the bucket
     */
    record Move(String name, String parent) implements CrushEdit {}

    /**
     * A device shall have a weight: what share of all data it gets.
     *
     * @param device its id
     * @param weight 16.16; 0x10000 for one TiB, as is the custom
     */
    record SetWeight(int device, int weight) implements CrushEdit {}

    /**
     * A device shall be of a class.
     *
     * @param device its id
     * @param deviceClass as {@code ssd}; empty for none
     */
    record SetClass(int device, String deviceClass) implements CrushEdit {}

    /**
     * There shall be a rule for replicas.
     *
     * @param name unique among rules
     * @param root name of the bucket below which they are
     * @param failureDomain type of the buckets of which each has at most one
     * @param deviceClass of the devices; empty for any
     */
    record AddRule(String name, String root, String failureDomain, String deviceClass) implements CrushEdit {}

    /** There shall be no rule of this name. */
    record RemoveRule(String name) implements CrushEdit {}

    /**
     * There shall be a device below a host, which is made below the root when it is not there.
     *
     * @param device with its class
     * @param host name of the host
     * @param weight as in {@link SetWeight}
     */
    record AddDevice(CrushDevice device, String host, int weight) implements CrushEdit {
        /** Checks for null. */
        public AddDevice {
            Objects.requireNonNull(device, "device");
        }
    }

    /** There shall be no device of this id. */
    record RemoveDevice(int device) implements CrushEdit {}

    /** The steps of a rule for replicas. */
    static List<CrushStep> steps(int root, int failureDomain, String deviceClass) {
        CrushStep.Depth depth = failureDomain == 0 ? CrushStep.Depth.CHOOSE : CrushStep.Depth.CHOOSELEAF;
        return List.of(
                new CrushStep.Take(root, deviceClass),
                new CrushStep.Choose(CrushStep.Mode.FIRSTN, depth, 0, failureDomain),
                new CrushStep.Emit());
    }
}

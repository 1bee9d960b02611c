package io.roost.cluster.crush;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes hierarchies of the usual shape: hosts below one root. {@link CrushEdit} changes them. */
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
                0, REPLICATED_RULE, CrushRule.Type.REPLICATED, 1, 10, CrushEdit.steps(root.id(), HOST, ""));
        return new CrushMap(CrushTunables.JEWEL, List.of(), types, List.of(root), List.of(rule));
    }

    /** A map with a new device below a host, as {@link CrushEdit.AddDevice} makes it. */
    public static CrushMap withDevice(CrushMap map, CrushDevice device, String host, int weight) {
        return new CrushEdit.AddDevice(device, host, weight).applied(map);
    }
}

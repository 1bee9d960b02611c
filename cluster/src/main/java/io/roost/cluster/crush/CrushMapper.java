package io.roost.cluster.crush;

import java.util.List;

/**
 * Runs the rules of one map: input value and device weights in, devices out. Thread-safe: all state of a run is in the
 * run. A rule's result depends on its arguments only, on every machine.
 */
public final class CrushMapper {
    /** A hole in the result of an indep rule; {@code 0x7fffffff}, as Ceph prints it. */
    public static final int NONE = 0x7fffffff;
    /** Most devices of one result. */
    public static final int MAX_RESULT = 100;

    private final CrushTunables tunables;
    private final CrushRule[] rules;
    private final PlacementNode[] nodes;
    private final int maxDevices;

    /** Prepares a map. */
    public CrushMapper(CrushMap map) {
        tunables = map.tunables();
        maxDevices = map.maxDevices();
        rules = new CrushRule[CrushRule.MAX_ID + 1];
        for (CrushRule rule : map.rules()) {
            rules[rule.id()] = withShadowsTaken(map, rule);
        }
        List<CrushMap.Shadow> shadows = map.shadowBuckets();
        int lowest = 0;
        for (CrushBucket bucket : map.buckets()) {
            lowest = Math.min(lowest, bucket.id());
        }
        for (CrushMap.Shadow shadow : shadows) {
            lowest = Math.min(lowest, shadow.id());
        }
        nodes = new PlacementNode[-lowest];
        for (CrushBucket bucket : map.buckets()) {
            nodes[-1 - bucket.id()] = new PlacementNode(bucket.id(), bucket.type(), bucket.algorithm(), bucket.items());
        }
        for (CrushMap.Shadow shadow : shadows) {
            nodes[-1 - shadow.id()] = new PlacementNode(shadow.id(), shadow.type(), shadow.algorithm(), shadow.items());
        }
    }

    private static CrushRule withShadowsTaken(CrushMap map, CrushRule rule) {
        List<CrushStep> steps = rule.steps().stream()
                .map(step -> step instanceof CrushStep.Take take
                                && !take.deviceClass().isEmpty()
                        ? new CrushStep.Take(shadowOf(map, take), "")
                        : step)
                .toList();
        return new CrushRule(rule.id(), rule.name(), rule.type(), rule.minSize(), rule.maxSize(), steps);
    }

    private static int shadowOf(CrushMap map, CrushStep.Take take) {
        for (CrushBucket bucket : map.buckets()) {
            if (bucket.id() == take.item()) {
                return bucket.shadowIds().get(take.deviceClass());
            }
        }
        throw new IllegalStateException("a rule takes item " + take.item() + ", which the map does not have");
    }

    /**
     * The devices of an input.
     *
     * @param rule id of a rule of the map
     * @param x the input
     * @param resultMax devices wanted, {@code [0, MAX_RESULT]}
     * @param weights by device: 0x10000 in, 0 out, between: the share of inputs it keeps. Devices beyond the end are out
     * @return at most resultMax devices; a firstn rule may find fewer, an indep rule leaves {@link #NONE}
     * @throws IllegalArgumentException when the map has no such rule
     */
    public int[] map(int rule, int x, int resultMax, int[] weights) {
        if (rule < 0 || rule >= rules.length || rules[rule] == null) {
            throw new IllegalArgumentException("no rule " + rule);
        }
        if (resultMax < 0 || resultMax > MAX_RESULT) {
            throw new IllegalArgumentException(resultMax + " devices wanted");
        }
        return new RuleRun(this, x, resultMax, weights).run(rules[rule]);
    }

    /** True when the map has a rule of that id. */
    public boolean hasRule(int rule) {
        return rule >= 0 && rule < rules.length && rules[rule] != null;
    }

    /** The bucket of an id, or null when there is none. */
    PlacementNode node(int id) {
        int index = -1 - id;
        return index >= 0 && index < nodes.length ? nodes[index] : null;
    }

    int maxDevices() {
        return maxDevices;
    }

    CrushTunables tunables() {
        return tunables;
    }
}

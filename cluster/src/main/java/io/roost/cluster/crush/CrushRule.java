package io.roost.cluster.crush;

import java.util.List;
import java.util.Objects;

/**
 * How the devices of a placement group are found.
 *
 * @param id {@code [0, MAX_ID]}
 * @param name unique among the rules of the map
 * @param type of the pools it is for
 * @param minSize fewest replicas it is meant for; not enforced
 * @param maxSize most replicas it is meant for; not enforced
 * @param steps run in order
 */
public record CrushRule(int id, String name, Type type, int minSize, int maxSize, List<CrushStep> steps) {
    /** Highest id. */
    public static final int MAX_ID = 255;
    /** Highest number of replicas a rule can name. */
    public static final int MAX_SIZE = 255;
    /** Most steps. */
    public static final int MAX_STEPS = 100;

    /** Copies the steps and checks the ranges above. */
    public CrushRule {
        CrushMap.checkName(name);
        Objects.requireNonNull(type, "type");
        steps = List.copyOf(steps);
        if (id < 0 || id > MAX_ID) {
            throw new IllegalArgumentException("rule id " + id + " is not in 0 to " + MAX_ID);
        }
        if (minSize < 0 || minSize > maxSize || maxSize > MAX_SIZE) {
            throw new IllegalArgumentException("rule " + name + " for " + minSize + " to " + maxSize + " replicas");
        }
        if (steps.size() > MAX_STEPS) {
            throw new IllegalArgumentException("rule " + name + " has " + steps.size() + " steps");
        }
    }

    /** What kind of pool a rule is for. */
    public enum Type {
        /** Full copies. */
        REPLICATED(1, "replicated"),
        /** Shards of an erasure code. */
        ERASURE(3, "erasure");

        private final int code;
        private final String text;

        Type(int code, String text) {
            this.code = code;
            this.text = text;
        }

        /** The number in encoded maps. */
        public int code() {
            return code;
        }

        /** The name in text maps. */
        public String text() {
            return text;
        }
    }
}

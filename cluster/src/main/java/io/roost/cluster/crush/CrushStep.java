package io.roost.cluster.crush;

import java.util.Objects;

/** One step of a rule. */
public sealed interface CrushStep {
    /**
     * Begins at an item.
     *
     * @param item a device or bucket of the map
     * @param deviceClass the class whose shadow of the bucket is meant; empty for the bucket itself
     */
    record Take(int item, String deviceClass) implements CrushStep {
        /** Checks for null. */
        public Take {
            Objects.requireNonNull(deviceClass, "deviceClass");
        }
    }

    /**
     * Chooses distinct items of a type below each item so far.
     *
     * @param mode what a failed choice leaves behind
     * @param depth whether a device is chosen below each
     * @param count how many; 0 or less is added to the number of replicas wanted
     * @param type type of the items chosen; 0 for devices
     */
    record Choose(Mode mode, Depth depth, int count, int type) implements CrushStep {
        /** Checks that nothing is null and the type not negative. */
        public Choose {
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(depth, "depth");
            if (type < 0) {
                throw new IllegalArgumentException("type " + type);
            }
        }
    }

    /**
     * Overrides a tunable for the rest of the rule.
     *
     * @param tunable which
     * @param value 0 and above; a number of tries of 0 changes nothing
     */
    record Tune(Tunable tunable, int value) implements CrushStep {
        /** Checks the range above. */
        public Tune {
            Objects.requireNonNull(tunable, "tunable");
            if (value < 0 || value > CrushTunables.MAX_TRIES) {
                throw new IllegalArgumentException(tunable.text() + " " + value);
            }
        }
    }

    /** Appends the items so far to the result and forgets them. */
    record Emit() implements CrushStep {}

    /** What a failed choice leaves behind. */
    enum Mode {
        /** Nothing: later choices move up (replicas). */
        FIRSTN,
        /** A hole: later choices keep their place (erasure-coded shards). */
        INDEP
    }

    /** How deep a choice goes. */
    enum Depth {
        /** The items of the type themselves. */
        CHOOSE,
        /** One device below each. */
        CHOOSELEAF
    }

    /** The tunables that a rule can override. */
    enum Tunable {
        /** Tries from the top. */
        CHOOSE_TRIES(1, "set_choose_tries"),
        /** Tries of the search for a device below a chosen item. */
        CHOOSELEAF_TRIES(2, "set_chooseleaf_tries"),
        /** Retries in the same bucket. */
        CHOOSE_LOCAL_TRIES(3, "set_choose_local_tries"),
        /** Retries by permutation in the same bucket. */
        CHOOSE_LOCAL_FALLBACK_TRIES(4, "set_choose_local_fallback_tries"),
        /** See {@link CrushTunables#chooseleafVaryR}. */
        CHOOSELEAF_VARY_R(5, "set_chooseleaf_vary_r"),
        /** See {@link CrushTunables#chooseleafStable}. */
        CHOOSELEAF_STABLE(6, "set_chooseleaf_stable");

        private final int code;
        private final String text;

        Tunable(int code, String text) {
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

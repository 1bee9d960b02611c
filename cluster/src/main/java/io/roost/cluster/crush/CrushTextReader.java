package io.roost.cluster.crush;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the text form of one map by recursive descent; names must be defined before they are used. */
final class CrushTextReader {
    private final CrushTokens tokens;
    private final Map<String, Integer> tunables = new HashMap<>();
    private final SortedMap<Integer, CrushDevice> devices = new TreeMap<>();
    private final SortedMap<Integer, String> types = new TreeMap<>();
    private final Map<String, Integer> typeIds = new HashMap<>();
    private final List<CrushBucket> buckets = new ArrayList<>();
    private final Map<Integer, CrushBucket> bucketsById = new HashMap<>();
    private final Map<String, Integer> itemIds = new HashMap<>();
    private final Set<String> classes = new LinkedHashSet<>();
    private final Map<Integer, CrushRule> rules = new LinkedHashMap<>();

    CrushTextReader(String text) {
        tokens = new CrushTokens(text);
    }

    CrushMap read() {
        while (!tokens.isAtEnd()) {
            int line = tokens.line();
            String word = tokens.word("a section");
            try {
                section(line, word);
            } catch (IllegalArgumentException e) {
                throw new CrushTextException(line, e.getMessage());
            }
        }
        try {
            return new CrushMap(tunables(), List.copyOf(devices.values()), types, completedBuckets(), rulesById());
        } catch (IllegalArgumentException e) {
            throw new CrushTextException(tokens.line(), e.getMessage());
        }
    }

    private void section(int line, String word) {
        switch (word) {
            case "tunable" -> tunable(line);
            case "device" -> device(line);
            case "type" -> type(line);
            case "rule" -> rule(line);
            case "choose_args" -> throw new CrushTextException(line, "choose_args are not supported");
            default -> {
                Integer type = typeIds.get(word);
                if (type == null || type == 0) {
                    throw new CrushTextException(line, "\"" + word + "\" is neither a section nor a bucket type");
                }
                bucket(line, type);
            }
        }
    }

    private void tunable(int line) {
        String name = tokens.word("a tunable");
        if (!TUNABLES.contains(name)) {
            throw new CrushTextException(line, "unknown tunable " + name);
        }
        tunables.put(name, tokens.integer("a number"));
    }

    private static final List<String> TUNABLES = List.of(
            "choose_local_tries",
            "choose_local_fallback_tries",
            "choose_total_tries",
            "chooseleaf_descend_once",
            "chooseleaf_vary_r",
            "chooseleaf_stable",
            "straw_calc_version",
            "allowed_bucket_algs");

    private CrushTunables tunables() {
        CrushTunables legacy = CrushTunables.LEGACY;
        return new CrushTunables(
                tunables.getOrDefault("choose_local_tries", legacy.chooseLocalTries()),
                tunables.getOrDefault("choose_local_fallback_tries", legacy.chooseLocalFallbackTries()),
                tunables.getOrDefault("choose_total_tries", legacy.chooseTotalTries()),
                tunables.getOrDefault("chooseleaf_descend_once", legacy.chooseleafDescendOnce()),
                tunables.getOrDefault("chooseleaf_vary_r", legacy.chooseleafVaryR()),
                tunables.getOrDefault("chooseleaf_stable", legacy.chooseleafStable()),
                tunables.getOrDefault("straw_calc_version", legacy.strawCalcVersion()),
                tunables.getOrDefault("allowed_bucket_algs", legacy.allowedBucketAlgs()));
    }

    private void device(int line) {
        int id = tokens.integer("a device id");
        String name = tokens.word("a device name");
        String deviceClass = "";
        if (tokens.accept("class")) {
            deviceClass = tokens.word("a device class");
            classes.add(deviceClass);
        }
        if (devices.put(id, new CrushDevice(id, name, deviceClass)) != null) {
            throw new CrushTextException(line, "device " + id + " twice");
        }
        define(line, name, id);
    }

    private void define(int line, String name, int id) {
        if (itemIds.put(name, id) != null) {
            throw new CrushTextException(line, "name " + name + " twice");
        }
    }

    private void type(int line) {
        int id = tokens.integer("a type id");
        String name = tokens.word("a type name");
        CrushMap.checkName(name);
        if (types.put(id, name) != null || typeIds.put(name, id) != null) {
            throw new CrushTextException(line, "type " + id + " or its name twice");
        }
    }

    private void bucket(int line, int type) {
        String name = tokens.word("a bucket name");
        tokens.expect("{");
        Integer id = null;
        SortedMap<String, Integer> shadowIds = new TreeMap<>();
        BucketAlgorithm algorithm = null;
        List<CrushItem> items = new ArrayList<>();
        while (!tokens.accept("}")) {
            int at = tokens.line();
            String word = tokens.word("\"}\"");
            switch (word) {
                case "id" -> {
                    int value = tokens.integer("a bucket id");
                    if (tokens.accept("class")) {
                        String deviceClass = tokens.word("a device class");
                        classes.add(deviceClass);
                        shadowIds.put(deviceClass, value);
                    } else {
                        id = value;
                    }
                }
                case "alg" -> algorithm = algorithm(at);
                case "hash" -> hash(at);
                case "item" -> items.add(item(at, items.size()));
                default -> throw new CrushTextException(at, "\"" + word + "\" in a bucket");
            }
        }
        if (algorithm == null) {
            throw new CrushTextException(line, "bucket " + name + " has no alg");
        }
        CrushBucket bucket = new CrushBucket(id == null ? freeBucketId() : id, name, type, algorithm, items, shadowIds);
        define(line, name, bucket.id());
        if (bucketsById.put(bucket.id(), bucket) != null) {
            throw new CrushTextException(line, "bucket id " + bucket.id() + " twice");
        }
        buckets.add(bucket);
    }

    private int freeBucketId() {
        int id = -1;
        while (bucketsById.containsKey(id)) {
            id--;
        }
        return id;
    }

    private BucketAlgorithm algorithm(int line) {
        String name = tokens.word("an algorithm");
        for (BucketAlgorithm algorithm : BucketAlgorithm.values()) {
            if (algorithm.text().equals(name)) {
                return algorithm;
            }
        }
        throw new CrushTextException(line, "algorithm " + name + " is not supported; straw2 and uniform are");
    }

    private void hash(int line) {
        String name = tokens.word("a hash");
        if (!name.equals("0") && !name.equals("rjenkins1")) {
            throw new CrushTextException(line, "hash " + name + " is not supported; 0 (rjenkins1) is");
        }
    }

    private CrushItem item(int line, int place) {
        String name = tokens.word("an item");
        Integer id = itemIds.get(name);
        if (id == null) {
            throw new CrushTextException(line, "item " + name + " is not defined");
        }
        int weight = id < 0 ? bucketsById.get(id).weight() : CrushItem.ONE;
        while (true) {
            if (tokens.accept("weight")) {
                int at = tokens.line();
                String number = tokens.word("a weight");
                weight = weight(number);
                if (weight < 0) {
                    throw new CrushTextException(at, "weight " + number);
                }
            } else if (tokens.accept("pos")) {
                if (tokens.integer("a position") != place) {
                    throw new CrushTextException(line, "item " + name + " is not at its pos");
                }
            } else {
                return new CrushItem(id, weight);
            }
        }
    }

    /** The 16.16 weight of a decimal number, or -1 when it is none in the range. */
    static int weight(String number) {
        float value;
        try {
            value = Float.parseFloat(number);
        } catch (NumberFormatException e) {
            return -1;
        }
        float scaled = value * CrushItem.ONE;
        return scaled >= 0 && scaled < Integer.MAX_VALUE ? (int) scaled : -1;
    }

    private void rule(int line) {
        // The name may be left out.
        String name = tokens.isNext("{") ? "" : tokens.word("a rule name");
        tokens.expect("{");
        int id = -1;
        CrushRule.Type type = CrushRule.Type.REPLICATED;
        int minSize = 1;
        int maxSize = 10;
        List<CrushStep> steps = new ArrayList<>();
        while (!tokens.accept("}")) {
            int at = tokens.line();
            String word = tokens.word("\"}\"");
            switch (word) {
                case "id", "ruleset" -> id = tokens.integer("a rule id");
                case "type" -> type = ruleType(at);
                case "min_size" -> minSize = tokens.integer("a size");
                case "max_size" -> maxSize = tokens.integer("a size");
                case "step" -> steps.add(step(at));
                default -> throw new CrushTextException(at, "\"" + word + "\" in a rule");
            }
        }
        if (id < 0) {
            throw new CrushTextException(line, "rule " + name + " has no id");
        }
        String ruleName = name.isEmpty() ? "rule" + id : name;
        if (rules.put(id, new CrushRule(id, ruleName, type, minSize, maxSize, steps)) != null) {
            throw new CrushTextException(line, "rule id " + id + " twice");
        }
    }

    private CrushRule.Type ruleType(int line) {
        String name = tokens.word("a rule type");
        for (CrushRule.Type type : CrushRule.Type.values()) {
            if (type.text().equals(name) || String.valueOf(type.code()).equals(name)) {
                return type;
            }
        }
        throw new CrushTextException(line, "rule type " + name + " is neither replicated nor erasure");
    }

    private CrushStep step(int line) {
        String word = tokens.word("a step");
        return switch (word) {
            case "take" -> take(line);
            case "emit" -> new CrushStep.Emit();
            case "choose" -> choose(line, CrushStep.Depth.CHOOSE);
            case "chooseleaf" -> choose(line, CrushStep.Depth.CHOOSELEAF);
            default -> tune(line, word);
        };
    }

    private CrushStep tune(int line, String word) {
        for (CrushStep.Tunable tunable : CrushStep.Tunable.values()) {
            if (tunable.text().equals(word)) {
                int value = tokens.integer("a number");
                try {
                    return new CrushStep.Tune(tunable, value);
                } catch (IllegalArgumentException e) {
                    throw new CrushTextException(line, e.getMessage());
                }
            }
        }
        throw new CrushTextException(line, "unknown step " + word);
    }

    private CrushStep take(int line) {
        String name = tokens.word("an item");
        Integer id = itemIds.get(name);
        if (id == null) {
            throw new CrushTextException(line, "item " + name + " is not defined");
        }
        String deviceClass = "";
        if (tokens.accept("class")) {
            deviceClass = tokens.word("a device class");
            if (!classes.contains(deviceClass)) {
                throw new CrushTextException(line, "no device has class " + deviceClass);
            }
        }
        return new CrushStep.Take(id, deviceClass);
    }

    private CrushStep choose(int line, CrushStep.Depth depth) {
        String mode = tokens.word("firstn or indep");
        if (!mode.equals("firstn") && !mode.equals("indep")) {
            throw new CrushTextException(line, "\"" + mode + "\" where firstn or indep is needed");
        }
        int count = tokens.integer("a number");
        tokens.expect("type");
        String type = tokens.word("a type");
        if (!typeIds.containsKey(type)) {
            throw new CrushTextException(line, "type " + type + " is not defined");
        }
        return new CrushStep.Choose(
                mode.equals("firstn") ? CrushStep.Mode.FIRSTN : CrushStep.Mode.INDEP, depth, count, typeIds.get(type));
    }

    private List<CrushRule> rulesById() {
        List<CrushRule> sorted = new ArrayList<>(rules.values());
        sorted.sort(Comparator.comparingInt(CrushRule::id));
        return sorted;
    }

    private List<CrushBucket> completedBuckets() {
        return ShadowIds.complete(buckets, List.copyOf(classes));
    }
}

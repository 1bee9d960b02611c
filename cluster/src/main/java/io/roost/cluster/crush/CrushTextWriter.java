package io.roost.cluster.crush;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;

/** Writes the text form of one map. */
final class CrushTextWriter {
    private static final BigDecimal ONE = BigDecimal.valueOf(CrushItem.ONE);

    private final CrushMap map;
    private final Map<Integer, String> names = new TreeMap<>();
    private final StringBuilder text = new StringBuilder(4096);

    CrushTextWriter(CrushMap map) {
        this.map = map;
        for (CrushDevice device : map.devices()) {
            names.put(device.id(), device.name());
        }
        for (CrushBucket bucket : map.buckets()) {
            names.put(bucket.id(), bucket.name());
        }
    }

    String write() {
        text.append("# begin crush map\n");
        tunables(map.tunables());
        text.append("\n# devices\n");
        for (CrushDevice device : map.devices()) {
            text.append("device ").append(device.id()).append(' ').append(device.name());
            if (!device.deviceClass().isEmpty()) {
                text.append(" class ").append(device.deviceClass());
            }
            text.append('\n');
        }
        text.append("\n# types\n");
        for (Map.Entry<Integer, String> type : map.types().entrySet()) {
            text.append("type ")
                    .append(type.getKey())
                    .append(' ')
                    .append(type.getValue())
                    .append('\n');
        }
        text.append("\n# buckets\n");
        map.buckets().forEach(this::bucket);
        text.append("\n# rules\n");
        map.rules().forEach(this::rule);
        return text.append("\n# end crush map\n").toString();
    }

    /** As crushtool, only those that differ from what a map without tunables means. */
    private void tunables(CrushTunables t) {
        CrushTunables legacy = CrushTunables.LEGACY;
        tunable("choose_local_tries", t.chooseLocalTries(), legacy.chooseLocalTries());
        tunable("choose_local_fallback_tries", t.chooseLocalFallbackTries(), legacy.chooseLocalFallbackTries());
        tunable("choose_total_tries", t.chooseTotalTries(), legacy.chooseTotalTries());
        tunable("chooseleaf_descend_once", t.chooseleafDescendOnce(), legacy.chooseleafDescendOnce());
        tunable("chooseleaf_vary_r", t.chooseleafVaryR(), legacy.chooseleafVaryR());
        tunable("chooseleaf_stable", t.chooseleafStable(), legacy.chooseleafStable());
        tunable("straw_calc_version", t.strawCalcVersion(), legacy.strawCalcVersion());
        tunable("allowed_bucket_algs", t.allowedBucketAlgs(), legacy.allowedBucketAlgs());
    }

    private void tunable(String name, int value, int legacy) {
        if (value != legacy) {
            text.append("tunable ").append(name).append(' ').append(value).append('\n');
        }
    }

    private void bucket(CrushBucket bucket) {
        text.append(map.types().get(bucket.type()))
                .append(' ')
                .append(bucket.name())
                .append(" {\n");
        text.append("\tid ").append(bucket.id()).append("\t\t# do not change unnecessarily\n");
        for (Map.Entry<String, Integer> shadow : bucket.shadowIds().entrySet()) {
            text.append("\tid ")
                    .append(shadow.getValue())
                    .append(" class ")
                    .append(shadow.getKey())
                    .append("\t\t# do not change unnecessarily\n");
        }
        text.append("\t# weight ")
                .append(rounded(bucket.weight()).toPlainString())
                .append('\n');
        text.append("\talg ").append(bucket.algorithm().text()).append('\n');
        text.append("\thash 0\t# rjenkins1\n");
        for (CrushItem item : bucket.items()) {
            text.append("\titem ")
                    .append(names.get(item.id()))
                    .append(" weight ")
                    .append(weight(item.weight()))
                    .append('\n');
        }
        text.append("}\n");
    }

    /** Five decimals as crushtool, or as many as it takes to read back the same. */
    private static String weight(int weight) {
        String rounded = rounded(weight).toPlainString();
        return CrushTextReader.weight(rounded) == weight
                ? rounded
                : BigDecimal.valueOf(weight).divide(ONE).toPlainString();
    }

    private static BigDecimal rounded(int weight) {
        return BigDecimal.valueOf(weight).divide(ONE).setScale(5, RoundingMode.HALF_EVEN);
    }

    private void rule(CrushRule rule) {
        text.append("rule ").append(rule.name()).append(" {\n");
        text.append("\tid ").append(rule.id()).append('\n');
        text.append("\ttype ").append(rule.type().text()).append('\n');
        text.append("\tmin_size ").append(rule.minSize()).append('\n');
        text.append("\tmax_size ").append(rule.maxSize()).append('\n');
        for (CrushStep step : rule.steps()) {
            text.append("\tstep ");
            step(step);
            text.append('\n');
        }
        text.append("}\n");
    }

    private void step(CrushStep step) {
        if (step instanceof CrushStep.Take take) {
            text.append("take ").append(names.get(take.item()));
            if (!take.deviceClass().isEmpty()) {
                text.append(" class ").append(take.deviceClass());
            }
        } else if (step instanceof CrushStep.Tune tune) {
            text.append(tune.tunable().text()).append(' ').append(tune.value());
        } else if (step instanceof CrushStep.Choose choose) {
            text.append(choose.depth() == CrushStep.Depth.CHOOSELEAF ? "chooseleaf " : "choose ")
                    .append(choose.mode() == CrushStep.Mode.FIRSTN ? "firstn " : "indep ")
                    .append(choose.count())
                    .append(" type ")
                    .append(map.types().get(choose.type()));
        } else {
            text.append("emit");
        }
    }
}

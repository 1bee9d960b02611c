package io.roost.cluster.wire;

import io.roost.cluster.crush.BucketAlgorithm;
import io.roost.cluster.crush.CrushBucket;
import io.roost.cluster.crush.CrushDevice;
import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.crush.CrushMap;
import io.roost.cluster.crush.CrushRule;
import io.roost.cluster.crush.CrushStep;
import io.roost.cluster.crush.CrushTunables;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@link CrushMap} as bytes: a versioned struct.
 *
 * <pre>
 * tunables   8 varints in the record's order
 * devices    count, each: id varint, name, class (empty for none)
 * types      count, each: id varint, name
 * buckets    count, each: id negated varint, name, type varint, algorithm u8,
 *            items: count, each: id u32, weight u32; shadows: count, each: class, id negated varint
 * rules      count, each: id varint, name, type u8, min size varint, max size varint, steps
 * step       1 take: item u32, class · 2 tune: tunable u8, value varint
 *            3 choose: mode u8, depth u8, count u32, type varint · 4 emit
 * </pre>
 */
final class CrushMapCodec {
    private static final int FORMAT = 1;

    private static final int TAKE = 1;
    private static final int TUNE = 2;
    private static final int CHOOSE = 3;
    private static final int EMIT = 4;

    private CrushMapCodec() {}

    static void write(ByteWriter out, CrushMap map) {
        int mark = out.begin(FORMAT, FORMAT);
        CrushTunables t = map.tunables();
        out.varint(t.chooseLocalTries())
                .varint(t.chooseLocalFallbackTries())
                .varint(t.chooseTotalTries())
                .varint(t.chooseleafDescendOnce())
                .varint(t.chooseleafVaryR())
                .varint(t.chooseleafStable())
                .varint(t.strawCalcVersion())
                .varint(t.allowedBucketAlgs());
        out.varint(map.devices().size());
        for (CrushDevice device : map.devices()) {
            out.varint(device.id()).text(device.name()).text(device.deviceClass());
        }
        out.varint(map.types().size());
        for (Map.Entry<Integer, String> type : map.types().entrySet()) {
            out.varint(type.getKey()).text(type.getValue());
        }
        out.varint(map.buckets().size());
        map.buckets().forEach(bucket -> write(out, bucket));
        out.varint(map.rules().size());
        map.rules().forEach(rule -> write(out, rule));
        out.end(mark);
    }

    private static void write(ByteWriter out, CrushBucket bucket) {
        out.varint(-bucket.id())
                .text(bucket.name())
                .varint(bucket.type())
                .u8(bucket.algorithm().code());
        out.varint(bucket.items().size());
        for (CrushItem item : bucket.items()) {
            out.u32(item.id()).u32(item.weight());
        }
        out.varint(bucket.shadowIds().size());
        for (Map.Entry<String, Integer> shadow : bucket.shadowIds().entrySet()) {
            out.text(shadow.getKey()).varint(-shadow.getValue());
        }
    }

    private static void write(ByteWriter out, CrushRule rule) {
        out.varint(rule.id())
                .text(rule.name())
                .u8(rule.type().code())
                .varint(rule.minSize())
                .varint(rule.maxSize())
                .varint(rule.steps().size());
        for (CrushStep step : rule.steps()) {
            if (step instanceof CrushStep.Take take) {
                out.u8(TAKE).u32(take.item()).text(take.deviceClass());
            } else if (step instanceof CrushStep.Tune tune) {
                out.u8(TUNE).u8(tune.tunable().code()).varint(tune.value());
            } else if (step instanceof CrushStep.Choose choose) {
                out.u8(CHOOSE)
                        .u8(choose.mode() == CrushStep.Mode.FIRSTN ? 0 : 1)
                        .u8(choose.depth() == CrushStep.Depth.CHOOSE ? 0 : 1)
                        .u32(choose.count())
                        .varint(choose.type());
            } else {
                out.u8(EMIT);
            }
        }
    }

    static CrushMap read(ByteReader in) {
        ByteReader.Struct struct = in.begin(FORMAT);
        CrushTunables tunables = new CrushTunables(
                in.count(CrushTunables.MAX_TRIES),
                in.count(CrushTunables.MAX_TRIES),
                in.count(CrushTunables.MAX_TRIES),
                in.count(CrushTunables.MAX_TRIES),
                in.count(CrushTunables.MAX_TRIES),
                in.count(CrushTunables.MAX_TRIES),
                in.count(CrushTunables.MAX_TRIES),
                in.count(CrushTunables.MAX_TRIES));
        List<CrushDevice> devices = new ArrayList<>();
        for (int left = in.count(CrushDevice.MAX_ID + 1); left > 0; left--) {
            devices.add(new CrushDevice(in.count(CrushDevice.MAX_ID), in.text(), in.text()));
        }
        SortedMap<Integer, String> types = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            types.put(in.count(Integer.MAX_VALUE), in.text());
        }
        List<CrushBucket> buckets = new ArrayList<>();
        for (int left = in.count(CrushBucket.MAX_BUCKETS); left > 0; left--) {
            buckets.add(bucket(in));
        }
        List<CrushRule> rules = new ArrayList<>();
        for (int left = in.count(CrushRule.MAX_ID + 1); left > 0; left--) {
            rules.add(rule(in));
        }
        in.end(struct);
        return new CrushMap(tunables, devices, types, buckets, rules);
    }

    private static CrushBucket bucket(ByteReader in) {
        int id = -in.count(CrushBucket.MAX_BUCKETS);
        String name = in.text();
        int type = in.count(Integer.MAX_VALUE);
        BucketAlgorithm algorithm = algorithm(in.u8());
        List<CrushItem> items = new ArrayList<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            items.add(new CrushItem(in.u32(), in.u32()));
        }
        SortedMap<String, Integer> shadowIds = new TreeMap<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            shadowIds.put(in.text(), -in.count(CrushBucket.MAX_BUCKETS));
        }
        return new CrushBucket(id, name, type, algorithm, items, shadowIds);
    }

    private static BucketAlgorithm algorithm(int code) {
        for (BucketAlgorithm algorithm : BucketAlgorithm.values()) {
            if (algorithm.code() == code) {
                return algorithm;
            }
        }
        throw new MalformedBytesException("bucket algorithm " + code);
    }

    private static CrushRule rule(ByteReader in) {
        int id = in.count(CrushRule.MAX_ID);
        String name = in.text();
        int typeCode = in.u8();
        int minSize = in.count(CrushRule.MAX_SIZE);
        int maxSize = in.count(CrushRule.MAX_SIZE);
        List<CrushStep> steps = new ArrayList<>();
        for (int left = in.count(CrushRule.MAX_STEPS); left > 0; left--) {
            steps.add(step(in));
        }
        for (CrushRule.Type type : CrushRule.Type.values()) {
            if (type.code() == typeCode) {
                return new CrushRule(id, name, type, minSize, maxSize, steps);
            }
        }
        throw new MalformedBytesException("rule type " + typeCode);
    }

    private static CrushStep step(ByteReader in) {
        int code = in.u8();
        return switch (code) {
            case TAKE -> new CrushStep.Take(in.u32(), in.text());
            case TUNE -> new CrushStep.Tune(tunable(in.u8()), in.count(CrushTunables.MAX_TRIES));
            case CHOOSE ->
                new CrushStep.Choose(
                        in.flag() ? CrushStep.Mode.INDEP : CrushStep.Mode.FIRSTN,
                        in.flag() ? CrushStep.Depth.CHOOSELEAF : CrushStep.Depth.CHOOSE,
                        in.u32(),
                        in.count(Integer.MAX_VALUE));
            case EMIT -> new CrushStep.Emit();
            default -> throw new MalformedBytesException("rule step " + code);
        };
    }

    private static CrushStep.Tunable tunable(int code) {
        for (CrushStep.Tunable tunable : CrushStep.Tunable.values()) {
            if (tunable.code() == code) {
                return tunable;
            }
        }
        throw new MalformedBytesException("tunable " + code);
    }
}

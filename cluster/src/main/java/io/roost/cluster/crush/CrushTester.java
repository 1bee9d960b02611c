package io.roost.cluster.crush;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Prints what a rule does with a range of inputs, in the lines of {@code crushtool --test --show-mappings}. */
public final class CrushTester {
    private final CrushMapper mapper;
    private final int[] weights;

    /**
     * A tester of a map.
     *
     * @param reweights device → weight, 0x10000 for in and 0 for out; devices not named are in when a bucket
     *     contains them
     * @throws IllegalArgumentException when a device is not in the map or a weight not in {@code [0, 0x10000]}
     */
    public CrushTester(CrushMap map, SortedMap<Integer, Integer> reweights) {
        mapper = new CrushMapper(map);
        weights = new int[map.maxDevices()];
        for (CrushBucket bucket : map.buckets()) {
            for (CrushItem item : bucket.items()) {
                if (item.id() >= 0) {
                    weights[item.id()] = CrushItem.ONE;
                }
            }
        }
        new TreeMap<>(reweights).forEach((device, weight) -> {
            if (device < 0 || device >= weights.length) {
                throw new IllegalArgumentException("no device " + device);
            }
            if (weight < 0 || weight > CrushItem.ONE) {
                throw new IllegalArgumentException("weight " + weight + " of device " + device);
            }
            weights[device] = weight;
        });
    }

    /**
     * The reweight of a decimal number as crushtool reads it: what is below 0 counts as 0, above 1 as 1.
     *
     * @throws IllegalArgumentException when it is no number
     */
    public static int reweight(String number) {
        float scaled;
        try {
            scaled = Float.parseFloat(number) * CrushItem.ONE;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("weight " + number + " is no number", e);
        }
        return (int) Math.max(0, Math.min(CrushItem.ONE, scaled));
    }

    /** The devices of one input. */
    public int[] map(int rule, int x, int replicas) {
        return mapper.map(rule, x, replicas, weights);
    }

    /**
     * Gives one line for each input, {@code CRUSH rule 0 x 5 [1,0,2]}, in order; a hole is 2147483647. As crushtool, it
     * gives none when every device has weight 0.
     *
     * @param rule id of the rule
     * @param replicas devices wanted
     * @param minX first input
     * @param maxX last input
     * @throws IllegalArgumentException when the map has no such rule
     */
    public void showMappings(int rule, int replicas, int minX, int maxX, Consumer<String> lines) {
        if (!mapper.hasRule(rule)) {
            throw new IllegalArgumentException("no rule " + rule);
        }
        if (Arrays.stream(weights).allMatch(weight -> weight == 0)) {
            return;
        }
        StringBuilder line = new StringBuilder(80);
        for (long x = minX; x <= maxX; x++) {
            line.setLength(0);
            line.append("CRUSH rule ").append(rule).append(" x ").append(x).append(" [");
            int[] devices = map(rule, (int) x, replicas);
            for (int i = 0; i < devices.length; i++) {
                line.append(i == 0 ? "" : ",").append(devices[i]);
            }
            lines.accept(line.append(']').toString());
        }
    }
}

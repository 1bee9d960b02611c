package io.roost.cluster.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes plans of faults by chance: for every seed some kinds only, each as often as it falls, because all at once hide
 * each other (Groce et al., "Swarm testing", 2012).
 */
public final class Swarm {
    /** About how many faults of a kind there are at most. */
    private static final int MOST_OF_A_KIND = 30;

    private final SplittableRandom random;
    private final List<String> nodes;
    private final long durationMillis;
    private final List<Fault> faults = new ArrayList<>();

    /** Makes one fault of a kind at a time. */
    public interface Kind {
        /** The fault. */
        Fault at(long millis);
    }

    /** A maker of plans for so long a run of these nodes. */
    public Swarm(SplittableRandom random, List<String> nodes, long durationMillis) {
        this.random = random;
        this.nodes = List.copyOf(nodes);
        this.durationMillis = durationMillis;
    }

    /** Any node. */
    public String node() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    /** A time between 0 and the given one; short ones are as likely as long ones are. */
    public long upTo(long millis) {
        return (long) Math.pow((double) millis, random.nextDouble());
    }

    /** A time not far from a critical one. */
    public long around(long millis) {
        return millis / 4 + random.nextLong(millis * 3 / 2);
    }

    /** Plans faults of a kind, or none. */
    public Swarm maybe(Kind kind) {
        if (random.nextInt(3) == 0) {
            // Never so many that the cluster is not well again between some of them.
            long spacing = durationMillis / (1 + random.nextInt(MOST_OF_A_KIND));
            for (long at = random.nextLong(spacing); at < durationMillis; at += 1 + random.nextLong(2 * spacing)) {
                faults.add(kind.at(at));
            }
        }
        return this;
    }

    /** Plans faults of a kind again and again, about so far apart: each has its whole effect. */
    public Swarm every(long spacingMillis, Kind kind) {
        for (long at = 1 + random.nextLong(spacingMillis);
                at < durationMillis;
                at += spacingMillis / 2 + random.nextLong(spacingMillis)) {
            faults.add(kind.at(at));
        }
        return this;
    }

    /** Plans faults of processes, disks and clocks. */
    public Swarm ofNodes() {
        maybe(at -> new Faults.Crash(at, node(), upTo(10_000), random.nextInt(2) * random.nextInt(60)));
        maybe(at -> new Faults.CrashAtDisk(at, node(), upTo(10_000), 1 + random.nextInt(12)));
        maybe(at -> new Faults.PowerCut(at, upTo(2_000), upTo(4_000)));
        maybe(at -> new Faults.Pause(at, node(), upTo(12_000)));
        maybe(at -> new Faults.SlowDisk(at, node(), upTo(8_000), upTo(3_000)));
        return maybe(at -> new Faults.ClockJump(at, node(), random.nextLong(7_200_000) - 3_600_000));
    }

    /** Plans ends of processes just before steps whose names begin like these. */
    public Swarm atSteps(List<String> steps) {
        return maybe(at -> new Faults.CrashBefore(at, node(), upTo(5_000), steps.get(random.nextInt(steps.size()))));
    }

    /** Plans faults of the network. */
    public Swarm ofNetwork() {
        if (nodes.size() == 1) {
            return this;
        }
        maybe(at -> new Faults.Isolate(at, node(), upTo(15_000), direction()));
        maybe(at -> new Faults.Split(at, side(), upTo(15_000)));
        maybe(at -> cutLink(at));
        maybe(at -> clog(at));
        return maybe(at -> reset(at));
    }

    /** Any direction. */
    public Faults.Direction direction() {
        Faults.Direction[] all = Faults.Direction.values();
        return all[random.nextInt(all.length)];
    }

    private List<String> side() {
        List<String> side = new ArrayList<>();
        nodes.forEach(node -> {
            if (random.nextBoolean()) {
                side.add(node);
            }
        });
        return side;
    }

    private String otherThan(String node) {
        int index = nodes.indexOf(node) + 1 + random.nextInt(nodes.size() - 1);
        return nodes.get(index % nodes.size());
    }

    private Fault cutLink(long at) {
        String node = node();
        return new Faults.CutLink(at, node, otherThan(node), upTo(20_000), direction());
    }

    private Fault clog(long at) {
        String node = node();
        return new Faults.Clog(at, node, otherThan(node), upTo(8_000));
    }

    private Fault reset(long at) {
        String node = node();
        return new Faults.Reset(at, node, otherThan(node));
    }

    private NetworkConditions conditions() {
        int min = 50 + random.nextInt(500);
        return new NetworkConditions(
                min,
                min + random.nextInt(5000),
                random.nextInt(2) * random.nextInt(20),
                1 + (int) upTo(5_000),
                random.nextInt(2) * (int) upTo(300),
                random.nextInt(2) * random.nextInt(1000),
                random.nextBoolean() ? NetworkConditions.Refusal.SEEN : NetworkConditions.Refusal.SILENT);
    }

    /** The plan made so far. */
    public FaultPlan plan() {
        return new FaultPlan(conditions(), faults);
    }
}

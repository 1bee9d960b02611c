package io.roost.objectstore.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** temporary */
class S3SimulationTest {
    @Test
    void seeds() {
        long first = Long.getLong("roost.sim.first", 1);
        long count = Long.getLong("roost.sim.count", 20);
        for (long seed = first; seed < first + count; seed++) {
            S3Simulation.Outcome one = S3Simulation.run(seed, PlantedBug.NONE);
            assertThat(one.violations()).as(one.toString()).isEmpty();
        }
    }

    public static void main(String[] args) {
        long first = Long.parseLong(args[0]);
        long count = Long.parseLong(args[1]);
        PlantedBug bug = args.length > 2 ? PlantedBug.valueOf(args[2]) : PlantedBug.NONE;
        boolean stop = args.length > 3;
        Marks marks = new Marks();
        long begin = System.nanoTime();
        long events = 0;
        for (long seed = first; seed < first + count; seed++) {
            long b = System.nanoTime();
            S3Simulation.Outcome one = S3Simulation.run(seed, bug);
            events += one.events();
            marks.addAll(one.marks());
            if (!one.violations().isEmpty()) {
                System.out.println("seed " + seed + " FAILED: " + String.join("\n", one.violations()));
                if (stop) {
                    System.out.println(one);
                    return;
                }
            }
            if (System.getProperty("twice") != null) {
                System.out.println(seed + " " + one.traceHash() + " " + S3Simulation.run(seed, bug).traceHash());
            }
            if (System.getProperty("v") != null) System.out.println("seed " + seed + " " + one.events() + " events " + (System.nanoTime() - b) / 1000000 + " ms " + one.traceHash());
        }
        System.out.println((System.nanoTime() - begin) / 1000000 + " ms, " + events + " events " + marks);
    }
}

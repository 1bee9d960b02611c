package io.roost.cluster.sim;

import java.util.Locale;

/**
 * Runs seeds by hand.
 *
 * <pre>
 * SimMain WORLD trace SEED         every event of a seed, of one that fails with as few faults as can be
 * SimMain WORLD seeds FIRST LAST   checks them on all processors, and says how fast and what was touched
 * </pre>
 */
public final class SimMain {
    private SimMain() {}

    /** Runs. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        World world = Class.forName(arguments[0])
                .asSubclass(World.class)
                .getDeclaredConstructor()
                .newInstance();
        Seeds seeds = new Seeds(world);
        if (arguments[1].equals("trace")) {
            seeds.trace(Long.parseLong(arguments[2])).forEach(System.out::println);
            return;
        }
        long begin = System.nanoTime();
        seeds.check(Long.parseLong(arguments[2]), Long.parseLong(arguments[3]));
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%d events, each twice, in %.1f s: %.0f a second; %.2f virtual hours%n",
                seeds.events(),
                seconds,
                2 * seeds.events() / seconds,
                seeds.virtualMicros() / 3.6e9);
        seeds.marks().counts().forEach((mark, count) -> System.out.printf("%10d %s%n", count, mark));
    }
}

package io.roost.cluster.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says after how many seeds each planted bug is found: {@code BugHunt [MAX_SEEDS [HUNTS]] CATALOGUE...}, where a catalogue
 * is a class with {@link Catalogue}. Ends with 1 when a bug is not found.
 */
public final class BugHunt {
    private static final int DEFAULT_MAX_SEEDS = 5000;
    private static final int DEFAULT_HUNTS = 5;

    private BugHunt() {}

    /** Bugs, and the world in which they must show. Has a public constructor without parameters. */
    public interface Catalogue {
        /** The world. */
        Class<? extends World> world();

        /** The bugs. */
        List<PlantedBug> bugs();
    }

    /** Hunts, and prints a table. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        List<String> catalogues = new ArrayList<>(List.of(arguments));
        List<Integer> numbers = new ArrayList<>();
        while (!catalogues.isEmpty() && Character.isDigit(catalogues.get(0).charAt(0))) {
            numbers.add(Integer.parseInt(catalogues.remove(0)));
        }
        int maxSeeds = numbers.isEmpty() ? DEFAULT_MAX_SEEDS : numbers.get(0);
        int hunts = numbers.size() < 2 ? DEFAULT_HUNTS : numbers.get(1);
        boolean allFound = true;
        System.out.printf("%-60s %8s %8s%n", "planted bug", "median", "most");
        for (String name : catalogues) {
            Catalogue catalogue = Class.forName(name)
                    .asSubclass(Catalogue.class)
                    .getDeclaredConstructor()
                    .newInstance();
            for (PlantedBug bug : catalogue.bugs()) {
                allFound &= hunt(bug, catalogue.world(), maxSeeds, hunts);
            }
        }
        System.exit(allFound ? 0 : 1);
    }

    private static boolean hunt(PlantedBug bug, Class<? extends World> world, int maxSeeds, int hunts) {
        List<Integer> seeds = new ArrayList<>();
        for (int hunt = 0; hunt < hunts; hunt++) {
            int needed = bug.seedsUntilFound(world, 1 + 1_000_000L * hunt, maxSeeds);
            seeds.add(needed == 0 ? Integer.MAX_VALUE : needed);
        }
        Collections.sort(seeds);
        int most = seeds.get(hunts - 1);
        System.out.printf(Locale.ROOT, "%-60s %8s %8s%n", bug.name(), text(seeds.get(hunts / 2)), text(most));
        return most != Integer.MAX_VALUE;
    }

    private static String text(int seeds) {
        return seeds == Integer.MAX_VALUE ? "-" : Integer.toString(seeds);
    }

    /**
     * Checks that all are found within so many seeds.
     *
     * @return bug → the number of seeds it took
     */
    public static Map<String, Integer> huntAll(Catalogue catalogue, int maxSeeds) {
        Map<String, Integer> found = new TreeMap<>();
        for (PlantedBug bug : catalogue.bugs()) {
            found.put(bug.name(), bug.seedsUntilFound(catalogue.world(), 1, maxSeeds));
        }
        return found;
    }
}

package io.roost.cluster.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says after how many seeds each planted bug is found: {@code BugHunt [--seeds MOST] [--hunts COUNT] [--bug TEXT]
 * CATALOGUE...}, where a catalogue is a class with {@link Catalogue} and only bugs with the text in their names are hunted.
 * Every hunt begins with another seed. A bug that has a scenario is looked for by that. Ends with 1 when a bug is not found.
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
        int maxSeeds = DEFAULT_MAX_SEEDS;
        int hunts = DEFAULT_HUNTS;
        String text = "";
        while (!catalogues.isEmpty() && catalogues.get(0).startsWith("--")) {
            String option = catalogues.remove(0);
            String value = catalogues.remove(0);
            switch (option) {
                case "--seeds" -> maxSeeds = Integer.parseInt(value);
                case "--hunts" -> hunts = Integer.parseInt(value);
                case "--bug" -> text = value;
                default -> throw new IllegalArgumentException("option " + option);
            }
        }
        boolean allFound = true;
        System.out.printf("%-60s %8s %8s%n", "planted bug", "median", "most");
        for (String name : catalogues) {
            Catalogue catalogue = catalogue(name);
            for (PlantedBug bug : named(text, catalogue)) {
                allFound &= hunt(bug, catalogue.world(), maxSeeds, hunts);
            }
        }
        System.exit(allFound ? 0 : 1);
    }

    /** A catalogue by the name of its class. */
    static Catalogue catalogue(String name) throws ReflectiveOperationException {
        return Class.forName(name)
                .asSubclass(Catalogue.class)
                .getDeclaredConstructor()
                .newInstance();
    }

    private static List<PlantedBug> named(String text, Catalogue catalogue) {
        return catalogue.bugs().stream()
                .filter(bug -> bug.name().contains(text))
                .toList();
    }

    private static boolean hunt(PlantedBug bug, Class<? extends World> world, int maxSeeds, int hunts) {
        if (bug.scenario().isPresent()) {
            boolean isFound = bug.isFoundByScenario();
            System.out.printf("%-60s %s%n", bug.name(), isFound ? bug.scenario().get() : "-");
            return isFound;
        }
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

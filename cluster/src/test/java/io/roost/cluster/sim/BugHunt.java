package io.roost.cluster.sim;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * Says after how many seeds each planted bug is found, as a table for the documents. Every hunt for a bug begins with another
 * seed. A bug that has a scenario is looked for by that. Ends with 1 when a bug is not found.
 *
 * <pre>
 * BugHunt [OPTION...] CATALOGUE...   each a class with {@link Catalogue}
 *   --seeds MOST        that a hunt runs, 5000
 *   --hunts COUNT       for every bug, 5
 *   --bug TEXT          only bugs with this in their names
 *   --minutes COUNT     after which it ends
 *   --journal FILE      goes on where it ended before
 *   --revision WORD     of what is hunted in, for journal and table
 * </pre>
 */
public final class BugHunt {
    private static final Set<String> OPTIONS =
            Set.of("--seeds", "--hunts", "--bug", "--minutes", "--journal", "--revision");

    private final Map<String, String> options = new HashMap<>();
    private final List<String> catalogues;
    private final HuntJournal journal;
    private final int maxSeeds;
    private final int hunts;
    private final String revision;
    private final long endNanos;

    private BugHunt(List<String> arguments) throws IOException {
        List<String> left = new ArrayList<>(arguments);
        while (!left.isEmpty() && left.get(0).startsWith("--")) {
            String option = left.remove(0);
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException("option " + option);
            }
            options.put(option, left.remove(0));
        }
        catalogues = left;
        maxSeeds = Integer.parseInt(options.getOrDefault("--seeds", "5000"));
        hunts = Integer.parseInt(options.getOrDefault("--hunts", "5"));
        revision = options.getOrDefault("--revision", "-");
        journal = new HuntJournal(Optional.ofNullable(options.get("--journal")).map(Path::of));
        long minutes = Long.parseLong(options.getOrDefault("--minutes", "100000"));
        endNanos = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
    }

    /** Bugs, and the world in which they must show. Has a public constructor without parameters. */
    public interface Catalogue {
        /** The world. */
        Class<? extends World> world();

        /** The bugs. */
        List<PlantedBug> bugs();
    }

    /** Hunts, and prints a table. */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        BugHunt hunt = new BugHunt(List.of(arguments));
        boolean areAllFound = true;
        for (String name : hunt.catalogues) {
            Catalogue catalogue = catalogue(name);
            for (PlantedBug bug : hunt.wanted(catalogue)) {
                areAllFound &= hunt.hunt(name, bug, catalogue.world());
            }
        }
        hunt.print();
        System.exit(areAllFound ? 0 : 1);
    }

    /** A catalogue by the name of its class. */
    static Catalogue catalogue(String name) throws ReflectiveOperationException {
        return Class.forName(name)
                .asSubclass(Catalogue.class)
                .getDeclaredConstructor()
                .newInstance();
    }

    private List<PlantedBug> wanted(Catalogue catalogue) {
        String text = options.getOrDefault("--bug", "");
        return catalogue.bugs().stream()
                .filter(bug -> bug.name().contains(text))
                .toList();
    }

    private boolean isTimeLeft() {
        return System.nanoTime() < endNanos;
    }

    /** False when a hunt that was carried through has not found it. */
    private boolean hunt(String catalogue, PlantedBug bug, Class<? extends World> world) throws IOException {
        if (bug.scenario().isPresent()) {
            if (journal.hunt(catalogue, bug, 0).isEmpty() && isTimeLeft()) {
                journal.add(catalogue, bug, 0, new HuntJournal.Hunt(0, bug.isFoundByScenario()), revision);
            }
            return journal.hunt(catalogue, bug, 0)
                    .map(HuntJournal.Hunt::isFound)
                    .orElse(true);
        }
        boolean isFound = true;
        LongPredicate finds = null;
        for (int number = 0; number < hunts; number++) {
            HuntJournal.Hunt last = journal.hunt(catalogue, bug, number).orElse(HuntJournal.Hunt.NOT_BEGUN);
            if (!last.isFound() && last.seeds() < maxSeeds && isTimeLeft()) {
                finds = finds == null ? bug.finds(world) : finds;
                last = goOn(finds, number, last);
                journal.add(catalogue, bug, number, last, revision);
            }
            isFound &= last.isFound() || last.seeds() < maxSeeds;
        }
        return isFound;
    }

    private HuntJournal.Hunt goOn(LongPredicate finds, int number, HuntJournal.Hunt last) {
        long first = 1 + 1_000_000L * number;
        int seeds = last.seeds();
        boolean isFound = false;
        while (!isFound && seeds < maxSeeds && isTimeLeft()) {
            isFound = finds.test(first + seeds);
            seeds++;
        }
        return new HuntJournal.Hunt(seeds, isFound);
    }

    private void print() throws ReflectiveOperationException {
        for (String name : catalogues) {
            System.out.printf("%n| planted in `%s` | found by |%n|---|---|%n", name.replaceFirst(".*cluster[.]", ""));
            for (PlantedBug bug : wanted(catalogue(name))) {
                System.out.printf("| %s | %s |%n", bug.name(), found(name, bug));
            }
        }
        System.out.println("\nsources of " + String.join(", ", journal.revisions()));
    }

    private String found(String catalogue, PlantedBug bug) {
        if (bug.scenario().isPresent()) {
            boolean isFound = journal.hunt(catalogue, bug, 0)
                    .map(HuntJournal.Hunt::isFound)
                    .orElse(true);
            return (isFound ? "`" : "not found by `") + bug.scenario().get() + "`";
        }
        List<Integer> seeds = new ArrayList<>();
        int notFound = 0;
        for (int number = 0; number < hunts; number++) {
            HuntJournal.Hunt hunt = journal.hunt(catalogue, bug, number).orElse(HuntJournal.Hunt.NOT_BEGUN);
            if (hunt.isFound()) {
                seeds.add(hunt.seeds());
            } else if (hunt.seeds() > 0) {
                notFound = Math.max(notFound, hunt.seeds());
            }
        }
        Collections.sort(seeds);
        String open = notFound == 0 ? "" : ", not in " + notFound + " seeds of another hunt";
        if (seeds.isEmpty()) {
            return "not measured" + open;
        }
        return "%d seeds (%d to %d in %d hunts)%s"
                .formatted(seeds.get(seeds.size() / 2), seeds.get(0), seeds.get(seeds.size() - 1), seeds.size(), open);
    }

    /**
     * Hunts for all of them, on as many threads as there are processors.
     *
     * @return bug → the number of seeds it took
     */
    public static Map<String, Integer> huntAll(Catalogue catalogue, int maxSeeds) {
        return catalogue.bugs().parallelStream()
                .collect(Collectors.toMap(
                        PlantedBug::name,
                        bug -> bug.seedsUntilFound(catalogue.world(), 1, maxSeeds),
                        Math::max,
                        TreeMap::new));
    }
}

package io.roost.cluster.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a {@link BugHunt} has found, in a file where it is to go on later: a line for every hunt, of which the last counts,
 * {@code CATALOGUE HUNT SEEDS found|open REVISION BUG}.
 */
final class HuntJournal {
    private static final int WORDS = 6;
    private static final String FOUND = "found";

    private final Optional<Path> file;
    private final Map<Key, Hunt> hunts = new HashMap<>();
    private final TreeSet<String> revisions = new TreeSet<>();

    private record Key(String catalogue, String bug, int number) {}

    /**
     * How far a hunt has come.
     *
     * @param seeds run, none for a scenario
     * @param isFound by the last of them
     */
    record Hunt(int seeds, boolean isFound) {
        static final Hunt NOT_BEGUN = new Hunt(0, false);
    }

    /** One that is in memory only, or what a file says, which need not be there yet. */
    HuntJournal(Optional<Path> file) throws IOException {
        this.file = file;
        if (file.isPresent() && Files.exists(file.get())) {
            for (String line : Files.readAllLines(file.get())) {
                String[] words = line.split(" ", WORDS);
                Hunt hunt = new Hunt(Integer.parseInt(words[2]), words[3].equals(FOUND));
                hunts.put(new Key(words[0], words[5], Integer.parseInt(words[1])), hunt);
                revisions.add(words[4]);
            }
        }
    }

    /** How far a hunt of a bug, counted from 0, has come. */
    Optional<Hunt> hunt(String catalogue, PlantedBug bug, int number) {
        return Optional.ofNullable(hunts.get(new Key(catalogue, bug.name(), number)));
    }

    /** A hunt has come so far, with the sources of this revision. */
    void add(String catalogue, PlantedBug bug, int number, Hunt hunt, String revision) throws IOException {
        hunts.put(new Key(catalogue, bug.name(), number), hunt);
        revisions.add(revision);
        if (file.isPresent()) {
            String found = hunt.isFound() ? FOUND : "open";
            List<String> words = List.of(
                    catalogue, Integer.toString(number), Integer.toString(hunt.seeds()), found, revision, bug.name());
            Files.write(
                    file.get(), List.of(String.join(" ", words)), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    /** With whose sources the hunts were. */
    SortedSet<String> revisions() {
        return revisions;
    }
}

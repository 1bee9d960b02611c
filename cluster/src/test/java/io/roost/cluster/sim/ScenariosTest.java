package io.roost.cluster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of scenarios in docs/simulation.md names tests that there are, and that say which scenarios they show. */
class ScenariosTest {
    private static final int SCENARIOS = 30;
    private static final Path TABLE = Path.of("docs/simulation.md");
    private static final List<Path> TESTS = List.of(
            Path.of("src/test/java"), Path.of("../objectstore/src/test/java"), Path.of("../deploy/src/test/java"));
    private static final Pattern ROW = Pattern.compile("\\| (S\\d+) .*\\| (.*) \\|");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    @Test
    void everyScenarioHasTestsThatNameIt() throws IOException {
        Map<String, String> sources = sources();
        TreeMap<String, Integer> tests = new TreeMap<>();
        for (String line : Files.readAllLines(TABLE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String scenario = row.group(1);
                for (Matcher name = NAME.matcher(row.group(2)); name.find(); ) {
                    tests.merge(scenario, 1, Integer::sum);
                    assertThat(sources).as(scenario).containsKey(name.group(1));
                    assertThat(sources.get(name.group(1)))
                            .as("%s of %s", name.group(1), scenario)
                            .containsPattern("(?m)^ *(/\\*)?\\*.*\\b" + scenario + "\\b");
                }
            }
        }
        assertThat(tests.keySet())
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, SCENARIOS)
                        .mapToObj(number -> "S" + number)
                        .toList());
    }

    /** Name of a class → its source. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (Path tests : TESTS) {
            try (Stream<Path> files = Files.walk(tests)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString();
                    sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
                }
            }
        }
        return sources;
    }
}

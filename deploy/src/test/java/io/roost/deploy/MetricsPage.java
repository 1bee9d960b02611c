package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the admin API of a node shows to Prometheus at one moment. */
public final class MetricsPage {
    private static final Pattern TYPE =
            Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|summary|histogram|untyped)");
    private static final Pattern HELP = Pattern.compile("# HELP [a-zA-Z_:][a-zA-Z0-9_:]* .*");
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{" + LABEL + "(?:," + LABEL
            + ")*,?\\})? (-?[0-9.]+(?:E-?[0-9]+)?|NaN|[+-]?Inf)");
    private static final Map<String, String> SUFFIXES = Map.of(
            "counter", "", "gauge", "", "untyped", "", "summary", "(_count|_sum)?", "histogram", "_(count|sum|bucket)");

    private final List<String> lines;

    private MetricsPage(List<String> lines) {
        this.lines = lines;
    }

    /** The page of the node that runs on a data folder. */
    public static MetricsPage of(Path data) throws IOException, InterruptedException {
        String url = new ObjectMapper()
                .readTree(data.resolve(DataFolder.ADMIN_FILE).toFile())
                .path("url")
                .asText();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/metrics")).build();
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return new MetricsPage(
                client.send(request, HttpResponse.BodyHandlers.ofLines()).body().toList());
    }

    /**
     * Checks that it is Prometheus's text format: a family is described before its samples and in one piece, every sample is
     * of a family and well-formed, none comes twice, counters end in _total, and buckets of a histogram add up.
     */
    void checkFormat() {
        String family = "";
        String type = "";
        Set<String> families = new HashSet<>();
        Set<String> samples = new HashSet<>();
        double bucket = 0;
        String buckets = "";
        for (String line : lines) {
            Matcher described = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (described.matches()) {
                family = described.group(1);
                type = described.group(2);
                assertThat(families.add(family)).as("described twice: %s", line).isTrue();
                assertThat(type.equals("counter"))
                        .as("a counter's name ends in _total: %s", line)
                        .isEqualTo(family.endsWith("_total"));
            } else if (!HELP.matcher(line).matches()) {
                assertThat(sample.matches()).as("a sample: %s", line).isTrue();
                String name = sample.group(1);
                assertThat(name).as("of its family: %s", line).matches(Pattern.quote(family) + SUFFIXES.get(type));
                assertThat(samples.add(name + sample.group(2)))
                        .as("comes twice: %s", line)
                        .isTrue();
                double value = Double.parseDouble(sample.group(3).replace("Inf", "Infinity"));
                if (name.endsWith("_bucket")) {
                    String of = sample.group(2).replaceAll("le=\"[^\"]*\"", "");
                    assertThat(value).as("adds up: %s", line).isGreaterThanOrEqualTo(of.equals(buckets) ? bucket : 0);
                    bucket = value;
                    buckets = of;
                }
            }
        }
        assertThat(families).hasSizeGreaterThan(20);
    }

    /** Names of all families of this project. */
    SortedSet<String> families() {
        return lines.stream()
                .map(TYPE::matcher)
                .filter(Matcher::matches)
                .map(described -> described.group(1))
                .filter(name -> name.startsWith("roost_"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The sum of a metric over all its labels; an error when there is none of that name. */
    public double value(String name) {
        List<String> found = lines.stream()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .toList();
        if (found.isEmpty()) {
            throw new AssertionError("no metric " + name + " among\n" + String.join("\n", lines));
        }
        return found.stream()
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}

package io.roost.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;

/** What the admin API of a node shows to Prometheus at one moment. */
public final class MetricsPage {
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

package io.roost.deploy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.deploy.RoostProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cluster of {@code deploy/lab}: its commands, and what its nodes say of it. For any thread. */
final class Lab implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CREDENTIALS = Pattern.compile("AWS_ACCESS_KEY_ID=(\\S+) AWS_SECRET_ACCESS_KEY=(\\S+)");
    private static final int PATIENCE_MILLIS = 3_000;

    private final Path run;
    private final Map<String, String> environment;
    private final int nodes;
    private final int s3Port;

    /**
     * A lab that does not run yet.
     *
     * @param run folder of its files
     * @param s3Port of every node
     * @param port of every node for the others; those from 11 above on are the proxy's
     */
    Lab(Path run, int nodes, int s3Port, int port) {
        this.run = run;
        this.nodes = nodes;
        this.s3Port = s3Port;
        this.environment = Map.of(
                "LAB_RUN",
                run.toString(),
                "LAB_S3_PORT",
                "" + s3Port,
                "LAB_PORT",
                "" + port,
                "LAB_CLASSPATH",
                System.getProperty("java.class.path"),
                "ROOST_BUILD",
                "never");
    }

    int nodes() {
        return nodes;
    }

    /** Runs a command of the lab, and returns what it has printed. */
    String command(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(RoostProcess.root().resolve("deploy/lab/cluster").toString());
        command.addAll(List.of(words));
        // To a file: nodes that a command starts would hold a pipe open.
        Path output = Files.createTempFile("lab", ".out");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            int exitCode = builder.start().waitFor();
            String printed = Files.readString(output);
            if (exitCode != 0) {
                throw new IOException(List.of(words) + " ended with " + exitCode + "\n" + printed);
            }
            return printed;
        } finally {
            Files.delete(output);
        }
    }

    /** True when every node has a disk of its own that can be filled. */
    boolean hasSmallDisks() {
        return Files.isDirectory(run.resolve("node1/disk/data"));
    }

    /** True when the process of a node runs. */
    boolean isRunning(int node) throws IOException {
        return ProcessHandle.of(pid(node)).filter(ProcessHandle::isAlive).isPresent();
    }

    /** Starts a node, which must end because the monitors refuse its OSD, and say why. */
    void checkRefused(int node, String reason) throws IOException, InterruptedException {
        String printed;
        try {
            printed = command("start", "" + node);
        } catch (IOException ended) {
            printed = String.valueOf(ended.getMessage());
            if (printed.contains("is refused: ") && printed.contains(reason)) {
                return;
            }
        }
        throw new IOException("node " + node + " was not refused because '" + reason + "': " + printed);
    }

    Gateway.Access access() throws IOException {
        Matcher keys = CREDENTIALS.matcher(Files.readString(run.resolve("credentials")));
        if (!keys.find()) {
            throw new IOException("no credentials in " + run);
        }
        return new Gateway.Access(keys.group(1), keys.group(2), s3Port);
    }

    /** The data folder of a node. */
    Path data(int node) {
        Path disk = run.resolve("node" + node).resolve("disk/data");
        return Files.isDirectory(disk) ? disk : run.resolve("node" + node);
    }

    /** The process of a node, whether it runs or not. */
    long pid(int node) throws IOException {
        return Long.parseLong(
                Files.readString(run.resolve("node" + node + ".pid")).strip());
    }

    /** What a node answers to a question of the admin API; empty when it does not. */
    Optional<JsonNode> ask(int node, String path) {
        try {
            JsonNode admin = JSON.readTree(Files.readString(data(node).resolve("admin.json"), StandardCharsets.UTF_8));
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(admin.path("url").asText() + path).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            connection.setRequestProperty(
                    "Authorization", "Bearer " + admin.path("token").asText());
            return Optional.of(JSON.readTree(connection.getInputStream()));
        } catch (IOException silent) {
            return Optional.empty();
        }
    }

    /** The first answer of any node that satisfies. */
    Optional<JsonNode> askAny(String path, Predicate<JsonNode> satisfies) {
        for (int node = 1; node <= nodes; node++) {
            Optional<JsonNode> answer = ask(node, path).filter(satisfies);
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.empty();
    }

    /** Number of the node whose monitor leads, as most know. */
    Optional<Integer> leader() {
        return askAny("/status", status -> status.path("leader").isTextual())
                .map(status -> Integer.parseInt(status.path("leader").asText().substring(1)));
    }

    /** What keeps the cluster from being whole: monitors, OSDs, placement groups; empty when it is. */
    String notWhole() {
        Optional<JsonNode> status =
                askAny("/status", each -> each.path("leader").isTextual());
        if (status.isEmpty()) {
            return "no leader";
        }
        for (JsonNode monitor : status.get().path("monitors")) {
            if (!monitor.path("inQuorum").asBoolean()) {
                return monitor.path("name").asText() + " is not in the quorum";
            }
        }
        for (JsonNode osd : status.get().path("osds")) {
            if (!osd.path("up").asBoolean()) {
                return "osd." + osd.path("id").asInt() + " is down";
            }
        }
        Optional<JsonNode> pgs = askAny("/pgs", each -> true);
        if (pgs.isEmpty()) {
            return "nobody knows the placement groups";
        }
        TreeSet<String> states = new TreeSet<>();
        int unclean = 0;
        for (JsonNode pg : pgs.get().path("pgs")) {
            String state = pg.path("state").asText();
            if (!state.contains("active") || !state.contains("clean")) {
                states.add(state);
                unclean++;
            }
        }
        return unclean == 0 ? "" : unclean + " placement groups are " + states;
    }

    /** Waits until the cluster is whole; seconds that it took, empty when it did not get there. */
    Optional<Double> awaitWhole(int seconds) throws InterruptedException {
        long began = System.nanoTime();
        // Twice in a row: what the monitors have been told may be older than the last fault.
        int times = 0;
        while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(seconds)) {
            times = notWhole().isEmpty() ? times + 1 : 0;
            if (times == 2) {
                return Optional.of((System.nanoTime() - began) / 1e9);
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        try {
            command("down", "--wipe");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

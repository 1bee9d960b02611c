package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Nodes n0, n1… as processes of their own on loopback, made by the commands that an operator uses, each with a monitor, an OSD
 * and a gateway. They end when it is closed.
 */
public final class LocalCluster implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);

    private final Path folder;
    private final Map<String, String> environment;
    private final List<RoostProcess> processes = new ArrayList<>();

    private LocalCluster(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /** One node. */
    public static LocalCluster init(Path folder) throws IOException, InterruptedException {
        return init(folder, Map.of());
    }

    private static LocalCluster init(Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        LocalCluster cluster = new LocalCluster(folder, environment);
        cluster.command(0, "init", "--name", "n0", "--listen", freeAddress());
        cluster.begin(0);
        return cluster;
    }

    /** The data of {@code roost dev} in the folder n0, as a node. */
    public static LocalCluster adopt(Path folder) throws IOException {
        LocalCluster cluster = new LocalCluster(folder, Map.of());
        cluster.begin(0, "--listen", freeAddress());
        return cluster;
    }

    /** Three nodes whose pools keep one replica. */
    public static LocalCluster three(Path folder) throws IOException, InterruptedException {
        return three(folder, Map.of());
    }

    /** Three nodes with further settings. */
    public static LocalCluster three(Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        LocalCluster cluster = init(folder, environment);
        try {
            cluster.join(cluster.token());
            cluster.join(cluster.token());
            for (int node = 0; node < cluster.size(); node++) {
                cluster.await(
                        "all monitors in the quorum, all OSDs up",
                        node,
                        status -> quorum(status) == 3 && isUp(status, 0) && isUp(status, 1) && isUp(status, 2));
            }
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** An address of this machine with a port that was free a moment ago. */
    public static String freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    /** A token for one more node. */
    public String token() throws IOException, InterruptedException {
        return command(0, "token", "create").strip();
    }

    /** One more node; what {@code roost join} printed. */
    public String join(String token) throws IOException, InterruptedException {
        int node = processes.size();
        String printed = RoostProcess.command(
                0, "join", token, "--data", data(node).toString(), "--name", "n" + node, "--listen", freeAddress());
        begin(node);
        return printed;
    }

    /** All pools keep three replicas; returns when they have them. */
    public void keepThreeReplicas() throws IOException, InterruptedException {
        for (String pool : List.of("system", "data")) {
            command(0, "pool", "set", pool, "size", "3");
        }
        await("three replicas of everything", 0, LocalCluster::isHealthy);
    }

    /** Starts a node, again when it has ended, and waits until it is ready. */
    public void begin(int node, String... options) {
        RoostProcess process = RoostProcess.node(data(node), environment, options);
        if (node < processes.size()) {
            processes.set(node, process);
        } else {
            processes.add(process);
        }
        process.awaitReady();
    }

    /** The number of nodes, running or not. */
    public int size() {
        return processes.size();
    }

    /** A node's process. */
    public RoostProcess process(int node) {
        return processes.get(node);
    }

    /** A node's folder. */
    public Path data(int node) {
        return folder.resolve("n" + node);
    }

    /** What a command printed that a node had to answer with success. */
    public String command(int node, String... arguments) throws IOException, InterruptedException {
        return RoostProcess.command(0, withData(node, arguments));
    }

    /** What a command printed, whatever came of it. */
    public String printed(int node, String... arguments) throws IOException, InterruptedException {
        return RoostProcess.printed(withData(node, arguments));
    }

    private String[] withData(int node, String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = data(node).toString();
        return all;
    }

    /** What {@code roost status} says on a node. */
    public JsonNode status(int node) throws IOException, InterruptedException {
        // Whatever its exit code: something may well not be served just now.
        return JSON.readTree(printed(node, "status", "--json"));
    }

    /** Returns when a node's status is as it should be. */
    public void await(String what, int node, Predicate<JsonNode> condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        JsonNode status = status(node);
        while (!condition.test(status)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not so in time: " + what + "\n" + status.toPrettyString() + "\n"
                        + process(node).output());
            }
            status = status(node);
        }
    }

    /** The number of monitors in the quorum. */
    public static long quorum(JsonNode status) {
        long count = 0;
        for (JsonNode monitor : status.path("monitors")) {
            count += monitor.path("inQuorum").asBoolean() ? 1 : 0;
        }
        return count;
    }

    /** True when an OSD is up. */
    public static boolean isUp(JsonNode status, int osd) {
        for (JsonNode one : status.path("osds")) {
            if (one.path("id").asInt() == osd) {
                return one.path("up").asBoolean();
            }
        }
        return false;
    }

    /** True when nothing is wrong. */
    public static boolean isHealthy(JsonNode status) {
        return status.path("health").asText().equals("HEALTH_OK");
    }

    /** The number in the name of the monitors' leader. */
    public static int leader(JsonNode status) {
        return Integer.parseInt(status.path("leader").asText().substring(1));
    }

    @Override
    public void close() {
        processes.forEach(RoostProcess::close);
    }
}

package io.roost.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.deploy.MetricsPage;
import io.roost.deploy.RoostProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes as real processes, made by the commands that an operator uses: they find each other and keep three copies, miss the
 * one that is killed and go on serving, give it what it missed, and go on when it was the leader of the monitors.
 */
class ClusterIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NODES = 3;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);

    private final List<RoostProcess> processes = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path data(int node) {
        return folder.resolve("n" + node);
    }

    private static String freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    private static JsonNode status(Path data) throws IOException, InterruptedException {
        return JSON.readTree(RoostProcess.command(0, "status", "--json", "--data", data.toString()));
    }

    private void await(String what, int node, Predicate<JsonNode> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        JsonNode status = status(data(node));
        while (!condition.test(status)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not so in time: " + what + "\n" + status.toPrettyString() + "\n"
                        + processes.get(node).output());
            }
            status = status(data(node));
        }
    }

    private static long quorum(JsonNode status) {
        long count = 0;
        for (JsonNode monitor : status.path("monitors")) {
            count += monitor.path("inQuorum").asBoolean() ? 1 : 0;
        }
        return count;
    }

    private static boolean isUp(JsonNode status, int osd) {
        for (JsonNode one : status.path("osds")) {
            if (one.path("id").asInt() == osd) {
                return one.path("up").asBoolean();
            }
        }
        return false;
    }

    private static boolean isHealthy(JsonNode status) {
        return status.path("health").asText().equals("HEALTH_OK");
    }

    private void startAndJoin() throws Exception {
        RoostProcess.command(0, "init", "--data", data(0).toString(), "--name", "n0", "--listen", freeAddress());
        processes.add(RoostProcess.node(data(0)));
        processes.get(0).awaitReady();
        for (int node = 1; node < NODES; node++) {
            String token = RoostProcess.command(0, "token", "create", "--data", data(0).toString())
                    .strip();
            List<String> join =
                    List.of("--data", data(node).toString(), "--name", "n" + node, "--listen", freeAddress());
            List<String> command = new ArrayList<>(List.of("join", token));
            command.addAll(join);
            assertThat(RoostProcess.command(0, command.toArray(String[]::new))).contains("osd." + node);
            command.set(
                    command.indexOf(data(node).toString()),
                    folder.resolve("again").toString());
            assertThat(RoostProcess.command(2, command.toArray(String[]::new)))
                    .as("a token lets in one node")
                    .contains("the join token has been used");
            processes.add(RoostProcess.node(data(node)));
            processes.get(node).awaitReady();
        }
    }

    @AfterEach
    void end() {
        processes.forEach(RoostProcess::close);
    }

    @Test
    void threeNodesMissTheOneThatIsKilledAndGoOnWithoutTheirLeader() throws Exception {
        startAndJoin();
        for (int node = 0; node < NODES; node++) {
            await(
                    "all monitors in the quorum, all OSDs up",
                    node,
                    status -> quorum(status) == NODES && isUp(status, 0) && isUp(status, 1) && isUp(status, 2));
        }
        assertThat(RoostProcess.command(0, "osd", "tree", "--data", data(1).toString()))
                .contains("n0", "n1", "n2", "osd.2");

        assertThat(MetricsPage.of(data(1)).value("roost_messenger_connections")).isGreaterThan(2);
        assertThat(MetricsPage.of(data(1)).value("roost_monitor_quorum")).isEqualTo(NODES);

        for (String pool : List.of("system", "data")) {
            RoostProcess.command(0, "pool", "set", pool, "size", "3", "--data", data(0).toString());
        }
        RoostProcess.command(0, "user", "create", "alice", "--data", data(1).toString());
        await("three copies of everything", 0, ClusterIT::isHealthy);

        processes.get(2).kill();
        await("osd.2 is missed", 0, status -> !isUp(status, 2));
        RoostProcess.command(0, "user", "create", "bob", "--data", data(1).toString());
        assertThat(RoostProcess.command(0, "user", "ls", "--data", data(0).toString()))
                .as("two copies serve")
                .contains("alice", "bob");
        processes.set(2, RoostProcess.node(data(2)));
        processes.get(2).awaitReady();
        await("osd.2 is back and has what it missed", 0, status -> isUp(status, 2) && isHealthy(status));

        int leader = Integer.parseInt(status(data(1)).path("leader").asText().substring(1));
        processes.get(leader).kill();
        int other = (leader + 1) % NODES;
        await(
                "a quorum of the others, without osd." + leader,
                other,
                status -> quorum(status) == NODES - 1
                        && !status.path("leader").asText().equals("n" + leader)
                        && !isUp(status, leader));
        assertThat(RoostProcess.printed(
                        "health", "detail", "--data", data(other).toString()))
                .contains("OSD_DOWN", "MON_DOWN");
        processes.set(leader, RoostProcess.node(data(leader)));
        processes.get(leader).awaitReady();
        await("all three again", other, status -> quorum(status) == NODES && isHealthy(status));
        assertThat(RoostProcess.command(0, "user", "ls", "--data", data(leader).toString()))
                .contains("alice", "bob");
    }

    @Test
    void theDataOfDevBecomesTheFirstNodeOfACluster() throws Exception {
        Path dev = folder.resolve("dev");
        try (RoostProcess server = RoostProcess.on(dev, "--bucket", "kept")) {
            assertThat(server.isAlive()).isTrue();
        }
        String address = freeAddress();
        processes.add(RoostProcess.node(dev, "--listen", address));
        processes.get(0).awaitReady();
        assertThat(RoostProcess.command(0, "bucket", "ls", "--data", dev.toString()))
                .contains("kept");
        String token = RoostProcess.command(0, "token", "create", "--data", dev.toString())
                .strip();
        RoostProcess.command(0, "join", token, "--data", data(1).toString(), "--name", "n1", "--listen", freeAddress());
        processes.add(RoostProcess.node(data(1)));
        processes.get(1).awaitReady();
        assertThat(RoostProcess.command(0, "bucket", "ls", "--data", data(1).toString()))
                .as("any node serves any bucket")
                .contains("kept");
        processes.get(0).stop();
        processes.set(0, RoostProcess.node(dev));
        processes.get(0).awaitReady();
        assertThat(RoostProcess.command(0, "bucket", "ls", "--data", data(1).toString()))
                .contains("kept");
    }
}

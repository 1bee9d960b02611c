package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the commands send to a node and what they make of its answer. */
class NodeCommandTest {
    @TempDir
    private Path data;

    private final List<String> requests = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private HttpServer server;
    private int status = 200;
    private String answer = "{}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        Files.writeString(
                data.resolve(DataFolder.ADMIN_FILE), "{\"url\": \"" + url + "\", \"token\": \"secret token\"}");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            assertThat(authorization).isEqualTo("Bearer secret token");
            requests.add((exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body).strip());
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private int execute(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        String[] array = all.toArray(new String[0]);
        CommandLine command = Main.commandLine(array);
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(array);
    }

    @Test
    void commandsSendTheRequestsOfTheTable() {
        assertThat(execute("status")).isZero();
        assertThat(execute("user", "ls")).isZero();
        assertThat(execute("user", "create", "a", "--email", "e@x", "--access-key", "K", "--secret-key", "S"))
                .isZero();
        assertThat(execute("user", "rm", "a b/c")).isZero();
        assertThat(execute("key", "create", "a")).isZero();
        assertThat(execute("key", "ls", "a")).isZero();
        assertThat(execute("key", "rm", "a", "K")).isZero();
        assertThat(execute("bucket", "create", "m", "--shards", "16", "--placement", "prefix:2"))
                .isZero();
        assertThat(execute("bucket", "ls")).isZero();
        assertThat(execute("bucket", "stat", "m")).isZero();
        assertThat(execute("bucket", "rm", "m")).isZero();
        assertThat(execute("mailbox", "create", "a@b", "--password", "p")).isZero();
        assertThat(execute("mailbox", "ls")).isZero();
        assertThat(execute("mailbox", "passwd", "a@b", "--password", "q")).isZero();
        assertThat(execute("mailbox", "rm", "a@b")).isZero();
        assertThat(execute("gc", "run")).isZero();
        assertThat(execute("gc", "run", "--all")).isZero();
        assertThat(execute("verify")).isZero();
        assertThat(requests)
                .containsExactly(
                        "GET /status",
                        "GET /users",
                        "POST /users {\"name\":\"a\",\"email\":\"e@x\",\"accessKey\":\"K\",\"secretKey\":\"S\"}",
                        "DELETE /users/a%20b%2Fc",
                        "POST /users/a/keys {}",
                        "GET /users/a/keys",
                        "DELETE /users/a/keys/K",
                        "POST /buckets {\"name\":\"m\",\"placement\":\"prefix:2\",\"shards\":16}",
                        "GET /buckets",
                        "GET /buckets/m",
                        "DELETE /buckets/m",
                        "POST /mailboxes {\"name\":\"a@b\",\"password\":\"p\"}",
                        "GET /mailboxes",
                        "POST /mailboxes/a%40b/password {\"password\":\"q\"}",
                        "DELETE /mailboxes/a%40b",
                        "POST /gc {\"all\":false}",
                        "POST /gc {\"all\":true}",
                        "POST /verify {}");
    }

    @Test
    void listsAreTablesAndJsonIsTheAnswerItself() {
        answer = "{\"users\":[{\"name\":\"al\",\"admin\":true},{\"name\":\"robert\",\"admin\":false}]}";
        execute("user", "ls");
        assertThat(out.toString()).isEqualTo("name    admin\nal      true\nrobert  false\n");
        out.getBuffer().setLength(0);
        execute("user", "ls", "--json");
        assertThat(out.toString().replaceAll("\\s", "")).isEqualTo(answer);
    }

    @Test
    void anObjectIsNamesAndValues() {
        answer =
                "{\"name\":\"m\",\"sizeBytes\":12,\"usedBytes\":1536,\"capacityBytes\":82567702138,\"checks\":[\"one\",\"two\"],\"osds\":[]}";
        execute("bucket", "stat", "m");
        assertThat(out.toString()).isEqualTo("""
                        name           m
                        sizeBytes      12
                        usedBytes      1536 (1.5 KiB)
                        capacityBytes  82567702138 (76.9 GiB)
                        checks
                          one
                          two
                        osds
                          none
                        """);
    }

    @Test
    void findingsOfVerifyAreExitCodeOne() {
        answer = "{\"findings\":[{\"kind\":\"checksum\",\"where\":\"b/k\",\"detail\":\"block 3\"}],"
                + "\"checked\":{\"objects\":2}}";
        assertThat(execute("verify")).isEqualTo(1);
        assertThat(out.toString()).isEqualTo("checksum: b/k: block 3\n1 findings\nobjects  2\n");
    }

    @Test
    void aRefusalIsOneLineAndExitCodeOne() {
        status = 404;
        answer = "{\"code\":\"NoSuchUser\",\"message\":\"there is no user x\"}";
        assertThat(execute("user", "rm", "x")).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("roost: there is no user x\n");
    }

    @Test
    void aNodeThatCannotBeAskedIsExitCodeTwo() throws IOException {
        status = 401;
        answer = "";
        assertThat(execute("status")).isEqualTo(2);
        server.stop(0);
        assertThat(execute("status")).isEqualTo(2);
        Files.delete(data.resolve(DataFolder.ADMIN_FILE));
        assertThat(execute("status")).isEqualTo(2);
        String none = "roost: no node runs on " + data + "; start one with `roost dev`";
        assertThat(err.toString().lines()).containsExactly("roost: the node answered 401", none, none);
    }
}

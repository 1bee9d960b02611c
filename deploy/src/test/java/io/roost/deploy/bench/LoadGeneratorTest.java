package io.roost.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server of the JDK that keeps objects in a map. */
class LoadGeneratorTest {
    private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");

    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final AtomicInteger puts = new AtomicInteger();
    private final AtomicInteger failingPuts = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean hasBucket;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            String[] parts = path.split("/", 3);
            String method = exchange.getRequestMethod();
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                answer(exchange, 403, "<Error><Code>AccessDenied</Code></Error>");
            } else if (parts.length == 2) {
                bucket(exchange, method, body);
            } else {
                object(exchange, method, parts[2], body);
            }
        }
    }

    private void bucket(HttpExchange exchange, String method, byte[] body) throws IOException {
        switch (method) {
            case "PUT" -> {
                hasBucket = true;
                answer(exchange, 200, "");
            }
            case "DELETE" -> {
                hasBucket = false;
                answer(exchange, objects.isEmpty() ? 204 : 409, "");
            }
            case "POST" -> {
                Matcher keys = KEY.matcher(new String(body, StandardCharsets.UTF_8));
                while (keys.find()) {
                    objects.remove(keys.group(1));
                }
                answer(exchange, 200, "<DeleteResult/>");
            }
            default -> answer(exchange, 200, "<ListBucketResult/>");
        }
    }

    private void object(HttpExchange exchange, String method, String key, byte[] body) throws IOException {
        switch (method) {
            case "PUT" -> {
                puts.incrementAndGet();
                if (failingPuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    answer(exchange, 503, "<Error><Code>SlowDown</Code></Error>");
                } else {
                    objects.put(key, body);
                    answer(exchange, 200, "");
                }
            }
            case "DELETE" -> {
                objects.remove(key);
                answer(exchange, 204, "");
            }
            default -> {
                byte[] found = objects.get(key);
                if (found == null) {
                    answer(exchange, 404, "<Error><Code>NoSuchKey</Code></Error>");
                } else if (method.equals("HEAD")) {
                    exchange.getResponseHeaders().set("Content-Length", Integer.toString(found.length));
                    exchange.sendResponseHeaders(200, -1);
                } else {
                    exchange.sendResponseHeaders(200, found.length == 0 ? -1 : found.length);
                    exchange.getResponseBody().write(found);
                }
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String document) throws IOException {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private S3Target target() {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new S3Target(endpoint, "key", "secret", "us-east-1", S3Target.Certificates.CHECKED);
    }

    private static BenchPlan plan(Map<Operation, Integer> mix, Payload payload) {
        return new BenchPlan(
                "bench",
                mix,
                5000,
                50,
                4,
                2,
                payload,
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                2,
                List.of(ProcessHandle.current().pid()));
    }

    private BenchResult run(BenchPlan plan) throws Exception {
        try (LoadGenerator generator = new LoadGenerator(target(), plan, line -> {})) {
            return generator.run();
        }
    }

    @Test
    void measuresEveryOperationAndLeavesNothingBehind() throws Exception {
        for (Operation operation : List.of(Operation.PUT, Operation.GET, Operation.HEAD, Operation.LIST)) {
            for (Payload payload : Payload.values()) {
                BenchResult result = run(plan(Map.of(operation, 1), payload));
                assertThat(result.errors()).as(operation + " " + payload).isEmpty();
                assertThat(result.isClean()).isTrue();
                assertThat(result.rounds()).hasSize(2).allSatisfy(round -> {
                    assertThat(round.requests()).isPositive();
                    assertThat(round.latency().maxMicros())
                            .isGreaterThanOrEqualTo(round.latency().p50Micros());
                    assertThat(round.serverCpuMicrosPerRequest()).isNotNegative();
                });
                assertThat(objects).isEmpty();
                assertThat(hasBucket).isFalse();
            }
        }
    }

    @Test
    void aMixedRunReadsOnlyWhatIsThere() throws Exception {
        Map<Operation, Integer> mix =
                Map.of(Operation.GET, 5, Operation.PUT, 3, Operation.DELETE, 1, Operation.HEAD, 1, Operation.LIST, 1);
        assertThat(run(plan(mix, Payload.UNSIGNED)).errors()).isEmpty();
        assertThat(objects).isEmpty();
    }

    @Test
    void failuresAreCountedByCodeAndFailTheRun() throws Exception {
        failingPuts.set(7);
        BenchResult result = run(plan(Map.of(Operation.PUT, 1), Payload.UNSIGNED));
        assertThat(result.errors()).isEqualTo(Map.of("PUT SlowDown", 7L));
        assertThat(result.isClean()).isFalse();
        assertThat(puts.get()).isGreaterThan(7);
    }

    @Test
    void aServerThatRefusesToPrepareEndsTheRunWithItsReason() {
        failingPuts.set(1_000_000);
        assertThatThrownBy(() -> run(plan(Map.of(Operation.GET, 1), Payload.UNSIGNED)))
                .isInstanceOf(LoadGenerator.BenchFailedException.class)
                .hasMessageContaining("write 50 objects")
                .hasMessageContaining("SlowDown");
        assertThat(hasBucket).isFalse();
    }
}

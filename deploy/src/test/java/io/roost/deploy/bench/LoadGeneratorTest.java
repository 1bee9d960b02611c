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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    private final AtomicInteger deletesOfNothing = new AtomicInteger();
    private final Set<String> queries = ConcurrentHashMap.newKeySet();
    private volatile int forgottenEntries;
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
            default -> answer(exchange, 200, page(exchange.getRequestURI().getRawQuery()));
        }
    }

    /** Forgets some entries of a page when it is told so. */
    private String page(String query) {
        queries.add(query);
        String after = query.contains("start-after=")
                ? query.replaceFirst(".*start-after=", "").replace("%2F", "/")
                : "";
        boolean hasFolders = query.startsWith("delimiter=%2F&") && query.contains("&prefix=bench%2F");
        return objects.keySet().stream()
                .filter(key -> key.compareTo(after) > 0)
                .map(key -> hasFolders
                        ? "<CommonPrefixes><Prefix>" + key.substring(0, "bench/xxxx/".length())
                                + "</Prefix></CommonPrefixes>"
                        : "<Contents><Key>" + key + "</Key></Contents>")
                .distinct()
                .limit(1000)
                .skip(forgottenEntries)
                .collect(Collectors.joining("", "<ListBucketResult><Prefix>bench/</Prefix>", "</ListBucketResult>"));
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
                if (objects.remove(key) == null) {
                    deletesOfNothing.incrementAndGet();
                }
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
        return plan(Contents.OWN, mix, 50, Pages.ANYWHERE, payload);
    }

    private static BenchPlan plan(
            Contents contents, Map<Operation, Integer> mix, int objects, Pages pages, Payload payload) {
        return new BenchPlan(
                "bench",
                contents,
                mix,
                5000,
                objects,
                4,
                2,
                pages,
                payload,
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                2,
                List.of(ProcessHandle.current().pid()));
    }

    private LoadGenerator generator(BenchPlan plan) throws Exception {
        return new LoadGenerator(target(), plan, line -> {});
    }

    private BenchResult run(BenchPlan plan) throws Exception {
        try (LoadGenerator generator = generator(plan)) {
            return generator.run();
        }
    }

    @Test
    void measuresEveryOperationAndLeavesNothingBehind() throws Exception {
        for (Operation operation : List.of(Operation.GET, Operation.HEAD, Operation.LIST, Operation.DELETE)) {
            isMeasuredAndLeavesNothing(operation, Payload.UNSIGNED);
        }
        for (Payload payload : Payload.values()) {
            isMeasuredAndLeavesNothing(Operation.PUT, payload);
        }
    }

    private void isMeasuredAndLeavesNothing(Operation operation, Payload payload) throws Exception {
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

    @Test
    void aRunOfDeletesWritesItsObjectsBeforeEachRoundAndDeletesEachOnce() throws Exception {
        BenchResult result = run(plan(Map.of(Operation.DELETE, 1), Payload.UNSIGNED));
        assertThat(result.errors()).isEmpty();
        assertThat(result.rounds()).hasSize(2).allSatisfy(round -> {
            assertThat(round.requests()).isBetween(1L, 50L);
            assertThat(round.seconds()).isLessThan(10);
        });
        assertThat(deletesOfNothing.get()).isZero();
        assertThat(puts.get()).isGreaterThanOrEqualTo(3 * 50);
        assertThat(objects).isEmpty();
    }

    @Test
    void aBucketThatIsFilledIsListedAtAPlaceAndStays() throws Exception {
        Map<Operation, Integer> lists = Map.of(Operation.LIST, 1);
        try (LoadGenerator generator = generator(plan(lists, Payload.UNSIGNED))) {
            assertThat(generator.fill().objects()).isEqualTo(50);
        }
        assertThat(objects).hasSize(50);
        Pages folders = new Pages(Pages.Place.BEGINNING, Pages.Entries.FOLDERS);
        assertThat(run(plan(Contents.FILLED, lists, 50, folders, Payload.UNSIGNED))
                        .errors())
                .isEmpty();
        assertThat(queries).containsExactly("delimiter=%2F&list-type=2&max-keys=1000&prefix=bench%2F");
        assertThat(objects).hasSize(50);
        assertThat(hasBucket).isTrue();
        try (LoadGenerator generator = generator(plan(lists, Payload.UNSIGNED))) {
            long deleted = generator.clear(0.5).objects();
            assertThat(deleted).isBetween(20L, 30L);
            assertThat(objects).hasSize(50 - (int) deleted);
            assertThat(objects.keySet()).allMatch(key -> key.compareTo("bench/8000") > 0);
            generator.clear(1);
        }
        assertThat(objects).isEmpty();
        assertThat(hasBucket).isTrue();
    }

    @Test
    void aFilledBucketIsOnlyRead() {
        for (Operation writing : List.of(Operation.PUT, Operation.DELETE)) {
            assertThatThrownBy(() -> plan(Contents.FILLED, Map.of(writing, 1), 50, Pages.ANYWHERE, Payload.UNSIGNED))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aPageThatIsNotFullIsAFailure() throws Exception {
        forgottenEntries = 1;
        BenchResult result = run(plan(Map.of(Operation.LIST, 1), Payload.UNSIGNED));
        assertThat(result.errors()).containsOnlyKeys("LIST answered 49 entries");
        assertThat(result.isClean()).isFalse();
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

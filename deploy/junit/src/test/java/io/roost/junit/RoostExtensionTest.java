package io.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Each test here runs test classes of its own by JUnit, with a root, and so a shared server, of their own. */
class RoostExtensionTest {
    /** What the classes run here have seen, by the test that runs them. */
    private static final ConcurrentMap<String, Set<Object>> SEEN = new ConcurrentHashMap<>();

    private static Set<Object> seen(String run) {
        return SEEN.computeIfAbsent(run, absent -> ConcurrentHashMap.newKeySet());
    }

    private static EngineExecutionResults run(Map<String, String> settings, Class<?>... classes) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameters(settings)
                .selectors(Stream.of(classes)
                        .map(type -> selectClass(type))
                        .toList()
                        .toArray(new org.junit.platform.engine.discovery.ClassSelector[0]))
                .execute();
    }

    private static EngineExecutionResults run(Class<?>... classes) {
        return run(Map.of(), classes);
    }

    private static void succeeded(EngineExecutionResults results, int tests) {
        // Containers too: a server that cannot be closed fails the class or the engine.
        assertThat(results.allEvents().failed().list()).isEmpty();
        assertThat(results.testEvents().succeeded().count()).isEqualTo(tests);
    }

    @ExtendWith(RoostExtension.class)
    static class Everything {
        private final String ofConstructor;
        private String ofBefore = "";

        Everything(@RoostBucket String bucket) {
            this.ofConstructor = bucket;
        }

        @BeforeEach
        void before(S3Client s3, @RoostBucket String bucket) {
            ofBefore = bucket;
            s3.putObject(r -> r.bucket(bucket).key("before"), RequestBody.fromString("each"));
        }

        @Test
        void sync(RoostServer server, S3Client s3, @RoostBucket String bucket, @RoostEndpoint URI endpoint) {
            assertThat(bucket).isEqualTo(ofBefore).isEqualTo(ofConstructor).startsWith("t-sync-");
            assertThat(endpoint).isEqualTo(server.endpoint());
            assertThat(s3.listObjectsV2(r -> r.bucket(bucket)).contents())
                    .extracting(object -> object.key())
                    .containsExactly("before");
            seen("everything").add(server);
            seen("everything").add(s3);
        }

        @Test
        void async(
                S3AsyncClient s3,
                @RoostBucket("source") String source,
                @RoostBucket("target") String target,
                @RoostEndpoint String endpoint,
                RoostCredentials credentials,
                software.amazon.awssdk.auth.credentials.AwsCredentialsProvider provider,
                RoostServer server) {
            assertThat(source).isNotEqualTo(target).startsWith("t-source-async-");
            assertThat(endpoint).isEqualTo(server.endpoint().toString());
            assertThat(credentials).isEqualTo(server.credentials());
            assertThat(provider.resolveCredentials().secretAccessKey()).isEqualTo(credentials.secretKey());
            s3.putObject(r -> r.bucket(source).key("k"), AsyncRequestBody.fromString("async"))
                    .join();
            assertThat(s3.listObjectsV2(r -> r.bucket(target)).join().contents())
                    .isEmpty();
            assertThat(s3.listObjectsV2(r -> r.bucket(source)).join().contents())
                    .hasSize(1);
            seen("everything").add(server);
        }
    }

    @Test
    void injectsServerEndpointCredentialsClientsAndBuckets() {
        succeeded(run(Everything.class), 2);
        // One server, and one client made for it.
        assertThat(seen("everything")).hasSize(2);
    }

    /** No test of the two classes goes on before another one runs at the same time. */
    private static final CyclicBarrier TOGETHER = new CyclicBarrier(2);

    private static void meet() {
        try {
            TOGETHER.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
            throw new AssertionError("the tests did not run side by side", alone);
        }
    }

    private static void writeInParallel(RoostServer server, S3Client s3, String bucket) {
        meet();
        assertThat(seen("buckets").add(bucket)).isTrue();
        seen("servers").add(server);
        for (int i = 0; i < 20; i++) {
            String key = "k" + i;
            s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(bucket));
        }
        assertThat(s3.listObjectsV2(r -> r.bucket(bucket)).contents()).hasSize(20);
    }

    @ExtendWith(RoostExtension.class)
    @Execution(ExecutionMode.CONCURRENT)
    static class ParallelOne {
        @Test
        void writes(RoostServer server, S3Client s3, @RoostBucket String bucket) {
            writeInParallel(server, s3, bucket);
        }

        @Test
        void writesToo(RoostServer server, S3Client s3, @RoostBucket String bucket) {
            writeInParallel(server, s3, bucket);
        }
    }

    @ExtendWith(RoostExtension.class)
    @Execution(ExecutionMode.CONCURRENT)
    static class ParallelTwo {
        @Test
        void writes(RoostServer server, S3Client s3, @RoostBucket String bucket) {
            writeInParallel(server, s3, bucket);
        }

        @Test
        void writesToo(RoostServer server, S3Client s3, @RoostBucket String bucket) {
            writeInParallel(server, s3, bucket);
        }
    }

    @Test
    void classesInParallelShareAServerAndNoBucket() {
        Map<String, String> parallel = Map.of(
                "junit.jupiter.execution.parallel.enabled", "true",
                "junit.jupiter.execution.parallel.config.strategy", "fixed",
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "8",
                "junit.jupiter.execution.parallel.config.fixed.max-pool-size", "64");
        succeeded(run(parallel, ParallelOne.class, ParallelTwo.class), 4);
        assertThat(seen("servers")).hasSize(1);
        assertThat(seen("buckets")).hasSize(4);
    }

    @ExtendWith(RoostExtension.class)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Buckets {
        private static String ofClass = "";
        private static String ofFirst = "";

        @BeforeAll
        static void before(S3Client s3, @RoostBucket String bucket) {
            ofClass = bucket;
            s3.putObject(r -> r.bucket(bucket).key("shared"), RequestBody.fromString("x"));
        }

        @Test
        @Order(1)
        void leavesObjects(S3Client s3, @RoostBucket String bucket) {
            ofFirst = bucket;
            for (int i = 0; i < 40; i++) {
                String key = "left " + i;
                s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString("x"));
            }
            s3.createMultipartUpload(r -> r.bucket(bucket).key("open"));
        }

        @Test
        @Order(2)
        void findsItsOwnEmptyAndTheClassesKept(S3Client s3, RoostServer server, @RoostBucket String bucket) {
            assertThat(bucket).isNotEqualTo(ofFirst).isNotEqualTo(ofClass);
            assertThat(s3.listObjectsV2(r -> r.bucket(bucket)).contents()).isEmpty();
            assertThat(server.hasBucket(ofFirst)).isFalse();
            assertThat(s3.listObjectsV2(r -> r.bucket(ofClass)).contents()).hasSize(1);
            s3.deleteBucket(r -> r.bucket(bucket));
        }
    }

    @ExtendWith(RoostExtension.class)
    static class AfterBuckets {
        @Test
        void findsNothing(S3Client s3) {
            assertThat(s3.listBuckets().buckets()).isEmpty();
        }
    }

    @Test
    void bucketsAreOfOneTestOrClassAndGoWithIt() {
        succeeded(run(Buckets.class, AfterBuckets.class), 3);
    }

    static class OfItsOwn {
        @RegisterExtension
        static final RoostExtension ROOST = RoostExtension.with(RoostServer.builder()
                .keys("own-key", "own-secret")
                .buckets("fixed")
                .selfSignedTls());

        @Test
        void first(RoostServer server, S3Client s3, @RoostBucket String bucket) {
            assertThat(server.credentials().accessKey()).isEqualTo("own-key");
            assertThat(server.endpoint().getScheme()).isEqualTo("https");
            assertThat(s3.listBuckets().buckets())
                    .extracting(found -> found.name())
                    .contains("fixed", bucket);
            seen("own").add(server);
        }

        @Test
        void second(RoostServer server) {
            seen("own").add(server);
        }
    }

    static class OfEachTest {
        @RegisterExtension
        final RoostExtension roost = RoostExtension.with(RoostServer.builder());

        @RepeatedTest(2)
        void each(RoostServer server, @RoostBucket String bucket) {
            assertThat(server.hasBucket(bucket)).isTrue();
            seen("each").add(server);
        }
    }

    @Test
    void aRegisteredExtensionHasAServerOfItsOwn() {
        succeeded(run(OfItsOwn.class, OfEachTest.class), 4);
        assertThat(seen("own")).hasSize(1);
        assertThat(seen("each")).hasSize(2);
    }

    @ExtendWith(RoostExtension.class)
    static class Misused {
        @Test
        void bucket(@RoostBucket URI bucket) {
            throw new AssertionError("must not be called with " + bucket);
        }

        @Test
        void endpoint(@RoostEndpoint Integer endpoint) {
            throw new AssertionError("must not be called with " + endpoint);
        }
    }

    static class CannotStart {
        @RegisterExtension
        final RoostExtension roost =
                RoostExtension.with(RoostServer.builder().dataFolder(Path.of("/proc/no-folder-of-ours")));

        @Test
        void never(RoostServer server) {
            throw new AssertionError("must not be called with " + server);
        }
    }

    private static void failsToResolve(Events tests, String name, String... words) {
        tests.failed()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test(name),
                                finishedWithFailure(
                                        instanceOf(ParameterResolutionException.class),
                                        message(text -> Stream.of(words).allMatch(text::contains)))));
    }

    @Test
    void saysWhatIsWrongWithAParameter() {
        Events tests = run(Misused.class).testEvents();
        failsToResolve(tests, "bucket(", "@RoostBucket", "String", "java.net.URI");
        failsToResolve(tests, "endpoint(", "@RoostEndpoint", "URI or String", "java.lang.Integer");
    }

    @Test
    void saysWhyTheServerCannotStart() {
        failsToResolve(run(CannotStart.class).testEvents(), "never(", "/proc/no-folder-of-ours");
    }

    @ExtendWith(RoostExtension.class)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class DiskFails {
        @Test
        @Order(1)
        void doesNotNotice(RoostServer server, S3Client s3, @RoostBucket String bucket) throws IOException {
            Path data = server.dataFolder().resolve("osd.0").resolve("data");
            List<Path> paths;
            try (Stream<Path> walk = Files.walk(data)) {
                paths = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : paths) {
                Files.delete(path);
            }
            try {
                s3.putObject(r -> r.bucket(bucket).key("k"), RequestBody.fromBytes(new byte[1 << 20]));
            } catch (SdkException expected) {
                seen("failed").add(server.dataFolder());
            }
        }

        @Test
        @Order(2)
        void asksForItLater(RoostServer server) {
            throw new AssertionError("must not be called with " + server);
        }

        @Test
        @Order(3)
        void needsNone() {
            seen("failed").add("another");
        }

        @AfterEach
        void after() {
            seen("failed").add("after");
        }
    }

    @Test
    void aServerThatFailsFailsTheTestsAndNotTheProcess() {
        Events tests = run(DiskFails.class).testEvents();
        tests.failed()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test("doesNotNotice("),
                                finishedWithFailure(
                                        instanceOf(RoostException.class),
                                        message(text -> text.contains("Roost has failed")))));
        failsToResolve(tests, "asksForItLater(", "Roost has failed");
        Set<Object> seen = seen("failed");
        assertThat(seen).contains("another", "after");
        assertThat(seen)
                .filteredOn(Path.class::isInstance)
                .singleElement()
                .satisfies(folder -> assertThat((Path) folder).doesNotExist());
    }
}

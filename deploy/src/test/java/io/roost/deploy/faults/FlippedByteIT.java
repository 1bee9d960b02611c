package io.roost.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.deploy.RoostProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One byte of an object is changed on the disk of a stopped server. Started again, it never sends that byte. When it is
 * in a data file, everything else is served, and {@code status} and {@code verify} name the object.
 */
class FlippedByteIT {
    private static final String BUCKET = "flipped";
    private static final int MIB = 1 << 20;
    private static final int INLINE_BYTES = 40 << 10;
    private static final int EXTENT_BYTES = 100 << 10;
    private static final int STRIPED_BYTES = 10 * MIB;

    /** What is searched for on the disk; random, so it is there once. */
    private static final int PATTERN_BYTES = 32;

    @TempDir
    private Path folder;

    private final Random random = new Random(20_261_124);
    private final Map<String, byte[]> bodies = new TreeMap<>();

    /** Keeps larger bodies in tables than it does otherwise, so that one has blocks of its own. */
    private RoostProcess server() {
        return RoostProcess.start(
                RoostProcess.root().resolve("deploy/bin/roost"),
                Map.of("ROOST_STORE_INLINE_KIB", "64"),
                List.of("--data", folder.toString()));
    }

    private S3Client client(RoostProcess server) {
        return S3Client.builder()
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(RoostProcess.ACCESS_KEY, RoostProcess.SECRET_KEY)))
                .overrideConfiguration(
                        c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(60)))
                .build();
    }

    /** Writes objects of these sizes and stops. */
    private void store(Map<String, Integer> sizes) {
        try (RoostProcess server = server();
                S3Client s3 = client(server)) {
            s3.createBucket(r -> r.bucket(BUCKET));
            sizes.forEach((key, size) -> {
                byte[] body = new byte[size];
                random.nextBytes(body);
                bodies.put(key, body);
                s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromBytes(body));
            });
        }
    }

    /** Changes the byte of a body where it is on the disk, in a file of a folder with a name that ends so. */
    private void flip(String key, int offset, String folderName, String suffix) throws IOException {
        byte[] pattern = Arrays.copyOfRange(bodies.get(key), offset, offset + PATTERN_BYTES);
        int flipped = 0;
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder.resolve("osd.0").resolve(folderName))) {
            files = all.filter(
                            file -> Files.isRegularFile(file) && file.toString().endsWith(suffix))
                    .toList();
        }
        for (Path file : files) {
            try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
                long at = find(disk, pattern);
                if (at >= 0) {
                    disk.seek(at);
                    disk.write(pattern[0] ^ 1);
                    flipped++;
                }
            }
        }
        assertThat(flipped).as("places of " + key + " in " + files).isEqualTo(1);
    }

    private static long find(RandomAccessFile disk, byte[] pattern) throws IOException {
        byte[] chunk = new byte[MIB];
        long begin = 0;
        while (true) {
            disk.seek(begin);
            int length = Math.max(0, disk.read(chunk));
            for (int i = 0; i + pattern.length <= length; i++) {
                if (chunk[i] == pattern[0] && Arrays.equals(chunk, i, i + pattern.length, pattern, 0, pattern.length)) {
                    return begin + i;
                }
            }
            if (begin + length >= disk.length()) {
                return -1;
            }
            begin += length - pattern.length + 1;
        }
    }

    private void isServed(S3Client s3, String key) {
        assertThat(s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asByteArrayUnsafe())
                .as(key)
                .isEqualTo(bodies.get(key));
    }

    private static void isAnError(S3Client s3, String key) {
        assertThatThrownBy(() -> s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)))
                .as(key)
                .isInstanceOfSatisfying(S3Exception.class, refused -> {
                    assertThat(refused.statusCode()).isEqualTo(500);
                    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("InternalError");
                });
    }

    /** The headers are out before the damage is met: the bytes before it come, then the connection ends. */
    private void isCutOff(S3Client s3, String key, int damagedAt) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (ResponseInputStream<GetObjectResponse> body =
                s3.getObject(r -> r.bucket(BUCKET).key(key))) {
            assertThatThrownBy(() -> body.transferTo(received)).as(key).isInstanceOf(IOException.class);
            body.abort();
        }
        assertThat(received.size()).isLessThanOrEqualTo(damagedAt);
        assertThat(received.toByteArray()).isEqualTo(Arrays.copyOf(bodies.get(key), received.size()));
    }

    private JsonNode json(int exitCode, String command) throws Exception {
        String printed = RoostProcess.command(exitCode, command, "--json", "--data", folder.toString());
        return new ObjectMapper().readTree(printed.substring(printed.indexOf('{')));
    }

    private static Set<String> texts(JsonNode list, String field) {
        Set<String> texts = new TreeSet<>();
        list.forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    private void isHealthy() throws Exception {
        JsonNode status = json(0, "status");
        assertThat(status.path("health").asText()).isEqualTo("HEALTH_OK");
        assertThat(status.path("damaged").isArray()).isTrue();
        assertThat(status.path("damaged")).isEmpty();
    }

    private void statusNames(String... keys) throws Exception {
        JsonNode status = json(1, "status");
        assertThat(status.path("health").asText()).isEqualTo("HEALTH_ERR");
        assertThat(status.path("checks").path(0).asText()).startsWith("OSD_SCRUB_ERRORS: ");
        assertThat(texts(status.path("damaged"), "key")).contains(keys);
        for (JsonNode damaged : status.path("damaged")) {
            if (!damaged.path("key").asText().isEmpty()) {
                assertThat(keys).contains(damaged.path("key").asText());
                assertThat(damaged.path("pool").asText()).isEqualTo("data");
                assertThat(damaged.path("bucket").asText()).isEqualTo(BUCKET);
                assertThat(damaged.path("detail").asText()).isNotEmpty();
            }
        }
    }

    @Test
    void inADataFile() throws Exception {
        store(Map.of(
                "extents", EXTENT_BYTES,
                "extents-fine", EXTENT_BYTES,
                "first-stripe", STRIPED_BYTES,
                "last-stripe", STRIPED_BYTES,
                "stripes-fine", STRIPED_BYTES,
                "inline-fine", INLINE_BYTES));
        int late = 9 * MIB + 100;
        flip("extents", 70_000, "data", "");
        flip("first-stripe", MIB + 100, "data", "");
        flip("last-stripe", late, "data", "");
        try (RoostProcess server = server();
                S3Client s3 = client(server)) {
            isHealthy();
            isAnError(s3, "extents");
            isAnError(s3, "first-stripe");
            isCutOff(s3, "last-stripe", late);
            byte[] before = s3.getObjectAsBytes(
                            r -> r.bucket(BUCKET).key("extents").range("bytes=10-60000"))
                    .asByteArrayUnsafe();
            assertThat(before).isEqualTo(Arrays.copyOfRange(bodies.get("extents"), 10, 60_001));
            for (String fine : List.of("extents-fine", "stripes-fine", "inline-fine")) {
                isServed(s3, fine);
            }
            statusNames("extents", "first-stripe", "last-stripe");
        }
        try (RoostProcess server = server();
                S3Client s3 = client(server)) {
            isHealthy();
            JsonNode findings = json(1, "verify").path("findings");
            assertThat(texts(findings, "where"))
                    .containsExactly(BUCKET + "/extents", BUCKET + "/first-stripe", BUCKET + "/last-stripe");
            assertThat(texts(findings, "kind")).containsExactly("damaged");
            statusNames("extents", "first-stripe", "last-stripe");
            for (String gone : List.of("first-stripe", "last-stripe")) {
                s3.deleteObject(r -> r.bucket(BUCKET).key(gone));
            }
            byte[] again = bodies.get("extents");
            s3.putObject(r -> r.bucket(BUCKET).key("extents"), RequestBody.fromBytes(again));
            isServed(s3, "extents");
            RoostProcess.command(0, "gc", "run", "--all", "--data", folder.toString());
            assertThat(json(0, "verify").path("findings")).isEmpty();
            isHealthy();
        }
    }

    /** RocksDB meets it when the object is read, or in a compaction: then the server stops, and says why. */
    @Test
    void inATableOfTheKeyValueStore() throws Exception {
        store(Map.of("inline", INLINE_BYTES));
        // Its log is turned into tables at the next start.
        server().close();
        flip("inline", 20_000, "db", ".sst");
        try (RoostProcess server = server();
                S3Client s3 = client(server)) {
            assertThatThrownBy(() -> s3.getObjectAsBytes(r -> r.bucket(BUCKET).key("inline")))
                    .isInstanceOf(SdkException.class)
                    .satisfies(thrown -> assertThat(thrown instanceof S3Exception refused ? refused.statusCode() : 500)
                            .isEqualTo(500));
            if (!server.isAlive()) {
                assertThat(server.output()).contains("Corruption");
            }
        }
    }
}

package io.roost.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.roost.deploy.LocalCluster;
import io.roost.deploy.RoostProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * S23: a byte of one of three replicas changes on the disk of a stopped node. A deep scrub finds it, though nobody has read it, and
 * puts what the other two have in its place: afterwards the node's own verification finds nothing.
 */
class ScrubIT {
    private static final String BUCKET = "scrubbed";
    private static final int BODY_BYTES = 300 << 10;
    private static final int PATTERN_BYTES = 32;
    private static final int FLIPPED = 2;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private static S3Client client(RoostProcess node) {
        return S3Client.builder()
                .endpointOverride(node.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(RoostProcess.ACCESS_KEY, RoostProcess.SECRET_KEY)))
                .build();
    }

    /** Changes the first byte of a pattern that is in one place of the node's data files. */
    private void flip(byte[] pattern, Path osd) throws IOException {
        int flipped = 0;
        List<Path> files;
        try (Stream<Path> all = Files.list(osd.resolve("data"))) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            for (int i = 0; i + pattern.length <= bytes.length; i++) {
                if (bytes[i] == pattern[0] && Arrays.equals(bytes, i, i + pattern.length, pattern, 0, pattern.length)) {
                    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
                        disk.seek(i);
                        disk.write(pattern[0] ^ 1);
                        flipped++;
                    }
                }
            }
        }
        assertThat(flipped).as("places in " + files).isEqualTo(1);
    }

    private static List<String> groupsWithObjects(LocalCluster cluster) throws Exception {
        List<String> groups = new ArrayList<>();
        for (JsonNode pg :
                JSON.readTree(cluster.command(0, "pg", "ls", "--json")).path("pgs")) {
            if (pg.path("sizeBytes").asLong() >= BODY_BYTES) {
                groups.add(pg.path("pg").asText());
            }
        }
        return groups;
    }

    /** Has the group that the body is in compared; what its primary has logged about that. */
    private static String deepScrub(LocalCluster cluster, String pg) throws Exception {
        // Before it is asked for: it may be over when the command that asks has ended.
        List<Integer> logged = new ArrayList<>();
        for (int node = 0; node < cluster.size(); node++) {
            logged.add(cluster.process(node).output().length());
        }
        JsonNode begun = JSON.readTree(cluster.command(1, "pg", "deep-scrub", pg, "--json"));
        int osd = begun.path("osd").asInt();
        RoostProcess primary = cluster.process(osd);
        String words = "pg " + pg + " deep-scrub: ";
        int from = logged.get(osd);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (primary.output().indexOf(words, from) < 0) {
            assertThat(System.nanoTime()).as(primary.output()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
        String rest = primary.output().substring(primary.output().indexOf(words, from) + words.length());
        return rest.lines().findFirst().orElseThrow();
    }

    @Test
    void aReplicaThatHasChangedOnItsDiskIsFoundAndReplaced() throws Exception {
        byte[] body = new byte[BODY_BYTES];
        new Random(20_261_129).nextBytes(body);
        try (LocalCluster cluster = LocalCluster.three(folder)) {
            cluster.keepThreeReplicas();
            try (S3Client s3 = client(cluster.process(0))) {
                s3.createBucket(r -> r.bucket(BUCKET));
                s3.putObject(r -> r.bucket(BUCKET).key("key"), RequestBody.fromBytes(body));
            }
            cluster.process(FLIPPED).stop();
            flip(
                    Arrays.copyOfRange(body, 1000, 1000 + PATTERN_BYTES),
                    cluster.data(FLIPPED).resolve("osd." + FLIPPED));
            cluster.begin(FLIPPED);
            cluster.await(
                    "osd." + FLIPPED + " is back",
                    0,
                    status -> LocalCluster.isUp(status, FLIPPED) && LocalCluster.isHealthy(status));

            List<String> groups = groupsWithObjects(cluster);
            assertThat(groups).hasSize(1);
            assertThat(deepScrub(cluster, groups.get(0))).contains("1 entries", "and are repaired");
            assertThat(deepScrub(cluster, groups.get(0))).isEqualTo("ok");
            cluster.command(FLIPPED, "verify");
            try (S3Client s3 = client(cluster.process(FLIPPED))) {
                assertThat(s3.getObjectAsBytes(r -> r.bucket(BUCKET).key("key")).asByteArrayUnsafe())
                        .isEqualTo(body);
            }
            cluster.await("all is well", 0, LocalCluster::isHealthy);
        }
    }
}

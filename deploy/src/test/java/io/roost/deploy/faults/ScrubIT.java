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

    /** What a primary has logged of a scrub of a group since these lengths of the outputs; waits for it. */
    private static String logged(LocalCluster cluster, List<Integer> lengths, String words) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            for (int node = 0; node < cluster.size(); node++) {
                String output = cluster.process(node).output();
                int at = output.indexOf(words, lengths.get(node));
                if (at >= 0) {
                    return output.substring(at + words.length())
                            .lines()
                            .findFirst()
                            .orElseThrow();
                }
            }
            assertThat(System.nanoTime()).as("%s in %s", words, lengths).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static List<Integer> lengths(LocalCluster cluster) {
        List<Integer> lengths = new ArrayList<>();
        for (int node = 0; node < cluster.size(); node++) {
            lengths.add(cluster.process(node).output().length());
        }
        return lengths;
    }

    /** Has the group that the body is in compared; what its primary has logged about that. */
    private static String deepScrub(LocalCluster cluster, String pg) throws Exception {
        // Before it is asked for: it may be over when the command that asks has ended.
        List<Integer> before = lengths(cluster);
        cluster.command(1, "pg", "deep-scrub", pg);
        return logged(cluster, before, "pg " + pg + " deep-scrub: ");
    }

    /** An object of three replicas, one of which has changed on the disk of a node. */
    private byte[] damagedBody(LocalCluster cluster) throws Exception {
        byte[] body = new byte[BODY_BYTES];
        new Random(20_261_129).nextBytes(body);
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
        return body;
    }

    @Test
    void aReplicaThatHasChangedOnItsDiskIsFoundAndReplaced() throws Exception {
        try (LocalCluster cluster = LocalCluster.three(folder)) {
            byte[] body = damagedBody(cluster);
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

    @Test
    void itIsFoundWithoutBeingAskedForWhenItIsTime() throws Exception {
        try (LocalCluster cluster = LocalCluster.three(folder)) {
            damagedBody(cluster);
            String pg = groupsWithObjects(cluster).get(0);
            String scrubbed = lastDeepScrub(cluster, pg);
            List<Integer> before = lengths(cluster);
            cluster.command(0, "config", "set", "osd", "osd_deep_scrub_interval", "1");
            assertThat(logged(cluster, before, "pg " + pg + " deep-scrub: ")).contains("1 entries", "and are repaired");
            cluster.command(FLIPPED, "verify");
            cluster.command(0, "osd", "set", "nodeep-scrub");
            assertThat(lastDeepScrub(cluster, pg)).isGreaterThan(scrubbed);
        }
    }

    private static String lastDeepScrub(LocalCluster cluster, String pg) throws Exception {
        return JSON.readTree(cluster.command(0, "pg", "query", pg, "--json"))
                .path("lastDeepScrub")
                .asText();
    }
}

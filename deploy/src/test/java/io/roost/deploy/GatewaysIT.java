package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Three nodes as real processes serve the same buckets, each as if the others were not there. */
class GatewaysIT {
    private static final int NODES = 3;
    private static final int PART_BYTES = 5 << 20;

    @TempDir
    private static Path folder;

    private static LocalCluster cluster;
    private static final List<S3Client> GATEWAYS = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        cluster = LocalCluster.three(folder);
        cluster.keepThreeReplicas();
        for (int node = 0; node < NODES; node++) {
            GATEWAYS.add(client(node, RoostProcess.ACCESS_KEY, RoostProcess.SECRET_KEY));
        }
    }

    @AfterAll
    static void stop() {
        GATEWAYS.forEach(S3Client::close);
        if (cluster != null) {
            cluster.close();
        }
    }

    private static S3Client client(int node, String accessKey, String secret) {
        return S3Client.builder()
                .endpointOverride(cluster.process(node).endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secret)))
                .build();
    }

    private static S3Client gateway(int number) {
        return GATEWAYS.get(number % NODES);
    }

    private static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void anyNodeServesAnyBucket() {
        gateway(0).createBucket(b -> b.bucket("any"));
        for (int size : new int[] {1, 100_000, 9 << 20}) {
            byte[] content = bytes(size, size);
            gateway(1).putObject(b -> b.bucket("any").key("k" + size), RequestBody.fromBytes(content));
            for (int node = 0; node < NODES; node++) {
                assertThat(gateway(node)
                                .getObjectAsBytes(b -> b.bucket("any").key("k" + size))
                                .asByteArray())
                        .as("%d bytes at node %d", size, node)
                        .isEqualTo(content);
            }
            gateway(2).deleteObject(b -> b.bucket("any").key("k" + size));
        }
        gateway(1).deleteBucket(b -> b.bucket("any"));
        for (int node = 0; node < NODES; node++) {
            S3Client s3 = gateway(node);
            assertThatThrownBy(() -> s3.putObject(b -> b.bucket("any").key("k"), RequestBody.fromString("v")))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NoSuchBucket"));
        }
    }

    @Test
    void whatWasPutIsListedAtEveryNode() {
        gateway(0).createBucket(b -> b.bucket("listed"));
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            String key = "k" + i;
            gateway(i).putObject(b -> b.bucket("listed").key(key), RequestBody.fromString(key));
            keys.add(key);
            for (int node = 0; node < NODES; node++) {
                assertThat(gateway(node).listObjectsV2(b -> b.bucket("listed")).contents())
                        .extracting(S3Object::key)
                        .containsExactlyInAnyOrderElementsOf(keys);
            }
        }
    }

    @Test
    void anUploadIsBegunFilledAndCompletedAtDifferentNodes() {
        gateway(0).createBucket(b -> b.bucket("parts"));
        String upload = gateway(0)
                .createMultipartUpload(b -> b.bucket("parts").key("k"))
                .uploadId();
        byte[] content = bytes(2 * PART_BYTES + 17, 3);
        List<CompletedPart> parts = new ArrayList<>();
        for (int part = 1; part <= 3; part++) {
            int number = part;
            int from = (part - 1) * PART_BYTES;
            byte[] piece = Arrays.copyOfRange(content, from, Math.min(content.length, from + PART_BYTES));
            String eTag = gateway(part)
                    .uploadPart(
                            b -> b.bucket("parts").key("k").uploadId(upload).partNumber(number),
                            RequestBody.fromBytes(piece))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(part).eTag(eTag).build());
        }
        assertThat(gateway(1).listObjectsV2(b -> b.bucket("parts")).contents()).isEmpty();
        gateway(2)
                .completeMultipartUpload(
                        b -> b.bucket("parts").key("k").uploadId(upload).multipartUpload(m -> m.parts(parts)));
        for (int node = 0; node < NODES; node++) {
            assertThat(gateway(node)
                            .getObjectAsBytes(b -> b.bucket("parts").key("k"))
                            .asByteArray())
                    .isEqualTo(content);
        }
    }

    @Test
    void aRevokedKeyIsRefusedEverywhereAtOnce() throws Exception {
        cluster.command(0, "user", "create", "carol");
        for (int round = 0; round < 2; round++) {
            String key = "CAROLSKEY" + round;
            cluster.command(0, "key", "create", "carol", "--access-key", key, "--secret-key", "carols-secret");
            try (S3Client second = client(1, key, "carols-secret");
                    S3Client third = client(2, key, "carols-secret")) {
                // So that both know the key well.
                assertThat(second.listBuckets().buckets()).isEmpty();
                assertThat(third.listBuckets().buckets()).isEmpty();
                cluster.command(0, "key", "rm", "carol", key);
                for (S3Client s3 : List.of(second, third)) {
                    assertThatThrownBy(s3::listBuckets)
                            .isInstanceOfSatisfying(
                                    S3Exception.class,
                                    e -> assertThat(e.awsErrorDetails().errorCode())
                                            .isEqualTo("InvalidAccessKeyId"));
                }
            }
        }
    }

    @Test
    void conditionalPutsThroughAllNodesCountExactly() throws Exception {
        int each = 15;
        gateway(0).createBucket(b -> b.bucket("counted"));
        gateway(0).putObject(b -> b.bucket("counted").key("n").ifNoneMatch("*"), RequestBody.fromString("0"));
        ExecutorService threads = Executors.newFixedThreadPool(NODES);
        try {
            List<Future<?>> counting = new ArrayList<>();
            for (S3Client s3 : GATEWAYS) {
                counting.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        countOne(s3);
                    }
                }));
            }
            for (Future<?> done : counting) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        for (int node = 0; node < NODES; node++) {
            assertThat(read(gateway(node)).asUtf8String()).isEqualTo("" + NODES * each);
        }
    }

    private static ResponseBytes<GetObjectResponse> read(S3Client s3) {
        return s3.getObjectAsBytes(b -> b.bucket("counted").key("n"));
    }

    private static void countOne(S3Client s3) {
        while (true) {
            ResponseBytes<GetObjectResponse> now = read(s3);
            String next = "" + (Integer.parseInt(now.asUtf8String()) + 1);
            try {
                s3.putObject(
                        b -> b.bucket("counted").key("n").ifMatch(now.response().eTag()), RequestBody.fromString(next));
                return;
            } catch (S3Exception refused) {
                assertThat(refused.statusCode()).isEqualTo(412);
            }
        }
    }
}

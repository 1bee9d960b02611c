package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Many clients race for one key with a condition that only one of them can meet. */
class ConditionalRaceTest {
    private static final int CLIENTS = 64;
    private static final int ROUNDS = 25;

    @TempDir
    static Path folder;

    private static TestGateway gateway;
    private static S3Client s3;
    private static S3AsyncClient async;

    @BeforeAll
    static void start() throws Exception {
        gateway = TestGateway.start(folder);
        s3 = gateway.client();
        s3.createBucket(b -> b.bucket("race"));
        async = S3AsyncClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + gateway.port()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .maxConcurrency(CLIENTS)
                        .connectionAcquisitionTimeout(Duration.ofMinutes(1)))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(TestGateway.USER.id(), TestGateway.USER.secret())))
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        async.close();
        s3.close();
        gateway.close();
    }

    /** The bodies of the clients that were answered 200; every other one must have been answered 412. */
    private static List<String> race(String round, PutObjectRequest conditional) {
        List<CompletableFuture<String>> puts = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            String body = round + " by client " + client;
            puts.add(async.putObject(conditional, AsyncRequestBody.fromString(body))
                    .handle((put, failure) -> {
                        if (failure == null) {
                            return body;
                        }
                        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                        assertThat(cause)
                                .isInstanceOfSatisfying(
                                        S3Exception.class,
                                        e -> assertThat(e.statusCode()).isEqualTo(412));
                        return "";
                    }));
        }
        return puts.stream()
                .map(CompletableFuture::join)
                .filter(body -> !body.isEmpty())
                .toList();
    }

    private static String get(String key) {
        return s3.getObjectAsBytes(b -> b.bucket("race").key(key)).asUtf8String();
    }

    @Test
    void oneOfManyCreatesTheKey() {
        for (int round = 0; round < ROUNDS; round++) {
            String key = "new-" + round;
            List<String> winners = race(
                    key,
                    PutObjectRequest.builder()
                            .bucket("race")
                            .key(key)
                            .ifNoneMatch("*")
                            .build());
            assertThat(winners).hasSize(1).containsExactly(get(key));
        }
    }

    @Test
    void oneOfManyReplacesWhatAllHaveSeen() {
        String eTag = s3.putObject(
                        b -> b.bucket("race").key("chain"),
                        software.amazon.awssdk.core.sync.RequestBody.fromString("0"))
                .eTag();
        for (int round = 0; round < ROUNDS; round++) {
            List<String> winners = race(
                    "round " + round,
                    PutObjectRequest.builder()
                            .bucket("race")
                            .key("chain")
                            .ifMatch(eTag)
                            .build());
            assertThat(winners).hasSize(1).containsExactly(get("chain"));
            eTag = s3.headObject(b -> b.bucket("race").key("chain")).eTag();
        }
    }
}

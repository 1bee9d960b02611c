package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Many clients race for one key with a condition that only one of them can meet: once on an undisturbed cluster, once on
 * one where operations arrive twice and replies are lost, so that they are sent again as the same requests.
 */
class ConditionalRaceTest {
    private static final int CLIENTS = 64;
    private static final int ROUNDS = 200;

    @TempDir
    private Path folder;

    private final long seed = System.nanoTime();
    private TestGateway gateway;
    private S3Client s3;
    private S3AsyncClient async;
    private int answered;

    /** What the OSD hears and what is heard of it. */
    enum Messages {
        ONCE,
        RESENT
    }

    private void start(Messages messages) throws Exception {
        gateway = messages == Messages.ONCE ? TestGateway.start(folder) : TestGateway.lossy(folder, seed);
        s3 = gateway.client();
        s3.createBucket(b -> b.bucket("race"));
        async = S3AsyncClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + gateway.port()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .maxConcurrency(CLIENTS)
                        .connectionAcquisitionTimeout(Duration.ofMinutes(1)))
                // An answer must be that of the first and only request.
                .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(TestGateway.USER.id(), TestGateway.USER.secret())))
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        async.close();
        s3.close();
        gateway.close();
    }

    /** What became of a PUT. */
    private enum Outcome {
        WON,
        REFUSED,
        /** The connection ended without an answer: it may have won. */
        UNKNOWN
    }

    private record Put(String body, Outcome outcome) {}

    private static Outcome outcome(Throwable failure) {
        if (failure == null) {
            return Outcome.WON;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof S3Exception answer) {
            assertThat(answer.statusCode()).isEqualTo(412);
            return Outcome.REFUSED;
        }
        assertThat(cause).isInstanceOf(SdkClientException.class).hasRootCauseInstanceOf(IOException.class);
        return Outcome.UNKNOWN;
    }

    /**
     * One PUT was answered 200 and is what is stored; every other one was answered 412.
     *
     * @return the ETag of what is stored
     */
    private String race(String round, PutObjectRequest conditional) {
        List<CompletableFuture<Put>> puts = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            String body = round + " by client " + client;
            puts.add(async.putObject(conditional, AsyncRequestBody.fromString(body))
                    .handle((put, failure) -> new Put(body, outcome(failure))));
        }
        Map<Outcome, List<String>> bodies = new EnumMap<>(Outcome.class);
        for (CompletableFuture<Put> put : puts) {
            Put done = put.join();
            bodies.computeIfAbsent(done.outcome(), o -> new ArrayList<>()).add(done.body());
        }
        List<String> unknown = bodies.getOrDefault(Outcome.UNKNOWN, List.of());
        List<String> winners = bodies.getOrDefault(Outcome.WON, List.of());
        answered += CLIENTS - unknown.size();
        String where = round + ", seed " + seed;
        ResponseBytes<GetObjectResponse> stored =
                s3.getObjectAsBytes(b -> b.bucket("race").key(conditional.key()));
        if (winners.isEmpty()) {
            assertThat(stored.asUtf8String()).as(where).isIn(unknown);
        } else {
            assertThat(winners).as(where).containsExactly(stored.asUtf8String());
        }
        return stored.response().eTag();
    }

    private void assertRaced(Messages messages) {
        // Lost connections are exceptions.
        assertThat(answered).isGreaterThan(CLIENTS * ROUNDS * 9 / 10);
        if (messages == Messages.RESENT) {
            assertThat(gateway.cluster().resends()).isGreaterThan(CLIENTS * ROUNDS / 10);
        }
    }

    @ParameterizedTest
    @EnumSource(Messages.class)
    void oneOfManyCreatesTheKey(Messages messages) throws Exception {
        start(messages);
        for (int round = 0; round < ROUNDS; round++) {
            String key = "new-" + round;
            race(
                    key,
                    PutObjectRequest.builder()
                            .bucket("race")
                            .key(key)
                            .ifNoneMatch("*")
                            .build());
        }
        assertRaced(messages);
    }

    @ParameterizedTest
    @EnumSource(Messages.class)
    void oneOfManyReplacesWhatAllHaveSeen(Messages messages) throws Exception {
        start(messages);
        String eTag = s3.putObject(b -> b.bucket("race").key("chain"), RequestBody.fromString("0"))
                .eTag();
        for (int round = 0; round < ROUNDS; round++) {
            eTag = race(
                    "round " + round,
                    PutObjectRequest.builder()
                            .bucket("race")
                            .key("chain")
                            .ifMatch(eTag)
                            .build());
        }
        assertRaced(messages);
    }
}

package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
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
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private TestGateway gateway;
    private S3Client s3;
    private List<S3Client> clients;

    /** What the OSD hears and what is heard of it. */
    enum Messages {
        ONCE,
        RESENT
    }

    private void start(Messages messages) throws Exception {
        gateway = messages == Messages.ONCE ? TestGateway.start(folder) : TestGateway.lossy(folder, seed);
        s3 = gateway.client();
        s3.createBucket(b -> b.bucket("race"));
        // An answer must be that of the first and only request. Two clients, because one has 50 connections.
        clients = List.of(
                gateway.client(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry())),
                gateway.client(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry())));
    }

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        clients.forEach(S3Client::close);
        s3.close();
        gateway.close();
    }

    /** Whether a PUT has won; one that has not is answered 412, and none is without an answer. */
    private boolean hasWon(S3Client client, PutObjectRequest conditional, String body) {
        try {
            client.putObject(conditional, RequestBody.fromString(body));
            return true;
        } catch (S3Exception answer) {
            assertThat(answer.statusCode()).as("seed %d", seed).isEqualTo(412);
            return false;
        }
    }

    /**
     * One PUT was answered 200 and is what is stored; every other one was answered 412.
     *
     * @return the ETag of what is stored
     */
    private String race(String round, PutObjectRequest conditional) {
        List<CompletableFuture<String>> puts = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            S3Client client = clients.get(i % clients.size());
            String body = round + " by client " + i;
            puts.add(CompletableFuture.supplyAsync(() -> hasWon(client, conditional, body) ? body : "", threads));
        }
        List<String> winners = new ArrayList<>();
        for (CompletableFuture<String> put : puts) {
            String body = put.join();
            if (!body.isEmpty()) {
                winners.add(body);
            }
        }
        ResponseBytes<GetObjectResponse> stored =
                s3.getObjectAsBytes(b -> b.bucket("race").key(conditional.key()));
        assertThat(winners).as("%s, seed %d", round, seed).containsExactly(stored.asUtf8String());
        return stored.response().eTag();
    }

    private void assertResent(Messages messages) {
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
        assertResent(messages);
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
        assertResent(messages);
    }
}

package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3BaseClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The AWS SDK's clients without their retries, which would hide a connection that is lost. */
class SdkConnectionsTest {
    private static final long SEED = 2_026_1128;
    private static final int WORKERS = 24;
    private static final int REQUESTS = 25;
    private static final String BUCKET = "connections";

    @TempDir
    private Path folder;

    private TestGateway gateway;
    private Relay relay;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.start(folder);
        relay = new Relay(gateway.port());
        try (S3Client s3 = gateway.client()) {
            s3.createBucket(b -> b.bucket(BUCKET));
        }
    }

    @AfterEach
    void stop() throws Exception {
        relay.close();
        gateway.close();
    }

    private <B extends S3BaseClientBuilder<B, C>, C> C client(B builder, String secret) {
        return builder.endpointOverride(URI.create("http://127.0.0.1:" + relay.port()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(TestGateway.USER.id(), secret)))
                .build();
    }

    private void assertNothingUnannounced() {
        assertThat(relay.unannounced()).as("seed %d", SEED).isEmpty();
        // Some answers must announce an end, or the relay has not looked.
        assertThat(relay.announced()).isPositive();
    }

    /** Requests that succeed, that are refused before and after their body has come, with much body and with none. */
    private static List<Runnable> requests(S3Client s3, S3Client impostor, Random random) {
        String key = "key-" + random.nextInt(20);
        RequestBody small = RequestBody.fromBytes(new byte[random.nextInt(2000)]);
        RequestBody large = RequestBody.fromBytes(new byte[300_000 + random.nextInt(300_000)]);
        return List.of(
                () -> s3.putObject(b -> b.bucket(BUCKET).key(key), small),
                () -> s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.empty()),
                () -> s3.putObject(b -> b.bucket(BUCKET).key(key), large),
                () -> s3.putObject(b -> b.bucket(BUCKET).key(key).ifNoneMatch("*"), small),
                () -> s3.putObject(b -> b.bucket(BUCKET).key(key).ifMatch("none"), large),
                () -> s3.putObject(b -> b.bucket(BUCKET).key(key).contentMD5("1B2M2Y8AsgTpgAmY7PhCfw=="), large),
                () -> s3.putObject(b -> b.bucket("no-such-bucket").key(key), large),
                () -> s3.putObject(b -> b.bucket("no-such-bucket").key(key), small),
                () -> impostor.putObject(b -> b.bucket(BUCKET).key(key), large),
                () -> impostor.putObject(b -> b.bucket(BUCKET).key(key), small),
                () -> impostor.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.empty()),
                () -> impostor.headObject(b -> b.bucket(BUCKET).key(key)),
                () -> s3.uploadPart(
                        b -> b.bucket(BUCKET).key(key).uploadId("none").partNumber(1), large),
                () -> s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)),
                () -> s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key).range("bytes=100-199")),
                () -> s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key).range("bytes=9000000-")),
                () -> s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key).ifNoneMatch("*")),
                () -> s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("none")),
                () -> s3.headObject(b -> b.bucket(BUCKET).key(key)),
                () -> s3.headObject(b -> b.bucket(BUCKET).key("none")),
                () -> s3.headBucket(b -> b.bucket("no-such-bucket")),
                () -> s3.deleteObject(b -> b.bucket(BUCKET).key(key)),
                () -> s3.getBucketPolicy(b -> b.bucket(BUCKET)),
                () -> s3.putBucketPolicy(b -> b.bucket(BUCKET).policy("{}")),
                () -> s3.listObjectsV2(b -> b.bucket(BUCKET)));
    }

    @Test
    void everyRequestOfManyAtOnceIsAnswered() throws Exception {
        BlockingQueue<String> unanswered = new LinkedBlockingQueue<>();
        AtomicInteger succeeded = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (S3Client s3 = client(S3Client.builder(), TestGateway.USER.secret());
                S3Client impostor = client(S3Client.builder(), "another secret")) {
            List<Thread> workers = new ArrayList<>();
            for (int worker = 0; worker < WORKERS; worker++) {
                Random random = new Random(SEED + worker);
                workers.add(new Thread(() -> {
                    for (int i = 0; i < REQUESTS; i++) {
                        List<Runnable> requests = requests(s3, impostor, random);
                        int which = random.nextInt(requests.size());
                        try {
                            requests.get(which).run();
                            succeeded.incrementAndGet();
                        } catch (S3Exception answer) {
                            refused.incrementAndGet();
                        } catch (RuntimeException failure) {
                            unanswered.add("request " + which + ": " + failure);
                        }
                    }
                }));
            }
            workers.forEach(Thread::start);
            for (Thread worker : workers) {
                worker.join();
            }
        }
        assertThat(unanswered).as("seed %d", SEED).isEmpty();
        assertThat(succeeded).hasPositiveValue();
        assertThat(refused).hasPositiveValue();
        assertNothingUnannounced();
    }

    /**
     * This client closes connections by itself: when an answer is an error, the request's future is cancelled in one
     * thread while another gives the connection back, and now and then a request that has just got it is lost. All that
     * can be asked is that it was not the server.
     */
    @Test
    void theServerDoesNotEndConnectionsOfTheAsynchronousClient() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        try (S3AsyncClient s3 = client(S3AsyncClient.builder(), TestGateway.USER.secret());
                S3AsyncClient impostor = client(S3AsyncClient.builder(), "another secret")) {
            for (int round = 0; round < REQUESTS; round++) {
                List<CompletableFuture<?>> requests = new ArrayList<>();
                for (int i = 0; i < WORKERS / 4; i++) {
                    String key = "key-" + i;
                    AsyncRequestBody body = AsyncRequestBody.fromBytes(new byte[i % 2 == 0 ? 100 : 400_000]);
                    requests.add(s3.putObject(b -> b.bucket(BUCKET).key(key).ifNoneMatch("*"), body));
                    requests.add(s3.putObject(b -> b.bucket("no-such-bucket").key(key), body));
                    requests.add(impostor.putObject(b -> b.bucket(BUCKET).key(key), body));
                    requests.add(s3.getObject(b -> b.bucket(BUCKET).key("none"), AsyncResponseTransformer.toBytes()));
                }
                for (CompletableFuture<?> request : requests) {
                    try {
                        request.join();
                        answered.incrementAndGet();
                    } catch (CompletionException failure) {
                        answered.addAndGet(failure.getCause() instanceof S3Exception ? 1 : 0);
                    }
                }
            }
        }
        assertThat(answered).hasValueGreaterThan(WORKERS * REQUESTS * 9 / 10);
        assertNothingUnannounced();
    }
}

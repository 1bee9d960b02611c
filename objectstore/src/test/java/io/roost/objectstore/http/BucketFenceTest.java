package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * PUTs race with the deletion and re-creation of their bucket: what was acknowledged is there, what was refused is not, and
 * nothing of a deleted bucket is ever seen in the next one of its name.
 */
@SuppressWarnings("try") // An interrupted test has failed anyway.
class BucketFenceTest {
    private static final int ROUNDS = 200;
    private static final int WRITERS = 4;
    private static final String BUCKET = "fence";

    @TempDir
    private Path folder;

    private S3Client s3;

    @Test
    void acknowledgedObjectsAreNeitherLostNorResurrected() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
        int refused = 0;
        int deleted = 0;
        try (TestGateway gateway = TestGateway.start(folder);
                S3Client client = gateway.client(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))) {
            s3 = client;
            for (int round = 0; round < ROUNDS; round++) {
                // Whoever creates a bucket finds it empty.
                assertThat(create()).isTrue();
                assertThat(keys()).as("round %d", round).isEmpty();
                CountDownLatch start = new CountDownLatch(1);
                CountDownLatch firstDeletion = new CountDownLatch(1);
                // On a machine where the writers are always quicker, deletions would never win: these rounds are
                // theirs.
                CountDownLatch writersStart = round % 10 == 0 ? firstDeletion : start;
                List<Future<List<String>>> writers = new ArrayList<>();
                for (int writer = 0; writer < WRITERS; writer++) {
                    String prefix = round + "-" + writer + "-";
                    writers.add(threads.submit(() -> {
                        writersStart.await();
                        return write(prefix);
                    }));
                }
                Future<Integer> deletions = threads.submit(() -> {
                    start.await();
                    return deleteAndCreate(firstDeletion);
                });
                start.countDown();
                List<String> acknowledged = new ArrayList<>();
                for (Future<List<String>> writer : writers) {
                    acknowledged.addAll(writer.get());
                }
                deleted += deletions.get();
                refused += WRITERS * 2 - acknowledged.size();
                assertThat(keys()).as("round %d", round).containsExactlyInAnyOrderElementsOf(acknowledged);
                for (String key : acknowledged) {
                    assertThat(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key))
                                    .asUtf8String())
                            .isEqualTo(key);
                    s3.deleteObject(b -> b.bucket(BUCKET).key(key));
                }
                s3.deleteBucket(b -> b.bucket(BUCKET));
            }
        } finally {
            threads.shutdownNow();
        }
        // Both sides have won sometimes: it was a race.
        assertThat(refused).isBetween(1, ROUNDS * WRITERS * 2 - 1);
        assertThat(deleted).isPositive();
    }

    /** The keys that were acknowledged. */
    private List<String> write(String prefix) {
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            String key = prefix + i;
            // Between its deletion and its re-creation a bucket is not there, or not available.
            if (succeeds(
                    () -> s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString(key)),
                    "NoSuchBucket",
                    "ServiceUnavailable")) {
                acknowledged.add(key);
            }
        }
        return acknowledged;
    }

    /** Deletes the bucket and makes it anew, twice, where it is empty; how often it was. */
    private int deleteAndCreate(CountDownLatch firstDeletion) {
        int deletions = 0;
        for (int i = 0; i < 2; i++) {
            boolean isDeleted;
            try {
                isDeleted = succeeds(() -> s3.deleteBucket(b -> b.bucket(BUCKET)), "BucketNotEmpty");
            } finally {
                firstDeletion.countDown();
            }
            if (isDeleted) {
                deletions++;
                assertThat(create()).isTrue();
            }
        }
        return deletions;
    }

    private boolean create() {
        return s3.createBucket(b -> b.bucket(BUCKET)).sdkHttpResponse().isSuccessful();
    }

    private List<String> keys() {
        return s3.listObjectsV2(b -> b.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    /** False when the call ended with one of the errors that are allowed. */
    private static boolean succeeds(Runnable call, String... refusals) {
        try {
            call.run();
            return true;
        } catch (S3Exception e) {
            assertThat(e.awsErrorDetails().errorCode()).isIn((Object[]) refusals);
            return false;
        }
    }
}

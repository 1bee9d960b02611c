package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Operations on buckets, by the AWS SDK against a real OSD. */
class BucketOperationsTest {
    @TempDir
    static Path folder;

    private static TestGateway gateway;
    private static S3Client s3;

    @BeforeAll
    static void start() throws Exception {
        gateway = TestGateway.start(folder);
        s3 = gateway.client();
    }

    @AfterAll
    static void stop() throws Exception {
        s3.close();
        gateway.close();
    }

    private static String codeOf(ThrowingCallable call) {
        S3Exception[] thrown = new S3Exception[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, e -> thrown[0] = e);
        return thrown[0].awsErrorDetails().errorCode();
    }

    @Test
    void aBucketIsThereUntilItIsDeletedEmpty() {
        s3.createBucket(b -> b.bucket("life"));
        s3.createBucket(b -> b.bucket("life"));
        assertThat(s3.headBucket(b -> b.bucket("life")).bucketRegion()).isEqualTo("us-east-1");
        assertThat(s3.listBuckets().buckets().stream().map(Bucket::name)).contains("life");
        s3.putObject(b -> b.bucket("life").key("k"), RequestBody.fromString("x"));
        assertThat(codeOf(() -> s3.deleteBucket(b -> b.bucket("life")))).isEqualTo("BucketNotEmpty");
        s3.putObject(b -> b.bucket("life").key("after"), RequestBody.fromString("x"));
        s3.deleteObject(b -> b.bucket("life").key("k"));
        s3.deleteObject(b -> b.bucket("life").key("after"));
        s3.deleteBucket(b -> b.bucket("life"));
        assertThatThrownBy(() -> s3.headBucket(b -> b.bucket("life"))).isInstanceOf(NoSuchBucketException.class);
        assertThat(codeOf(() -> s3.putObject(b -> b.bucket("life").key("k"), RequestBody.fromString("x"))))
                .isEqualTo("NoSuchBucket");
        s3.createBucket(b -> b.bucket("life"));
        assertThat(s3.listObjectsV2(b -> b.bucket("life")).keyCount()).isZero();
        s3.putObject(b -> b.bucket("life").key("k"), RequestBody.fromString("new"));
    }

    @Test
    void settingsThatAreNotSetAnswerTheirOwnErrors() {
        s3.createBucket(b -> b.bucket("settings"));
        assertThat(s3.getBucketLocation(b -> b.bucket("settings")).locationConstraintAsString())
                .isNullOrEmpty();
        assertThat(s3.getBucketVersioning(b -> b.bucket("settings")).status()).isNull();
        assertThat(s3.getBucketAcl(b -> b.bucket("settings")).grants())
                .singleElement()
                .satisfies(grant -> assertThat(grant.permissionAsString()).isEqualTo("FULL_CONTROL"));
        assertThat(s3.getBucketRequestPayment(b -> b.bucket("settings")).payerAsString())
                .isEqualTo("BucketOwner");
        assertThat(codeOf(() -> s3.getBucketPolicy(b -> b.bucket("settings")))).isEqualTo("NoSuchBucketPolicy");
        assertThat(codeOf(() -> s3.getBucketCors(b -> b.bucket("settings")))).isEqualTo("NoSuchCORSConfiguration");
        assertThat(codeOf(() -> s3.getBucketTagging(b -> b.bucket("settings")))).isEqualTo("NoSuchTagSet");
        assertThat(codeOf(() -> s3.getBucketLifecycleConfiguration(b -> b.bucket("settings"))))
                .isEqualTo("NoSuchLifecycleConfiguration");
        assertThat(codeOf(() -> s3.getBucketEncryption(b -> b.bucket("settings"))))
                .isEqualTo("ServerSideEncryptionConfigurationNotFoundError");
        assertThat(codeOf(() -> s3.getObjectLockConfiguration(b -> b.bucket("settings"))))
                .isEqualTo("ObjectLockConfigurationNotFoundError");
        assertThat(codeOf(() -> s3.putBucketVersioning(
                        b -> b.bucket("settings").versioningConfiguration(v -> v.status("Enabled")))))
                .isEqualTo("NotImplemented");
    }

    @Test
    void namesThatBreakTheRulesAreRefused() throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            for (String name : List.of("ab", "Upper", "a..b", "192.168.1.1")) {
                client.head("PUT", "/" + name, "content-length", "0");
                RawClient.Answer answer = client.answer();
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.text())
                        .contains("<Code>InvalidBucketName</Code>")
                        .contains("<BucketName>" + name + "</BucketName>");
            }
        }
    }

    @Test
    void listsOfBucketsComeInPages() {
        for (int i = 0; i < 5; i++) {
            int number = i;
            s3.createBucket(b -> b.bucket("page-" + number));
        }
        List<String> names = new java.util.ArrayList<>();
        s3.listBucketsPaginator(b -> b.prefix("page-").maxBuckets(2)).buckets().forEach(b -> names.add(b.name()));
        assertThat(names).containsExactly("page-0", "page-1", "page-2", "page-3", "page-4");
    }

    /** The fence: what was acknowledged while the bucket was being deleted is there, or the bucket is not. */
    @Test
    void putsThatRaceWithADeletionAreNeverLost() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                s3.createBucket(b -> b.bucket("race"));
                CountDownLatch start = new CountDownLatch(1);
                Future<Boolean> put = threads.submit(() -> {
                    start.await();
                    return succeeds(() -> s3.putObject(b -> b.bucket("race").key("k"), RequestBody.fromString("x")));
                });
                Future<Boolean> delete = threads.submit(() -> {
                    start.await();
                    return succeeds(() -> s3.deleteBucket(b -> b.bucket("race")));
                });
                start.countDown();
                boolean isPut = put.get();
                boolean isDeleted = delete.get();
                assertThat(isPut && isDeleted).as("round %d", round).isFalse();
                if (isPut) {
                    assertThat(s3.getObjectAsBytes(b -> b.bucket("race").key("k"))
                                    .asUtf8String())
                            .isEqualTo("x");
                    s3.deleteObject(b -> b.bucket("race").key("k"));
                }
                if (!isDeleted) {
                    s3.deleteBucket(b -> b.bucket("race"));
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean succeeds(Runnable call) {
        try {
            call.run();
            return true;
        } catch (S3Exception e) {
            return false;
        }
    }
}

package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.StorageClass;

/** Operations on objects within the head limit, by the AWS SDK against a real OSD. */
class ObjectOperationsTest {
    @TempDir
    static Path folder;

    private static TestGateway gateway;
    private static S3Client s3;

    @BeforeAll
    static void start() throws Exception {
        gateway = TestGateway.start(folder);
        s3 = gateway.client();
        s3.createBucket(b -> b.bucket("objects"));
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.awaitNothingReserved();
        s3.close();
        gateway.close();
    }

    private static PutObjectResponse put(String key, String text) {
        return s3.putObject(b -> b.bucket("objects").key(key), RequestBody.fromString(text));
    }

    private static String get(String key) {
        return s3.getObjectAsBytes(b -> b.bucket("objects").key(key)).asUtf8String();
    }

    private static String codeOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        S3Exception[] thrown = new S3Exception[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, e -> thrown[0] = e);
        boolean hasCode = thrown[0].awsErrorDetails() != null
                && thrown[0].awsErrorDetails().errorCode() != null;
        return hasCode ? thrown[0].awsErrorDetails().errorCode() : Integer.toString(thrown[0].statusCode());
    }

    @Test
    void bytesComeBackWhateverTheirNumber() {
        Random random = new Random(11);
        for (int size : List.of(0, 1, 4096, 65_536, 65_537, 1_000_000, 4 << 20, (4 << 20) + 1, 21_000_000)) {
            byte[] body = new byte[size];
            random.nextBytes(body);
            s3.putObject(b -> b.bucket("objects").key("size"), RequestBody.fromBytes(body));
            assertThat(s3.getObjectAsBytes(b -> b.bucket("objects").key("size")).asByteArray())
                    .isEqualTo(body);
        }
    }

    @Test
    void headersMetadataAndStorageClassComeBack() {
        s3.putObject(
                b -> b.bucket("objects")
                        .key("described")
                        .contentType("text/x-odd; charset=utf-8")
                        .cacheControl("no-cache")
                        .contentDisposition("attachment")
                        .contentEncoding("gzip")
                        .contentLanguage("de")
                        .storageClass(StorageClass.STANDARD_IA)
                        .metadata(Map.of("mtime", "12.5", "x", "")),
                RequestBody.fromString("hello"));
        HeadObjectResponse head = s3.headObject(b -> b.bucket("objects").key("described"));
        assertThat(head.contentType()).isEqualTo("text/x-odd; charset=utf-8");
        assertThat(head.cacheControl()).isEqualTo("no-cache");
        assertThat(head.contentDisposition()).isEqualTo("attachment");
        assertThat(head.contentEncoding()).isEqualTo("gzip");
        assertThat(head.contentLanguage()).isEqualTo("de");
        assertThat(head.storageClass()).isEqualTo(StorageClass.STANDARD_IA);
        assertThat(head.metadata()).containsExactlyInAnyOrderEntriesOf(Map.of("mtime", "12.5", "x", ""));
        assertThat(head.contentLength()).isEqualTo(5);
        assertThat(head.eTag()).isEqualTo("\"5d41402abc4b2a76b9719d911017c592\"");
        GetObjectResponse overridden = s3.getObject(
                        b -> b.bucket("objects").key("described").responseContentType("text/plain"))
                .response();
        assertThat(overridden.contentType()).isEqualTo("text/plain");
    }

    @Test
    void rangesAreCutAndThoseBeyondTheEndRefused() {
        put("range", "0123456789");
        assertThat(range("bytes=2-4")).isEqualTo("234");
        assertThat(range("bytes=7-")).isEqualTo("789");
        assertThat(range("bytes=-3")).isEqualTo("789");
        assertThat(range("bytes=8-100")).isEqualTo("89");
        assertThat(range("items=1-2")).isEqualTo("0123456789");
        assertThat(s3.getObject(b -> b.bucket("objects").key("range").range("bytes=2-4"))
                        .response()
                        .contentRange())
                .isEqualTo("bytes 2-4/10");
        assertThat(codeOf(() -> range("bytes=10-"))).isEqualTo("InvalidRange");
    }

    private static String range(String range) {
        return s3.getObjectAsBytes(b -> b.bucket("objects").key("range").range(range))
                .asUtf8String();
    }

    @Test
    void oddKeysAreDifferentObjects() {
        List<String> keys = List.of(
                "odd/a",
                "odd/a/",
                "odd/a/b",
                "odd//",
                "odd/..",
                "odd/../x",
                "odd/+",
                "odd/%",
                "odd/%2B",
                "odd/ ",
                "odd/é",
                "odd/\u0001",
                "odd/\uD83D\uDE00",
                "odd/<&>\"'",
                "odd/~*()!");
        for (String key : keys) {
            put(key, "at " + key);
        }
        for (String key : keys) {
            assertThat(get(key)).isEqualTo("at " + key);
        }
        assertThat(s3.listObjectsV2(b -> b.bucket("objects").prefix("odd/").encodingType("url")).contents().stream()
                        .map(S3Object::key)
                        .toList())
                .containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void deletedKeysAreGoneAndDeletingAgainIsNoError() {
        put("gone", "x");
        s3.deleteObject(b -> b.bucket("objects").key("gone"));
        s3.deleteObject(b -> b.bucket("objects").key("gone"));
        assertThatThrownBy(() -> get("gone")).isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3.headObject(b -> b.bucket("objects").key("gone")))
                .isInstanceOf(NoSuchKeyException.class);
    }

    @Test
    void manyKeysAreDeletedAtOnce() {
        List<ObjectIdentifier> victims = new java.util.ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            String key = "many/" + i + "&<";
            if (i % 10 == 0) {
                put(key, "x");
            }
            victims.add(ObjectIdentifier.builder().key(key).build());
        }
        assertThat(s3.deleteObjects(b -> b.bucket("objects")
                                .delete(Delete.builder().objects(victims).build()))
                        .deleted())
                .hasSize(1000);
        assertThat(s3.listObjectsV2(b -> b.bucket("objects").prefix("many/")).keyCount())
                .isZero();
    }

    @Test
    void conditionsOnWritesHoldOrLose() {
        PutObjectResponse first = put("conditional", "1");
        assertThat(codeOf(() -> s3.putObject(
                        b -> b.bucket("objects").key("conditional").ifNoneMatch("*"), RequestBody.fromString("2"))))
                .isEqualTo("PreconditionFailed");
        s3.putObject(b -> b.bucket("objects").key("conditional").ifMatch(first.eTag()), RequestBody.fromString("3"));
        assertThat(codeOf(() -> s3.putObject(
                        b -> b.bucket("objects").key("conditional").ifMatch(first.eTag()),
                        RequestBody.fromString("4"))))
                .isEqualTo("PreconditionFailed");
        assertThat(codeOf(() -> s3.putObject(
                        b -> b.bucket("objects").key("conditional-absent").ifMatch(first.eTag()),
                        RequestBody.fromString("5"))))
                .isEqualTo("NoSuchKey");
        assertThat(get("conditional")).isEqualTo("3");
    }

    @Test
    void conditionsOnReadsFollowTheRfc() {
        String eTag = put("read", "x").eTag();
        assertThat(codeOf(
                        () -> s3.getObject(b -> b.bucket("objects").key("read").ifNoneMatch(eTag))))
                .isEqualTo("304");
        assertThat(codeOf(
                        () -> s3.getObject(b -> b.bucket("objects").key("read").ifMatch("\"other\""))))
                .isEqualTo("PreconditionFailed");
        assertThat(codeOf(
                        () -> s3.headObject(b -> b.bucket("objects").key("read").ifMatch("\"other\""))))
                .isEqualTo("412");
        s3.getObject(b -> b.bucket("objects").key("read").ifMatch(eTag)).abort();
    }

    @Test
    void othersMayNotUseTheBucket() {
        try (S3Client other = gateway.client(TestGateway.OTHER)) {
            assertThat(codeOf(() -> other.putObject(b -> b.bucket("objects").key("x"), RequestBody.fromString("x"))))
                    .isEqualTo("AccessDenied");
            assertThat(codeOf(() -> other.listObjectsV2(b -> b.bucket("objects"))))
                    .isEqualTo("AccessDenied");
            assertThat(codeOf(() -> other.createBucket(b -> b.bucket("objects"))))
                    .isEqualTo("BucketAlreadyExists");
            assertThat(other.listBuckets().buckets()).isEmpty();
        }
    }

    @Test
    void whatIsNotCarriedOutIsRefused() {
        assertThat(codeOf(() -> s3.putObject(
                        b -> b.bucket("objects").key("x").acl("public-read"), RequestBody.fromString("x"))))
                .isEqualTo("NotImplemented");
        assertThat(codeOf(() -> s3.putObject(
                        b -> b.bucket("objects").key("x").serverSideEncryption("AES256"), RequestBody.fromString("x"))))
                .isEqualTo("NotImplemented");
        s3.putObject(b -> b.bucket("objects").key("acl").acl("bucket-owner-full-control"), RequestBody.fromString("x"));
        assertThat(s3.getObjectAcl(b -> b.bucket("objects").key("acl")).grants())
                .hasSize(1);
    }
}

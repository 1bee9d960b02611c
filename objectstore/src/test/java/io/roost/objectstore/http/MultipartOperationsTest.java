package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Multipart uploads and copies, by the AWS SDK against a real OSD. */
class MultipartOperationsTest {
    private static final int MIB = 1 << 20;

    @TempDir
    static Path folder;

    private static TestGateway gateway;
    private static S3Client s3;

    @BeforeAll
    static void start() throws Exception {
        gateway = TestGateway.start(folder);
        s3 = gateway.client();
        s3.createBucket(b -> b.bucket("parts"));
        s3.createBucket(b -> b.bucket("other"));
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.awaitNothingReserved();
        s3.close();
        gateway.close();
    }

    private static byte[] random(int seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static String create(String key) {
        return s3.createMultipartUpload(b -> b.bucket("parts").key(key)).uploadId();
    }

    private static CompletedPart upload(String key, String id, int number, byte[] bytes) {
        UploadPartResponse part = s3.uploadPart(
                b -> b.bucket("parts").key(key).uploadId(id).partNumber(number), RequestBody.fromBytes(bytes));
        return CompletedPart.builder().partNumber(number).eTag(part.eTag()).build();
    }

    private static CompleteMultipartUploadResponse complete(String key, String id, List<CompletedPart> parts) {
        return s3.completeMultipartUpload(
                b -> b.bucket("parts").key(key).uploadId(id).multipartUpload(m -> m.parts(parts)));
    }

    private static byte[] get(String key) {
        return s3.getObjectAsBytes(b -> b.bucket("parts").key(key)).asByteArray();
    }

    private static String codeOf(ThrowingCallable call) {
        S3Exception[] thrown = new S3Exception[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, e -> thrown[0] = e);
        return thrown[0].awsErrorDetails().errorCode();
    }

    private static byte[] joined(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Test
    void partsBecomeOneObjectAndARetryIsAnsweredAlike() throws Exception {
        byte[] first = random(1, 5 * MIB);
        byte[] second = random(2, 9 * MIB + 17);
        byte[] third = random(3, 11);
        String id = create("whole");
        CompletedPart three = upload("whole", id, 7, third);
        upload("whole", id, 1, random(9, 6 * MIB));
        CompletedPart one = upload("whole", id, 1, first);
        CompletedPart two = upload("whole", id, 3, second);
        upload("whole", id, 5, random(4, 100));
        ListPartsResponse listed =
                s3.listParts(b -> b.bucket("parts").key("whole").uploadId(id).maxParts(2));
        assertThat(listed.parts().stream().map(Part::partNumber)).containsExactly(1, 3);
        assertThat(listed.isTruncated()).isTrue();
        assertThat(s3.listParts(b -> b.bucket("parts").key("whole").uploadId(id).partNumberMarker(3)).parts().stream()
                        .map(Part::size))
                .containsExactly(100L, 11L);

        CompleteMultipartUploadResponse done = complete("whole", id, List.of(one, two, three));
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        for (byte[] part : List.of(first, second, third)) {
            md5.update(MessageDigest.getInstance("MD5").digest(part));
        }
        assertThat(done.eTag()).isEqualTo('"' + HexFormat.of().formatHex(md5.digest()) + "-3\"");
        assertThat(complete("whole", id, List.of(one, two, three)).eTag()).isEqualTo(done.eTag());
        byte[] all = joined(first, second, third);
        assertThat(get("whole")).isEqualTo(all);
        assertThat(s3.headObject(b -> b.bucket("parts").key("whole")).contentLength())
                .isEqualTo(all.length);
        for (int[] range :
                new int[][] {{0, 0}, {5 * MIB - 1, 5 * MIB}, {4 * MIB, 9 * MIB + 5}, {14 * MIB, all.length - 1}}) {
            assertThat(s3.getObjectAsBytes(
                                    b -> b.bucket("parts").key("whole").range("bytes=" + range[0] + "-" + range[1]))
                            .asByteArray())
                    .isEqualTo(Arrays.copyOfRange(all, range[0], range[1] + 1));
        }
    }

    @Test
    void aWrongListOfPartsIsRefused() {
        String id = create("wrong");
        CompletedPart one = upload("wrong", id, 1, random(1, 100));
        CompletedPart two = upload("wrong", id, 2, random(2, 100));
        assertThat(codeOf(() -> complete("wrong", id, List.of(one, two)))).isEqualTo("EntityTooSmall");
        assertThat(codeOf(() -> complete("wrong", id, List.of(two, one)))).isEqualTo("InvalidPartOrder");
        assertThat(codeOf(() -> complete(
                        "wrong", id, List.of(one, two.toBuilder().partNumber(3).build()))))
                .isEqualTo("InvalidPart");
        assertThat(codeOf(() -> complete(
                        "wrong", id, List.of(one.toBuilder().eTag(two.eTag()).build()))))
                .isEqualTo("InvalidPart");
        s3.abortMultipartUpload(b -> b.bucket("parts").key("wrong").uploadId(id));
        assertThatThrownBy(() -> complete("wrong", id, List.of(one))).isInstanceOf(NoSuchUploadException.class);
        assertThatThrownBy(() -> upload("wrong", id, 1, random(1, 5))).isInstanceOf(NoSuchUploadException.class);
    }

    @Test
    void openUploadsAreListedByKeyWithPrefixesAndPages() {
        List<String> keys = List.of("list/a", "list/a", "list/b/1", "list/b/2", "list/c");
        List<String> ids = new ArrayList<>();
        keys.forEach(key -> ids.add(create(key)));
        assertThat(s3.listMultipartUploads(b -> b.bucket("parts").prefix("list/")).uploads().stream()
                        .map(MultipartUpload::key))
                .containsExactlyElementsOf(keys);
        var grouped =
                s3.listMultipartUploads(b -> b.bucket("parts").prefix("list/").delimiter("/"));
        assertThat(grouped.uploads().stream().map(MultipartUpload::key)).containsExactly("list/a", "list/a", "list/c");
        assertThat(grouped.commonPrefixes())
                .singleElement()
                .satisfies(p -> assertThat(p.prefix()).isEqualTo("list/b/"));
        List<String> paged = new ArrayList<>();
        var page =
                s3.listMultipartUploads(b -> b.bucket("parts").prefix("list/").maxUploads(2));
        while (true) {
            page.uploads().forEach(upload -> paged.add(upload.uploadId()));
            if (!page.isTruncated()) {
                break;
            }
            var last = page;
            page = s3.listMultipartUploads(b -> b.bucket("parts")
                    .prefix("list/")
                    .maxUploads(2)
                    .keyMarker(last.nextKeyMarker())
                    .uploadIdMarker(last.nextUploadIdMarker()));
        }
        assertThat(paged).hasSameElementsAs(ids).hasSize(5);
        assertThat(codeOf(() -> s3.deleteBucket(b -> b.bucket("parts")))).isEqualTo("BucketNotEmpty");
        for (int i = 0; i < ids.size(); i++) {
            int number = i;
            s3.abortMultipartUpload(b -> b.bucket("parts").key(keys.get(number)).uploadId(ids.get(number)));
        }
    }

    @Test
    void fullObjectChecksumsAreCombinedAndComparedAtTheEnd() {
        byte[] first = random(1, 5 * MIB);
        byte[] second = random(2, 77);
        String id = s3.createMultipartUpload(b -> b.bucket("parts")
                        .key("full")
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                        .checksumType(ChecksumType.FULL_OBJECT))
                .uploadId();
        List<CompletedPart> parts = List.of(upload("full", id, 1, first), upload("full", id, 2, second));
        CRC32 crc = new CRC32();
        crc.update(first);
        crc.update(second);
        String expected = Base64.getEncoder()
                .encodeToString(HexFormat.of().parseHex(HexFormat.of().toHexDigits((int) crc.getValue())));
        assertThat(codeOf(() -> s3.completeMultipartUpload(b -> b.bucket("parts")
                        .key("full")
                        .uploadId(id)
                        .checksumCRC32("AAAAAA==")
                        .multipartUpload(m -> m.parts(parts)))))
                .isEqualTo("BadDigest");
        CompleteMultipartUploadResponse done = s3.completeMultipartUpload(b -> b.bucket("parts")
                .key("full")
                .uploadId(id)
                .checksumCRC32(expected)
                .checksumType(ChecksumType.FULL_OBJECT)
                .multipartUpload(m -> m.parts(parts)));
        assertThat(done.checksumCRC32()).isEqualTo(expected);
        HeadObjectResponse head =
                s3.headObject(b -> b.bucket("parts").key("full").checksumMode(ChecksumMode.ENABLED));
        assertThat(head.checksumCRC32()).isEqualTo(expected);
        assertThat(head.checksumType()).isEqualTo(ChecksumType.FULL_OBJECT);
    }

    @Test
    void compositeChecksumsCarryTheNumberOfParts() {
        String id = s3.createMultipartUpload(
                        b -> b.bucket("parts").key("composite").checksumAlgorithm(ChecksumAlgorithm.SHA256))
                .uploadId();
        UploadPartResponse part = s3.uploadPart(
                b -> b.bucket("parts")
                        .key("composite")
                        .uploadId(id)
                        .partNumber(1)
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                RequestBody.fromString("hello"));
        CompleteMultipartUploadResponse done = complete(
                "composite",
                id,
                List.of(CompletedPart.builder()
                        .partNumber(1)
                        .eTag(part.eTag())
                        .checksumSHA256(part.checksumSHA256())
                        .build()));
        assertThat(done.checksumSHA256()).endsWith("-1");
        assertThat(done.checksumType()).isEqualTo(ChecksumType.COMPOSITE);
    }

    @Test
    void partsAreCopiedFromRangesOfObjects() {
        byte[] source = random(5, 13 * MIB);
        s3.putObject(b -> b.bucket("other").key("big source"), RequestBody.fromBytes(source));
        s3.putObject(b -> b.bucket("other").key("small"), RequestBody.fromString("tail"));
        String id = create("copied");
        List<CompletedPart> parts = new ArrayList<>();
        parts.add(copy("copied", id, 1, "big source", "bytes=1000-" + (6 * MIB + 1)));
        parts.add(copy("copied", id, 2, "big source", null));
        parts.add(copy("copied", id, 3, "small", null));
        complete("copied", id, parts);
        assertThat(get("copied"))
                .isEqualTo(joined(
                        Arrays.copyOfRange(source, 1000, 6 * MIB + 2),
                        source,
                        "tail".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        String other = create("copied-2");
        assertThat(codeOf(() -> copy("copied-2", other, 1, "small", "bytes=0-4")))
                .isEqualTo("InvalidArgument");
        assertThat(codeOf(() -> copy("copied-2", other, 1, "absent", null))).isEqualTo("NoSuchKey");
        s3.abortMultipartUpload(b -> b.bucket("parts").key("copied-2").uploadId(other));
    }

    private static CompletedPart copy(String key, String id, int number, String source, String range) {
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(s3.uploadPartCopy(b -> b.destinationBucket("parts")
                                .destinationKey(key)
                                .uploadId(id)
                                .partNumber(number)
                                .sourceBucket("other")
                                .sourceKey(source)
                                .copySourceRange(range))
                        .copyPartResult()
                        .eTag())
                .build();
    }

    @Test
    void copiesHaveTheBytesAndTheirOwnOrTheSourcesDescription() {
        for (int size : new int[] {0, 10, 5 * MIB}) {
            byte[] bytes = random(size, size);
            s3.putObject(
                    b -> b.bucket("other").key("from é+").contentType("a/b").metadata(Map.of("k", "v")),
                    RequestBody.fromBytes(bytes));
            s3.copyObject(b -> b.sourceBucket("other")
                    .sourceKey("from é+")
                    .destinationBucket("parts")
                    .destinationKey("to"));
            assertThat(get("to")).isEqualTo(bytes);
            HeadObjectResponse head = s3.headObject(b -> b.bucket("parts").key("to"));
            assertThat(head.metadata()).isEqualTo(Map.of("k", "v"));
            assertThat(head.contentType()).isEqualTo("a/b");
            assertThat(head.eTag())
                    .isEqualTo(
                            s3.headObject(b -> b.bucket("other").key("from é+")).eTag());
            s3.copyObject(b -> b.sourceBucket("parts")
                    .sourceKey("to")
                    .destinationBucket("parts")
                    .destinationKey("to")
                    .metadataDirective(MetadataDirective.REPLACE)
                    .metadata(Map.of("mode", "33188")));
            assertThat(s3.headObject(b -> b.bucket("parts").key("to")).metadata())
                    .isEqualTo(Map.of("mode", "33188"));
            assertThat(get("to")).isEqualTo(bytes);
        }
        assertThat(codeOf(() -> s3.copyObject(b -> b.sourceBucket("parts")
                        .sourceKey("to")
                        .destinationBucket("parts")
                        .destinationKey("to"))))
                .isEqualTo("InvalidRequest");
        assertThat(codeOf(() -> s3.copyObject(b -> b.sourceBucket("parts")
                        .sourceKey("to")
                        .destinationBucket("parts")
                        .destinationKey("x")
                        .copySourceIfMatch("\"other\""))))
                .isEqualTo("PreconditionFailed");
        assertThat(codeOf(() -> s3.copyObject(b -> b.sourceBucket("parts")
                        .sourceKey("to")
                        .destinationBucket("parts")
                        .destinationKey("x")
                        .copySourceIfNoneMatch(
                                s3.headObject(h -> h.bucket("parts").key("to")).eTag()))))
                .isEqualTo("PreconditionFailed");
    }

    @Test
    void aPartIsReadByItsNumber() {
        byte[] first = random(21, 5 * MIB);
        byte[] second = random(22, 9 * MIB + 17);
        byte[] third = random(23, 11);
        String id = s3.createMultipartUpload(
                        b -> b.bucket("parts").key("by number").checksumAlgorithm(ChecksumAlgorithm.SHA256))
                .uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        List<UploadPartResponse> uploaded = new ArrayList<>();
        for (byte[] part : List.of(first, second, third)) {
            int number = parts.size() + 1;
            UploadPartResponse response = s3.uploadPart(
                    b -> b.bucket("parts")
                            .key("by number")
                            .uploadId(id)
                            .partNumber(number)
                            .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                    RequestBody.fromBytes(part));
            uploaded.add(response);
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(response.eTag())
                    .checksumSHA256(response.checksumSHA256())
                    .build());
        }
        complete("by number", id, parts);
        byte[] all = joined(first, second, third);
        long begin = 0;
        for (int number = 1; number <= 3; number++) {
            byte[] part = List.of(first, second, third).get(number - 1);
            String range = "bytes " + begin + "-" + (begin + part.length - 1) + "/" + all.length;
            ResponseBytes<GetObjectResponse> got = getPart("by number", number);
            assertThat(got.asByteArrayUnsafe()).isEqualTo(part);
            assertThat(got.response().sdkHttpResponse().statusCode()).isEqualTo(206);
            assertThat(got.response().contentRange()).isEqualTo(range);
            assertThat(got.response().partsCount()).isEqualTo(3);
            assertThat(got.response().checksumSHA256())
                    .isEqualTo(uploaded.get(number - 1).checksumSHA256());
            HeadObjectResponse head = headPart("by number", number);
            assertThat(head.sdkHttpResponse().statusCode()).isEqualTo(206);
            assertThat(head.contentLength()).isEqualTo(part.length);
            assertThat(head.sdkHttpResponse().firstMatchingHeader("content-range"))
                    .contains(range);
            assertThat(head.partsCount()).isEqualTo(3);
            assertThat(head.checksumSHA256()).isEqualTo(uploaded.get(number - 1).checksumSHA256());
            assertThat(head.eTag()).isEqualTo(got.response().eTag()).endsWith("-3\"");
            begin += part.length;
        }
        assertThat(codeOf(() -> getPart("by number", 4))).isEqualTo("InvalidPartNumber");
        assertThatThrownBy(() -> headPart("by number", 4))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(416));
        assertThat(codeOf(() -> getPart("by number", 0))).isEqualTo("InvalidArgument");
        assertThat(codeOf(() -> getPart("by number", 10_001))).isEqualTo("InvalidArgument");
        assertThat(codeOf(() -> s3.getObject(
                        b -> b.bucket("parts").key("by number").partNumber(1).range("bytes=0-1"))))
                .isEqualTo("InvalidRequest");
        assertThat(codeOf(() -> s3.getObject(
                        b -> b.bucket("parts").key("by number").partNumber(4).ifMatch("\"other\""))))
                .isEqualTo("PreconditionFailed");
    }

    @Test
    void anObjectOfOnePutIsItsOwnFirstPart() {
        for (int size : new int[] {0, 10, 5 * MIB}) {
            byte[] bytes = random(size, size);
            s3.putObject(b -> b.bucket("parts").key("one put"), RequestBody.fromBytes(bytes));
            ResponseBytes<GetObjectResponse> got = getPart("one put", 1);
            assertThat(got.asByteArrayUnsafe()).isEqualTo(bytes);
            // Nothing has no first byte, so there is no range of it.
            assertThat(got.response().sdkHttpResponse().statusCode()).isEqualTo(size == 0 ? 200 : 206);
            assertThat(got.response().contentRange())
                    .isEqualTo(size == 0 ? null : "bytes 0-" + (size - 1) + "/" + size);
            assertThat(got.response().partsCount()).isNull();
            assertThat(got.response().checksumCRC32()).isNotBlank();
            assertThat(headPart("one put", 1).contentLength()).isEqualTo(size);
            assertThat(codeOf(() -> getPart("one put", 2))).isEqualTo("InvalidPartNumber");
        }
    }

    private static ResponseBytes<GetObjectResponse> getPart(String key, int number) {
        return s3.getObjectAsBytes(
                b -> b.bucket("parts").key(key).partNumber(number).checksumMode(ChecksumMode.ENABLED));
    }

    private static HeadObjectResponse headPart(String key, int number) {
        return s3.headObject(b -> b.bucket("parts").key(key).partNumber(number).checksumMode(ChecksumMode.ENABLED));
    }

    @Test
    void completionsAreConditionalToo() {
        s3.putObject(b -> b.bucket("parts").key("taken"), RequestBody.fromString("x"));
        String id = create("taken");
        CompletedPart part = upload("taken", id, 1, random(1, 10));
        assertThat(codeOf(() -> s3.completeMultipartUpload(b -> b.bucket("parts")
                        .key("taken")
                        .uploadId(id)
                        .ifNoneMatch("*")
                        .multipartUpload(m -> m.parts(part)))))
                .isEqualTo("PreconditionFailed");
        complete("taken", id, List.of(part));
        assertThat(get("taken")).hasSize(10);
    }
}

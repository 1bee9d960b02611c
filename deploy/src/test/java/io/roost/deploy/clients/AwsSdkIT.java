package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/** AWS's SDK for Java, with its default checksums. */
@ExtendWith(SharedServer.class)
class AwsSdkIT {
    /** The largest part that is not the last may not be smaller than this. */
    private static final int PART_BYTES = 5 << 20;

    @TempDir
    private Path folder;

    /** Every name is this machine: glibc does not know names below localhost. */
    private static final class Loopback implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) {
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    private static S3Client virtualHost(S3Server server) throws URISyntaxException {
        URI endpoint = server.endpoint();
        URI named = new URI(endpoint.getScheme(), null, "s3.localhost", endpoint.getPort(), null, null, null);
        return S3Client.builder()
                .endpointOverride(named)
                .region(Region.US_EAST_1)
                .credentialsProvider(SdkClients.credentials(server))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .dnsResolver(new Loopback())
                        .tlsTrustManagersProvider(SdkClients.trustingAnyIssuer()))
                .build();
    }

    @Test
    void roundTripsByPath(S3Server server) {
        try (S3Client s3 = SdkClients.pathStyle(server)) {
            roundTrips(s3, "sdk-path");
        }
    }

    @Test
    void roundTripsByHostName(S3Server server) throws URISyntaxException {
        try (S3Client s3 = virtualHost(server)) {
            roundTrips(s3, "sdk-host");
        }
    }

    @Test
    void roundTripsByHostNameOverHttps(@SharedServer.Tls S3Server server) throws URISyntaxException {
        try (S3Client s3 = virtualHost(server)) {
            roundTrips(s3, "sdk-host-https");
        }
    }

    @Test
    void roundTripsByPathOverHttps(@SharedServer.Tls S3Server server) {
        try (S3Client s3 = S3Client.builder()
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(SdkClients.credentials(server))
                .forcePathStyle(true)
                .httpClientBuilder(Apache5HttpClient.builder().tlsTrustManagersProvider(SdkClients.trustingAnyIssuer()))
                .build()) {
            roundTrips(s3, "sdk-path-https");
        }
    }

    private static void roundTrips(S3Client s3, String bucket) {
        s3.createBucket(r -> r.bucket(bucket));
        objects(s3, bucket);
        checksums(s3, bucket);
        preconditions(s3, bucket);
        multipart(s3, bucket);
        listings(s3, bucket);
        SdkClients.removeBucket(s3, bucket);
        assertThat(s3.listBuckets().buckets()).noneMatch(found -> found.name().equals(bucket));
    }

    private static void objects(S3Client s3, String bucket) {
        for (int size : new int[] {0, 1, 70_000, 9 << 20}) {
            byte[] body = Trees.bytes(size, size);
            String key = "dir/key of " + size + " bytes + ü";
            s3.putObject(
                    r -> r.bucket(bucket).key(key).contentType("text/x-test").metadata(Map.of("colour", "blue")),
                    RequestBody.fromBytes(body));
            ResponseBytes<GetObjectResponse> got =
                    s3.getObject(r -> r.bucket(bucket).key(key), ResponseTransformer.toBytes());
            assertThat(got.asByteArrayUnsafe()).isEqualTo(body);
            assertThat(got.response().contentType()).isEqualTo("text/x-test");
            assertThat(got.response().metadata()).isEqualTo(Map.of("colour", "blue"));
        }
        s3.deleteObject(r -> r.bucket(bucket).key("dir/key of 1 bytes + ü"));
        assertThatThrownBy(() -> s3.headObject(r -> r.bucket(bucket).key("dir/key of 1 bytes + ü")))
                .isInstanceOf(NoSuchKeyException.class);
    }

    private static void checksums(S3Client s3, String bucket) {
        byte[] body = Trees.bytes(3, 200_000);
        CRC32 crc = new CRC32();
        crc.update(body);
        int value = (int) crc.getValue();
        byte[] bytes = {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
        PutObjectResponse put = s3.putObject(r -> r.bucket(bucket).key("checked"), RequestBody.fromBytes(body));
        assertThat(put.checksumCRC32()).isEqualTo(Base64.getEncoder().encodeToString(bytes));
        for (ChecksumAlgorithm algorithm :
                List.of(ChecksumAlgorithm.SHA1, ChecksumAlgorithm.SHA256, ChecksumAlgorithm.CRC32)) {
            s3.putObject(
                    r -> r.bucket(bucket).key("checked").checksumAlgorithm(algorithm), RequestBody.fromBytes(body));
            HeadObjectResponse head =
                    s3.headObject(r -> r.bucket(bucket).key("checked").checksumMode(ChecksumMode.ENABLED));
            String found = switch (algorithm) {
                case SHA1 -> head.checksumSHA1();
                case SHA256 -> head.checksumSHA256();
                default -> head.checksumCRC32();
            };
            assertThat(found).as(algorithm.toString()).isNotBlank();
        }
        assertThatThrownBy(() -> s3.putObject(
                        r -> r.bucket(bucket).key("wrong").checksumCRC32("AAAAAA=="), RequestBody.fromBytes(body)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BadDigest"));
        assertThatThrownBy(() -> s3.headObject(r -> r.bucket(bucket).key("wrong")))
                .isInstanceOf(NoSuchKeyException.class);
    }

    private static void preconditions(S3Client s3, String bucket) {
        PutObjectResponse first =
                s3.putObject(r -> r.bucket(bucket).key("locked").ifNoneMatch("*"), RequestBody.fromString("one"));
        assertStatus(
                412,
                () -> s3.putObject(
                        r -> r.bucket(bucket).key("locked").ifNoneMatch("*"), RequestBody.fromString("two")));
        s3.putObject(r -> r.bucket(bucket).key("locked").ifMatch(first.eTag()), RequestBody.fromString("three"));
        assertStatus(
                412,
                () -> s3.putObject(
                        r -> r.bucket(bucket).key("locked").ifMatch(first.eTag()), RequestBody.fromString("four")));
        assertStatus(
                404,
                () -> s3.putObject(
                        r -> r.bucket(bucket).key("not there").ifMatch(first.eTag()), RequestBody.fromString("five")));
        assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key("locked")).asUtf8String())
                .isEqualTo("three");
    }

    private static void assertStatus(int status, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(status));
    }

    private static void multipart(S3Client s3, String bucket) {
        byte[] body = Trees.bytes(5, 2 * PART_BYTES + 100);
        String upload = s3.createMultipartUpload(
                        r -> r.bucket(bucket).key("parts").metadata(Map.of("a", "b")))
                .uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            int partNumber = number;
            int begin = (number - 1) * PART_BYTES;
            byte[] part = Arrays.copyOfRange(body, begin, Math.min(body.length, begin + PART_BYTES));
            UploadPartResponse uploaded = s3.uploadPart(
                    r -> r.bucket(bucket).key("parts").uploadId(upload).partNumber(partNumber),
                    RequestBody.fromBytes(part));
            parts.add(CompletedPart.builder()
                    .partNumber(partNumber)
                    .eTag(uploaded.eTag())
                    .checksumCRC32(uploaded.checksumCRC32())
                    .build());
        }
        String etag = s3.completeMultipartUpload(
                        r -> r.bucket(bucket).key("parts").uploadId(upload).multipartUpload(m -> m.parts(parts)))
                .eTag();
        // A client that has not heard the answer asks again.
        String again = s3.completeMultipartUpload(
                        r -> r.bucket(bucket).key("parts").uploadId(upload).multipartUpload(m -> m.parts(parts)))
                .eTag();
        assertThat(again).isEqualTo(etag).endsWith("-3\"");
        ResponseBytes<GetObjectResponse> got =
                s3.getObjectAsBytes(r -> r.bucket(bucket).key("parts"));
        assertThat(got.asByteArrayUnsafe()).isEqualTo(body);
        assertThat(got.response().metadata()).isEqualTo(Map.of("a", "b"));
        byte[] range = s3.getObjectAsBytes(
                        r -> r.bucket(bucket).key("parts").range("bytes=" + (PART_BYTES - 10) + "-" + (PART_BYTES + 9)))
                .asByteArrayUnsafe();
        assertThat(range).isEqualTo(Arrays.copyOfRange(body, PART_BYTES - 10, PART_BYTES + 10));
        s3.copyObject(r -> r.sourceBucket(bucket)
                .sourceKey("parts")
                .destinationBucket(bucket)
                .destinationKey("copied"));
        assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key("copied")).asByteArrayUnsafe())
                .isEqualTo(body);
    }

    private static void listings(S3Client s3, String bucket) {
        List<String> keys = List.of("l/a", "l/a/", "l/a/b", "l/a//b", "l/..", "l/b+c", "l/b%20c", "l/ü", "l/😀");
        for (String key : keys) {
            s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(key));
        }
        List<String> listed = new ArrayList<>();
        s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix("l/").maxKeys(2))
                .contents()
                .forEach(object -> listed.add(object.key()));
        assertThat(listed).containsExactly("l/..", "l/a", "l/a/", "l/a//b", "l/a/b", "l/b%20c", "l/b+c", "l/ü", "l/😀");
        for (String key : keys) {
            assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key(key)).asUtf8String())
                    .isEqualTo(key);
        }
    }

    @Test
    void manyRequestsGoOnAtOnceWithTheAsynchronousClient(S3Server server) {
        try (S3AsyncClient s3 = asynchronous(server).build()) {
            s3.createBucket(r -> r.bucket("sdk-async")).join();
            List<CompletableFuture<PutObjectResponse>> puts = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String key = "k" + i;
                byte[] body = Trees.bytes(i, i * 100);
                puts.add(s3.putObject(r -> r.bucket("sdk-async").key(key), AsyncRequestBody.fromBytes(body)));
            }
            puts.forEach(CompletableFuture::join);
            for (int i = 0; i < 200; i++) {
                String key = "k" + i;
                byte[] got = s3.getObject(r -> r.bucket("sdk-async").key(key), AsyncResponseTransformer.toBytes())
                        .join()
                        .asByteArrayUnsafe();
                assertThat(got).isEqualTo(Trees.bytes(i, i * 100));
            }
        }
        try (S3Client s3 = SdkClients.pathStyle(server)) {
            SdkClients.removeBucket(s3, "sdk-async");
        }
    }

    @Test
    void theTransferManagerMovesLargeFilesInParts(S3Server server) throws IOException {
        Path file = Trees.file(folder.resolve("large"), 77, 30_000_000);
        Path back = folder.resolve("back");
        try (S3Client s3 = SdkClients.pathStyle(server);
                S3AsyncClient inParts =
                        asynchronous(server).multipartEnabled(true).build();
                S3AsyncClient whole = asynchronous(server).build();
                S3TransferManager uploads =
                        S3TransferManager.builder().s3Client(inParts).build();
                S3TransferManager downloads =
                        S3TransferManager.builder().s3Client(whole).build()) {
            s3.createBucket(r -> r.bucket("sdk-transfer"));
            uploads.uploadFile(u -> u.source(file)
                            .putObjectRequest(r -> r.bucket("sdk-transfer").key("large")))
                    .completionFuture()
                    .join();
            assertThat(s3.headObject(r -> r.bucket("sdk-transfer").key("large")).eTag())
                    .contains("-");
            downloads
                    .downloadFile(d -> d.destination(back)
                            .getObjectRequest(r -> r.bucket("sdk-transfer").key("large")))
                    .completionFuture()
                    .join();
            assertThat(Files.mismatch(file, back)).isEqualTo(-1);
            SdkClients.removeBucket(s3, "sdk-transfer");
        }
    }

    private static S3AsyncClientBuilder asynchronous(S3Server server) {
        return S3AsyncClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(SdkClients.credentials(server))
                .forcePathStyle(true)
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(32));
    }
}

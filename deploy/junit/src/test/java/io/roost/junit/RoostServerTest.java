package io.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.objectstore.http.SelfSignedCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

class RoostServerTest {
    private static S3Client client(RoostServer server) {
        return (S3Client) AwsSdkClients.of(S3Client.class, server);
    }

    private static S3Client stranger(RoostServer server, String secret) {
        return S3Client.builder()
                .endpointOverride(server.endpoint())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(
                        () -> AwsBasicCredentials.create(server.credentials().accessKey(), secret))
                .forcePathStyle(true)
                .build();
    }

    @Test
    void storesAndReadsWithRealSignatures() {
        try (RoostServer server = RoostServer.start();
                S3Client s3 = client(server)) {
            s3.createBucket(r -> r.bucket("signed"));
            s3.putObject(r -> r.bucket("signed").key("a key"), RequestBody.fromString("value"));
            assertThat(s3.getObjectAsBytes(r -> r.bucket("signed").key("a key")).asUtf8String())
                    .isEqualTo("value");
            try (S3Client wrong = stranger(server, "not the secret")) {
                assertThatThrownBy(() -> wrong.listBuckets()).isInstanceOfSatisfying(S3Exception.class, refused -> {
                    assertThat(refused.statusCode()).isEqualTo(403);
                    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("SignatureDoesNotMatch");
                });
            }
        }
    }

    @Test
    void acceptsTheKeysGivenAndAnyRegion() {
        try (RoostServer server =
                        RoostServer.builder().keys("my-key", "my-secret").start();
                S3Client s3 = stranger(server, "my-secret")) {
            assertThat(server.credentials()).isEqualTo(new RoostCredentials("my-key", "my-secret", "us-east-1"));
            assertThat(server.credentials().toString()).doesNotContain("my-secret");
            assertThat(s3.listBuckets().buckets()).isEmpty();
        }
    }

    @Test
    void makesBucketsAtTheStart() {
        try (RoostServer server =
                        RoostServer.builder().buckets("first", "second").start();
                S3Client s3 = client(server)) {
            assertThat(s3.listBuckets().buckets())
                    .extracting(bucket -> bucket.name())
                    .containsExactly("first", "second");
            assertThat(server.hasBucket("first")).isTrue();
            assertThat(server.hasBucket("third")).isFalse();
        }
    }

    @Test
    void removesItsTemporaryFolderAtTheEnd() {
        RoostServer server = RoostServer.start();
        Path folder = server.dataFolder();
        assertThat(folder).isDirectory();
        server.close();
        assertThat(folder).doesNotExist();
        server.close();
    }

    @Test
    void keepsDataAndKeysInAFolderOfItsOwn(@TempDir Path parent) {
        RoostServer.Builder builder = RoostServer.builder().dataFolder(parent.resolve("data"));
        RoostCredentials credentials;
        try (RoostServer server = builder.start();
                S3Client s3 = client(server)) {
            credentials = server.credentials();
            server.createBucket("kept");
            s3.putObject(r -> r.bucket("kept").key("k"), RequestBody.fromString("still here"));
        }
        try (RoostServer server = builder.start();
                S3Client s3 = client(server)) {
            assertThat(server.credentials()).isEqualTo(credentials);
            assertThat(s3.getObjectAsBytes(r -> r.bucket("kept").key("k")).asUtf8String())
                    .isEqualTo("still here");
        }
    }

    @Test
    void runsBesideOthers() {
        try (RoostServer one = RoostServer.builder().buckets("of-one").start();
                RoostServer two = RoostServer.builder().buckets("of-two").start();
                S3Client toOne = client(one);
                S3Client toTwo = client(two)) {
            assertThat(one.endpoint()).isNotEqualTo(two.endpoint());
            assertThat(toOne.listBuckets().buckets())
                    .extracting(bucket -> bucket.name())
                    .containsExactly("of-one");
            assertThat(toTwo.listBuckets().buckets())
                    .extracting(bucket -> bucket.name())
                    .containsExactly("of-two");
        }
    }

    @Test
    void saysWhichPortIsTaken() {
        try (RoostServer server = RoostServer.start()) {
            int port = server.endpoint().getPort();
            assertThatThrownBy(() -> RoostServer.builder().port(port).start().close())
                    .isInstanceOf(RoostException.class)
                    .hasMessageContaining(String.valueOf(port));
        }
    }

    @Test
    void saysThatAFolderIsInUse(@TempDir Path folder) {
        RoostServer.Builder builder = RoostServer.builder().dataFolder(folder);
        try (RoostServer server = builder.start()) {
            assertThat(server.dataFolder()).isEqualTo(folder);
            assertThatThrownBy(() -> builder.start().close())
                    .isInstanceOf(RoostException.class)
                    .hasMessageContaining(folder.toString());
        }
    }

    @Test
    void refusesABucketNameThatS3Refuses() {
        assertThatThrownBy(
                        () -> RoostServer.builder().buckets("No_Bucket").start().close())
                .isInstanceOf(RoostException.class)
                .hasMessageContaining("No_Bucket");
    }

    @Test
    void speaksHttpsThatItsOwnContextTrusts() throws IOException, InterruptedException {
        try (RoostServer server =
                        RoostServer.builder().selfSignedTls().buckets("tls").start();
                S3Client s3 = client(server);
                S3AsyncClient async = (S3AsyncClient) AwsSdkClients.of(S3AsyncClient.class, server)) {
            assertThat(server.endpoint().getScheme()).isEqualTo("https");
            HttpClient http = HttpClient.newBuilder()
                    .sslContext(server.sslContext().orElseThrow())
                    .build();
            HttpResponse<String> answer =
                    http.send(HttpRequest.newBuilder(server.endpoint()).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(s3.listBuckets().buckets()).hasSize(1);
            assertThat(async.listBuckets().join().buckets()).hasSize(1);
        }
    }

    @Test
    void speaksHttpsWithACertificateGiven(@TempDir Path folder) throws IOException {
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        SelfSignedCertificate made = SelfSignedCertificate.forDevelopment(Instant.now(), new SecureRandom());
        Files.writeString(certificate, made.certificatePem());
        Files.writeString(key, made.keyPem());
        try (RoostServer server = RoostServer.builder().tls(certificate, key).start();
                S3Client s3 = client(server)) {
            assertThat(server.certificatePem()).contains(made.certificatePem());
            assertThat(s3.listBuckets().buckets()).isEmpty();
        }
    }

    @Test
    void removesABucketWithAllThatIsInIt() {
        try (RoostServer server = RoostServer.builder().buckets("full", "other").start();
                S3Client s3 = client(server)) {
            s3.putObject(r -> r.bucket("other").key("stays"), RequestBody.fromString("x"));
            for (int i = 0; i < 50; i++) {
                String key = "key " + i;
                s3.putObject(r -> r.bucket("full").key(key), RequestBody.fromString("body"));
            }
            s3.putObject(r -> r.bucket("full").key("large"), RequestBody.fromBytes(new byte[9 << 20]));
            String upload =
                    s3.createMultipartUpload(r -> r.bucket("full").key("parts")).uploadId();
            s3.uploadPart(
                    r -> r.bucket("full").key("parts").uploadId(upload).partNumber(1),
                    RequestBody.fromBytes(new byte[6 << 20]));
            server.removeBucket("full");
            assertThat(s3.listBuckets().buckets())
                    .extracting(bucket -> bucket.name())
                    .containsExactly("other");
            assertThat(s3.listObjectsV2(r -> r.bucket("other")).contents()).hasSize(1);
            // There is none any more: nothing to do.
            server.removeBucket("full");
        }
    }

    @Test
    void hangsUpAndSaysWhyWhenItsDiskFails() throws IOException {
        RoostServer server = RoostServer.builder().buckets("bucket").start();
        Path folder = server.dataFolder();
        try (S3Client s3 = client(server)) {
            // Large enough for a data file, for which there is no place any more.
            removeAll(folder.resolve("osd.0").resolve("data"));
            assertThatThrownBy(() ->
                            s3.putObject(r -> r.bucket("bucket").key("k"), RequestBody.fromBytes(new byte[1 << 20])))
                    .isInstanceOf(SdkException.class);
            assertThat(server.failure()).isPresent();
            assertThatThrownBy(server::check)
                    .isInstanceOf(RoostException.class)
                    .hasMessageContaining("failed")
                    .hasCause(server.failure().orElseThrow());
            assertThatThrownBy(() -> server.createBucket("another")).isInstanceOf(RoostException.class);
        } finally {
            server.close();
        }
        assertThat(folder).doesNotExist();
        // Nothing of it is left that another would meet.
        try (RoostServer next = RoostServer.start();
                S3Client s3 = client(next)) {
            assertThat(s3.listBuckets().buckets()).isEmpty();
        }
    }

    private static void removeAll(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }

    @Test
    void endpointIsOfTheLoopbackAddress() {
        try (RoostServer server = RoostServer.start()) {
            URI endpoint = server.endpoint();
            assertThat(endpoint.getScheme()).isEqualTo("http");
            assertThat(endpoint.getHost()).isEqualTo("127.0.0.1");
            assertThat(server.sslContext()).isEmpty();
            assertThat(server.certificatePem()).isEmpty();
        }
    }
}

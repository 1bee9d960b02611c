package io.roost.objectstore.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.objectstore.RequestHeaders;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** URLs made by the AWS SDK's presigner verify. It reads the clock, so the gateway's time is taken from the URL. */
class S3PresignerTest {
    private S3Presigner presigner;

    private void presignerOf(String endpoint) {
        presigner = S3Presigner.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(SdkSigner.KEY.id(), SdkSigner.KEY.secret())))
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build();
    }

    @AfterEach
    void close() {
        presigner.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:9000", "https://localhost:9000"})
    void presignedGetVerifies(String endpoint) {
        presignerOf(endpoint);
        PresignedRequest presigned = presigner.presignGetObject(p -> p.signatureDuration(Duration.ofMinutes(10))
                .getObjectRequest(g -> g.bucket("bucket").key("a b/ü+%//..").responseContentType("text/plain")));
        assertThat(verify(presigned).payload()).isEqualTo(PayloadMode.Unsigned.INSTANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:9000", "https://localhost:9000"})
    void presignedPutVerifiesWithItsSignedHeaders(String endpoint) {
        presignerOf(endpoint);
        PresignedRequest presigned = presigner.presignPutObject(p -> p.signatureDuration(Duration.ofMinutes(10))
                .putObjectRequest(g ->
                        g.bucket("bucket").key("key").contentType("text/plain").metadata(Map.of("k", "v"))));
        assertThat(verify(presigned).payload()).isEqualTo(PayloadMode.Unsigned.INSTANCE);
    }

    private static Authenticated verify(PresignedRequest presigned) {
        URL url = presigned.url();
        RequestHeaders.Builder headers = new RequestHeaders.Builder();
        for (Map.Entry<String, List<String>> header : presigned.signedHeaders().entrySet()) {
            header.getValue().forEach(value -> headers.add(header.getKey(), value));
        }
        AmzDate date = AmzDate.ofBasic(QueryString.of(url.getQuery()).only("X-Amz-Date"));
        RawRequest request = new RawRequest(
                presigned.httpRequest().method().name(), url.getPath(), url.getQuery(), headers.build(), date.millis());
        return SdkSigner.authenticate(request, SdkSigner.RULES);
    }
}

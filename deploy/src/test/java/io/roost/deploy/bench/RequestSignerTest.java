package io.roost.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Against AWS's published example and against the signer of AWS's SDK. */
class RequestSignerTest {
    private static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    private static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    /** AWS, "Signature Calculations for the Authorization Header": example GET Object. */
    @Test
    void signsThePublishedExample() {
        RequestSigner signer = new RequestSigner(ACCESS_KEY, SECRET_KEY, "us-east-1");
        long time = Instant.parse("2013-05-24T00:00:00Z").getEpochSecond();
        String authorization = signer.authorization(
                "GET",
                "/test.txt",
                "",
                List.of(
                        new RequestSigner.Header("host", "examplebucket.s3.amazonaws.com"),
                        new RequestSigner.Header("range", "bytes=0-9"),
                        new RequestSigner.Header("x-amz-content-sha256", RequestSigner.EMPTY_SHA256),
                        new RequestSigner.Header("x-amz-date", "20130524T000000Z")),
                RequestSigner.EMPTY_SHA256,
                time);
        assertThat(authorization)
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    @Test
    void signsAsTheAwsSdkDoes() {
        long seed = System.nanoTime();
        System.out.println("RequestSignerTest seed " + seed);
        Random random = new Random(seed);
        // One signer for all, so that the keys kept for a day and the time of a second are replaced in between.
        RequestSigner signer = new RequestSigner(ACCESS_KEY, SECRET_KEY, "eu-central-1");
        for (int i = 0; i < 200; i++) {
            Instant time = Instant.ofEpochSecond(1_400_000_000L + random.nextInt(1_000_000_000));
            boolean isSigned = random.nextBoolean();
            byte[] body = new byte[random.nextInt(300)];
            random.nextBytes(body);
            SdkHttpRequest request = request(random);
            SdkHttpRequest bySdk = sdkSigned(request, body, time, isSigned);
            String hash = isSigned ? signer.payloadHash(body) : RequestSigner.UNSIGNED_PAYLOAD;
            assertThat(bySdk.firstMatchingHeader("x-amz-content-sha256")).hasValue(hash);
            assertThat(signer.timestamp(time.getEpochSecond()))
                    .isEqualTo(bySdk.firstMatchingHeader("X-Amz-Date").orElseThrow());
            List<RequestSigner.Header> headers = new ArrayList<>();
            headers.add(new RequestSigner.Header("host", "s3.example.org:9000"));
            headers.add(new RequestSigner.Header("x-amz-content-sha256", hash));
            headers.add(new RequestSigner.Header("x-amz-date", signer.timestamp(time.getEpochSecond())));
            request.firstMatchingHeader("x-amz-meta-a")
                    .ifPresent(value -> headers.add(new RequestSigner.Header("x-amz-meta-a", value)));
            String authorization = signer.authorization(
                    request.method().name(),
                    request.encodedPath(),
                    request.encodedQueryParameters().orElse(""),
                    headers,
                    hash,
                    time.getEpochSecond());
            assertThat(authorization)
                    .isEqualTo(bySdk.firstMatchingHeader("Authorization").orElseThrow());
        }
    }

    private static SdkHttpRequest request(Random random) {
        SdkHttpMethod[] methods = {SdkHttpMethod.GET, SdkHttpMethod.PUT, SdkHttpMethod.DELETE, SdkHttpMethod.HEAD};
        SdkHttpRequest.Builder builder = SdkHttpRequest.builder()
                .method(methods[random.nextInt(methods.length)])
                .uri(URI.create("https://s3.example.org:9000"))
                .encodedPath("/bucket/k%20" + Integer.toHexString(random.nextInt()))
                .putHeader("Host", "s3.example.org:9000");
        if (random.nextBoolean()) {
            builder.putRawQueryParameter("list-type", "2");
            builder.putRawQueryParameter("prefix", "a/" + random.nextInt(1000));
        }
        if (random.nextBoolean()) {
            builder.putHeader("x-amz-meta-a", "v" + random.nextInt());
        }
        return builder.build();
    }

    private static SdkHttpRequest sdkSigned(SdkHttpRequest request, byte[] body, Instant time, boolean isSigned) {
        return AwsV4HttpSigner.create()
                .sign(r -> r.identity(AwsCredentialsIdentity.create(ACCESS_KEY, SECRET_KEY))
                        .request(request)
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1")
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                        .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, isSigned)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC)))
                .request();
    }

    @Test
    void hashesAnEmptyPayloadToTheKnownConstant() {
        RequestSigner signer = new RequestSigner(ACCESS_KEY, SECRET_KEY, "us-east-1");
        assertThat(signer.payloadHash("".getBytes(StandardCharsets.UTF_8))).isEqualTo(RequestSigner.EMPTY_SHA256);
    }
}

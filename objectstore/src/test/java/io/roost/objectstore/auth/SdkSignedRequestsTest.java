package io.roost.objectstore.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.S3Exception;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/** Random requests signed by the AWS SDK verify: keys, parameters and header values of any characters. */
class SdkSignedRequestsTest {
    private static final long SEED = 20260112;
    private static final String[] ODD = {
        "a", "B", "7", "-", "_", ".", "~", "/", "//", "..", "+", "%", "%2F", " ", "  ", "&", "=", "?", "#", "$", "!",
        "*", "'", "(", ")", ":", "@", ",", ";", "é", "漢", "😀", "\t", "\u0001", "\\", "\"", "<", "|", "^", "`", "{"
    };

    @Test
    void headerSignaturesVerify() throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < 2000; round++) {
            SdkSigner.Request request = randomRequest(random, round % 2 == 0 ? "http" : "https");
            byte[] body = new byte[random.nextInt(200)];
            random.nextBytes(body);
            // The SDK signs payloads over plain HTTP whatever it is told.
            boolean hashed = round % 2 == 0;
            request.body(hashed ? SdkSigner.Body.HASHED : SdkSigner.Body.UNSIGNED, body);

            SdkSigner.Signed signed = request.sign();
            Authenticated authenticated = authenticate(signed, round);

            assertThat(authenticated.identity()).isEqualTo(SdkSigner.KEY.identity());
            assertThat(authenticated.payload())
                    .isEqualTo(
                            hashed
                                    ? new PayloadMode.Hashed(Bytes.wrap(
                                            MessageDigest.getInstance("SHA-256").digest(body)))
                                    : PayloadMode.Unsigned.INSTANCE);
        }
    }

    @Test
    void presignedUrlsVerify() {
        Random random = new Random(SEED + 1);
        for (int round = 0; round < 1000; round++) {
            SdkSigner.Request request =
                    randomRequest(random, "https").presigned(Duration.ofSeconds(1 + random.nextInt(604_800)));
            SdkSigner.Signed signed = request.sign();
            assertThat(signed.request().query()).contains("X-Amz-Signature=");
            assertThat(authenticate(signed, round).payload()).isEqualTo(PayloadMode.Unsigned.INSTANCE);
        }
    }

    private static Authenticated authenticate(SdkSigner.Signed signed, int round) {
        try {
            return signed.authenticate();
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "seed " + SEED + ", round " + round + ": " + signed.request() + " "
                            + SdkSigner.headers(signed.request())
                            + (e instanceof S3Exception refused ? refused.details() : ""),
                    e);
        }
    }

    private static SdkSigner.Request randomRequest(Random random, String scheme) {
        String[] methods = {"GET", "PUT", "POST", "DELETE", "HEAD"};
        String key = text(random, 12);
        String authority = random.nextBoolean() ? "localhost:9000/bucket/" : "bucket.s3.localhost/";
        SdkSigner.Request request = new SdkSigner.Request(
                methods[random.nextInt(methods.length)],
                scheme + "://" + authority + SdkHttpUtils.urlEncodeIgnoreSlashes(key));
        for (int i = random.nextInt(5); i > 0; i--) {
            request.parameter("p" + text(random, 3), random.nextInt(4) == 0 ? "" : text(random, 8));
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            // Header values cannot hold control characters, and the SDK signs UTF-8 bytes.
            request.header(
                    "x-amz-meta-" + (char) ('a' + random.nextInt(4)),
                    text(random, 6).replaceAll("\\p{Cntrl}", ""));
        }
        return request;
    }

    private static String text(Random random, int maxPieces) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(maxPieces); i > 0; i--) {
            text.append(ODD[random.nextInt(ODD.length)]);
        }
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}

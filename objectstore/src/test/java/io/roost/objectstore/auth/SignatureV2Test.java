package io.roost.objectstore.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What version 2 signs cannot be changed, and what it does not sign cannot do anything. */
class SignatureV2Test {
    private static final AuthenticationRules RULES = new AuthenticationRules(
            "us-east-1",
            AuthenticationRules.RegionRule.EXACT,
            AuthenticationRules.SignatureV2Rule.ACCEPTED,
            List.of("s3.localhost"));
    private static final String DATE = "Fri, 24 May 2013 00:00:00 GMT";
    private static final String STRING_TO_SIGN = "PUT\nXUFAKrxLKna5cZ2REBfFkg==\ntext/plain\n" + DATE
            + "\nx-amz-acl:private\nx-amz-meta-a:1,2\n/bucket/key%20a?partNumber=1&uploadId=a b";

    private final RawRequest put =
            put("/bucket/key%20a", "uploadId=a%20b&partNumber=1&x-id=UploadPart", "localhost:9000");

    private static RawRequest put(String path, String query, String host) {
        return new RawRequest(
                "PUT",
                path,
                query,
                RequestHeaders.of(
                        "Host", host,
                        "Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==",
                        "Content-Type", "text/plain",
                        "Date", DATE,
                        "x-amz-meta-a", "1",
                        "x-amz-acl", "private",
                        "X-Amz-Meta-A", " 2 ",
                        "Authorization", "AWS " + SdkSigner.KEY.id() + ":" + sign(STRING_TO_SIGN)),
                SdkSigner.NOW_MILLIS);
    }

    private static String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(SdkSigner.KEY.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theWholeOfARequestVerifies() {
        assertThat(SdkSigner.authenticate(put, RULES).identity()).isEqualTo(SdkSigner.KEY.identity());
        // The same bucket named by the host.
        assertThat(SdkSigner.authenticate(put("/key%20a", put.query(), "Bucket.S3.localhost:9000"), RULES))
                .isNotNull();
        assertThat(SdkSigner.authenticate(put("/key%20a", put.query(), "bucket.s3.localhost"), RULES))
                .isNotNull();
    }

    @Test
    void everyChangedSignedHeaderIsRefused() {
        for (String name :
                List.of("content-md5", "content-type", "date", "x-amz-acl", "x-amz-meta-a", "authorization")) {
            List<String> headers = SdkSigner.headers(put);
            int at = headers.indexOf(name) + 1;
            headers.set(
                    at,
                    name.equals("date")
                            ? "Fri, 24 May 2013 00:00:01 GMT"
                            : headers.get(at).replaceAll(".$", "~"));
            assertThat(refusal(SdkSigner.with(put, headers))).as(name).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
    }

    @Test
    void addedAmzHeadersAreRefused() {
        List<String> headers = SdkSigner.headers(put);
        headers.addAll(List.of("x-amz-copy-source", "/secret/key"));
        assertThat(refusal(SdkSigner.with(put, headers))).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void anotherMethodPathOrBucketIsRefused() {
        RawRequest get = new RawRequest("GET", put.path(), put.query(), put.headers(), put.nowMillis());
        assertThat(refusal(get)).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        for (String path :
                List.of("/bucket/key", "/bucket/key%20b", "/bucket//key%20a", "/bucket/key+a", "/other/key%20a")) {
            assertThat(refusal(put(path, put.query(), "localhost"))).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
        assertThat(refusal(put("/key%20a", put.query(), "other.s3.localhost")))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"acl", "delete", "tagging", "versionId=1", "response-content-type=a", "policy", "website"})
    void addedSubResourcesAreRefused(String parameter) {
        assertThat(refusal(put(put.path(), put.query() + "&" + parameter, "localhost")))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"retention", "legal-hold", "encryption", "publicAccessBlock", "x-amz-acl=public-read", "new"})
    void parametersItCannotCoverAreRefused(String parameter) {
        assertThat(refusal(put(put.path(), put.query() + "&" + parameter, "localhost")))
                .isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void aSubResourceGivenTwiceIsRefused() {
        assertThat(refusal(put(put.path(), put.query() + "&partNumber=2", "localhost")))
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void theClockCounts() {
        RawRequest late = new RawRequest(
                put.method(), put.path(), put.query(), put.headers(), SdkSigner.NOW_MILLIS + 15 * 60_000 + 1);
        assertThat(refusal(late)).isEqualTo(S3Error.REQUEST_TIME_TOO_SKEWED);
    }

    @Test
    void amzDateTakesThePlaceOfDate() {
        String toSign = "GET\n\n\n\nx-amz-date:" + DATE + "\n/bucket";
        RequestHeaders headers = RequestHeaders.of(
                "Host",
                "localhost",
                "Date",
                "Thu, 01 Jan 1970 00:00:00 GMT",
                "x-amz-date",
                DATE,
                "Authorization",
                "AWS " + SdkSigner.KEY.id() + ":" + sign(toSign));
        assertThat(SdkSigner.authenticate(
                        new RawRequest("GET", "/bucket", "prefix=a&marker=b", headers, SdkSigner.NOW_MILLIS), RULES))
                .isNotNull();
    }

    @Test
    void aHeaderWithoutColonIsRefused() {
        RequestHeaders headers = RequestHeaders.of("Host", "localhost", "Date", DATE, "Authorization", "AWS AKIA");
        assertThat(refusal(new RawRequest("GET", "/", "", headers, SdkSigner.NOW_MILLIS)))
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    private static S3Error refusal(RawRequest request) {
        S3Exception refused = catchThrowableOfType(S3Exception.class, () -> SdkSigner.authenticate(request, RULES));
        assertThat(refused).as("accepted: %s", request).isNotNull();
        return refused.error();
    }
}

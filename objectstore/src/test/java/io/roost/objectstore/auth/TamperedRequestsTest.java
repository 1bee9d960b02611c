package io.roost.objectstore.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A request changed in any way after it was signed is refused, with the code AWS answers. */
class TamperedRequestsTest {
    private static final byte[] BODY = "hello".getBytes(StandardCharsets.UTF_8);
    private static final long SKEW_MILLIS = Duration.ofMinutes(15).toMillis();

    private final RawRequest put = new SdkSigner.Request("PUT", "http://s3.localhost:9000/bucket/key%20a")
            .header("Content-Type", "text/plain")
            .header("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==")
            .header("x-amz-acl", "private")
            .header("x-amz-meta-color", "blue")
            .header("x-amz-copy-source", "/other/key")
            .parameter("partNumber", "1")
            .parameter("uploadId", "abc")
            .parameter("flag", "")
            .body(SdkSigner.Body.HASHED, BODY)
            .sign()
            .request();

    private final RawRequest url = new SdkSigner.Request("PUT", "https://s3.localhost:9000/bucket/key%20a")
            .header("x-amz-meta-color", "blue")
            .parameter("partNumber", "1")
            .presigned(Duration.ofMinutes(5))
            .sign()
            .request();

    @Test
    void untouchedRequestsPass() {
        assertThat(SdkSigner.authenticate(put, SdkSigner.RULES).identity()).isEqualTo(SdkSigner.KEY.identity());
        assertThat(SdkSigner.authenticate(url, SdkSigner.RULES).identity()).isEqualTo(SdkSigner.KEY.identity());
    }

    @Test
    void everyChangedSignedHeaderIsRefused() {
        for (RawRequest request : List.of(put, url)) {
            for (int i = 0; i < request.headers().count(); i++) {
                String name = request.headers().name(i);
                if (name.equals("authorization")) {
                    continue;
                }
                String changed = change(request.headers().value(i));
                assertThat(refusal(withHeader(request, i, name, changed)))
                        .as(name)
                        .isIn(S3Error.SIGNATURE_DOES_NOT_MATCH, codeOfMalformed(name));
            }
        }
    }

    /** Some headers have a form of their own, so that changing a character breaks the form and not the signature. */
    private static S3Error codeOfMalformed(String name) {
        return switch (name) {
            case "x-amz-date" -> S3Error.ACCESS_DENIED;
            case "x-amz-content-sha256" -> S3Error.INVALID_ARGUMENT;
            default -> S3Error.SIGNATURE_DOES_NOT_MATCH;
        };
    }

    @Test
    void anotherValidContentHashIsRefused() {
        for (String hash : List.of(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "UNSIGNED-PAYLOAD",
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")) {
            assertThat(refusal(replaceHeader(put, "x-amz-content-sha256", hash)))
                    .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
    }

    @Test
    void everyRemovedSignedHeaderIsRefused() {
        for (RawRequest request : List.of(put, url)) {
            for (int i = 0; i < request.headers().count(); i++) {
                String name = request.headers().name(i);
                if (name.equals("authorization")) {
                    continue;
                }
                List<String> headers = SdkSigner.headers(request);
                headers.subList(2 * i, 2 * i + 2).clear();
                S3Error expected = switch (name) {
                    case "x-amz-date" -> S3Error.ACCESS_DENIED;
                    case "x-amz-content-sha256" -> S3Error.INVALID_REQUEST;
                    default -> S3Error.SIGNATURE_DOES_NOT_MATCH;
                };
                assertThat(refusal(SdkSigner.with(request, headers))).as(name).isEqualTo(expected);
            }
        }
    }

    @Test
    void everySignedHeaderSentTwiceIsRefused() {
        for (RawRequest request : List.of(put, url)) {
            for (int i = 0; i < request.headers().count(); i++) {
                String name = request.headers().name(i);
                List<String> headers = SdkSigner.headers(request);
                headers.add(name);
                headers.add(request.headers().value(i));
                S3Error expected = switch (name) {
                    case "authorization", "x-amz-content-sha256" -> S3Error.INVALID_ARGUMENT;
                    default -> S3Error.SIGNATURE_DOES_NOT_MATCH;
                };
                assertThat(refusal(SdkSigner.with(request, headers))).as(name).isEqualTo(expected);
            }
        }
    }

    @Test
    void unsignedAmzHeadersAreRefusedByName() {
        for (RawRequest request : List.of(put, url)) {
            for (String name :
                    List.of("x-amz-tagging", "x-amz-copy-source-range", "X-Amz-Meta-New", "x-amz-object-lock-mode")) {
                List<String> headers = SdkSigner.headers(request);
                headers.add(name);
                headers.add("value");
                S3Exception refused = refused(SdkSigner.with(request, headers));
                assertThat(refused.error()).isEqualTo(S3Error.ACCESS_DENIED);
                assertThat(refused).hasMessage("There were headers present in the request which were not signed");
                assertThat(refused.details())
                        .containsExactly(
                                new S3Exception.Detail("HeadersNotSigned", name.toLowerCase(java.util.Locale.ROOT)));
            }
        }
    }

    @Test
    void unsignedCopySourceOnAnUploadUrlIsRefused() {
        List<String> headers = SdkSigner.headers(url);
        headers.addAll(List.of("x-amz-copy-source", "/secret/key"));
        assertThat(refusal(SdkSigner.with(url, headers))).isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void hostMustBeSigned() {
        RawRequest request = authorization(put, text -> text.replace(";host;", ";"));
        assertThat(refused(request).details()).containsExactly(new S3Exception.Detail("HeadersNotSigned", "host"));
    }

    @Test
    void droppingASignedHeaderFromTheListIsRefused() {
        assertThat(refusal(authorization(put, text -> text.replace(";x-amz-copy-source", ""))))
                .isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(refusal(authorization(put, text -> text.replace("content-md5;", ""))))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void unsignedHeadersOfOtherKindsPass() {
        List<String> headers = SdkSigner.headers(put);
        headers.addAll(List.of("User-Agent", "any", "x-amzn-trace-id", "Root=1", "Expect", "100-continue"));
        assertThat(SdkSigner.authenticate(SdkSigner.with(put, headers), SdkSigner.RULES)
                        .identity())
                .isEqualTo(SdkSigner.KEY.identity());
    }

    @Test
    void anotherMethodIsRefused() {
        for (RawRequest request : List.of(put, url)) {
            for (String method : List.of("GET", "POST", "DELETE", "HEAD", "put")) {
                assertThat(refusal(new RawRequest(
                                method, request.path(), request.query(), request.headers(), request.nowMillis())))
                        .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
            }
        }
    }

    @Test
    void anotherPathIsRefused() {
        for (RawRequest request : List.of(put, url)) {
            for (String path : List.of(
                    "/bucket/key%20b",
                    "/bucket/key%2520a",
                    "/bucket//key%20a",
                    "/bucket/./key%20a",
                    "/bucket/x/../key%20a",
                    "/bucket/key%20a/",
                    "/bucket/key+a",
                    "/Bucket/key%20a",
                    "//bucket/key%20a",
                    "/bucket%2Fkey%20a%00")) {
                assertThat(refusal(path(request, path))).as(path).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
            }
            assertThat(refusal(path(request, "/bucket/key%2"))).isEqualTo(S3Error.INVALID_URI);
            assertThat(refusal(path(request, "/bucket/key%zz"))).isEqualTo(S3Error.INVALID_URI);
        }
    }

    @Test
    void anotherQueryIsRefused() {
        List<UnaryOperator<String>> changes = List.of(
                query -> query.replace("partNumber=1", "partNumber=2"),
                query -> query.replace("partNumber=1", "PartNumber=1"),
                query -> query.replace("partNumber=1", "partNumber=1&partNumber=1"),
                query -> query.replace("partNumber=1", "partNumber"),
                query -> query.replace("partNumber=1&", "").replace("&partNumber=1", ""),
                query -> query + "&acl",
                query -> query + "&versionId=v",
                query -> query + "&x-amz-acl=public-read");
        for (RawRequest request : List.of(put, url)) {
            for (UnaryOperator<String> change : changes) {
                String changed = change.apply(request.query());
                assertThat(changed).isNotEqualTo(request.query());
                assertThat(refusal(query(request, changed))).as(changed).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
            }
        }
    }

    @Test
    void equivalentFormsOfPathAndQueryPass() {
        assertThat(SdkSigner.authenticate(path(put, "/bu%63ket/key%20%61"), SdkSigner.RULES))
                .isNotNull();
        assertThat(SdkSigner.authenticate(query(put, "uploadId=abc&flag=&partNumber=%31"), SdkSigner.RULES))
                .isNotNull();
        assertThat(SdkSigner.authenticate(query(put, "&flag&uploadId=abc&&partNumber=1"), SdkSigner.RULES))
                .isNotNull();
    }

    @Test
    void anyChangeOfTheSignatureIsRefused() {
        String authorization = put.headers().first("authorization");
        int begin = authorization.indexOf("Signature=") + "Signature=".length();
        for (int i = begin; i < authorization.length(); i++) {
            char c = authorization.charAt(i) == '0' ? '1' : '0';
            String changed = authorization.substring(0, i) + c + authorization.substring(i + 1);
            assertThat(refusal(replaceHeader(put, "authorization", changed)))
                    .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
        assertThat(refusal(authorization(put, text -> text.substring(0, text.length() - 1))))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refusal(authorization(put, text -> text + "0"))).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refusal(query(url, url.query().replaceAll("X-Amz-Signature=.", "X-Amz-Signature=g"))))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void anotherRegionIsMalformedNamingOurs() {
        S3Exception refused = refused(authorization(put, text -> text.replace("us-east-1", "eu-west-1")));
        assertThat(refused.error()).isEqualTo(S3Error.AUTHORIZATION_HEADER_MALFORMED);
        assertThat(refused)
                .hasMessage("The authorization header is malformed; the region 'eu-west-1' is wrong; expecting"
                        + " 'us-east-1'");
        assertThat(refused.details()).containsExactly(new S3Exception.Detail("Region", "us-east-1"));
        assertThat(refusal(query(url, url.query().replace("us-east-1", "eu-west-1"))))
                .isEqualTo(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);

        AuthenticationRules any = new AuthenticationRules(
                "us-east-1",
                AuthenticationRules.RegionRule.ANY,
                AuthenticationRules.SignatureV2Rule.REFUSED,
                List.of());
        RawRequest moved = authorization(put, text -> text.replace("us-east-1", "eu-west-1"));
        assertThat(catchThrowableOfType(S3Exception.class, () -> SdkSigner.authenticate(moved, any))
                        .error())
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void anotherScopeIsMalformed() {
        for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(
                text -> text.replace("/s3/", "/ec2/"),
                text -> text.replace("aws4_request", "aws5_request"),
                text -> text.replace("/20130524/", "/20130525/"),
                text -> text.replace("/20130524/", "/2013052/"),
                text -> text.replace("/20130524/", "/20131324/"),
                text -> text.replace("AKIAIOSFODNN7EXAMPLE/", ""),
                text -> text.replace("Credential=", "Credentials="),
                text -> text.replace("SignedHeaders=", "SignedHeaders=;"),
                text -> text.replace("host;", "host;host;"),
                text -> text.replace("SignedHeaders=", "Unknown="),
                text -> text + ", Signature=0",
                text -> text.replace(", Signature=", " Signature="))) {
            RawRequest changed = authorization(put, change);
            assertThat(refusal(changed))
                    .as(changed.headers().first("authorization"))
                    .isEqualTo(S3Error.AUTHORIZATION_HEADER_MALFORMED);
        }
    }

    @Test
    void anotherDateIsRefused() {
        assertThat(refusal(replaceHeader(put, "x-amz-date", "20130524T000001Z")))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refusal(replaceHeader(put, "x-amz-date", "20130523T235959Z")))
                .isEqualTo(S3Error.AUTHORIZATION_HEADER_MALFORMED);
        assertThat(refusal(query(url, url.query().replace("20130524T000000Z", "20130524T000001Z"))))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void clocksMayDifferByFifteenMinutes() {
        for (long skew : List.of(SKEW_MILLIS, -SKEW_MILLIS)) {
            assertThat(SdkSigner.authenticate(at(put, skew), SdkSigner.RULES)).isNotNull();
        }
        for (long skew : List.of(SKEW_MILLIS + 1, -SKEW_MILLIS - 1)) {
            S3Exception refused = refused(at(put, skew));
            assertThat(refused.error()).isEqualTo(S3Error.REQUEST_TIME_TOO_SKEWED);
            assertThat(refused.details()).contains(new S3Exception.Detail("MaxAllowedSkewMilliseconds", "900000"));
        }
    }

    @Test
    void presignedUrlIsGoodFromFifteenMinutesBeforeUntilItExpires() {
        long valid = Duration.ofMinutes(5).toMillis();
        for (long offset : List.of(-SKEW_MILLIS, 0L, valid - 1)) {
            assertThat(SdkSigner.authenticate(at(url, offset), SdkSigner.RULES)).isNotNull();
        }
        assertThat(refused(at(url, -SKEW_MILLIS - 1))).hasMessage("Request is not valid yet");
        S3Exception expired = refused(at(url, valid));
        assertThat(expired.error()).isEqualTo(S3Error.ACCESS_DENIED);
        assertThat(expired).hasMessage("Request has expired");
        assertThat(expired.details())
                .containsExactly(
                        new S3Exception.Detail("X-Amz-Expires", "300"),
                        new S3Exception.Detail("Expires", "2013-05-24T00:05:00Z"),
                        new S3Exception.Detail("ServerTime", "2013-05-24T00:05:00Z"));
    }

    @Test
    void prolongingAPresignedUrlIsRefused() {
        RawRequest prolonged = query(url, url.query().replace("X-Amz-Expires=300", "X-Amz-Expires=3000"));
        assertThat(refusal(at(prolonged, Duration.ofMinutes(6).toMillis())))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void malformedPresignedParametersAreNamed() {
        for (String expires : List.of("604801", "-1", "x", "", "300.5", "99999999999999999999")) {
            assertThat(refusal(query(url, url.query().replace("X-Amz-Expires=300", "X-Amz-Expires=" + expires))))
                    .as(expires)
                    .isEqualTo(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
        }
        assertThat(refusal(query(url, url.query().replace("X-Amz-Expires=300", "X-Amz-Expires=0"))))
                .isEqualTo(S3Error.ACCESS_DENIED);
        for (String name : Set.of(
                "X-Amz-Algorithm",
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-Expires",
                "X-Amz-SignedHeaders",
                "X-Amz-Signature")) {
            assertThat(refusal(query(url, url.query().replace(name + "=", "y="))))
                    .as("without " + name)
                    .isEqualTo(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
            assertThat(refusal(query(url, url.query() + "&" + name + "=1")))
                    .as(name + " twice")
                    .isEqualTo(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
        }
        assertThat(refusal(query(url, url.query().replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"))))
                .isEqualTo(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
    }

    @Test
    void twoMechanismsAreRefused() {
        List<String> headers = SdkSigner.headers(url);
        headers.addAll(List.of("Authorization", put.headers().first("authorization")));
        assertThat(refusal(SdkSigner.with(url, headers))).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refusal(query(url, url.query() + "&Signature=x&AWSAccessKeyId=y&Expires=1")))
                .isEqualTo(S3Error.INVALID_ARGUMENT);
    }

    @Test
    void unknownMechanismsAreRefused() {
        assertThat(refusal(replaceHeader(put, "authorization", "Bearer token"))).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refusal(replaceHeader(put, "authorization", "token"))).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refusal(replaceHeader(put, "authorization", "AWS AKIA:sig"))).isEqualTo(S3Error.INVALID_REQUEST);
    }

    @Test
    void sessionTokensAreRefused() {
        RawRequest request = new SdkSigner.Request("GET", "http://s3.localhost/bucket")
                .header("x-amz-security-token", "token")
                .sign()
                .request();
        assertThat(refusal(request)).isEqualTo(S3Error.INVALID_TOKEN);
        assertThat(refusal(query(url, url.query() + "&X-Amz-Security-Token=t"))).isEqualTo(S3Error.INVALID_TOKEN);
    }

    @Test
    void anotherSecretIsRefused() {
        AccessKey other = new AccessKey(SdkSigner.KEY.id(), SdkSigner.KEY.secret() + "x", SdkSigner.KEY.identity());
        Authentication.Signed claim = (Authentication.Signed) Authentication.of(put, SdkSigner.RULES);
        S3Exception refused = catchThrowableOfType(S3Exception.class, () -> claim.verify(other, new SigningKeys(1)));
        assertThat(refused.error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refused.details())
                .extracting(S3Exception.Detail::element)
                .containsExactly("AWSAccessKeyId", "StringToSign", "SignatureProvided", "CanonicalRequest");
        assertThat(claim.unknownAccessKey().error()).isEqualTo(S3Error.INVALID_ACCESS_KEY_ID);
    }

    @Test
    void noClaimIsAnonymous() {
        RawRequest request = new RawRequest(
                "GET", "/bucket/key", "", RequestHeaders.of("Host", "s3.localhost"), SdkSigner.NOW_MILLIS);
        assertThat(Authentication.of(request, SdkSigner.RULES))
                .isInstanceOfSatisfying(
                        Authentication.Anonymous.class,
                        anonymous -> assertThat(anonymous.authenticated())
                                .isEqualTo(new Authenticated(
                                        Identity.ANONYMOUS, PayloadMode.Unsigned.INSTANCE, request.headers())));
    }

    @Test
    void metadataInTheQueryOfAPresignedUrlCountsAsHeaders() {
        RawRequest hoisted = new SdkSigner.Request("PUT", "https://s3.localhost:9000/bucket/key")
                .parameter("x-amz-meta-color", "light blue")
                .parameter("x-amz-checksum-crc32", "AAAAAA==")
                .presigned(Duration.ofMinutes(5))
                .sign()
                .request();
        RequestHeaders headers =
                SdkSigner.authenticate(hoisted, SdkSigner.RULES).headers();
        assertThat(headers.first("x-amz-meta-color")).isEqualTo("light blue");
        assertThat(headers.first("host")).isEqualTo("s3.localhost:9000");
        // Real S3 ignores these, and the JavaScript SDK puts the checksum of an empty body there.
        assertThat(headers.contains("x-amz-checksum-crc32")).isFalse();
        assertThat(refusal(query(hoisted, hoisted.query().replace("light", "dark"))))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void metadataThatNoHeaderCouldHoldIsRefused() {
        for (String name :
                List.of("x-amz-meta-a\r\nb", "x-amz-meta-a:b", "x-amz-meta-a b", "x-amz-meta-", "x-amz-meta-ü")) {
            assertThat(refusal(hoisted(name, "x"))).as(name).isEqualTo(S3Error.INVALID_ARGUMENT);
        }
        for (char c = 0; c < 0x80; c++) {
            RawRequest request = hoisted("x-amz-meta-a", "a" + c + "b");
            if ((c >= ' ' && c < 0x7f) || c == '\t') {
                assertThat(SdkSigner.authenticate(request, SdkSigner.RULES)
                                .headers()
                                .first("x-amz-meta-a"))
                        .isEqualTo("a" + c + "b");
            } else {
                assertThat(refusal(request)).as("character %d", (int) c).isEqualTo(S3Error.INVALID_ARGUMENT);
            }
        }
        assertThat(SdkSigner.authenticate(hoisted("X-Amz-Meta-A", " both ends\t"), SdkSigner.RULES)
                        .headers()
                        .first("x-amz-meta-a"))
                .isEqualTo("both ends");
    }

    private static RawRequest hoisted(String name, String value) {
        return new SdkSigner.Request("PUT", "https://s3.localhost:9000/bucket/key")
                .parameter(name, value)
                .presigned(Duration.ofMinutes(5))
                .sign()
                .request();
    }

    private static S3Error refusal(RawRequest request) {
        return refused(request).error();
    }

    private static S3Exception refused(RawRequest request) {
        S3Exception refused =
                catchThrowableOfType(S3Exception.class, () -> SdkSigner.authenticate(request, SdkSigner.RULES));
        assertThat(refused)
                .as("accepted: %s %s", request, SdkSigner.headers(request))
                .isNotNull();
        return refused;
    }

    private static String change(String value) {
        char last = value.charAt(value.length() - 1);
        return value.substring(0, value.length() - 1) + (last == 'x' ? 'y' : 'x');
    }

    private static RawRequest withHeader(RawRequest request, int index, String name, String value) {
        List<String> headers = SdkSigner.headers(request);
        headers.set(2 * index, name);
        headers.set(2 * index + 1, value);
        return SdkSigner.with(request, headers);
    }

    private static RawRequest replaceHeader(RawRequest request, String name, String value) {
        for (int i = 0; i < request.headers().count(); i++) {
            if (request.headers().name(i).equals(name)) {
                return withHeader(request, i, name, value);
            }
        }
        throw new AssertionError("no header " + name);
    }

    private static RawRequest authorization(RawRequest request, UnaryOperator<String> change) {
        String before = request.headers().first("authorization");
        String after = change.apply(before);
        assertThat(after).isNotEqualTo(before);
        return replaceHeader(request, "authorization", after);
    }

    private static RawRequest path(RawRequest request, String path) {
        return new RawRequest(request.method(), path, request.query(), request.headers(), request.nowMillis());
    }

    private static RawRequest query(RawRequest request, String query) {
        return new RawRequest(request.method(), request.path(), query, request.headers(), request.nowMillis());
    }

    private static RawRequest at(RawRequest request, long offsetMillis) {
        return new RawRequest(
                request.method(),
                request.path(),
                request.query(),
                request.headers(),
                SdkSigner.NOW_MILLIS + offsetMillis);
    }
}

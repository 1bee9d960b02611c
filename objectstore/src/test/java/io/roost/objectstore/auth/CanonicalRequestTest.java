package io.roost.objectstore.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** "Create a canonical request" of the AWS S3 API reference, line by line. */
class CanonicalRequestTest {
    /** The path is decoded and encoded once and never normalised. */
    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a/b, /a/b",
        "/a//b/, /a//b/",
        "/./a/../b, /./a/../b",
        "/a+b, /a%2Bb",
        "/a%2Bb, /a%2Bb",
        "/a%20b, /a%20b",
        "/%61%2f%2F, /a//",
        "/%2561, /%2561",
        "/%ff%FE%00, /%FF%FE%00",
        "/\u00e9, /%E9",
        "/-._~, /-._~",
        "'/!*''()=@:$&,;', '/%21%2A%27%28%29%3D%40%3A%24%26%2C%3B'"
    })
    void pathIsEncodedOnce(String path, String canonical) {
        assertThat(lines("GET", path, "", RequestHeaders.EMPTY, List.of()))
                .element(1)
                .isEqualTo(canonical);
    }

    /** Parameters are sorted by the bytes of their encoded names and then values; each has an equals sign. */
    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "acl, acl=",
        "acl=, acl=",
        "b=2&a=1, a=1&b=2",
        "a=2&a=1&a, a=&a=1&a=2",
        "a=1&A=2, A=2&a=1",
        "a-b=1&a=2, a=2&a-b=1",
        "a=x+y, a=x%20y",
        "a=x%20y, a=x%20y",
        "a=x%2By, a=x%2By",
        "a+b=1, a%20b=1",
        "a=b=c, a=b%3Dc",
        "a=/?, a=%2F%3F",
        "&&a=1&, a=1",
        "a=%ff, a=%FF",
        "%61=%62, a=b",
        "=v, =v",
        "X-Amz-Signature=s&a=1, a=1"
    })
    void queryIsSortedAndEncoded(String query, String canonical) {
        assertThat(lines("GET", "/", query, RequestHeaders.EMPTY, List.of()))
                .element(2)
                .isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%2", "%g0", "%0g", "%%", "a%2"})
    void brokenPercentEncodingIsAnInvalidUri(String broken) {
        assertThat(catchThrowableOfType(
                                S3Exception.class,
                                () -> lines("GET", "/" + broken, "", RequestHeaders.EMPTY, List.of()))
                        .error())
                .isEqualTo(S3Error.INVALID_URI);
        assertThat(catchThrowableOfType(
                                S3Exception.class,
                                () -> lines("GET", "/", "a=" + broken, RequestHeaders.EMPTY, List.of()))
                        .error())
                .isEqualTo(S3Error.INVALID_URI);
    }

    @Test
    void headersAreTrimmedJoinedAndInTheOrderOfTheirNames() {
        RequestHeaders headers = RequestHeaders.of(
                "X-Amz-Meta-B", "  two   words\t here ",
                "Host", "h:9000",
                "X-Amz-Meta-A", "1",
                "x-amz-meta-a", " 2 ",
                "Ignored", "x");
        assertThat(lines(
                        "PUT",
                        "/",
                        "",
                        headers,
                        CanonicalRequest.signedHeaders("X-Amz-Meta-b;host;x-amz-meta-a;absent")))
                .containsExactly(
                        "PUT",
                        "/",
                        "",
                        "absent:",
                        "host:h:9000",
                        "x-amz-meta-a:1,2",
                        "x-amz-meta-b:two words here",
                        "",
                        "absent;host;x-amz-meta-a;x-amz-meta-b",
                        "UNSIGNED-PAYLOAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "host;", ";host", "a;;b", "host;host", "Host;host"})
    void listsOfSignedHeadersNeedDistinctNames(String list) {
        assertThat(CanonicalRequest.signedHeaders(list)).isNull();
    }

    @Test
    void charactersThatAreNotBytesAreRefused() {
        for (RawRequest request : List.of(
                request("GET", "/\u6f22", "", RequestHeaders.EMPTY),
                request("GET", "/", "a=\u6f22", RequestHeaders.EMPTY),
                request("GET", "/", "", RequestHeaders.of("host", "\u6f22")))) {
            assertThat(catchThrowableOfType(S3Exception.class, () -> lines(request, List.of("host")))
                            .error())
                    .isEqualTo(S3Error.INVALID_REQUEST);
        }
    }

    private static RawRequest request(String method, String path, String query, RequestHeaders headers) {
        return new RawRequest(method, path, query, headers, 0);
    }

    private static List<String> lines(
            String method, String path, String query, RequestHeaders headers, List<String> signed) {
        return lines(request(method, path, query, headers), signed);
    }

    private static List<String> lines(RawRequest request, List<String> signed) {
        CanonicalText text = CanonicalRequest.of(request, QueryString.of(request.query()), signed, "UNSIGNED-PAYLOAD");
        return List.of(text.toString().split("\n", -1));
    }
}

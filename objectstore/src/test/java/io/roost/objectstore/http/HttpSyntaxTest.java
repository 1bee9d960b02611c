package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Response;
import io.vertx.core.Future;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests of which two readers could see different things (RFC 9112 sections 2.2, 3.2, 5, 6.3 and 7.1) are refused and end
 * their connection, so that nothing can hide behind them: neither the request nor what follows it is carried out.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpSyntaxTest {
    private static final String AWS_CHUNKED = "5\r\nhello\r\n0\r\n\r\n";
    private static final String SIZE = Integer.toHexString(AWS_CHUNKED.length());

    private StubGateway gateway;

    @BeforeAll
    void start() throws Exception {
        gateway = new StubGateway();
    }

    @AfterAll
    void stop() throws Exception {
        gateway.close();
    }

    /** A request line and fields that are wrong, in place of those in {@code GET /b/k HTTP/1.1 CRLF}. */
    static Stream<String> malformedHeads() {
        return Stream.of(
                "GET /b/k\r\n",
                "GET /b/k HTTP/1.1 \r\n",
                "GET /b/k x HTTP/1.1\r\n",
                "G(T /b/k HTTP/1.1\r\n",
                "GET /b/k HTTP/1.1\n",
                "GET /b/k HTTP/1.1\r\n folded: first\r\n",
                "GET /b/k HTTP/1.1\r\nno colon\r\n",
                "GET /b/k HTTP/1.1\r\n: no name\r\n",
                "GET /b/k HTTP/1.1\r\nblank before : x\r\n",
                "GET /b/k HTTP/1.1\r\nblank within: x\r\n",
                "GET /b/k HTTP/1.1\r\nparenthesis(: x\r\n",
                "GET /b/k HTTP/1.1\r\nnul\u0000: x\r\n",
                "GET /b/k HTTP/1.1\r\nnul: x\u0000\r\n",
                "GET /b/k HTTP/1.1\r\nreturn: x\ry: z\r\n",
                "GET /b/k HTTP/1.1\r\nfeed: x\ny: z\r\n",
                "GET /b/k HTTP/1.1\r\nhost: another\r\n",
                "GET /b/k HTTP/1.1\r\n" + "many: x\r\n".repeat(1000));
    }

    @ParameterizedTest
    @MethodSource("malformedHeads")
    void aMalformedHeadIsRefused(String lines) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(client.signed("GET", "/b/k").replace("GET /b/k HTTP/1.1\r\n", lines));
            assertRefused(client, "InvalidRequest", "RequestHeaderSectionTooLarge");
        }
    }

    static Stream<String> oversizedHeads() {
        return Stream.of(
                "GET /b/k HTTP/1.1\r\nlarge: " + "x".repeat(40_000) + "\r\n",
                "GET /b/k HTTP/1.1\r\nhuge: " + "x".repeat(3_000_000) + "\r\n",
                "HEAD /b/k HTTP/1.1\r\nlarge: " + "x".repeat(40_000) + "\r\n",
                "GET /b/" + "k".repeat(20_000) + " HTTP/1.1\r\n");
    }

    /** The connection ends a little later, so that the answer is read by a client that sends all of the head first. */
    @ParameterizedTest
    @MethodSource("oversizedHeads")
    void anOversizedHeadIsRefused(String lines) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(client.signed("GET", "/b/k").replace("GET /b/k HTTP/1.1\r\n", lines));
            String method = lines.substring(0, lines.indexOf(' '));
            RawClient.Answer answer = client.answer(method);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.headers()).containsEntry("connection", "close").containsKey("x-amz-request-id");
            if (!method.equals("HEAD")) {
                assertThat(answer.text()).contains("<Code>RequestHeaderSectionTooLarge</Code>");
            }
        }
    }

    @Test
    void aHeadWithoutHostIsRefused() throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(client.signed("GET", "/b/k").replaceFirst("host: [^\r]*\r\n", ""));
            assertRefused(client, "InvalidRequest");
        }
    }

    static Stream<String> malformedLengths() {
        return Stream.of(
                "content-length: 5\r\ncontent-length: 5",
                "content-length: 5\r\ncontent-length: 6",
                "content-length: 5, 5",
                "content-length: +5",
                "content-length: -5",
                "content-length: 0x5",
                "content-length: 5 5",
                "content-length: 5.0",
                "content-length: ",
                "content-length: 99999999999999999999",
                "content-length : 5",
                "content-length: 5\r\ntransfer-encoding: chunked",
                "transfer-encoding: chunked\r\ncontent-length: 5",
                "content-length: 5\r\ntransfer-encoding: identity");
    }

    @ParameterizedTest
    @MethodSource("malformedLengths")
    void aLengthWithTwoMeaningsIsRefused(String lengths) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(client.signed("PUT", "/b/k", "content-length", "5").replace("content-length: 5", lengths)
                    + "hello" + client.signed("PUT", "/b/smuggled", "content-length", "5") + "hello");
            assertRefused(client, "InvalidRequest");
        }
    }

    private String chunked(RawClient client, String encoding) {
        return client.signed(
                        "PUT",
                        "/b/k",
                        "x-amz-content-sha256",
                        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                        "x-amz-decoded-content-length",
                        "5",
                        "encoding-goes-here",
                        "x")
                .replace("encoding-goes-here: x", encoding);
    }

    static Stream<String> malformedEncodings() {
        return Stream.of(
                "transfer-encoding : chunked",
                "transfer-encoding: xchunked",
                "transfer-encoding: chunkedx",
                "transfer-encoding: identity",
                "transfer-encoding: chunked, identity",
                "transfer-encoding: chunked\r\ntransfer-encoding: identity",
                "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
                "transfer-encoding:\u000bchunked",
                "transfer-encoding: \"chunked\"",
                "transfer-encoding: chunked;a=b",
                "transfer-encoding: ",
                "x: y\rtransfer-encoding: chunked",
                "x: y\ntransfer-encoding: chunked");
    }

    @ParameterizedTest
    @MethodSource("malformedEncodings")
    void anEncodingThatIsNotPlainlyChunkedIsRefused(String encoding) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(chunked(client, encoding) + SIZE + "\r\n" + AWS_CHUNKED + "\r\n0\r\n\r\n"
                    + client.signed("PUT", "/b/smuggled", "content-length", "5") + "hello");
            assertRefused(client, "InvalidRequest");
        }
    }

    @Test
    void anEncodingUnderneathTheChunksIsNotImplemented() throws Exception {
        for (String encoding : new String[] {"gzip, chunked", "identity, chunked", "chunked, chunked"}) {
            try (RawClient client = new RawClient(gateway.port())) {
                client.send(chunked(client, "transfer-encoding: " + encoding) + SIZE + "\r\n" + AWS_CHUNKED
                        + "\r\n0\r\n\r\n" + client.signed("PUT", "/b/smuggled", "content-length", "5") + "hello");
                assertEnded(client, encoding.equals("chunked, chunked") ? 400 : 501);
            }
        }
    }

    static Stream<String> malformedChunks() {
        String good = AWS_CHUNKED + "\r\n0\r\n\r\n";
        return Stream.of(
                "0x" + SIZE + "\r\n" + good,
                "+" + SIZE + "\r\n" + good,
                "-" + SIZE + "\r\n" + good,
                " " + SIZE + "\r\n" + good,
                SIZE + "\n" + good,
                SIZE + ";a\n" + good,
                SIZE + "\r" + good,
                "\r\n" + good,
                "xyz\r\n" + good,
                "FFFFFFFFFFFFFFFF1\r\n" + good,
                "1000000000000000" + SIZE + "\r\n" + good,
                SIZE + "\r\n" + AWS_CHUNKED + "\n0\r\n\r\n",
                SIZE + "\r\n" + AWS_CHUNKED + "0\r\n\r\n",
                SIZE + "\r\n" + AWS_CHUNKED + "xx0\r\n\r\n",
                SIZE + "\r\n" + AWS_CHUNKED + "\r\n0\n\n");
    }

    @ParameterizedTest
    @MethodSource("malformedChunks")
    void aMalformedChunkEndsTheConnection(String chunks) throws Exception {
        try (RawClient client = new RawClient(gateway.port())) {
            client.send(chunked(client, "transfer-encoding: chunked") + chunks
                    + client.signed("PUT", "/b/smuggled", "content-length", "5") + "hello");
            assertRefused(client, "IncompleteBody");
        }
    }

    private void assertRefused(RawClient client, String... codes) throws Exception {
        RawClient.Answer answer = assertEnded(client, 400);
        assertThat(codes).anySatisfy(code -> assertThat(answer.text()).contains("<Code>" + code + "</Code>"));
    }

    private RawClient.Answer assertEnded(RawClient client, int status) throws Exception {
        RawClient.Answer answer = client.answer();
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.headers())
                .containsEntry("connection", "close")
                .containsKeys("x-amz-request-id", "x-amz-id-2");
        assertThat(client.isClosedByServer()).isTrue();
        gateway.look(java.time.Duration.ZERO);
        assertThat(gateway.stored()).isEmpty();
        return answer;
    }

    @Test
    void aValueIsRefusedOrComesBackAsItWas() throws Exception {
        gateway.operations()
                .put(
                        S3Operation.HEAD_OBJECT,
                        request -> Future.succeededFuture(
                                new S3Response(200).header("x-echo", request.header("cache-control"))));
        for (char c = 1; c < 0x80; c++) {
            try (RawClient client = new RawClient(gateway.port())) {
                client.head("HEAD", "/b/k", "cache-control", "a" + c + "b");
                RawClient.Answer answer = client.answer("HEAD");
                boolean isText = (c >= ' ' && c < 0x7f) || c == '\t';
                assertThat(answer.status()).as("character %d", (int) c).isEqualTo(isText ? 200 : 400);
                if (isText) {
                    assertThat(answer.headers()).containsEntry("x-echo", "a" + c + "b");
                }
            }
        }
    }

    /** What is unusual and has one meaning is served, and the next request is where it should be. */
    @Test
    void unusualFormsWithOneMeaningAreServed() throws Exception {
        Map<String, String> encodings = new TreeMap<>();
        String good = SIZE + "\r\n" + AWS_CHUNKED + "\r\n0\r\n\r\n";
        encodings.put("transfer-encoding: CHUNKED", good);
        encodings.put("transfer-encoding: chunked ", SIZE + ";a=b\r\n" + AWS_CHUNKED + "\r\n0\r\n\r\n");
        encodings.put("transfer-encoding:chunked", "000" + SIZE + "\r\n" + AWS_CHUNKED + "\r\n000\r\n\r\n");
        encodings.put("Transfer-Encoding: chunked", SIZE + "\r\n" + AWS_CHUNKED + "\r\n0\r\na: b\r\nc: d\r\n\r\n");
        encodings.put(
                "TRANSFER-ENCODING: chunked",
                "1\r\n5\r\n" + Integer.toHexString(AWS_CHUNKED.length() - 1) + "\r\n" + AWS_CHUNKED.substring(1)
                        + "\r\n0\r\n\r\n");
        try (RawClient client = new RawClient(gateway.port())) {
            for (Map.Entry<String, String> encoding : encodings.entrySet()) {
                client.send(chunked(client, encoding.getKey()) + encoding.getValue());
                assertThat(client.answer().status()).as(encoding.getKey()).isEqualTo(200);
                assertThat(gateway.stored().poll()).isEqualTo("k=5");
            }
            client.send("\r\n" + client.signed("GET", "/b/k").replace("/b/k", "http://127.0.0.1/b/k"));
            assertThat(client.answer().text()).isEqualTo("k");
            client.send(client.signed("PUT", "/b/k", "content-length", "5")
                            .replace("content-length: 5", "Content-Length:\t00005 ")
                    + "hello");
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(gateway.stored().poll()).isEqualTo("k=5");
            client.head("GET", "/b/after");
            assertThat(client.answer().text()).isEqualTo("after");
        }
    }
}

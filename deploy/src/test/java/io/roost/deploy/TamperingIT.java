package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.roost.deploy.WireRequest.Answer;
import io.roost.deploy.WireRequest.Body;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests signed by the AWS SDK and then changed, over raw connections to a running server: each is refused with AWS's
 * code, nothing of it becomes visible, and after garbage collection nothing of it is left.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TamperingIT {
    private static final long SEED = 20_130_524;
    private static final String KEPT = "/tampering/kept";
    private static final byte[] KEPT_BODY = "what was there before".getBytes(StandardCharsets.UTF_8);

    /** More than fits into one transaction, so that stripes are on their way when the body turns out to be wrong. */
    private static final int LARGE_BYTES = 6 << 20;

    /** Refusals of a body. Which one depends on the byte that was hit. */
    private static final Set<String> BODY_CODES = Set.of(
            "XAmzContentSHA256Mismatch",
            "SignatureDoesNotMatch",
            "IncompleteBody",
            "InvalidChunkSizeError",
            "MalformedTrailerError",
            "InvalidRequest",
            "BadDigest");

    private Path data;
    private RoostProcess roost;
    private final Random random = new Random(SEED);

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        data = folder;
        roost = RoostProcess.start(
                RoostProcess.root().resolve("deploy/bin/roost"),
                Map.of("ROOST_S3_ACCEPT_REGION", "own"),
                List.of("--data", data.toString()));
        assertThat(request("PUT", "/tampering").sign().send().status()).isEqualTo(200);
        assertThat(request("PUT", KEPT)
                        .body(Body.HASHED, KEPT_BODY)
                        .sign()
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @AfterAll
    void stop() {
        roost.close();
    }

    @Test
    void changedHeadsAreRefused() throws IOException {
        WireRequest put = request("PUT", "/tampering/head")
                .header("Content-Type", "text/plain")
                .header("x-amz-meta-color", "blue")
                .body(Body.HASHED, "body".getBytes(StandardCharsets.UTF_8))
                .sign();
        Map<UnaryOperator<String>, String> changes = new LinkedHashMap<>();
        changes.put(head -> head.replace("PUT /tampering/head", "PUT /tampering/kept"), "SignatureDoesNotMatch");
        changes.put(head -> head.replace("PUT /tampering/head", "PUT /tampering/head?acl"), "SignatureDoesNotMatch");
        changes.put(head -> head.replace("PUT /tampering/head", "PUT /tampering//head"), "SignatureDoesNotMatch");
        changes.put(head -> head.replace("PUT /", "DELETE /"), "SignatureDoesNotMatch");
        changes.put(head -> head.replace("PUT /", "POST /"), "SignatureDoesNotMatch");
        changes.put(head -> head.replace("text/plain", "text/html"), "SignatureDoesNotMatch");
        changes.put(head -> head.replace("x-amz-meta-color: blue", "x-amz-meta-color: red"), "SignatureDoesNotMatch");
        changes.put(head -> head.replace("x-amz-meta-color: blue\r\n", ""), "SignatureDoesNotMatch");
        changes.put(
                head -> head.replace(
                        "x-amz-meta-color: blue\r\n", "x-amz-meta-color: blue\r\nx-amz-meta-color: red\r\n"),
                "SignatureDoesNotMatch");
        changes.put(head -> head.replaceFirst("host: [^\r]+", "host: evil.example"), "SignatureDoesNotMatch");
        changes.put(head -> head.replaceFirst("Signature=.", "Signature=g"), "SignatureDoesNotMatch");
        changes.put(head -> head.replace("/us-east-1/", "/eu-west-1/"), "AuthorizationHeaderMalformed");
        changes.put(
                head -> head.replaceFirst("Credential=([^/]+)/\\d+/", "Credential=$1/20130524/"),
                "AuthorizationHeaderMalformed");
        changes.put(head -> head.replace(RoostProcess.ACCESS_KEY, "NOSUCHKEY"), "InvalidAccessKeyId");
        changes.put(head -> head.replace("authorization: ", "x-authorization: "), "AccessDenied");
        changes.put(head -> head.replace("\r\n\r\n", "\r\nx-amz-copy-source: " + KEPT + "\r\n\r\n"), "AccessDenied");
        changes.put(head -> head.replace("\r\n\r\n", "\r\nx-amz-meta-new: value\r\n\r\n"), "AccessDenied");
        changes.put(head -> head.replace("\r\n\r\n", "\r\nx-amz-tagging: a=b\r\n\r\n"), "AccessDenied");
        changes.put(
                head -> head.replaceFirst("x-amz-content-sha256: [0-9a-f]+", "x-amz-content-sha256: UNSIGNED-PAYLOAD"),
                "SignatureDoesNotMatch");
        for (Map.Entry<UnaryOperator<String>, String> change : changes.entrySet()) {
            WireRequest changed = put.withHead(change.getKey());
            assertThat(changed.head()).isNotEqualTo(put.head());
            assertThat(changed.send().code()).as(changed.head()).isEqualTo(change.getValue());
        }
        assertInvisible("/tampering/head");
    }

    @Test
    void requestsOfAnotherTimeAreRefused() throws IOException {
        for (Duration offset : List.of(Duration.ofMinutes(-16), Duration.ofMinutes(16))) {
            WireRequest put = request("PUT", "/tampering/time")
                    .at(offset)
                    .body(Body.HASHED, KEPT_BODY)
                    .sign();
            assertThat(put.send().code()).isEqualTo("RequestTimeTooSkewed");
        }
        assertInvisible("/tampering/time");
    }

    @Test
    void presignedUrlsDoOnlyWhatTheySay() throws IOException {
        WireRequest get = request("GET", KEPT).presigned(Duration.ofMinutes(5)).sign();
        assertThat(get.send().body()).isEqualTo(KEPT_BODY);
        for (String method : List.of("PUT", "DELETE", "POST")) {
            assertThat(get.withHead(head -> head.replace("GET /", method + " /"))
                            .send()
                            .code())
                    .isEqualTo("SignatureDoesNotMatch");
        }
        assertThat(get.withHead(head -> head.replace("kept?", "other?")).send().code())
                .isEqualTo("SignatureDoesNotMatch");
        assertThat(get.withHead(head -> head.replace("X-Amz-Expires=300", "X-Amz-Expires=3000"))
                        .send()
                        .code())
                .isEqualTo("SignatureDoesNotMatch");
        assertThat(get.withHead(head -> head.replace(" HTTP/1.1", "&acl HTTP/1.1"))
                        .send()
                        .code())
                .isEqualTo("SignatureDoesNotMatch");
        Answer expired = request("GET", KEPT)
                .at(Duration.ofMinutes(-6))
                .presigned(Duration.ofMinutes(5))
                .sign()
                .send();
        assertThat(expired.code()).isEqualTo("AccessDenied");
        assertThat(expired.text()).contains("Request has expired");

        WireRequest put = request("PUT", "/tampering/url")
                .presigned(Duration.ofMinutes(5))
                .sign();
        WireRequest copying =
                put.withHead(head -> head.replace("\r\n\r\n", "\r\nx-amz-copy-source: " + KEPT + "\r\n\r\n"));
        Answer refused = copying.send();
        assertThat(refused.code()).isEqualTo("AccessDenied");
        assertThat(refused.text()).contains("<HeadersNotSigned>x-amz-copy-source</HeadersNotSigned>");
        assertInvisible("/tampering/url");
    }

    @Test
    void changedBytesOfABodyAreRefused() throws IOException {
        List<Body> forms = List.of(Body.HASHED, Body.CHUNKS, Body.CHUNKS_TRAILER, Body.UNSIGNED_TRAILER);
        for (int round = 0; round < 60; round++) {
            byte[] payload = new byte[1 + random.nextInt(200_000)];
            random.nextBytes(payload);
            WireRequest put = request("PUT", "/tampering/bytes")
                    .body(forms.get(round % forms.size()), payload)
                    .sign();
            byte[] body = put.bodyBytes();
            int at = random.nextInt(body.length);
            body[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(put.withBody(body).send().code())
                    .as("seed %d, round %d, byte %d", SEED, round, at)
                    .isIn(BODY_CODES);
        }
        assertInvisible("/tampering/bytes");
    }

    @Test
    void largeBodiesThatEndWronglyLeaveNothing() throws IOException {
        byte[] payload = new byte[LARGE_BYTES];
        random.nextBytes(payload);
        for (Body form : List.of(Body.HASHED, Body.CHUNKS, Body.CHUNKS_TRAILER, Body.UNSIGNED_TRAILER)) {
            WireRequest put =
                    request("PUT", "/tampering/large").body(form, payload).sign();
            byte[] body = put.bodyBytes();
            byte[] changed = body.clone();
            changed[LARGE_BYTES - 1000] ^= 1;
            assertThat(put.withBody(changed).send().code()).as("%s", form).isIn(BODY_CODES);
            assertThat(put.cutShort(LARGE_BYTES - 1000).send().code())
                    .as("%s cut short", form)
                    .isIn("IncompleteBody", "");
        }
        assertInvisible("/tampering/large");
    }

    @Test
    void movedChunksAreRefused() throws IOException {
        // The SDK's chunks are of 128 KiB; three of them, then what is left.
        byte[] payload = new byte[400_000];
        random.nextBytes(payload);
        WireRequest put =
                request("PUT", "/tampering/chunks").body(Body.CHUNKS, payload).sign();
        List<byte[]> chunks = chunks(put.bodyBytes());
        assertThat(chunks).hasSizeGreaterThan(3);
        assertThat(put.withBody(joined(chunks, 1, 0)).send().code()).isEqualTo("SignatureDoesNotMatch");
        assertThat(put.withBody(joined(chunks, 0, 2)).send().code()).isEqualTo("SignatureDoesNotMatch");
        assertThat(put.withBody(joined(chunks, 0, 0)).send().code()).isEqualTo("SignatureDoesNotMatch");

        WireRequest other = request("PUT", "/tampering/other-chunks")
                .body(Body.CHUNKS, payload)
                .sign();
        List<byte[]> spliced = new ArrayList<>(chunks);
        spliced.set(1, chunks(other.bodyBytes()).get(1));
        assertThat(put.withBody(joined(spliced, 0, 1)).send().code()).isEqualTo("SignatureDoesNotMatch");
        assertInvisible("/tampering/chunks");
        assertInvisible("/tampering/other-chunks");
    }

    @Test
    void wrongTrailersAreRefused() throws IOException {
        byte[] payload = "trailing".getBytes(StandardCharsets.UTF_8);
        WireRequest put = request("PUT", "/tampering/trailer")
                .body(Body.UNSIGNED_TRAILER, payload)
                .sign();
        String body = new String(put.bodyBytes(), StandardCharsets.ISO_8859_1);
        // Of the same length each, because Content-Length is signed; leading zeros of a size make up for what is
        // missing.
        Map<String, String> bodies = Map.of(
                body.replaceFirst("(?i)x-amz-checksum-crc32:", "x-amz-checksum-crc33:"), "MalformedTrailerError",
                body.replaceFirst("(?i)x-amz-checksum-crc32:", "x-amz-checksum-crc32 "), "MalformedTrailerError",
                body.replaceFirst("(?i)(x-amz-checksum-crc32):[^\r]+", "$1:AAAAAA=="), "BadDigest",
                body.replaceFirst("(?i)(x-amz-checksum-crc32):[^\r]+", "$1:AAAA")
                                .replaceFirst("8\r", "00008\r"),
                        "InvalidRequest",
                body.replaceFirst("8\r\ntrailing", "7\r\ntrailing"), "IncompleteBody");
        for (Map.Entry<String, String> changed : bodies.entrySet()) {
            assertThat(changed.getKey()).isNotEqualTo(body);
            assertThat(put.withBody(changed.getKey().getBytes(StandardCharsets.ISO_8859_1))
                            .send()
                            .code())
                    .as(changed.getKey())
                    .isEqualTo(changed.getValue());
        }
        WireRequest signed = request("PUT", "/tampering/trailer")
                .body(Body.CHUNKS_TRAILER, payload)
                .sign();
        String unsigned = new String(signed.bodyBytes(), StandardCharsets.ISO_8859_1)
                .replaceFirst("x-amz-trailer-signature:", "x-amz-trailer-signatura:");
        assertThat(signed.withBody(unsigned.getBytes(StandardCharsets.ISO_8859_1))
                        .send()
                        .code())
                .isEqualTo("MalformedTrailerError");
        assertInvisible("/tampering/trailer");
    }

    private void assertInvisible(String path) throws IOException {
        assertThat(request("GET", path).sign().send().code()).isEqualTo("NoSuchKey");
        assertThat(request("GET", KEPT).sign().send().body()).isEqualTo(KEPT_BODY);
        Answer list = request("GET", "/tampering").sign().send();
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.text()).containsOnlyOnce("<Key>").contains("<Key>kept</Key>");
    }

    /** Nothing that a refused request began is left behind. */
    @Test
    @Order(Integer.MAX_VALUE)
    void afterGarbageCollectionNoOrphanIsLeft() {
        AdminClient admin = AdminClient.ofFolder(data);
        admin.run("/gc", JsonNodeFactory.instance.objectNode().put("all", true));
        JsonNode verified = admin.run("/verify", JsonNodeFactory.instance.objectNode());
        assertThat(verified.path("findings").isArray()).isTrue();
        assertThat(verified.path("findings")).isEmpty();
        JsonNode bucket = admin.get("/buckets/tampering");
        assertThat(bucket.path("objects").asLong(-1)).isEqualTo(1);
        assertThat(bucket.path("sizeBytes").asLong(-1)).isEqualTo(KEPT_BODY.length);
    }

    private WireRequest.Unsigned request(String method, String path) {
        return new WireRequest.Unsigned(roost.endpoint(), method, path);
    }

    /** A signed body cut behind every chunk; the last piece is what ends it. */
    private static List<byte[]> chunks(byte[] body) {
        List<byte[]> chunks = new ArrayList<>();
        int begin = 0;
        while (begin < body.length) {
            int semicolon = begin;
            while (body[semicolon] != ';') {
                semicolon++;
            }
            int size = Integer.parseInt(new String(body, begin, semicolon - begin, StandardCharsets.ISO_8859_1), 16);
            int end = size == 0 ? body.length : semicolon + ";chunk-signature=".length() + 64 + 2 + size + 2;
            chunks.add(Arrays.copyOfRange(body, begin, end));
            begin = end;
        }
        return chunks;
    }

    /** The chunks with the given two in the first two places. */
    private static byte[] joined(List<byte[]> chunks, int first, int second) {
        List<byte[]> moved = new ArrayList<>(chunks);
        moved.set(0, chunks.get(first));
        moved.set(1, chunks.get(second));
        return WireRequest.join(moved);
    }
}

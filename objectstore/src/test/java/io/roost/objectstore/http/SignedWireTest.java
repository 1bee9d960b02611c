package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.auth.RawRequest;
import io.roost.objectstore.auth.SdkSigner;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests signed by the AWS SDK over real connections: whole ones are stored, tampered ones leave nothing. */
class SignedWireTest {
    private static final long SEED = 1_966_0628;
    private static final SdkSigner.Body[] BODIES = SdkSigner.Body.values();

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Stored> stored = new LinkedBlockingQueue<>();
    private final BodyBudget budget = BodyBudget.of(16 << 20);
    private int port;

    private record Stored(Bytes key, Bytes body) {}

    @BeforeEach
    void start() throws Exception {
        S3Gateway gateway = new S3Gateway(
                Map.of(S3Operation.PUT_OBJECT, this::store),
                id -> CompletableFuture.completedFuture(
                        Optional.of(SdkSigner.KEY).filter(known -> id.equals(known.id()))),
                budget,
                BodyBudget.of(16 << 20),
                new BlockPool(16),
                (operation, status, received, sent, micros) -> {},
                () -> SdkSigner.NOW_MILLIS,
                "host");
        S3Config config = new S3Config(
                "127.0.0.1",
                0,
                new S3Config.Tls.Off(),
                SdkSigner.RULES,
                16 << 20,
                Duration.ofSeconds(20),
                Duration.ofSeconds(60));
        port = await(new S3Server(vertx, config, gateway).start());
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
        assertThat(budget.reservedBytes()).isZero();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private Future<S3Response> store(S3Request request) {
        return readAll(request, new ByteArrayOutputStream()).map(body -> {
            stored.add(new Stored(request.key(), Bytes.wrap(body.toByteArray())));
            return new S3Response(200);
        });
    }

    private static Future<ByteArrayOutputStream> readAll(S3Request request, ByteArrayOutputStream all) {
        return request.body().read(Data.BLOCK_BYTES).compose(piece -> {
            all.writeBytes(piece.toArray());
            piece.release();
            return request.body().isEnded() ? Future.succeededFuture(all) : readAll(request, all);
        });
    }

    @Test
    void everyBodyFormAndOddKeyIsStoredAsItIs() throws Exception {
        Random random = new Random(SEED);
        String[] keys = {
            "a", "a/", "a/b", "/", "a//b", "..", "a/../b", "+", "a b", "%", "%2F", "é漢😀", "!*'()", "\u0001"
        };
        for (String key : keys) {
            for (SdkSigner.Body body : BODIES) {
                byte[] payload = new byte[random.nextInt(3) * random.nextInt(100_000)];
                random.nextBytes(payload);
                SdkSigner.Signed signed = upload(key, body, payload);
                try (RawClient client = new RawClient(port)) {
                    client.send(head(signed.request()));
                    client.send(signed.body().array());
                    RawClient.Answer answer = client.answer();
                    assertThat(answer.status())
                            .as("%s %s: %s", key, body, answer.text())
                            .isEqualTo(200);
                }
                assertThat(stored.poll()).isEqualTo(new Stored(Bytes.utf8(key), Bytes.wrap(payload)));
            }
        }
    }

    @Test
    void aChangedBodyByteStoresNothing() throws Exception {
        Random random = new Random(SEED + 1);
        for (int round = 0; round < 100; round++) {
            byte[] payload = new byte[1 + random.nextInt(50_000)];
            random.nextBytes(payload);
            // Unsigned payloads have nothing to hold the body against.
            SdkSigner.Body form = List.of(
                            SdkSigner.Body.HASHED,
                            SdkSigner.Body.CHUNKS,
                            SdkSigner.Body.CHUNKS_TRAILER,
                            SdkSigner.Body.UNSIGNED_TRAILER)
                    .get(round % 4);
            SdkSigner.Signed signed = upload("key", form, payload);
            byte[] body = signed.body().array();
            int at = round < 20 ? Math.min(round, body.length - 1) : random.nextInt(body.length);
            body[at] ^= (byte) (1 << random.nextInt(8));

            try (RawClient client = new RawClient(port)) {
                client.send(head(signed.request()));
                client.send(body);
                // A broken frame may make the server wait for more than is coming.
                client.shutdownOutput();
                String code = codeOrClosed(client);
                assertThat(code)
                        .as("seed %d, round %d, %s, byte %d", SEED, round, form, at)
                        .isIn(
                                "closed",
                                "XAmzContentSHA256Mismatch",
                                "SignatureDoesNotMatch",
                                "IncompleteBody",
                                "InvalidChunkSizeError",
                                "MalformedTrailerError",
                                "InvalidRequest",
                                "BadDigest");
            }
            assertThat(stored)
                    .as("seed %d, round %d, %s, byte %d", SEED, round, form, at)
                    .isEmpty();
        }
    }

    @Test
    void aBodyCutShortStoresNothing() throws Exception {
        Random random = new Random(SEED + 2);
        for (int round = 0; round < 50; round++) {
            byte[] payload = new byte[1 + random.nextInt(50_000)];
            SdkSigner.Signed signed = upload("key", BODIES[round % BODIES.length], payload);
            byte[] body = signed.body().array();
            int length = random.nextInt(body.length);
            try (RawClient client = new RawClient(port)) {
                client.send(head(signed.request()));
                client.send(java.util.Arrays.copyOf(body, length));
                client.shutdownOutput();
                assertThat(codeOrClosed(client))
                        .as("seed %d, round %d, %d bytes", SEED, round, length)
                        .isIn("closed", "IncompleteBody");
            }
            assertThat(stored).as("seed %d, round %d", SEED, round).isEmpty();
        }
    }

    @Test
    void aChangedHeadIsRefusedBeforeTheBodyIsAskedFor() throws Exception {
        SdkSigner.Signed signed = upload("key", SdkSigner.Body.HASHED, new byte[1000]);
        String good = head(signed.request());
        Map<String, String> refusals = Map.of(
                good.replace("PUT /bucket/key", "PUT /bucket/key2"), "SignatureDoesNotMatch",
                good.replace("PUT /bucket/key", "PUT /bucket/key?acl"), "SignatureDoesNotMatch",
                good.replace("PUT /", "POST /"), "SignatureDoesNotMatch",
                good.replace("x-amz-meta-name: ", "x-amz-meta-name: x"), "SignatureDoesNotMatch",
                good.replace("\r\n\r\n", "\r\nx-amz-copy-source: /other/key\r\n\r\n"), "AccessDenied",
                good.replace("us-east-1", "eu-west-1"), "AuthorizationHeaderMalformed",
                good.replace("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLF"), "InvalidAccessKeyId",
                good.replace("x-amz-date: 20130524T000000Z", "x-amz-date: 20130524T010000Z"), "RequestTimeTooSkewed",
                good.replace("authorization: ", "x-authorization: "), "AccessDenied");
        assertThat(refusals).hasSize(9).doesNotContainKey(good);
        for (Map.Entry<String, String> refusal : refusals.entrySet()) {
            try (RawClient client = new RawClient(port)) {
                client.send(refusal.getKey().replace("\r\n\r\n", "\r\nexpect: 100-continue\r\n\r\n"));
                RawClient.Answer answer = client.answer();
                assertThat(answer.status()).isGreaterThanOrEqualTo(400);
                assertThat(code(answer)).as(refusal.getKey()).isEqualTo(refusal.getValue());
            }
        }
        assertThat(stored).isEmpty();
    }

    private static SdkSigner.Signed upload(String key, SdkSigner.Body body, byte[] payload) {
        // The SDK signs these two over TLS only; the gateway takes them over both.
        boolean tls = body == SdkSigner.Body.UNSIGNED || body == SdkSigner.Body.UNSIGNED_TRAILER;
        return new SdkSigner.Request(
                        "PUT",
                        (tls ? "https" : "http") + "://s3.localhost:9000/bucket/"
                                + software.amazon.awssdk.utils.http.SdkHttpUtils.urlEncodeIgnoreSlashes(key))
                .header("x-amz-meta-name", "wörd  漢")
                .body(body, payload)
                .sign();
    }

    /** The head as bytes of the wire, each a char. */
    private static String head(RawRequest request) {
        StringBuilder head = new StringBuilder(request.method())
                .append(' ')
                .append(request.path())
                .append(request.query().isEmpty() ? "" : "?" + request.query())
                .append(" HTTP/1.1\r\n");
        boolean framed = false;
        for (int i = 0; i < request.headers().count(); i++) {
            String name = request.headers().name(i);
            framed |= name.equals("content-length") || name.equals("transfer-encoding");
            head.append(name).append(": ").append(request.headers().value(i)).append("\r\n");
        }
        return head.append(framed ? "\r\n" : "content-length: 0\r\n\r\n").toString();
    }

    private static String codeOrClosed(RawClient client) throws IOException {
        try {
            return code(client.answer());
        } catch (EOFException | SocketException closed) {
            return "closed";
        }
    }

    private static String code(RawClient.Answer answer) {
        String text = answer.text();
        int begin = text.indexOf("<Code>");
        return begin < 0 ? "status " + answer.status() : text.substring(begin + 6, text.indexOf("</Code>"));
    }
}

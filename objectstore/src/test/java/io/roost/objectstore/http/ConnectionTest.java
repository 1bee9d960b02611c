package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.object.BlockAssembler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.EOFException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * When a connection goes on and when it ends: never unannounced, but for one that nobody uses or whose client does not
 * keep to HTTP.
 */
class ConnectionTest {
    private static final Duration SOON = StubGateway.IDLE_TIMEOUT.minusSeconds(20);
    private static final Duration TOO_LATE = StubGateway.IDLE_TIMEOUT.plusSeconds(20);

    private StubGateway gateway;
    private Map<S3Operation, Operation> live;
    private BlockingQueue<String> stored;
    private int port;

    @BeforeEach
    void start() throws Exception {
        gateway = new StubGateway();
        live = gateway.operations();
        stored = gateway.stored();
        port = gateway.port();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void anErrorOnHeadHasNoBodyAndTheConnectionGoesOn() throws Exception {
        live.put(S3Operation.HEAD_OBJECT, request -> Future.failedFuture(new S3Exception(S3Error.NO_SUCH_KEY)));
        try (RawClient client = new RawClient(port)) {
            client.head("HEAD", "/b/k");
            assertThat(client.answer("HEAD").status()).isEqualTo(404);
            client.head("GET", "/b/k");
            assertThat(client.answer().text()).isEqualTo("k");
        }
    }

    @Test
    void continueIsAnsweredOnlyAfterAuthentication() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.head("PUT", "/b/k", "content-length", "5", "expect", "100-continue");
            assertThat(client.answer().status()).isEqualTo(100);
            client.send("hello");
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(stored.poll()).isEqualTo("k=5");

            String tampered = client.signed("PUT", "/b/k", "content-length", "5", "expect", "100-continue")
                    .replace("PUT /b/k", "PUT /b/other");
            client.send(tampered);
            RawClient.Answer refused = client.answer();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text()).contains("<Code>SignatureDoesNotMatch</Code>");
            assertThat(refused.headers()).containsEntry("connection", "close");
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(stored).isEmpty();
        }
    }

    /** As boto3 sends every upload over HTTPS: it keeps the trailer of an empty object back too until it is told to go on. */
    @Test
    void continueIsAnsweredWheneverAnythingFollowsTheHead() throws Exception {
        try (RawClient client = new RawClient(port)) {
            for (int size : new int[] {0, 5, 0}) {
                client.head(
                        "PUT",
                        "/b/k",
                        "x-amz-content-sha256",
                        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                        "x-amz-decoded-content-length",
                        Integer.toString(size),
                        "x-amz-trailer",
                        "x-amz-checksum-crc32",
                        "content-encoding",
                        "aws-chunked",
                        "transfer-encoding",
                        "chunked",
                        "expect",
                        "100-continue");
                assertThat(client.answer().status()).isEqualTo(100);
                String crc32 = size == 0 ? "AAAAAA==" : "NhCmhg==";
                String framed = (size == 0 ? "" : "5\r\nhello\r\n") + "0\r\nx-amz-checksum-crc32:" + crc32 + "\r\n\r\n";
                client.send(Integer.toHexString(framed.length()) + "\r\n" + framed + "\r\n0\r\n\r\n");
                assertThat(client.answer().status()).isEqualTo(200);
                assertThat(stored.poll()).isEqualTo("k=" + size);
            }
            client.head("PUT", "/b/k", "content-length", "0", "expect", "100-continue");
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aSmallUnreadBodyIsDrainedAndTheConnectionGoesOn() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.send(client.signed("PUT", "/b/k", "content-length", "100000").replace("/b/k", "/b/x"));
            client.send(new byte[100_000]);
            assertThat(client.answer().status()).isEqualTo(403);
            client.head("GET", "/b/after");
            assertThat(client.answer().text()).isEqualTo("after");
        }
    }

    @Test
    void aLargeUnreadBodyEndsTheConnectionAfterTheAnswer() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.send(
                    client.signed("PUT", "/b/k", "content-length", "1000000000").replace("/b/k", "/b/x"));
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aBodyThatStandsStillFromOneLookToTheNextIsGivenUp() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.head("PUT", "/b/k", "content-length", "100000", "expect", "100-continue");
            // By then the body is waited for.
            assertThat(client.answer().status()).isEqualTo(100);
            gateway.look(Duration.ZERO);
            gateway.look(Duration.ZERO);
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).contains("<Code>RequestTimeout</Code>");
            assertThat(answer.headers()).containsEntry("connection", "close");
        }
        assertThat(stored).isEmpty();
    }

    @Test
    void aBodyThatIsOnlyJustWaitedForIsNotGivenUp() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.head("PUT", "/b/k", "content-length", "5", "expect", "100-continue");
            assertThat(client.answer().status()).isEqualTo(100);
            gateway.look(Duration.ZERO);
            client.send("hello");
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    private static void assertGoesOn(RawClient client) throws Exception {
        client.head("GET", "/b/after");
        RawClient.Answer answer = client.answer();
        assertThat(answer.text()).isEqualTo("after");
        assertThat(answer.headers()).doesNotContainKey("connection");
    }

    @Test
    void noErrorEndsAConnection() throws Exception {
        try (RawClient client = new RawClient(port)) {
            for (S3Error error : S3Error.values()) {
                live.put(S3Operation.HEAD_OBJECT, request -> Future.failedFuture(new S3Exception(error)));
                live.put(S3Operation.DELETE_OBJECT, request -> Future.failedFuture(new S3Exception(error)));
                live.put(S3Operation.PUT_OBJECT, request -> Future.failedFuture(new S3Exception(error)));
                for (String method : new String[] {"HEAD", "DELETE", "PUT"}) {
                    client.head(method, "/b/k", "content-length", method.equals("PUT") ? "5" : "0");
                    client.send(method.equals("PUT") ? "hello" : "");
                    RawClient.Answer answer = client.answer(method);
                    assertThat(answer.status()).as("%s %s", method, error).isEqualTo(error.status());
                    assertThat(answer.headers()).as("%s %s", method, error).doesNotContainKey("connection");
                }
            }
            for (String refused : new String[] {"GET /b/%zz", "GET b", "OPTIONS *", "BREW /b/k", "PATCH /b/k"}) {
                client.send(client.signed("GET", "/b/k").replace("GET /b/k", refused));
                assertThat(client.answer().status()).as(refused).isBetween(400, 499);
            }
            assertGoesOn(client);
        }
    }

    @Test
    void anExpectationWithoutABodyChangesNothing() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.head("GET", "/b/k", "expect", "100-continue");
            assertThat(client.answer().headers()).doesNotContainKey("connection");
            client.send(client.signed("PUT", "/b/k", "content-length", "0", "expect", "100-continue")
                    .replace("/b/k", "/b/x"));
            RawClient.Answer refused = client.answer();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.headers()).doesNotContainKey("connection");
            client.send(client.signed("PUT", "/b/k", "content-length", "5", "expect", "100-continue")
                            .replace("HTTP/1.1", "HTTP/1.0")
                            .replace("\r\n\r\n", "\r\nconnection: keep-alive\r\n\r\n")
                    + "hello");
            // There was no 100 in HTTP/1.0.
            assertThat(client.answer().status()).isEqualTo(200);
            assertGoesOn(client);
        }
    }

    @Test
    void requestsAheadOfTheirTurnAreAnsweredInOrder() throws Exception {
        try (RawClient client = new RawClient(port)) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                all.append(client.signed("PUT", "/b/k" + i, "content-length", "5"))
                        .append("hello");
                all.append(client.signed("PUT", "/b/no", "content-length", "5").replace("/b/no", "/b/x"))
                        .append("smile");
                all.append(client.signed("GET", "/b/k" + i));
            }
            client.send(all.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(client.answer().status()).isEqualTo(200);
                assertThat(stored.poll()).isEqualTo("k" + i + "=5");
                assertThat(client.answer().status()).isEqualTo(403);
                assertThat(client.answer().text()).isEqualTo("k" + i);
            }
            assertGoesOn(client);
        }
    }

    @Test
    void nothingIsServedAfterAnAnnouncedEnd() throws Exception {
        try (RawClient client = new RawClient(port)) {
            String refused = client.signed("PUT", "/b/k", "content-length", "5", "expect", "100-continue")
                    .replace("/b/k", "/b/x");
            client.send(refused + "hello" + client.signed("PUT", "/b/smuggled", "content-length", "5") + "hello");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(client.isClosedByServer()).isTrue();
        }
        gateway.look(Duration.ZERO);
        assertThat(stored).isEmpty();
    }

    @Test
    void aSlowClientLearnsWhyItsBodyIsRefused() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.send(
                    client.signed("PUT", "/b/k", "content-length", "1000000").replace("/b/k", "/b/x"));
            for (int i = 0; i < 10; i++) {
                client.send(new byte[100_000]);
                Thread.sleep(300);
            }
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void connectionsThatNobodyUsesAreClosedInTheEnd() throws Exception {
        try (RawClient fresh = new RawClient(port);
                RawClient used = new RawClient(port);
                RawClient dripping = new RawClient(port);
                RawClient silent = new RawClient(port)) {
            assertGoesOn(used);
            String head = dripping.signed("GET", "/b/k");
            dripping.send(head.substring(0, 20));
            silent.send(silent.signed("PUT", "/b/k", "content-length", "100").replace("/b/k", "/b/x"));
            silent.send("half");
            assertThat(silent.answer().status()).isEqualTo(403);

            gateway.look(SOON);
            dripping.send(head.substring(20, 40));
            assertGoesOn(used);
            gateway.look(TOO_LATE);
            for (RawClient client : new RawClient[] {fresh, used, dripping, silent}) {
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
    }

    @Test
    void aConnectionIsInUseAsLongAsItsRequestIsCarriedOut() throws Exception {
        Promise<Void> begun = Promise.promise();
        Promise<S3Response> answer = Promise.promise();
        live.put(S3Operation.DELETE_OBJECT, request -> {
            begun.complete();
            return answer.future();
        });
        try (RawClient client = new RawClient(port)) {
            client.head("DELETE", "/b/k");
            StubGateway.await(begun.future());
            gateway.look(TOO_LATE);
            gateway.look(TOO_LATE.multipliedBy(10));
            answer.complete(new S3Response(204));
            assertThat(client.answer().status()).isEqualTo(204);
            assertGoesOn(client);
        }
    }

    @Test
    void aClientThatDoesNotTakeItsAnswerIsGivenUp() throws Exception {
        byte[] piece = new byte[1 << 20];
        Promise<Void> begun = Promise.promise();
        live.put(S3Operation.GET_OBJECT, request -> {
            begun.complete();
            return Future.succeededFuture(new S3Response(200)
                    .body(new S3Response.Body.Pieces(
                            100L << 20, Data.wrap(piece), () -> Future.succeededFuture(Data.wrap(piece)))));
        });
        try (RawClient client = new RawClient(port)) {
            client.head("GET", "/b/k");
            StubGateway.await(begun.future());
            // A look that sees bytes go begins to wait again; there is room for some pieces in the sockets' buffers.
            for (int looks = 1; looks <= 200; looks++) {
                gateway.look(TOO_LATE.multipliedBy(looks));
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (gateway.answers().reservedBytes() > 0) {
                assertThat(System.nanoTime()).as("its memory stays reserved").isLessThan(deadline);
                Thread.sleep(1);
            }
            assertThatThrownBy(client::answer).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void anAnswerThatCannotBeWrittenIsAnInternalError() throws Exception {
        AtomicInteger released = new AtomicInteger();
        live.put(S3Operation.GET_OBJECT, request -> {
            if (request.key().utf8().equals("after")) {
                return Future.succeededFuture(new S3Response(200).xml(Bytes.utf8("after")));
            }
            BlockAssembler assembler = BlockAssembler.pooled(new BlockPool(1), 5);
            assembler.take(ByteBuffer.wrap(new byte[5]));
            Data piece = assembler.finish(released::incrementAndGet);
            return Future.succeededFuture(new S3Response(200)
                    .header("x-amz-meta-a", "a\r\nx-evil: b")
                    .body(new S3Response.Body.Pieces(5, piece, () -> Future.failedFuture("one is all"))));
        });
        try (RawClient client = new RawClient(port)) {
            client.head("GET", "/b/k");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text()).contains("<Code>InternalError</Code>");
            assertThat(answer.headers()).doesNotContainKeys("x-evil", "x-amz-meta-a");
            assertGoesOn(client);
        }
        assertThat(released).hasValue(1);
    }

    @Test
    void aServerThatFinishesAnswersWhatIsUnderWay() throws Exception {
        Promise<Void> begun = Promise.promise();
        Promise<S3Response> answer = Promise.promise();
        live.put(S3Operation.DELETE_OBJECT, request -> {
            begun.complete();
            return answer.future();
        });
        try (RawClient idle = new RawClient(port);
                RawClient busy = new RawClient(port);
                RawClient sending = new RawClient(port)) {
            assertGoesOn(idle);
            busy.head("DELETE", "/b/k");
            StubGateway.await(begun.future());
            sending.head("PUT", "/b/k", "content-length", "5", "expect", "100-continue");
            assertThat(sending.answer().status()).isEqualTo(100);

            Future<Void> finished = gateway.finish(Duration.ofSeconds(30));
            assertThat(idle.isClosedByServer()).isTrue();
            awaitRefusal();
            sending.send("hello");
            answer.complete(new S3Response(204));
            for (RawClient client : new RawClient[] {busy, sending}) {
                RawClient.Answer last = client.answer();
                assertThat(last.status()).isBetween(200, 204);
                assertThat(last.headers()).containsEntry("connection", "close");
                assertThat(client.isClosedByServer()).isTrue();
            }
            StubGateway.await(finished);
        }
        assertThat(stored).containsExactly("k=5");
    }

    /** The port is closed beside the idle connections, perhaps a moment later. */
    private void awaitRefusal() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                new RawClient(port).close();
            } catch (ConnectException refused) {
                return;
            }
            assertThat(System.nanoTime()).as("the port stays open").isLessThan(deadline);
        }
    }

    @Test
    void aServerThatFinishesDoesNotWaitForEver() throws Exception {
        try (RawClient sending = new RawClient(port)) {
            sending.head("PUT", "/b/k", "content-length", "5", "expect", "100-continue");
            assertThat(sending.answer().status()).isEqualTo(100);
            StubGateway.await(gateway.finish(Duration.ofMillis(100)));
            assertThat(sending.isClosedByServer()).isTrue();
        }
        assertThat(stored).isEmpty();
    }
}

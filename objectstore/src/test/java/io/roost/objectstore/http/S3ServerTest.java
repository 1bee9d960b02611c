package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.ObjectError;
import io.roost.cluster.object.ObjectException;
import io.roost.objectstore.Operation;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Response;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The edge with operations of the test's own: what a connection sees, whatever is stored. */
class S3ServerTest {
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
    void aBodyOfAnySizeArrivesWholeAndChecked() throws Exception {
        Random random = new Random(7);
        try (RawClient client = new RawClient(port)) {
            for (int size : new int[] {0, 1, 4096, 65535, 65536, 65537, 131072, 131073, 700_001}) {
                byte[] body = new byte[size];
                random.nextBytes(body);
                client.head("PUT", "/b/k", "content-length", Integer.toString(size));
                client.send(body);
                RawClient.Answer answer = client.answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(stored.poll()).isEqualTo("k=" + size);
                assertThat(answer.headers().get("x-md5"))
                        .isEqualTo(HexFormat.of()
                                .formatHex(java.security.MessageDigest.getInstance("MD5")
                                        .digest(body)));
            }
        }
    }

    @Test
    void everyAnswerCarriesItsIds() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.head("GET", "/b/k");
            assertThat(client.answer().headers()).containsKeys("x-amz-request-id", "x-amz-id-2", "date", "server");
            client.head("PUT", "/b/k?acl");
            RawClient.Answer refused = client.answer();
            assertThat(refused.status()).isEqualTo(501);
            assertThat(refused.text())
                    .contains("<Code>NotImplemented</Code><Message>PutObjectAcl is not implemented.</Message>")
                    .contains("<RequestId>" + refused.headers().get("x-amz-request-id") + "</RequestId>")
                    .contains("<Resource>/b/k</Resource>");
        }
    }

    @Test
    void keysAreNotNormalised() throws Exception {
        try (RawClient client = new RawClient(port)) {
            for (String path : List.of("/b//", "/b/../x", "/b/a/./b", "/b/a+b")) {
                client.head("GET", path);
                assertThat(client.answer().text()).isEqualTo(path.substring(3));
            }
        }
    }

    @Test
    void aTruncatedBodyIsNotStored() throws Exception {
        Promise<Throwable> failure = Promise.promise();
        live.put(S3Operation.PUT_OBJECT, request -> gateway.store(request).onFailure(failure::complete));
        try (RawClient client = new RawClient(port)) {
            client.head("PUT", "/b/k", "content-length", "100000");
            client.send(new byte[99_999]);
        }
        assertThat(StubGateway.await(failure.future()))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.INCOMPLETE_BODY));
        assertThat(stored).isEmpty();
    }

    @Test
    void aBodyThatIsNotWhatItsChecksumSaysIsNotStored() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.head("PUT", "/b/k", "content-length", "5", "content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==");
            client.send("hello");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).contains("<Code>BadDigest</Code>");
            client.head("GET", "/b/after");
            assertThat(client.answer().status()).isEqualTo(200);
        }
        assertThat(stored).isEmpty();
    }

    @Test
    void anObjectWithoutLengthIsRefused() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.head("PUT", "/b/k");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(411);
            assertThat(answer.text()).contains("<Code>MissingContentLength</Code>");
        }
        live.put(S3Operation.DELETE_OBJECTS, gateway::store);
        for (String request : List.of("PUT /b/k", "POST /b?delete")) {
            try (RawClient client = new RawClient(port)) {
                String[] words = request.split(" ", -1);
                client.head(words[0], words[1], "transfer-encoding", "chunked");
                client.send("5\r\nhello\r\n0\r\n\r\n");
                RawClient.Answer answer = client.answer();
                assertThat(answer.status()).as(request).isEqualTo(501);
                assertThat(answer.text())
                        .contains("<Code>NotImplemented</Code>")
                        .contains("<Header>Transfer-Encoding</Header>");
            }
        }
        assertThat(stored).isEmpty();
    }

    @Test
    void unsignedRequestsAndUnknownKeysAreRefused() throws Exception {
        try (RawClient client = new RawClient(port)) {
            client.send("GET /b/k HTTP/1.1\r\nhost: x\r\n\r\n");
            assertThat(client.answer().text()).contains("<Code>AccessDenied</Code>");
            client.send(client.signed("GET", "/b/k").replace("AKTEST", "AKOTHER"));
            assertThat(client.answer().text())
                    .contains("<Code>InvalidAccessKeyId</Code>")
                    .contains("<AWSAccessKeyId>AKOTHER</AWSAccessKeyId>");
        }
    }

    @Test
    void theHeadersNameOurRegionToAClientOfAnother() throws Exception {
        try (RawClient client = new RawClient(port)) {
            for (String method : List.of("HEAD", "GET")) {
                client.send(client.signed(method, "/b/k").replace("us-east-1", "eu-west-1"));
                RawClient.Answer answer = client.answer(method);
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.headers()).containsEntry("x-amz-bucket-region", "us-east-1");
                client.send(client.signed(method, "/b/k").replace("/s3/", "/ec2/"));
                assertThat(client.answer(method).status()).isEqualTo(400);
            }
        }
    }

    @Test
    void faultsOfTheClusterBecomeErrorsOfS3() throws Exception {
        try (RawClient client = new RawClient(port)) {
            for (ObjectError fault : ObjectError.values()) {
                live.put(
                        S3Operation.GET_OBJECT,
                        request -> Future.failedFuture(new ObjectException(fault, "of a test")));
                client.head("GET", "/b/k");
                int expected = switch (fault) {
                    case NO_SPACE -> 507;
                    case BUSY, TIMED_OUT, OUTCOME_UNKNOWN, SHUT_DOWN -> 503;
                    default -> 500;
                };
                assertThat(client.answer().status()).isEqualTo(expected);
            }
        }
    }

    @Test
    void aBodyInPiecesIsSentWhole() throws Exception {
        byte[] all = new byte[1_000_003];
        new Random(3).nextBytes(all);
        live.put(S3Operation.GET_OBJECT, request -> Future.succeededFuture(pieces(all, 300_000, all.length)));
        try (RawClient client = new RawClient(port)) {
            for (int round = 0; round < 3; round++) {
                client.head("GET", "/b/k");
                assertThat(client.answer().body()).isEqualTo(Bytes.wrap(all));
            }
        }
    }

    @Test
    void aPieceThatCannotBeHadCutsTheConnection() throws Exception {
        byte[] all = new byte[1_000_000];
        live.put(S3Operation.GET_OBJECT, request -> Future.succeededFuture(pieces(all, 300_000, 600_000)));
        try (RawClient client = new RawClient(port)) {
            client.head("GET", "/b/k");
            assertThatThrownBy(client::answer).isInstanceOf(IOException.class);
        }
    }

    private static S3Response pieces(byte[] all, int pieceBytes, int failAt) {
        int[] at = {Math.min(pieceBytes, all.length)};
        return new S3Response(200)
                .body(new S3Response.Body.Pieces(all.length, Data.wrap(java.util.Arrays.copyOf(all, at[0])), () -> {
                    if (at[0] >= failAt) {
                        return Future.failedFuture(new ObjectException(ObjectError.IO_ERROR, "of a test"));
                    }
                    int begin = at[0];
                    at[0] = Math.min(begin + pieceBytes, all.length);
                    return Future.succeededFuture(Data.wrap(java.util.Arrays.copyOfRange(all, begin, at[0])));
                }));
    }

    @Test
    void concurrentBodiesBeyondTheBudgetTakeTurns() throws Exception {
        Thread[] threads = new Thread[12];
        BlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();
        for (int i = 0; i < threads.length; i++) {
            int number = i;
            threads[i] = new Thread(() -> {
                try (RawClient client = new RawClient(port)) {
                    client.head("PUT", "/b/k" + number, "content-length", "3000000");
                    client.send(new byte[3_000_000]);
                    statuses.add(client.answer().status());
                } catch (IOException e) {
                    statuses.add(-1);
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(statuses).hasSize(threads.length).containsOnly(200);
        assertThat(stored).hasSize(threads.length);
    }

    /** A request on a connection of its own; the id of its answer. */
    private interface Asked {
        String by(RawClient client) throws IOException;
    }

    private List<String> accessLog(Asked asked) throws Exception {
        ch.qos.logback.classic.Logger logger =
                (ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger("roost.access");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
        try (RawClient client = new RawClient(port)) {
            String id = asked.by(client);
            // The line is written when the answer has gone out, and the loop does one thing after the other.
            gateway.look(Duration.ZERO);
            return lines.list.stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .filter(line -> line.contains(id))
                    .toList();
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(before);
        }
    }

    @Test
    void theAccessLogHasOneLineForARequestWithDovecotsWords() throws Exception {
        List<String> written = accessLog(client -> {
            client.head(
                    "GET",
                    "/b/log%20ged",
                    "x-dovecot-username",
                    "u@x status=200",
                    "x-dovecot-session-id",
                    "S1",
                    "x-dovecot-reason",
                    "refresh");
            return client.answer().headers().get("x-amz-request-id");
        });
        assertThat(written).hasSize(1);
        assertThat(written.get(0))
                .startsWith("op=GetObject bucket=b key=/b/log%20ged status=200 in=0 out=")
                .contains(" user=tester ")
                .endsWith(" dovecot_user=u@x_status=200 dovecot_session=S1 dovecot_reason=refresh");
    }

    @Test
    void theAccessLogKnowsOfWhatIsNotHttp() throws Exception {
        for (String head : List.of("x: " + "y".repeat(40_000), "no colon")) {
            List<String> written = accessLog(client -> {
                client.send("GET /b/k HTTP/1.1\r\nhost: x\r\n" + head + "\r\n\r\n");
                return client.answer().headers().get("x-amz-request-id");
            });
            assertThat(written).hasSize(1);
            assertThat(written.get(0)).startsWith("op=- bucket=- key=- status=400 ");
        }
    }
}

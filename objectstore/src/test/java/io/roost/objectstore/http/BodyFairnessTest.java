package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Data;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.S3Response.Body;
import io.vertx.core.Future;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that takes or sends its bytes slowly does not keep others waiting for the memory that it holds. */
class BodyFairnessTest {
    private static final int PIECE = ResponseWriter.MAX_PIECE_BYTES;

    private static final int PIECES = 3;

    /** Of 16 MiB all but the share for small bodies. */
    private static final long FULL = 3L * PIECE;

    private static final Duration OVERDUE = StubGateway.BODY_PATIENCE.plusSeconds(1);

    private final AtomicInteger begun = new AtomicInteger();
    private final List<RawClient> clients = new ArrayList<>();
    private StubGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new StubGateway();
        gateway.operations().put(S3Operation.GET_OBJECT, this::object);
        gateway.operations().put(S3Operation.PUT_OBJECT, this::store);
    }

    @AfterEach
    void stop() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        gateway.close();
    }

    private Future<S3Response> object(S3Request request) {
        begun.incrementAndGet();
        int pieces = request.key().utf8().equals("large") ? PIECES : 1;
        Data piece = Data.wrap(new byte[pieces == 1 ? 3 : PIECE]);
        return Future.succeededFuture(new S3Response(200)
                .body(new Body.Pieces(pieces * piece.length(), piece, () -> Future.succeededFuture(piece))));
    }

    private Future<S3Response> store(S3Request request) {
        begun.incrementAndGet();
        return request.body().read(PIECE).map(piece -> {
            piece.release();
            return new S3Response(200);
        });
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(1);
        }
    }

    private RawClient open() throws IOException {
        RawClient client = RawClient.withSmallBuffer(gateway.port());
        clients.add(client);
        return client;
    }

    private RawClient get(String key) throws IOException {
        RawClient client = open();
        client.head("GET", "/bucket/" + key);
        return client;
    }

    /** Begins to send a body and stops before its first byte. */
    private RawClient put(int bytes) throws IOException {
        RawClient client = open();
        client.head("PUT", "/bucket/key", "content-length", Integer.toString(bytes), "expect", "100-continue");
        return client;
    }

    private List<RawClient> stalledReaders(int count) throws Exception {
        List<RawClient> stalled = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stalled.add(get("large"));
        }
        await("the memory is not full", () -> gateway.answers().reservedBytes() >= FULL);
        return stalled;
    }

    private List<RawClient> stalledSenders() throws Exception {
        List<RawClient> stalled = new ArrayList<>();
        for (int i = 0; i < FULL / PIECE; i++) {
            stalled.add(put(PIECE));
            assertThat(stalled.get(i).answer().status()).isEqualTo(100);
        }
        return stalled;
    }

    private static boolean isWhole(RawClient client) throws IOException {
        try {
            return client.answer().body().length() == PIECES * PIECE;
        } catch (EOFException cutOff) {
            return false;
        }
    }

    @Test
    void smallObjectsAreAnsweredWhileManyLargeOnesAreNotTaken() throws Exception {
        stalledReaders(32);
        for (int i = 0; i < 10; i++) {
            assertThat(get("small").answer().body().length()).isEqualTo(3);
        }
    }

    @Test
    void smallBodiesAreTakenWhileManyLargeOnesDoNotCome() throws Exception {
        stalledSenders();
        put(PIECE);
        await("they do not wait", () -> begun.get() == FULL / PIECE + 1);
        for (int i = 0; i < 10; i++) {
            RawClient small = put(5);
            assertThat(small.answer().status()).isEqualTo(100);
            small.send("hello");
            assertThat(small.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void readersThatTakeNothingAreEndedWhenOthersHaveWaitedLong() throws Exception {
        stalledReaders(4);
        RawClient late = get("large");
        await("it does not wait", () -> begun.get() == 5);
        gateway.look(Duration.ZERO);
        gateway.look(OVERDUE);
        assertThat(isWhole(late)).isTrue();
    }

    @Test
    void noMoreReadersAreEndedThanOthersWaitFor() throws Exception {
        // One holds a piece and one ahead, the other a piece.
        List<RawClient> stalled = stalledReaders(2);
        RawClient late = get("large");
        await("it does not wait", () -> begun.get() == 3);
        gateway.look(OVERDUE);
        gateway.look(OVERDUE);
        assertThat(isWhole(late)).isTrue();
        assertThat(isWhole(stalled.get(0)) ^ isWhole(stalled.get(1)))
                .as("one is ended, one is not")
                .isTrue();
    }

    @Test
    void nobodyIsEndedForThoseWhoHaveJustBegunToWait() throws Exception {
        List<RawClient> stalled = stalledReaders(2);
        RawClient late = get("large");
        await("it does not wait", () -> begun.get() == 3);
        gateway.look(Duration.ZERO);
        for (RawClient client : stalled) {
            assertThat(isWhole(client)).isTrue();
        }
        assertThat(isWhole(late)).isTrue();
    }

    @Test
    void nobodyIsEndedWhileNobodyWaits() throws Exception {
        List<RawClient> stalled = stalledReaders(2);
        List<RawClient> sending = stalledSenders();
        gateway.look(OVERDUE);
        for (RawClient client : stalled) {
            assertThat(isWhole(client)).isTrue();
        }
        for (RawClient client : sending) {
            client.send(new byte[PIECE]);
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void theBodyThatHoldsMemoryLongestIsEndedWhenOthersHaveWaitedLong() throws Exception {
        List<RawClient> stalled = stalledSenders();
        RawClient late = put(PIECE);
        await("it does not wait", () -> begun.get() == FULL / PIECE + 1);
        gateway.look(OVERDUE);
        RawClient.Answer ended = stalled.get(0).answer();
        assertThat(ended.status()).isEqualTo(400);
        assertThat(ended.text()).contains("<Code>RequestTimeout</Code>");
        assertThat(ended.headers()).containsEntry("connection", "close");
        assertThat(late.answer().status()).isEqualTo(100);
        for (RawClient client : List.of(stalled.get(1), stalled.get(2), late)) {
            client.send(new byte[PIECE]);
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    /** While a body is stored it is not its client who is slow. */
    @Test
    void aBodyThatHasComeIsNotEnded() throws Exception {
        io.vertx.core.Promise<Void> storing = io.vertx.core.Promise.promise();
        AtomicInteger come = new AtomicInteger();
        gateway.operations()
                .put(
                        S3Operation.PUT_OBJECT,
                        request -> request.body().read(PIECE).compose(piece -> {
                            come.incrementAndGet();
                            return storing.future().map(stored -> {
                                piece.release();
                                return new S3Response(200);
                            });
                        }));
        List<RawClient> sent = stalledSenders();
        for (RawClient client : sent) {
            client.send(new byte[PIECE]);
        }
        await("the bodies do not come", () -> come.get() == sent.size());
        put(PIECE);
        gateway.look(OVERDUE);
        storing.complete();
        for (RawClient client : sent) {
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }
}

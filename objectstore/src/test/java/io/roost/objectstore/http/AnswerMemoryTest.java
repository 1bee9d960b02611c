package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Data;
import io.roost.objectstore.S3Operation;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.S3Response.Body;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What answers hold in memory has a limit, however many clients ask for large objects and do not take them. */
class AnswerMemoryTest {
    private static final int PIECE = ResponseWriter.MAX_PIECE_BYTES;
    private static final int PIECES = 8;

    /** Of 16 MiB; a piece ahead is fetched only while there is memory. */
    private static final int ROOM_FOR_PIECES = 4;

    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger mostHeld = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final List<RawClient> clients = new ArrayList<>();
    private StubGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new StubGateway();
        gateway.operations().put(S3Operation.GET_OBJECT, this::large);
    }

    @AfterEach
    void stop() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        // Also checks that all memory has been given back.
        gateway.close();
        assertThat(held).hasValue(0);
    }

    private Future<S3Response> large(S3Request request) {
        begun.incrementAndGet();
        return Future.succeededFuture(new S3Response(200)
                .body(new Body.Pieces((long) PIECES * PIECE, piece(), () -> Future.succeededFuture(piece()))));
    }

    private Data piece() {
        mostHeld.accumulateAndGet(held.incrementAndGet(), Math::max);
        Data bytes = Data.wrap(new byte[PIECE]);
        return new io.roost.cluster.object.BlockPool(0).data(bytes.blocks(), held::decrementAndGet);
    }

    private RawClient ask() throws Exception {
        RawClient client = new RawClient(gateway.port());
        clients.add(client);
        client.head("GET", "/bucket/large");
        return client;
    }

    private void awaitBegun(int count) throws Exception {
        while (begun.get() < count) {
            Thread.sleep(5);
        }
    }

    @Test
    void clientsThatTakeNothingHoldNoMoreThanTheBudgetAndOthersAreAnsweredWhenTheyAreGone() throws Exception {
        List<RawClient> stuck = new ArrayList<>();
        for (int i = 0; i < ROOM_FOR_PIECES; i++) {
            stuck.add(ask());
        }
        awaitBegun(1);
        RawClient late = ask();
        assertThat(gateway.answers().reservedBytes()).isLessThanOrEqualTo((long) ROOM_FOR_PIECES * PIECE);
        for (RawClient client : stuck) {
            client.close();
        }
        RawClient.Answer answer = late.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().length()).isEqualTo(PIECES * PIECE);
        assertThat(mostHeld.get()).isBetween(2, ROOM_FOR_PIECES);
    }

    @Test
    void manyClientsThatTakeTheirAnswersInTurnAllGetThemWhole() throws Exception {
        List<RawClient> waiting = new ArrayList<>();
        for (int i = 0; i < 3 * ROOM_FOR_PIECES; i++) {
            waiting.add(ask());
        }
        List<Thread> readers = new ArrayList<>();
        AtomicInteger whole = new AtomicInteger();
        for (RawClient client : waiting) {
            Thread reader = new Thread(() -> {
                try {
                    if (client.answer().body().length() == PIECES * PIECE) {
                        whole.incrementAndGet();
                    }
                } catch (java.io.IOException cut) {
                    throw new java.io.UncheckedIOException(cut);
                }
            });
            readers.add(reader);
            reader.start();
        }
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(whole).hasValue(waiting.size());
        assertThat(mostHeld.get()).isBetween(2, ROOM_FOR_PIECES);
    }

    @Test
    void whatASmallAnswerDoesNotNeedIsGivenBackAtOnce() throws Exception {
        gateway.operations()
                .put(
                        S3Operation.GET_OBJECT,
                        request -> Future.succeededFuture(new S3Response(200)
                                .body(new Body.Pieces(
                                        3, Data.wrap(new byte[3]), () -> Future.failedFuture("there is one piece")))));
        try (RawClient client = new RawClient(gateway.port())) {
            client.head("GET", "/bucket/small");
            assertThat(client.answer().body().length()).isEqualTo(3);
        }
        while (gateway.answers().reservedBytes() > 0) {
            Thread.sleep(5);
        }
    }
}

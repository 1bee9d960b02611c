package io.roost.mailstore.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that come, that are too many, that say nothing. */
class AcceptorTest {
    private static final int READ_MILLIS = 30_000;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final Acceptor acceptor = new Acceptor(
            vertx,
            new Endpoint("127.0.0.1", 0, Endpoint.Encryption.ON_DEMAND, 2),
            Optional.empty(),
            new Occupancy(1),
            new Protocol() {
                @Override
                public Conversation begin(Connection connection) {
                    return new Echo(connection);
                }

                @Override
                public Buffer full() {
                    return Buffer.buffer("full");
                }
            });
    private int port;

    /** Sends back what comes; after a question mark it has something to answer, and never does. */
    private static final class Echo implements Conversation {
        private final Connection connection;
        private boolean isWaiting;

        Echo(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void onConnect() {
            connection.send(Buffer.buffer("hi"));
        }

        @Override
        public void onBytes(Buffer bytes) {
            isWaiting = bytes.toString().endsWith("?");
            connection.send(bytes);
        }

        @Override
        public boolean isWaiting() {
            return isWaiting;
        }

        @Override
        public Duration patience() {
            return Duration.ofMinutes(1);
        }

        @Override
        public void onSilence() {
            connection.send(Buffer.buffer("late"));
            connection.end();
        }

        @Override
        public void onShutdown() {
            connection.send(Buffer.buffer("bye"));
            connection.end();
        }

        @Override
        public void onClosed() {
            // Nothing to give back.
        }
    }

    private void lookAfter(Duration later) {
        Promise<Void> done = Promise.promise();
        loop.runOnContext(v -> {
            acceptor.lookAfter(System.nanoTime() + later.toNanos());
            done.complete();
        });
        done.future().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void start() {
        Promise<Integer> listening = Promise.promise();
        loop.runOnContext(v -> acceptor.start().onComplete(listening));
        port = listening.future().toCompletionStage().toCompletableFuture().join();
    }

    private void end() {
        Promise<Void> stopped = Promise.promise();
        loop.runOnContext(v -> acceptor.stop().onComplete(stopped));
        stopped.future().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void stop() {
        end();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(READ_MILLIS);
        return socket;
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    @Test
    void whoComesWhenItIsFullIsTold() throws IOException {
        // Those of this machine do not count by address, of which one is allowed here.
        try (Socket first = connect();
                Socket second = connect()) {
            assertThat(read(first, 2) + read(second, 2)).isEqualTo("hihi");
            try (Socket third = connect()) {
                assertThat(read(third, 10)).isEqualTo("full");
            }
        }
    }

    @Test
    void whoIsSilentIsEnded() throws IOException {
        try (Socket silent = connect();
                Socket waiting = connect()) {
            assertThat(read(silent, 2) + read(waiting, 2)).isEqualTo("hihi");
            waiting.getOutputStream().write('?');
            assertThat(read(waiting, 1)).isEqualTo("?");
            lookAfter(Duration.ofSeconds(59));
            silent.getOutputStream().write('x');
            assertThat(read(silent, 1)).isEqualTo("x");
            lookAfter(Duration.ofSeconds(61));
            assertThat(read(silent, 10)).isEqualTo("late");
            lookAfter(Duration.ofHours(1));
            end();
            assertThat(read(waiting, 10)).as("it waits for us").isEqualTo("bye");
        }
    }

    @Test
    void oneMayHaveSoManyAndNoMore() {
        Occupancy occupancy = new Occupancy(2);
        assertThat(occupancy.tryEnter("a")).isTrue();
        assertThat(occupancy.tryEnter("a")).isTrue();
        assertThat(occupancy.tryEnter("a")).isFalse();
        assertThat(occupancy.tryEnter("b")).isTrue();
        occupancy.leave("a");
        assertThat(occupancy.tryEnter("a")).isTrue();
        assertThat(occupancy.tryEnter("a")).isFalse();
    }
}

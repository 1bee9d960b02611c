package io.roost.deploy.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The network of the lab does to two nodes what it says. */
class LinkProxyTest {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private int port;
    private ServerSocket node2;
    private HttpServer control;

    @BeforeEach
    void start() throws Exception {
        port = freePorts();
        node2 = new ServerSocket(port, 10, InetAddress.getByName("127.0.0.2"));
        LinkProxy proxy = new LinkProxy(vertx, 2, port);
        control = proxy.start().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** The first of some that are free now. */
    private static int freePorts() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
            return free.getLocalPort() > 60_000 ? free.getLocalPort() - 100 : free.getLocalPort();
        }
    }

    @AfterEach
    void stop() throws Exception {
        node2.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void control(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + control.actualPort() + path)
                .toURL()
                .openConnection();
        connection.setRequestMethod("POST");
        assertThat(connection.getResponseCode()).isEqualTo(204);
    }

    /** A connection from node 1 to node 2: the proxy listens once it has seen that node 2 does. */
    private Socket dial() throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (true) {
            try {
                return patient(new Socket(InetAddress.getLoopbackAddress(), port + 12));
            } catch (ConnectException refused) {
                if (System.nanoTime() > end) {
                    throw refused;
                }
                Thread.sleep(20);
            }
        }
    }

    private static Socket patient(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** The next connection that says something: the proxy looks in at times, and says nothing. */
    private Socket accepted(String expected) throws IOException {
        while (true) {
            Socket socket = patient(node2.accept());
            if (read(socket, expected.length()).equals(expected)) {
                return socket;
            }
            socket.close();
        }
    }

    private static String read(Socket socket, int length) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsSaidOnABlockedWayArrivesWhenItIsHealed() throws Exception {
        try (Socket node1 = dial()) {
            say(node1, "hello");
            try (Socket there = accepted("hello")) {
                say(there, "hi");
                assertThat(read(node1, 2)).isEqualTo("hi");
                control("/block?from=2&to=1");
                say(there, "late");
                say(node1, "one way");
                assertThat(read(there, 7)).isEqualTo("one way");
                assertThat(node1.getInputStream().available()).isZero();
                control("/heal");
                assertThat(read(node1, 4)).isEqualTo("late");
            }
            assertThat(node1.getInputStream().read()).as("the end").isEqualTo(-1);
        }
    }

    @Test
    void nobodyAnswersThroughABlockedWay() throws Exception {
        dial().close();
        control("/block?from=2&to=1");
        try (Socket node1 = dial()) {
            say(node1, "anybody?");
            control("/heal");
            try (Socket there = accepted("anybody?")) {
                say(there, "yes");
                assertThat(read(node1, 3)).isEqualTo("yes");
            }
        }
    }

    @Test
    void aProcessThatHasEndedRefuses() throws Exception {
        try (Socket node1 = dial()) {
            say(node1, "hello");
            Socket there = accepted("hello");
            node2.close();
            there.close();
            assertThat(node1.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port + 12).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void whatArrivesLateArrivesInOrder() throws Exception {
        control("/delay?millis=30");
        try (Socket node1 = dial()) {
            say(node1, "one");
            try (Socket there = accepted("one")) {
                for (int i = 0; i < 10; i++) {
                    say(node1, "" + i);
                }
                assertThat(read(there, 10)).isEqualTo("0123456789");
                control("/cut?from=1&to=2");
                assertThat(node1.getInputStream().read()).isEqualTo(-1);
            }
        }
    }
}

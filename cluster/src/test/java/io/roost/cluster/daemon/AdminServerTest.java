package io.roost.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The admin API as its clients see it; Java's own asks for HTTP/2 with every first request. */
class AdminServerTest {
    private static final String TOKEN = "token-of-the-tests";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private AdminServer server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        AdminRoute echo = new AdminRoute(
                HttpMethod.POST,
                "/echo/{name}",
                request -> Future.succeededFuture(AdminRoute.Answer.ok(JsonNodeFactory.instance
                        .objectNode()
                        .put("name", request.parameters().get("name"))
                        .set("body", request.body()))));
        AdminRoute refuse = new AdminRoute(HttpMethod.GET, "/refuse", request -> {
            throw new AdminException(409, "Busy", "not now");
        });
        AdminRoute broken = new AdminRoute(HttpMethod.GET, "/broken", request -> {
            throw new IllegalStateException("a mistake of ours");
        });
        server = new AdminServer(vertx, TOKEN, List.of(echo, refuse, broken), () -> "up 1\n");
        port = await(server.start("127.0.0.1", 0));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> sendAuthorized(HttpRequest.Builder request) throws Exception {
        return send(request.header("Authorization", "Bearer " + TOKEN));
    }

    @Test
    void clientsThatOfferAnUpgradeAreServedInHttp11() throws Exception {
        HttpResponse<String> health = send(request("/health"));
        assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
        assertThat(health.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(send(request("/metrics")).body()).isEqualTo("up 1\n");

        HttpResponse<String> echo = HttpClient.newHttpClient()
                .send(
                        request("/echo/a%20b%2Fc")
                                .header("Authorization", "Bearer " + TOKEN)
                                .POST(BodyPublishers.ofString("{\"a\":1}"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(echo.statusCode()).as(echo.body()).isEqualTo(200);
        assertThat(echo.body()).isEqualTo("{\"name\":\"a b/c\",\"body\":{\"a\":1}}\n");
    }

    @Test
    void theTokenIsNeededForEverythingElse() throws Exception {
        assertThat(send(request("/refuse")).statusCode()).isEqualTo(401);
        assertThat(send(request("/refuse").header("Authorization", "Bearer " + TOKEN + "x"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(send(request("/refuse").header("Authorization", TOKEN)).statusCode())
                .isEqualTo(401);
        HttpResponse<String> refused = sendAuthorized(request("/refuse"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).isEqualTo("{\"code\":\"Busy\",\"message\":\"not now\"}\n");
    }

    @Test
    void aHostThatIsNotLoopbackIsRefused() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void everyRequestIsAnsweredWhateverIsWrongWithIt() throws Exception {
        assertThat(sendAuthorized(request("/broken")).statusCode()).isEqualTo(500);
        assertThat(sendAuthorized(request("/none")).statusCode()).isEqualTo(404);
        assertThat(sendAuthorized(request("/echo/x")).statusCode()).isEqualTo(405);
        assertThat(sendAuthorized(request("/echo/x").POST(BodyPublishers.ofString("{")))
                        .statusCode())
                .isEqualTo(400);
        for (String line : List.of("GET /refuse/%zz", "GET /refuse?a=%zz", "OPTIONS *", "CONNECT localhost:1")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(30_000);
                socket.getOutputStream()
                        .write((line + " HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer " + TOKEN
                                        + "\r\nconnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .as(line)
                        .startsWith("HTTP/1.1 4");
            }
        }
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedBeforeItHasCome() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            String head = "POST /echo/x HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer " + TOKEN
                    + "\r\ntransfer-encoding: chunked\r\n\r\n100001\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[0x100001]);
            // The chunk's end and all that might follow it are kept back.
            byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 413 ".length());
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413 ");
        }
    }
}

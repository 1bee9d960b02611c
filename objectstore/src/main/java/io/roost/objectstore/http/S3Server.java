package io.roost.objectstore.http;

import io.roost.objectstore.auth.SigningKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The S3 endpoint of one event loop: create and start one in each verticle instance, so that every loop accepts
 * connections of the same port. All of it runs on that loop; what loops share is in the {@link S3Gateway}.
 */
public final class S3Server {
    /** How often connections are looked after: a body must bring {@link #MIN_BODY_BYTES_PER_LOOK} meanwhile. */
    private static final long LOOK_MILLIS = 10_000;

    /** About 100 bytes per second: slower than any modem, faster than an attacker who holds memory for ever. */
    static final long MIN_BODY_BYTES_PER_LOOK = 1024;

    /** Distinct (secret, day, region) whose derived key is kept per loop. */
    private static final int SIGNING_KEYS = 1024;

    private final Vertx vertx;
    private final S3Config config;
    private final S3Gateway gateway;
    private final S3Router router;
    private final SigningKeys signingKeys = new SigningKeys(SIGNING_KEYS);
    private final SplittableRandom requestIds = new SplittableRandom(new SecureRandom().nextLong());
    private final Map<HttpConnection, ClientConnection> connections = new HashMap<>();
    private HttpServer server;
    private volatile boolean isFinishing;
    private volatile long lookTimer;

    /** A server that does not listen yet. */
    public S3Server(Vertx vertx, S3Config config, S3Gateway gateway) {
        this.vertx = vertx;
        this.config = config;
        this.gateway = gateway;
        this.router = new S3Router(config.authentication().domains());
    }

    /**
     * Listens.
     *
     * @return the port listened on; fails when it cannot be had
     */
    public Future<Integer> start() {
        server = vertx.createHttpServer(options())
                .connectionHandler(this::onConnection)
                .requestHandler(request -> connections.get(request.connection()).serve(request))
                .invalidRequestHandler(
                        request -> connections.get(request.connection()).refuse(request))
                .exceptionHandler(connectionLost -> {
                    // Resets and broken TLS handshakes are the client's affair; requests under way learn of it
                    // themselves.
                });
        awaitLook();
        return server.listen().map(HttpServer::actualPort);
    }

    private void onConnection(HttpConnection connection) {
        connections.put(connection, new ClientConnection(this, connection));
        connection.closeHandler(closed -> connections.remove(connection));
    }

    /** Not a periodic timer: one whose ticks were late makes up for them at once, and clients would have no time between. */
    private void awaitLook() {
        lookTimer = vertx.setTimer(LOOK_MILLIS, tick -> {
            awaitLook();
            lookAfterConnections(System.nanoTime());
        });
    }

    /** Gives up clients that keep the server or others waiting, the slowest first; called by a timer. */
    void lookAfterConnections(long nowNanos) {
        List<ClientConnection> all = new ArrayList<>(connections.values());
        all.sort(Comparator.comparingLong(connection -> -connection.keepsWaitingNanos(nowNanos)));
        for (ClientConnection connection : all) {
            connection.lookAfter(nowNanos);
        }
    }

    /**
     * Takes no more connections and requests, lets those under way be answered, and then closes their connections. Safe to
     * call from any thread.
     *
     * @param grace what is not answered in this time is cut off
     */
    public Future<Void> finish(Duration grace) {
        isFinishing = true;
        return server == null
                ? Future.succeededFuture()
                : server.shutdown(grace).onComplete(finished -> vertx.cancelTimer(lookTimer));
    }

    /** Closes the port and every connection at once. Safe to call from any thread. */
    public Future<Void> stop() {
        vertx.cancelTimer(lookTimer);
        return server == null ? Future.succeededFuture() : server.close();
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setMaxInitialLineLength(S3Config.MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(S3Config.MAX_HEADER_BYTES)
                .setHandle100ContinueAutomatically(false)
                // S3 is HTTP/1.1. A client that offers an upgrade (Java's does) would be answered in HTTP/2, where the
                // Host header that it has signed is gone.
                .setHttp2ClearTextEnabled(false)
                .setDecompressionSupported(false)
                .setCompressionSupported(false)
                .setTcpNoDelay(true);
        if (config.tls() instanceof S3Config.Tls.Pem pem) {
            options.setSsl(true)
                    .setUseAlpn(false)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addCertValue(pem.certificate())
                            .addKeyValue(pem.key()));
        }
        return options;
    }

    /** True when connections end with their next answer. */
    boolean isFinishing() {
        return isFinishing;
    }

    Vertx vertx() {
        return vertx;
    }

    S3Config config() {
        return config;
    }

    S3Gateway gateway() {
        return gateway;
    }

    S3Router router() {
        return router;
    }

    SigningKeys signingKeys() {
        return signingKeys;
    }

    /** 16 hex digits, as AWS's request ids. */
    String newRequestId() {
        char[] digits = new char[16];
        long bits = requestIds.nextLong();
        for (int i = 0; i < digits.length; i++) {
            digits[i] = Character.toUpperCase(Character.forDigit((int) (bits >>> (60 - 4 * i)) & 0xf, 16));
        }
        return new String(digits);
    }
}

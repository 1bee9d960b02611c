package io.roost.cluster.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin HTTP API: JSON routes behind a bearer token, and without one {@code GET /health} and {@code GET /metrics}.
 * Loopback only; the Host header must name a loopback address, so that a web page cannot reach it by rebinding a name.
 */
public final class AdminServer {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    /** A configuration document is a few KiB. */
    private static final int MAX_BODY_BYTES = 1024 * 1024;

    private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Vertx vertx;
    private final byte[] token;
    private final List<AdminRoute> routes;
    private final Supplier<String> metrics;
    private final ObjectMapper mapper = new ObjectMapper();
    private HttpServer server;

    /**
     * A server that is not listening yet.
     *
     * @param token what a caller must present
     * @param metrics the Prometheus exposition
     */
    public AdminServer(Vertx vertx, String token, List<AdminRoute> routes, Supplier<String> metrics) {
        this.vertx = vertx;
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.routes = List.copyOf(routes);
        this.metrics = metrics;
    }

    /**
     * Listens.
     *
     * @param port 0 for a free one
     * @return the port
     */
    public Future<Integer> start(String host, int port) {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(8192)
                // A client that offers an upgrade (Java's does) is answered in HTTP/1.1: in HTTP/2 there is no Host
                // header.
                .setHttp2ClearTextEnabled(false);
        server = vertx.createHttpServer(options);
        return server.requestHandler(this::onRequest).listen(port, host).map(HttpServer::actualPort);
    }

    /** Stops listening. */
    public Future<Void> stop() {
        return server == null ? Future.succeededFuture() : server.close();
    }

    private void onRequest(HttpServerRequest request) {
        if (!isLoopbackHost(request.getHeader("Host"))) {
            answer(request, 403, error("AccessDenied", "the Host header names no loopback address"));
            return;
        }
        if (request.path().equals("/health")) {
            answer(request, 200, JsonNodeFactory.instance.objectNode().put("status", "ok"));
            return;
        }
        if (request.path().equals("/metrics")) {
            request.response()
                    .putHeader("Content-Type", "text/plain; version=0.0.4")
                    .end(metrics.get());
            return;
        }
        if (!isAuthorized(request.getHeader("Authorization"))) {
            answer(request, 401, error("Unauthorized", "a bearer token is needed: see admin.json in the data folder"));
            return;
        }
        Buffer body = Buffer.buffer();
        request.exceptionHandler(lost -> LOG.debug("admin request lost", lost));
        request.endHandler(end -> route(request, body)).handler(piece -> {
            if (body.length() + piece.length() > MAX_BODY_BYTES) {
                refuseBody(request);
            } else {
                body.appendBuffer(piece);
            }
        });
    }

    private void refuseBody(HttpServerRequest request) {
        request.handler(null).endHandler(null);
        request.response()
                .putHeader("Connection", "close")
                .endHandler(sent -> request.connection().close());
        answer(request, 413, error("TooLarge", "a body of more than " + MAX_BODY_BYTES + " bytes"));
    }

    private static boolean isLoopbackHost(String host) {
        if (host == null) {
            return false;
        }
        int colon = host.lastIndexOf(':');
        return HOSTS.contains(colon > host.lastIndexOf(']') ? host.substring(0, colon) : host);
    }

    private boolean isAuthorized(String header) {
        String prefix = "Bearer ";
        return header != null
                && header.startsWith(prefix)
                && MessageDigest.isEqual(header.substring(prefix.length()).getBytes(StandardCharsets.UTF_8), token);
    }

    private void route(HttpServerRequest request, Buffer body) {
        String[] segments = request.path().substring(1).split("/", -1);
        Map<String, String> query = new LinkedHashMap<>();
        JsonNode document;
        try {
            for (int i = 0; i < segments.length; i++) {
                segments[i] = URLDecoder.decode(segments[i].replace("+", "%2B"), StandardCharsets.UTF_8);
            }
            request.params().forEach(entry -> query.put(entry.getKey(), entry.getValue()));
            document = body.length() == 0 ? MissingNode.getInstance() : mapper.readTree(body.getBytes());
        } catch (IllegalArgumentException malformed) {
            answer(request, 400, error("MalformedUrl", malformed.getMessage()));
            return;
        } catch (IOException malformed) {
            answer(request, 400, error("MalformedJson", "the body is no JSON: " + malformed.getMessage()));
            return;
        }
        boolean pathKnown = false;
        for (AdminRoute route : routes) {
            Map<String, String> parameters = match(route.segments(), segments);
            if (parameters != null) {
                pathKnown = true;
                if (route.method().equals(request.method())) {
                    handle(route, new AdminRoute.Request(parameters, query, document), request);
                    return;
                }
            }
        }
        answer(
                request,
                pathKnown ? 405 : 404,
                error("NoSuchRoute", "no route " + request.method() + " " + request.path()));
    }

    private static Map<String, String> match(List<String> pattern, String[] segments) {
        if (pattern.size() != segments.length) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < segments.length; i++) {
            String expected = pattern.get(i);
            if (expected.startsWith("{")) {
                parameters.put(expected.substring(1, expected.length() - 1), segments[i]);
            } else if (!expected.equals(segments[i])) {
                return null;
            }
        }
        return parameters;
    }

    private void handle(AdminRoute route, AdminRoute.Request asked, HttpServerRequest request) {
        Future<AdminRoute.Answer> answer;
        try {
            answer = route.handler().handle(asked);
        } catch (RuntimeException failure) {
            answer = Future.failedFuture(failure);
        }
        answer.onComplete(result -> {
            if (result.succeeded()) {
                answer(request, result.result().status(), result.result().document());
            } else if (result.cause() instanceof AdminException refused) {
                answer(request, refused.status(), error(refused.code(), refused.getMessage()));
            } else {
                LOG.error("admin {} {} failed", request.method(), request.path(), result.cause());
                answer(
                        request,
                        500,
                        error("InternalError", String.valueOf(result.cause().getMessage())));
            }
        });
    }

    private static JsonNode error(String code, String message) {
        return JsonNodeFactory.instance.objectNode().put("code", code).put("message", message);
    }

    private void answer(HttpServerRequest request, int status, JsonNode document) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (document == null) {
            response.setStatusCode(status).end();
            return;
        }
        try {
            response.setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .end(Buffer.buffer(mapper.writeValueAsBytes(document)).appendByte((byte) '\n'));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

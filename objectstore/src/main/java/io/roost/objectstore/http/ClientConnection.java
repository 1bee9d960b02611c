package io.roost.objectstore.http;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * One client's connection. It is closed after an answer that has announced the end, and when nobody has used it for the
 * idle time: only whole requests count as use, so a head that drips in does not keep it. Used by its event loop.
 */
final class ClientConnection {
    private final S3Server server;
    private final HttpConnection connection;
    private Exchange exchange;
    private long idleSinceNanos = System.nanoTime();
    private boolean isEnding;

    ClientConnection(S3Server server, HttpConnection connection) {
        this.server = server;
        this.connection = connection;
    }

    /** Serves a request, unless the end has been announced (RFC 9112 section 9.6). */
    void serve(HttpServerRequest request) {
        if (!isEnding) {
            exchange = new Exchange(server, this, request);
            exchange.begin();
        }
    }

    /** Answers what is not an HTTP request within the limits. */
    void refuse(HttpServerRequest request) {
        if (!isEnding) {
            exchange = new Exchange(server, this, request);
            exchange.refuse();
        }
    }

    /** An answer that announces the end is about to be written: no further request is served. */
    void end() {
        isEnding = true;
    }

    /** An exchange is over; with requests sent ahead of their turn the next one may have begun. */
    void onFinished(Exchange finished, long nowNanos) {
        if (exchange == finished) {
            exchange = null;
            idleSinceNanos = nowNanos;
        }
    }

    /** How long it has been this client's turn to send or to take a piece of a body, 0 when it is not. */
    long keepsWaitingNanos(long nowNanos) {
        AwaitedPiece awaited = exchange == null ? null : exchange.awaitedPiece();
        return awaited == null ? 0 : nowNanos - awaited.sinceNanos();
    }

    /** Called from time to time: gives up clients that keep the server waiting. */
    void lookAfter(long nowNanos) {
        if (exchange != null) {
            exchange.lookAfter(nowNanos);
        } else if (nowNanos - idleSinceNanos > server.config().idleTimeout().toNanos()) {
            close();
        }
    }

    void close() {
        connection.close();
    }

    /** Closes at once; Vert.x's own way and that of TLS wait until the client has taken everything. */
    void cutOff() {
        ChannelHandlerContext context = ((HttpServerConnection) connection).channelHandlerContext();
        // From the first handler, TLS where there is one, it is only the socket that is closed.
        var unused = context.pipeline().firstContext().close();
    }
}

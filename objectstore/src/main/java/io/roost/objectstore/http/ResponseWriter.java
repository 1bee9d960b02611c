package io.roost.objectstore.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.roost.cluster.object.Data;
import io.roost.objectstore.S3Dates;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.S3Response.Body;
import io.roost.objectstore.layout.StripeSet;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;

/**
 * Writes an answer to its connection. A body in pieces is fetched one piece ahead of what the socket has taken, as long as
 * there is memory for it: clients that take little must not keep others from being answered, or use all memory.
 */
final class ResponseWriter {
    /** A body is read in stripes of this much, and up to this much comes with an object's head. */
    static final int MAX_PIECE_BYTES = StripeSet.DEFAULT_STRIPE_BYTES;

    private static final CharSequence SERVER = HttpHeaders.createOptimized("Roost");
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-amz-request-id");
    private static final CharSequence HOST_ID = HttpHeaders.createOptimized("x-amz-id-2");

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final String requestId;
    private final String hostId;
    private final ByteBudget budget;
    private final Promise<Void> done = Promise.promise();
    private Body.Pieces pieces;
    private long sentBytes;
    private long reservedBytes;
    private AwaitedPiece awaited;

    /**
     * A writer of one answer.
     *
     * @param budget of which the pieces are
     * @param reservedBytes of it, which the writer gives back
     */
    ResponseWriter(HttpServerRequest request, String requestId, String hostId, ByteBudget budget, long reservedBytes) {
        this.request = request;
        this.response = request.response();
        this.requestId = requestId;
        this.hostId = hostId;
        this.budget = budget;
        this.reservedBytes = reservedBytes;
    }

    /** Writes all of it. The future fails when the connection is lost or a piece cannot be had. */
    Future<Void> write(S3Response answer) {
        boolean isHead = request.method().equals(HttpMethod.HEAD);
        response.setStatusCode(answer.status());
        writeHeaders(answer);
        Body body = answer.body();
        if (!(body instanceof Body.Pieces)) {
            keepReserved(0);
        }
        if (body instanceof Body.Document document && !isHead) {
            return response.end(BufferInternal.buffer(
                    Unpooled.wrappedBuffer(document.bytes().array())));
        }
        if (body instanceof Body.LengthOnly length) {
            response.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(length.length()));
            return response.end();
        }
        if (body instanceof Body.Pieces inPieces) {
            response.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(inPieces.length()));
            pieces = inPieces;
            send(inPieces.first());
            return done.future();
        }
        return response.end();
    }

    /** The piece that the client has to take, null while there is none. */
    AwaitedPiece awaitedPiece() {
        return awaited;
    }

    /** Writes an answer with a document but does not end it, because that would end the connection at once. */
    Future<Void> writeUnended(S3Response answer) {
        response.setStatusCode(answer.status());
        writeHeaders(answer);
        byte[] document = ((Body.Document) answer.body()).bytes().array();
        response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(document.length));
        if (request.method().equals(HttpMethod.HEAD)) {
            return response.writeHead();
        }
        return response.write(BufferInternal.buffer(Unpooled.wrappedBuffer(document)));
    }

    private void writeHeaders(S3Response answer) {
        MultiMap target = response.headers();
        List<CharSequence> headers = answer.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            target.add(headers.get(i), headers.get(i + 1));
        }
        target.add(REQUEST_ID, requestId);
        target.add(HOST_ID, hostId);
        target.add(HttpHeaders.DATE, S3Dates.http(System.currentTimeMillis()));
        target.add(HttpHeaders.SERVER, SERVER);
    }

    /** Gives back what an answer holds that nobody waits for any more. */
    void discard(S3Response answer) {
        if (answer.body() instanceof Body.Pieces inPieces) {
            inPieces.first().release();
        }
        keepReserved(0);
    }

    /** Of what is reserved, gives back all but so many bytes. */
    private void keepReserved(long bytes) {
        if (reservedBytes > bytes) {
            long surplus = reservedBytes - bytes;
            reservedBytes = bytes;
            budget.release(surplus);
        }
    }

    /** Sends a piece, whose bytes are reserved. */
    private void send(Data piece) {
        keepReserved(piece.length());
        if (response.closed()) {
            drop(piece);
            done.tryFail(new ClosedChannelException());
            return;
        }
        sentBytes += piece.length();
        if (sentBytes > pieces.length() || (piece.length() == 0 && pieces.length() > 0)) {
            drop(piece);
            abort(new IllegalStateException(
                    "pieces of " + sentBytes + " bytes where " + pieces.length() + " were told"));
            return;
        }
        long nextBytes = Math.min(MAX_PIECE_BYTES, pieces.length() - sentBytes);
        boolean isAhead = nextBytes > 0 && budget.tryReserve(nextBytes);
        awaited = new AwaitedPiece(budget, reservedBytes + (isAhead ? nextBytes : 0), System.nanoTime());
        Buffer buffer = buffer(piece);
        if (sentBytes == pieces.length()) {
            response.end(buffer).onComplete(written -> drop(piece)).onComplete(done);
            return;
        }
        Future<Data> ahead = isAhead ? pieces.next().get() : null;
        response.write(buffer).onComplete(written -> {
            drop(piece);
            if (isAhead) {
                reservedBytes += nextBytes;
                afterPiece(written.cause(), ahead);
            } else if (written.succeeded()) {
                budget.reserve(nextBytes).onSuccess(granted -> {
                    reservedBytes += nextBytes;
                    afterPiece(null, pieces.next().get());
                });
            } else {
                done.tryFail(written.cause());
            }
        });
    }

    private void afterPiece(Throwable failure, Future<Data> next) {
        next.onComplete(fetched -> {
            if (failure == null && fetched.succeeded()) {
                send(fetched.result());
                return;
            }
            if (fetched.succeeded()) {
                fetched.result().release();
            }
            keepReserved(0);
            if (failure == null) {
                abort(fetched.cause());
            } else {
                done.tryFail(failure);
            }
        });
    }

    private void drop(Data piece) {
        awaited = null;
        piece.release();
        keepReserved(0);
    }

    /** The status is long gone: all that is left to say that the body is not whole is to cut it off. */
    private void abort(Throwable cause) {
        request.connection().close();
        done.tryFail(cause);
    }

    private static Buffer buffer(Data piece) {
        List<Data.Block> blocks = piece.blocks();
        if (blocks.size() == 1) {
            return BufferInternal.buffer(
                    Unpooled.wrappedBuffer(blocks.get(0).buffer().duplicate()));
        }
        ByteBuffer[] parts = new ByteBuffer[blocks.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = blocks.get(i).buffer().duplicate();
        }
        ByteBuf all = Unpooled.wrappedBuffer(parts.length, parts);
        return BufferInternal.buffer(all);
    }
}

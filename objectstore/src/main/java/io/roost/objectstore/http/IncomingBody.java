package io.roost.objectstore.http;

import io.roost.cluster.object.BlockPool;
import io.roost.cluster.object.Data;
import io.roost.objectstore.PayloadDigests;
import io.roost.objectstore.RequestBody;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.object.BlockAssembler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The body of a request on its way in. The connection is read only while a piece is wanted; every byte passes the
 * framing and the checks before it is in a piece, and the last piece is handed out only when the end has been seen and
 * everything has been verified. Used by the event loop of its connection.
 */
final class IncomingBody implements RequestBody {
    private final HttpServerRequest request;
    private PayloadReader reader;
    private final BodyBudget budget;
    private final BlockPool blocks;
    private final Runnable beforeFirstRead;
    private final long length;
    private long assembledBytes;
    private long receivedBytes;
    private BlockAssembler piece;
    private Promise<Data> wanted;
    private AwaitedPiece awaited;
    private final Deque<ByteBuffer> surplus = new ArrayDeque<>(2);
    private boolean started;
    private boolean requestEnded;
    private boolean ended;
    private Throwable failure;

    /**
     * A body that has not been touched.
     *
     * @param beforeFirstRead sends 100 Continue when the client waits for it
     */
    IncomingBody(HttpServerRequest request, PayloadReader reader, S3Gateway gateway, Runnable beforeFirstRead) {
        this.request = request;
        this.reader = reader;
        this.budget = gateway.bodyBudget();
        this.blocks = gateway.blocks();
        this.beforeFirstRead = beforeFirstRead;
        this.length = reader.length();
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public PayloadDigests digests() {
        if (!ended) {
            throw new IllegalStateException("the body has not ended");
        }
        return reader.digests();
    }

    @Override
    public String checksumAlgorithm() {
        return reader.checksumAlgorithm();
    }

    @Override
    public void requireChecksum(String algorithm) {
        if (started) {
            throw new IllegalStateException("the body is being read");
        }
        reader = reader.requiring(algorithm);
    }

    /** Bytes of the wire so far. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** The piece that the client has to send, null while it has not to. */
    AwaitedPiece awaitedPiece() {
        return wanted == null ? null : awaited;
    }

    /** Where that piece begins, {@link MinimumRate#NOT_WAITED_FOR} when there is none. */
    long awaitedOffset() {
        return wanted == null ? MinimumRate.NOT_WAITED_FOR : assembledBytes;
    }

    @Override
    public Future<Data> read(int maxBytes) {
        if (wanted != null) {
            throw new IllegalStateException("a piece is being read");
        }
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        if (ended) {
            return Future.succeededFuture(Data.EMPTY);
        }
        int bytes = (int) Math.min(maxBytes, length - assembledBytes);
        Future<ByteBudget> reserved = budget.reserve(bytes, length);
        return reserved.isComplete() ? begin(reserved.result(), bytes) : reserved.compose(share -> begin(share, bytes));
    }

    private Future<Data> begin(ByteBudget share, int bytes) {
        if (failure != null) {
            share.release(bytes);
            return Future.failedFuture(failure);
        }
        piece = BlockAssembler.pooled(blocks, bytes);
        wanted = Promise.promise();
        awaited = new AwaitedPiece(share, bytes, System.nanoTime());
        Future<Data> future = wanted.future();
        future.onFailure(failed -> share.release(bytes));
        if (!started) {
            started = true;
            beforeFirstRead.run();
            request.handler(this::onBuffer).endHandler(end -> onRequestEnd());
        }
        while (!surplus.isEmpty() && !piece.isFull()) {
            piece.take(surplus.peek());
            if (!surplus.peek().hasRemaining()) {
                surplus.remove();
            }
        }
        deliverWhenFull();
        if (wanted != null && requestEnded) {
            finish();
        }
        if (wanted != null) {
            request.resume();
        }
        return future;
    }

    private void onBuffer(Buffer buffer) {
        if (failure != null) {
            return;
        }
        receivedBytes += buffer.length();
        try {
            reader.feed(((BufferInternal) buffer).getByteBuf().nioBuffer(), this::onPayload);
        } catch (S3Exception e) {
            fail(e);
            return;
        }
        deliverWhenFull();
    }

    /** What does not fit into the piece is less than one read of the socket and waits for the next piece. */
    private void onPayload(ByteBuffer slice) {
        if (piece != null) {
            piece.take(slice);
        }
        if (slice.hasRemaining()) {
            surplus.add(slice);
        }
    }

    private void deliverWhenFull() {
        if (wanted != null && piece.isFull() && assembledBytes + piece.sizeBytes() < length) {
            request.pause();
            deliver();
        }
    }

    private void onRequestEnd() {
        requestEnded = true;
        if (wanted != null) {
            finish();
        }
    }

    private void finish() {
        try {
            reader.end();
        } catch (S3Exception e) {
            fail(e);
            return;
        }
        if (assembledBytes + piece.sizeBytes() != length) {
            fail(new S3Exception(S3Error.INCOMPLETE_BODY));
            return;
        }
        ended = true;
        deliver();
    }

    private void deliver() {
        int bytes = piece.sizeBytes();
        assembledBytes += bytes;
        ByteBudget share = awaited.budget();
        Data data = piece.finish(() -> share.release(bytes));
        piece = null;
        Promise<Data> promise = wanted;
        wanted = null;
        promise.complete(data);
    }

    /** Ends the body with an error: the connection was lost, the client too slow, or what came is not what was signed. */
    void fail(Throwable cause) {
        if (failure != null || ended) {
            return;
        }
        failure = cause;
        if (piece != null) {
            piece.discard();
            piece = null;
        }
        Promise<Data> promise = wanted;
        wanted = null;
        if (promise != null) {
            promise.fail(cause);
        }
    }
}

package io.roost.objectstore.http;

import io.roost.cluster.object.Data;
import io.vertx.core.Future;

/**
 * The memory for the bodies of one direction, in two shares: one that every body may use, and one that is kept for small
 * bodies, so that these never wait for a client that takes or sends a large one slowly. Safe for use from any thread.
 *
 * @param any for bodies of every size
 * @param small for bodies of at most {@link #SMALL_BYTES}, and for a look whether an answer is one
 */
public record BodyBudget(ByteBudget any, ByteBudget small) {
    /** The largest small body. */
    public static final int SMALL_BYTES = Data.BLOCK_BYTES;

    /** Small bodies come and go quickly: a little is enough for them. */
    private static final int SMALL_SHARE = 8;

    /**
     * Divides memory.
     *
     * @param bytes at least twice {@link ResponseWriter#MAX_PIECE_BYTES}, the largest reservation in either share
     */
    public static BodyBudget of(long bytes) {
        long small = Math.max(ResponseWriter.MAX_PIECE_BYTES, bytes / SMALL_SHARE);
        return new BodyBudget(new ByteBudget(bytes - small), new ByteBudget(small));
    }

    /**
     * Reserves bytes for a body, now or when there is room.
     *
     * @param bodyBytes size of the whole body
     * @return the share that they are to be given back to
     */
    Future<ByteBudget> reserve(long bytes, long bodyBytes) {
        if (bodyBytes > SMALL_BYTES) {
            return any.reserve(bytes).map(any);
        }
        return any.tryReserve(bytes)
                ? Future.succeededFuture(any)
                : small.reserve(bytes).map(small);
    }

    /** Bytes reserved now. */
    public long reservedBytes() {
        return any.reservedBytes() + small.reservedBytes();
    }
}

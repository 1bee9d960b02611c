package io.roost.objectstore.http;

/**
 * A piece of a body whose memory waits for its client: to send it, or to take it.
 *
 * @param budget that the memory is of
 * @param bytes that come back when the client is ended
 * @param sinceNanos when the client's turn began
 */
record AwaitedPiece(ByteBudget budget, long bytes, long sinceNanos) {
    /** Whether its client is to be ended for the sake of others, who have waited for memory as long as it has taken. */
    boolean mustEnd(long nowNanos, long patienceNanos) {
        return nowNanos - sinceNanos > patienceNanos && budget.mustGiveBack(bytes, nowNanos - patienceNanos);
    }
}

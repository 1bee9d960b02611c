package io.roost.objectstore.http;

/**
 * Whether a body comes too slowly, by looks at it at least a period apart: it is too slow when the same piece of it was
 * waited for at two looks in a row and too little came between them. A body that has just begun gets a whole period, and
 * so does each piece: while the piece before it was being stored, the client could not send.
 */
final class MinimumRate {
    /** Instead of the beginning of a piece: nothing is waited for. */
    static final long NOT_WAITED_FOR = -1;

    private final long minBytes;
    private long pieceAtLastLook = NOT_WAITED_FOR;
    private long receivedAtLastLook;

    /**
     * No look yet.
     *
     * @param minBytes to come in a period
     */
    MinimumRate(long minBytes) {
        this.minBytes = minBytes;
    }

    /**
     * Looks.
     *
     * @param pieceBegin where in the body the piece begins that has not come whole, {@link #NOT_WAITED_FOR} for none
     * @param receivedBytes so far
     */
    boolean isTooSlow(long pieceBegin, long receivedBytes) {
        boolean isSameWait = pieceBegin != NOT_WAITED_FOR && pieceBegin == pieceAtLastLook;
        boolean tooSlow = isSameWait && receivedBytes - receivedAtLastLook < minBytes;
        pieceAtLastLook = pieceBegin;
        receivedAtLastLook = receivedBytes;
        return tooSlow;
    }
}

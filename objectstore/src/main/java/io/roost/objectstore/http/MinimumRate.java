package io.roost.objectstore.http;

/**
 * Whether a body comes too slowly, by looks at it in equal periods: it is too slow when it was waited for at two looks in
 * a row and brought too little between them. A body that has just begun, or was not waited for, gets a whole period.
 */
final class MinimumRate {
    private static final long NOT_WAITED_FOR = -1;

    private final long minBytes;
    private long receivedAtLastLook = NOT_WAITED_FOR;

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
     * @param isWaiting true when more of the body is wanted and has not come
     * @param receivedBytes so far
     */
    boolean isTooSlow(boolean isWaiting, long receivedBytes) {
        boolean wasWaiting = receivedAtLastLook != NOT_WAITED_FOR;
        boolean tooSlow = isWaiting && wasWaiting && receivedBytes - receivedAtLastLook < minBytes;
        receivedAtLastLook = isWaiting ? receivedBytes : NOT_WAITED_FOR;
        return tooSlow;
    }
}

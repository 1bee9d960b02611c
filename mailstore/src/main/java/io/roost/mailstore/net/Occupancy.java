package io.roost.mailstore.net;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many connections there are by some key, of one process, so that nobody takes all. Safe for any thread. */
public final class Occupancy {
    private final int maxOfOne;
    private final ConcurrentMap<String, Integer> counts = new ConcurrentHashMap<>();

    /**
     * Nobody is there.
     *
     * @param maxOfOne connections that one may have
     */
    public Occupancy(int maxOfOne) {
        this.maxOfOne = maxOfOne;
    }

    /** Counts one more, unless there are as many as allowed. */
    public boolean tryEnter(String key) {
        boolean[] isIn = {false};
        counts.compute(key, (unused, count) -> {
            isIn[0] = count == null || count < maxOfOne;
            return isIn[0] ? Integer.valueOf(count == null ? 1 : count + 1) : count;
        });
        return isIn[0];
    }

    /** Counts one less. */
    public void leave(String key) {
        counts.computeIfPresent(key, (unused, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }
}

package io.roost.cluster.heartbeat;

/**
 * How often OSDs ask each other, and how long they wait.
 *
 * @param intervalMillis between two pings to a peer
 * @param graceMillis a peer that has not answered for so long is reported
 * @param reportMillis between two reports of a peer that is still in the map and still silent
 */
public record HeartbeatTiming(int intervalMillis, int graceMillis, int reportMillis) {
    /** For a local network: a peer is down some seconds after it fell silent, and not for a long collection of garbage. */
    public static final HeartbeatTiming DEFAULT = new HeartbeatTiming(500, 6000, 1000);

    /** Checks that a peer is asked several times before it is reported. */
    public HeartbeatTiming {
        if (intervalMillis < 1 || reportMillis < 1 || graceMillis < 3 * intervalMillis) {
            throw new IllegalArgumentException("a ping each " + intervalMillis + " ms, grace " + graceMillis
                    + " ms, a report each " + reportMillis + " ms");
        }
    }
}

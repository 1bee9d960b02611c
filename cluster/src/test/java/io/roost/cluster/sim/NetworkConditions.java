package io.roost.cluster.sim;

/**
 * How a network behaves all the time.
 *
 * @param minDelayMicros shortest one-way delay
 * @param maxDelayMicros longest usual one-way delay; each link's wanders between the two
 * @param spikePerMille messages of a thousand that are held up longer, and all behind them
 * @param maxSpikeMillis how long at most
 * @param resetPerMille messages of a thousand after which the connection breaks
 * @param duplicatePerMille broken connections of a thousand after which what had arrived is sent again
 * @param refusal whether a node that is down is noticed by who connects to it, as when the port is closed, or only by
 *     its silence, as when the machine is gone
 */
public record NetworkConditions(
        int minDelayMicros,
        int maxDelayMicros,
        int spikePerMille,
        int maxSpikeMillis,
        int resetPerMille,
        int duplicatePerMille,
        Refusal refusal) {
    /** A local network on a good day. */
    public static final NetworkConditions CALM = new NetworkConditions(100, 1000, 0, 0, 0, 0, Refusal.SEEN);

    /** Whether a closed port is told from silence. */
    public enum Refusal {
        /** It is. */
        SEEN,
        /** It is not. */
        SILENT
    }

    /** The same over sessions that end with their connection: what has arrived is not sent again by them. */
    public NetworkConditions withoutDuplicates() {
        return new NetworkConditions(
                minDelayMicros, maxDelayMicros, spikePerMille, maxSpikeMillis, resetPerMille, 0, refusal);
    }
}

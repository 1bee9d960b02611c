package io.roost.cluster.paxos;

/**
 * How long monitors wait for each other, on the monotonic clock. Nothing here decides what is right, only what is quick.
 *
 * @param leaseMillis how long a monitor may answer reads without hearing that it still may
 * @param renewMillis how often leases are renewed, and what was not answered is sent again
 * @param silenceMillis after which a quorum that does not answer is given up
 * @param electionMillis how long an election waits for those who do not vote
 * @param rankMillis how much longer each monitor waits before it proposes itself than the one before it in rank
 * @param probeMillis how often a monitor outside the quorum asks around
 */
public record QuorumTiming(
        int leaseMillis, int renewMillis, int silenceMillis, int electionMillis, int rankMillis, int probeMillis) {
    /**
     * For a local network. A lease is short, because a new leader waits for those of the one before; it is renewed long
     * before it ends, so that a pause of the garbage collector goes unnoticed.
     */
    public static final QuorumTiming DEFAULT = new QuorumTiming(1000, 400, 2000, 1000, 30, 500);

    /** Checks that a lease outlives two renewals. */
    public QuorumTiming {
        if (renewMillis < 1 || leaseMillis < 2 * renewMillis || silenceMillis < leaseMillis) {
            throw new IllegalArgumentException(
                    "lease " + leaseMillis + ", renewal " + renewMillis + ", silence " + silenceMillis);
        }
        if (electionMillis < 1 || rankMillis < 0 || probeMillis < 1) {
            throw new IllegalArgumentException(
                    "election " + electionMillis + ", rank " + rankMillis + ", probe " + probeMillis);
        }
    }
}

package io.roost.cluster.paxos;

/**
 * How much of the log is kept.
 *
 * @param minVersions newest ones that are always kept, for monitors that lag
 * @param trimVersions versions removed at a time
 */
public record LogLimits(int minVersions, int trimVersions) {
    /** As Ceph keeps them. */
    public static final LogLimits DEFAULT = new LogLimits(500, 250);

    /** Checks that the newest version is kept. */
    public LogLimits {
        if (minVersions < 1 || trimVersions < 1) {
            throw new IllegalArgumentException("keep " + minVersions + " versions, trim " + trimVersions);
        }
    }
}

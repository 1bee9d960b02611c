package io.roost.cluster.paxos;

/**
 * How much of the log is kept, and sent at a time.
 *
 * @param minVersions newest ones that are always kept, for monitors that lag
 * @param trimVersions versions removed at a time
 * @param messageBytes where a message of versions or rows is cut, once it has one
 */
public record LogLimits(int minVersions, int trimVersions, int messageBytes) {
    /** Versions as Ceph keeps them. */
    public static final LogLimits DEFAULT = new LogLimits(500, 250, 1 << 20);

    /** Checks that the newest version is kept. */
    public LogLimits {
        if (minVersions < 1 || trimVersions < 1 || messageBytes < 1) {
            throw new IllegalArgumentException(
                    "keep " + minVersions + " versions, trim " + trimVersions + ", send " + messageBytes + " bytes");
        }
    }
}

package io.roost.cluster.map;

import java.util.Comparator;

/**
 * Where a daemon listens, and which of its lives it is.
 *
 * @param host name or literal address
 * @param port 0 to 65535; 0 for a daemon that is reached within its own process only
 * @param nonce differs between the lives of a daemon, so that an old one is never taken for a new one
 */
public record NodeAddress(String host, int port, long nonce) implements Comparable<NodeAddress> {
    /** No address: a daemon that has never been up. */
    public static final NodeAddress NONE = new NodeAddress("", 0, 0);

    private static final Comparator<NodeAddress> ORDER = Comparator.comparing(NodeAddress::host)
            .thenComparingInt(NodeAddress::port)
            .thenComparingLong(NodeAddress::nonce);

    /** Checks the range above. */
    public NodeAddress {
        if (port < 0 || port > 65535 || host.length() > 255) {
            throw new IllegalArgumentException("address " + host + ":" + port);
        }
    }

    @Override
    public int compareTo(NodeAddress other) {
        return ORDER.compare(this, other);
    }

    /** Host, port and nonce: {@code 127.0.0.1:9441/7}. */
    @Override
    public String toString() {
        return host + ":" + port + "/" + nonce;
    }
}

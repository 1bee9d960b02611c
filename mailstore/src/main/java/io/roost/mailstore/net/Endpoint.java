package io.roost.mailstore.net;

import java.util.Objects;

/**
 * Where a server listens.
 *
 * @param host address to bind to, or the absolute path of a UNIX socket
 * @param port 0 for a free one, and for a UNIX socket
 * @param encryption when TLS begins
 * @param maxConnections of one event loop: more would starve the clients that are there
 */
public record Endpoint(String host, int port, Encryption encryption, int maxConnections) {
    /** When TLS begins. */
    public enum Encryption {
        /** When the client asks for it, if there is a certificate. */
        ON_DEMAND,
        /** With the connection; there is a certificate. */
        ALWAYS
    }

    /** True for a UNIX socket. */
    public boolean isSocketFile() {
        return host.startsWith("/");
    }

    /** Checks the ranges. */
    public Endpoint {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(encryption, "encryption");
        if (host.isEmpty() || port < 0 || port > 65_535 || maxConnections < 1) {
            throw new IllegalArgumentException(
                    "port " + port + " of '" + host + "', " + maxConnections + " connections");
        }
    }
}

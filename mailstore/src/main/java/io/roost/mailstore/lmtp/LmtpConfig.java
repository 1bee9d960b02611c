package io.roost.mailstore.lmtp;

import java.time.Duration;
import java.util.Objects;

/**
 * How the LMTP server runs.
 *
 * @param host address to bind to
 * @param port 0 for a free one
 * @param name that the server calls itself
 * @param limits of a connection
 */
public record LmtpConfig(String host, int port, String name, LmtpLimits limits) {
    /** How long a client may be silent (RFC 5321 4.5.3.2.7 asks for five minutes at least). */
    static final Duration SILENCE = Duration.ofMinutes(6);

    /** Connections of one event loop. */
    static final int MAX_CONNECTIONS = 1_000;

    /** Checks the ranges. */
    public LmtpConfig {
        Objects.requireNonNull(limits, "limits");
        if (port < 0 || port > 65_535 || host.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("port " + port + " of '" + host + "', name '" + name + "'");
        }
    }
}

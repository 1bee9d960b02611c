package io.roost.mailstore.lmtp;

import io.roost.mailstore.net.Endpoint;
import io.roost.mailstore.net.Networks;
import java.time.Duration;
import java.util.Objects;

/**
 * How the LMTP server runs.
 *
 * @param endpoint where it listens
 * @param trusted whose word is taken for who its clients are (XCLIENT)
 * @param name that the server calls itself
 * @param limits of a connection
 */
public record LmtpConfig(Endpoint endpoint, Networks trusted, String name, LmtpLimits limits) {
    /** How long a client may be silent (RFC 5321 4.5.3.2.7 asks for five minutes at least). */
    static final Duration SILENCE = Duration.ofMinutes(6);

    /** Connections of one event loop. */
    public static final int MAX_CONNECTIONS = 1_000;

    /** Checks the ranges. */
    public LmtpConfig {
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(trusted, "trusted");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a server without a name");
        }
    }
}

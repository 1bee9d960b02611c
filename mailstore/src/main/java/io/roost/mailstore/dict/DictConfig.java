package io.roost.mailstore.dict;

import io.roost.mailstore.net.Endpoint;
import io.roost.mailstore.net.Networks;
import java.time.Duration;
import java.util.Objects;

/**
 * How the dict server runs. The protocol has no login: who can connect can read and change every user's keys.
 *
 * @param endpoint where it listens
 * @param trusted who may connect beside those of this machine
 */
public record DictConfig(Endpoint endpoint, Networks trusted) {
    /** How long a client may be silent: Dovecot's processes keep a connection, or make a new one. */
    static final Duration SILENCE = Duration.ofMinutes(10);

    /** Connections of one event loop. */
    public static final int MAX_CONNECTIONS = 500;

    /** Checks that there is an endpoint. */
    public DictConfig {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(trusted, "trusted");
    }
}

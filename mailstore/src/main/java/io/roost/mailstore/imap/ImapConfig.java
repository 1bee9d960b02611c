package io.roost.mailstore.imap;

import io.roost.mailstore.net.Endpoint;
import java.time.Duration;
import java.util.Objects;

/**
 * How the IMAP server runs.
 *
 * @param endpoint where it listens
 * @param loginDelay how long the answer to a wrong password is kept back: so many guesses a connection has
 * @param keepExpunged how long expunged messages can be had back, zero for not at all
 */
public record ImapConfig(Endpoint endpoint, Duration loginDelay, Duration keepExpunged) {
    /** How long a client may take to log in. */
    static final Duration LOGIN_TIME = Duration.ofMinutes(1);

    /** How long a user's client may be silent; RFC 9051 5.4 asks for half an hour at least. */
    static final Duration SILENCE = Duration.ofMinutes(31);

    /** Idle clients are told of changes at once; should that get lost, after this time. */
    static final Duration POLL = Duration.ofSeconds(30);

    /** Connections of one event loop. */
    public static final int MAX_CONNECTIONS = 20_000;

    /** Checks the ranges. */
    public ImapConfig {
        Objects.requireNonNull(endpoint, "endpoint");
        if (loginDelay.isNegative() || keepExpunged.isNegative()) {
            throw new IllegalArgumentException("delay " + loginDelay + ", kept " + keepExpunged);
        }
    }
}

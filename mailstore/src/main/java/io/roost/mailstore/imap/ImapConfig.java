package io.roost.mailstore.imap;

import java.time.Duration;
import java.util.Objects;

/**
 * How the IMAP server runs.
 *
 * @param host address to bind to
 * @param port 0 for a free one
 * @param loginDelay how long the answer to a wrong password is kept back: so many guesses a connection has
 * @param keepExpunged how long expunged messages can be had back, zero for not at all
 */
public record ImapConfig(String host, int port, Duration loginDelay, Duration keepExpunged) {
    /** How long a client may take to log in. */
    static final Duration LOGIN_TIME = Duration.ofMinutes(1);

    /** How long a user's client may be silent; RFC 9051 5.4 asks for half an hour at least. */
    static final Duration SILENCE = Duration.ofMinutes(31);

    /** How long a client may take nothing of what is sent to it. */
    static final Duration STALL = Duration.ofMinutes(5);

    /** Idle clients are told of changes at once; should that get lost, after this time. */
    static final Duration POLL = Duration.ofSeconds(30);

    /** Connections of one event loop: more would starve the users that are there. */
    static final int MAX_CONNECTIONS = 20_000;

    /** Checks the ranges. */
    public ImapConfig {
        Objects.requireNonNull(host, "host");
        if (port < 0 || port > 65_535 || loginDelay.isNegative() || keepExpunged.isNegative()) {
            throw new IllegalArgumentException("port " + port + ", delay " + loginDelay + ", kept " + keepExpunged);
        }
    }
}

package io.roost.mailstore.imap;

import io.roost.mailstore.net.Endpoint;
import io.roost.mailstore.net.Networks;
import java.time.Duration;
import java.util.Objects;

/**
 * How the IMAP server runs.
 *
 * @param endpoint where it listens
 * @param trusted whose word is taken for who its clients are (ID with {@code x-originating-ip})
 * @param keepExpunged how long expunged messages can be had back, zero for not at all
 */
public record ImapConfig(Endpoint endpoint, Networks trusted, Duration keepExpunged) {
    /** How long a client that has not logged in may be silent. */
    static final Duration LOGIN_SILENCE = Duration.ofMinutes(1);

    /** How long it may take in all, whatever it says meanwhile. */
    static final Duration LOGIN_TIME = Duration.ofMinutes(3);

    /** How long a user's client may be silent; RFC 9051 5.4 asks for half an hour at least. */
    static final Duration SILENCE = Duration.ofMinutes(31);

    /** Idle clients are told of changes at once; should that get lost, after this time. */
    static final Duration POLL = Duration.ofSeconds(30);

    /** Connections of one event loop. */
    public static final int MAX_CONNECTIONS = 20_000;

    /** Checks the ranges. */
    public ImapConfig {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(trusted, "trusted");
        if (keepExpunged.isNegative()) {
            throw new IllegalArgumentException("kept " + keepExpunged);
        }
    }
}

package io.roost.mailstore.imap.session;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.ImapLimits;
import java.util.List;
import java.util.Objects;

/**
 * How a server runs its sessions.
 *
 * @param capabilities of a user's session beside {@code IMAP4rev1}, in order
 * @param serverId what ID answers
 * @param limits of a user's session
 * @param passwords whether they may be sent in clear
 */
public record SessionSettings(
        List<String> capabilities, List<Command.Id.Field> serverId, ImapLimits limits, Passwords passwords) {
    /** Wrong passwords until the connection is ended. */
    public static final int MAX_LOGIN_FAILURES = 5;

    /** Commands that cannot be read until the connection is ended. */
    public static final int MAX_BAD_COMMANDS = 20;

    /** Copies the lists. */
    public SessionSettings {
        capabilities = List.copyOf(capabilities);
        serverId = List.copyOf(serverId);
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(passwords, "passwords");
    }

    /** Where passwords may be sent in clear. */
    public enum Passwords {
        /** On any connection: it is on loopback. */
        ANYWHERE,
        /** On encrypted connections only (RFC 9051 11.3). */
        UNDER_TLS
    }

    /**
     * The TLS state of a connection.
     *
     * @param phase what can be done
     * @param channelBinding {@code tls-server-end-point}, null unless TLS is active with a certificate that has one
     */
    public record TlsState(Phase phase, Bytes channelBinding) {
        /** No certificate: STARTTLS is not offered. */
        public static final TlsState UNAVAILABLE = new TlsState(Phase.UNAVAILABLE, null);

        /** STARTTLS is offered. */
        public static final TlsState OFFERED = new TlsState(Phase.OFFERED, null);

        /** Active, with the hash of the certificate, or null. */
        public static TlsState active(Bytes channelBinding) {
            return new TlsState(Phase.ACTIVE, channelBinding);
        }
    }

    /** What can be done about TLS. */
    public enum Phase {
        /** Nothing. */
        UNAVAILABLE,
        /** It can begin. */
        OFFERED,
        /** It has begun. */
        ACTIVE
    }
}

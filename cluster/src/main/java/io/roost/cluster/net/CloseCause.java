package io.roost.cluster.net;

import io.roost.cluster.net.handshake.Refusal;
import java.util.Locale;

/** Why a connection has ended. */
public enum CloseCause {
    /** It was closed on this side. */
    CLOSED,
    /** The peer said that it closes it. */
    PEER_CLOSED,
    /** Nobody listens at the peer's address: a process that is gone, which is as sure as it gets. */
    CONNECTION_REFUSED,
    /** The peer could not be reached in time. */
    UNREACHABLE,
    /** The handshake failed, or the peer broke a rule: see {@link Refusal}. */
    REFUSED,
    /** The socket broke. */
    RESET,
    /** The peer has said nothing for too long. */
    IDLE;

    /** The name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

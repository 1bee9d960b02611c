package io.roost.cluster.net;

import io.roost.cluster.net.handshake.Refusal;

/** A peer turned us away, or showed that it is not whom we wanted; trying again will not help. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    RefusedException(Refusal refusal, String reason) {
        super(refusal.label() + ": " + reason);
        this.refusal = refusal;
    }

    /** Why. */
    public Refusal refusal() {
        return refusal;
    }
}

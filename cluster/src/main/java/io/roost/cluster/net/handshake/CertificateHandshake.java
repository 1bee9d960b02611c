package io.roost.cluster.net.handshake;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.object.Bytes;
import java.util.Optional;

/** The side that dialled a monitor to get a certificate, its first or the next. */
public final class CertificateHandshake implements Handshake {
    private enum State {
        NEW,
        AWAITS_CHALLENGE,
        AWAITS_CERTIFICATE,
        ENDED
    }

    private final Optional<HandshakeMessage.Join> join;
    private final Bytes request;
    private final boolean isTrusted;
    private State state = State.NEW;

    private CertificateHandshake(Optional<HandshakeMessage.Join> join, Bytes request, boolean isTrusted) {
        this.join = join;
        this.request = request;
        this.isTrusted = isTrusted;
    }

    /** With a join token, for a node that has no certificate. TLS has compared the monitor's authority with the token. */
    public static CertificateHandshake joining(HandshakeMessage.Join join) {
        return new CertificateHandshake(Optional.of(join), join.request(), true);
    }

    /** With the present certificate. */
    public static CertificateHandshake renewing(EntityName monitor, Proof proof, Bytes request) {
        return new CertificateHandshake(Optional.empty(), request, proof.allows(monitor));
    }

    @Override
    public void onStart(Out out) {
        if (!isTrusted) {
            state = State.ENDED;
            out.refused(Refusal.WRONG_ENTITY, "who answers is not the monitor");
        } else if (join.isPresent()) {
            state = State.AWAITS_CERTIFICATE;
            out.send(join.get());
        } else {
            state = State.AWAITS_CHALLENGE;
        }
    }

    @Override
    public void onMessage(HandshakeMessage message, Out out) {
        if (state == State.ENDED) {
            return;
        }
        if (message instanceof HandshakeMessage.Refused refused) {
            state = State.ENDED;
            out.refused(refused.refusal(), "by the peer: " + refused.reason());
        } else if (message instanceof HandshakeMessage.Challenge challenge && state == State.AWAITS_CHALLENGE) {
            state = State.AWAITS_CERTIFICATE;
            out.send(new HandshakeMessage.Renew(challenge.nonce(), request));
        } else if (message instanceof HandshakeMessage.Issued issued && state == State.AWAITS_CERTIFICATE) {
            state = State.ENDED;
            out.issued(issued);
        } else {
            State at = state;
            state = State.ENDED;
            out.refused(Refusal.UNEXPECTED, message.getClass().getSimpleName() + " in state " + at);
        }
    }
}

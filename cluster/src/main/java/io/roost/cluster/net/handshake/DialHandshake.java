package io.roost.cluster.net.handshake;

import java.util.UUID;

/** The side that dialled. */
public final class DialHandshake implements Handshake {
    private enum State {
        NEW,
        AWAITS_CHALLENGE,
        AWAITS_WELCOME,
        ENDED
    }

    private final UUID fsid;
    private final Agreement wanted;
    private final Proof proof;
    private State state = State.NEW;

    /**
     * A handshake with an entity.
     *
     * @param fsid of the cluster
     * @param wanted our entity, theirs (with nonce 0 for any life), and all our features
     * @param proof of the peer
     */
    public DialHandshake(UUID fsid, Agreement wanted, Proof proof) {
        this.fsid = fsid;
        this.wanted = wanted;
        this.proof = proof;
    }

    @Override
    public void onStart(Out out) {
        if (!proof.allows(wanted.peer().name())) {
            refuse(
                    out,
                    Refusal.WRONG_ENTITY,
                    "who answers is not " + wanted.peer().name() + " but " + proof);
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
            answer(challenge, out);
        } else if (message instanceof HandshakeMessage.Welcome welcome && state == State.AWAITS_WELCOME) {
            onWelcome(welcome, out);
        } else {
            refuse(out, Refusal.UNEXPECTED, message.getClass().getSimpleName() + " in state " + state);
        }
    }

    private void answer(HandshakeMessage.Challenge challenge, Out out) {
        if (challenge.oldestVersion() > VERSION || challenge.newestVersion() < VERSION) {
            refuse(
                    out,
                    Refusal.VERSION,
                    "versions " + challenge.oldestVersion() + " to " + challenge.newestVersion() + " there, here "
                            + VERSION);
            return;
        }
        state = State.AWAITS_WELCOME;
        out.send(new HandshakeMessage.Hello(
                VERSION, challenge.nonce(), fsid, wanted.self(), wanted.peer(), wanted.channel(), wanted.features()));
    }

    private void onWelcome(HandshakeMessage.Welcome welcome, Out out) {
        Entity peer = wanted.peer();
        if (!welcome.fsid().equals(fsid)) {
            refuse(out, Refusal.WRONG_CLUSTER, "cluster " + welcome.fsid());
        } else if (!welcome.from().name().equals(peer.name())) {
            refuse(out, Refusal.WRONG_ENTITY, welcome.from() + " answers for " + peer);
        } else if (peer.nonce() != 0 && welcome.from().nonce() != peer.nonce()) {
            refuse(out, Refusal.WRONG_LIFE, welcome.from() + " answers for " + peer);
        } else {
            state = State.ENDED;
            out.established(new Agreement(
                    wanted.self(), welcome.from(), wanted.channel(), wanted.features() & welcome.features()));
        }
    }

    private void refuse(Out out, Refusal refusal, String reason) {
        state = State.ENDED;
        out.refused(refusal, reason);
    }
}

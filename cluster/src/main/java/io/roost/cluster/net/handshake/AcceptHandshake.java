package io.roost.cluster.net.handshake;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.object.Bytes;
import java.util.Optional;
import java.util.UUID;

/** The side that listens. A peer that has not shown who it is learns nothing but a refusal. */
public final class AcceptHandshake implements Handshake {
    /** What is here. */
    public interface Local {
        /** An entity of this process, in its present life. */
        Optional<Entity> entity(EntityName name);

        /** Whether the maps know a peer, as far as an entity of this process can tell. */
        boolean admits(EntityName self, Entity peer);

        /** Whether nodes get certificates here. */
        boolean isIssuer();
    }

    private enum State {
        NEW,
        AWAITS_JOIN,
        AWAITS_HELLO,
        ENDED
    }

    private final UUID fsid;
    private final Local local;
    private final Proof proof;
    private final HandshakeMessage.Challenge challenge;
    private final long features;
    private State state = State.NEW;

    /**
     * A handshake with whoever dialled.
     *
     * @param fsid of the cluster
     * @param proof of the peer
     * @param nonce random, of {@link HandshakeMessage#NONCE_BYTES}, never used before
     * @param features all that we have
     */
    public AcceptHandshake(UUID fsid, Local local, Proof proof, Bytes nonce, long features) {
        this.fsid = fsid;
        this.local = local;
        this.proof = proof;
        this.challenge = new HandshakeMessage.Challenge(VERSION, VERSION, nonce);
        this.features = features;
    }

    @Override
    public void onStart(Out out) {
        if (!(proof instanceof Proof.Nothing)) {
            state = State.AWAITS_HELLO;
            out.send(challenge);
        } else if (local.isIssuer()) {
            state = State.AWAITS_JOIN;
        } else {
            state = State.ENDED;
            out.refused(Refusal.NO_CERTIFICATE, "no certificate");
        }
    }

    @Override
    public void onMessage(HandshakeMessage message, Out out) {
        if (state == State.ENDED) {
            return;
        }
        if (message instanceof HandshakeMessage.Join join && state == State.AWAITS_JOIN) {
            state = State.ENDED;
            out.wantsCertificate(join);
        } else if (state == State.AWAITS_JOIN) {
            state = State.ENDED;
            out.refused(Refusal.NO_CERTIFICATE, "no certificate, and it does not join");
        } else if (message instanceof HandshakeMessage.Hello hello && state == State.AWAITS_HELLO) {
            onHello(hello, out);
        } else if (message instanceof HandshakeMessage.Renew renew && state == State.AWAITS_HELLO) {
            onRenew(renew, out);
        } else {
            refuse(out, Refusal.UNEXPECTED, message.getClass().getSimpleName() + " in state " + state);
        }
    }

    private void onRenew(HandshakeMessage.Renew renew, Out out) {
        if (!renew.nonce().equals(challenge.nonce())) {
            refuse(out, Refusal.REPLAYED, "it answers another challenge");
        } else if (!local.isIssuer()) {
            refuse(out, Refusal.UNEXPECTED, "certificates are renewed by monitors");
        } else {
            state = State.ENDED;
            out.wantsCertificate(renew);
        }
    }

    private void onHello(HandshakeMessage.Hello hello, Out out) {
        Optional<Entity> self = local.entity(hello.to().name());
        if (!hello.nonce().equals(challenge.nonce())) {
            refuse(out, Refusal.REPLAYED, "it answers another challenge");
        } else if (hello.version() != VERSION) {
            refuse(out, Refusal.VERSION, "version " + hello.version() + ", here " + VERSION);
        } else if (!hello.fsid().equals(fsid)) {
            refuse(out, Refusal.WRONG_CLUSTER, "cluster " + hello.fsid());
        } else if (!proof.allows(hello.from().name())) {
            refuse(out, Refusal.WRONG_ENTITY, hello.from() + " is not among " + proof);
        } else if (self.isEmpty()) {
            refuse(out, Refusal.UNKNOWN_ENTITY, hello.to() + " is not here");
        } else if (hello.to().nonce() != 0 && hello.to().nonce() != self.get().nonce()) {
            refuse(out, Refusal.WRONG_LIFE, hello.to() + " is " + self.get() + " now");
        } else if (!local.admits(self.get().name(), hello.from())) {
            refuse(out, Refusal.NOT_A_MEMBER, "no map has " + hello.from());
        } else {
            state = State.ENDED;
            out.send(new HandshakeMessage.Welcome(fsid, self.get(), features));
            out.established(new Agreement(self.get(), hello.from(), hello.channel(), features & hello.features()));
        }
    }

    private void refuse(Out out, Refusal refusal, String reason) {
        state = State.ENDED;
        out.send(new HandshakeMessage.Refused(refusal, reason));
        out.refused(refusal, reason);
    }
}

package io.roost.cluster.net.handshake;

import io.roost.cluster.identity.CertifiedPeer;
import io.roost.cluster.identity.EntityName;

/**
 * One side of the handshake that makes a connection of a socket. A machine: one thread, inputs in, what is to be done out; it
 * ends with exactly one of {@code established}, {@code refused}, {@code wantsCertificate} and {@code issued}, and what comes
 * after that is not looked at. The deadline is the driver's.
 */
public sealed interface Handshake permits DialHandshake, AcceptHandshake, CertificateHandshake {
    /** The version of the protocol that is spoken here, the only one so far. */
    int VERSION = 1;

    /** How the peer has shown who it is, when the handshake begins. */
    sealed interface Proof {
        /** By a certificate of this cluster, which TLS has verified. */
        record Certificate(CertifiedPeer peer) implements Proof {}

        /** Not at all, though over TLS. */
        record Nothing() implements Proof {}

        /** It need not: there is no TLS. For tests and measurements. */
        record Unchecked() implements Proof {}

        /** Whether the peer may speak for an entity. */
        default boolean allows(EntityName name) {
            return this instanceof Unchecked
                    || (this instanceof Certificate certificate
                            && certificate.peer().entities().contains(name));
        }
    }

    /**
     * What a connection is.
     *
     * @param self our entity
     * @param peer the other one
     * @param channel what it is for
     * @param features that both sides have
     */
    record Agreement(Entity self, Entity peer, Channel channel, long features) {}

    /** What the handshake wants done. */
    interface Out {
        /** Send this. */
        void send(HandshakeMessage message);

        /** The connection stands. */
        void established(Agreement agreement);

        /** The peer is turned away, or turns us away; the socket is to be closed. */
        void refused(Refusal refusal, String reason);

        /** The peer wants a certificate and nothing else; answer it, and close the socket. */
        void wantsCertificate(HandshakeMessage.ForCertificate wish);

        /** The certificate that we wanted; the socket is to be closed. */
        void issued(HandshakeMessage.Issued issued);
    }

    /** The socket is there, and TLS has ended. */
    void onStart(Out out);

    /** The peer has said something. */
    void onMessage(HandshakeMessage message, Out out);
}

package io.roost.cluster.net.handshake;

import io.roost.cluster.identity.EntityName;
import io.roost.cluster.object.Bytes;
import java.util.UUID;

/**
 * What is said before a connection carries messages, inside TLS. Whoever listens begins with a challenge, to a peer with a
 * certificate; a node that joins has none and speaks first.
 */
public sealed interface HandshakeMessage {
    /** Most bytes of one, with room for a certificate. */
    int MAX_BYTES = 16 * 1024;

    /** Bytes of a challenge's nonce. */
    int NONCE_BYTES = 16;

    /** From whoever dialled. */
    sealed interface ToListener extends HandshakeMessage {}

    /** From whoever listens. */
    sealed interface ToDialler extends HandshakeMessage {}

    /** A wish for a certificate. */
    sealed interface ForCertificate extends ToListener {
        /** The certificate request, PKCS #10. */
        Bytes request();
    }

    /**
     * Say who you are, and repeat this nonce.
     *
     * @param oldestVersion of the protocol that is understood
     * @param newestVersion of the protocol that is understood
     * @param nonce random, of {@link #NONCE_BYTES}: what was said to another challenge does not fit
     */
    record Challenge(int oldestVersion, int newestVersion, Bytes nonce) implements ToDialler {}

    /**
     * Who dials, whom, and for what.
     *
     * @param version of the protocol that this connection shall speak
     * @param nonce of the challenge
     * @param fsid of the cluster
     * @param from who dials, in which life
     * @param to whom it wants; nonce 0 for any life
     * @param channel what the connection is for
     * @param features of the sender, a bit each
     */
    record Hello(int version, Bytes nonce, UUID fsid, Entity from, Entity to, Channel channel, long features)
            implements ToListener {}

    /**
     * The connection stands.
     *
     * @param fsid of the cluster
     * @param from who answers, in which life
     * @param features of the sender
     */
    record Welcome(UUID fsid, Entity from, long features) implements ToDialler {}

    /**
     * It does not, and the sender closes it.
     *
     * @param refusal why
     * @param reason for a person
     */
    record Refused(Refusal refusal, String reason) implements ToDialler {}

    /**
     * A node without a certificate wants to belong to the cluster.
     *
     * @param secret of its join token
     * @param node the name it wants
     * @param request for its certificate
     */
    record Join(Bytes secret, EntityName node, Bytes request) implements ForCertificate {
        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "Join[" + node + "]";
        }
    }

    /**
     * A node wants a new certificate in place of its present one.
     *
     * @param nonce of the challenge
     * @param request for the new one
     */
    record Renew(Bytes nonce, Bytes request) implements ForCertificate {
        /** Leaves the bytes out. */
        @Override
        public String toString() {
            return "Renew[]";
        }
    }

    /**
     * The certificate that was asked for.
     *
     * @param certificate DER
     * @param authorityKey the key of the cluster's authority in PEM, for a node with a monitor that renews; else empty
     */
    record Issued(Bytes certificate, String authorityKey) implements ToDialler {
        /** Leaves key and bytes out. */
        @Override
        public String toString() {
            return authorityKey.isEmpty() ? "Issued[]" : "Issued[with the authority's key]";
        }
    }
}

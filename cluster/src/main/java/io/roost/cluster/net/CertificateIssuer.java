package io.roost.cluster.net;

import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.CertificateRequest;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.JoinToken;
import io.roost.cluster.net.handshake.Handshake;
import io.roost.cluster.net.handshake.HandshakeMessage;
import io.roost.cluster.net.handshake.Refusal;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Answers wishes for certificates, on a monitor: the registry decides, the authority signs. For any thread. */
public final class CertificateIssuer {
    private final CertificateAuthority authority;
    private final NodeRegistry registry;
    private final InstantSource clock;
    private final SecureRandom random;

    /** An issuer with the authority's key. */
    public CertificateIssuer(
            CertificateAuthority authority, NodeRegistry registry, InstantSource clock, SecureRandom random) {
        this.authority = authority;
        this.registry = registry;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Decides about a wish.
     *
     * @param proof what the peer has shown
     * @return the certificate, or a refusal
     */
    Future<HandshakeMessage.ToDialler> issue(HandshakeMessage.ForCertificate wish, Handshake.Proof proof) {
        CertificateRequest request;
        try {
            request = CertificateRequest.parse(wish.request());
        } catch (MalformedBytesException malformed) {
            return refused(Refusal.MALFORMED, malformed.getMessage());
        }
        if (wish instanceof HandshakeMessage.Join join) {
            return join(join, request);
        }
        Optional<EntityName> node = node(proof);
        if (node.isEmpty()) {
            return refused(Refusal.WRONG_ENTITY, "no certificate of a node");
        }
        // With it the node's monitor lets nodes in and renews certificates when this one is gone.
        String authorityKey = registry.hasMonitor(node.get()) ? authority.keyPem() : "";
        return issue(node.get(), request, authorityKey);
    }

    private static Optional<EntityName> node(Handshake.Proof proof) {
        if (proof instanceof Handshake.Proof.Certificate certificate) {
            return certificate.peer().entities().stream()
                    .filter(name -> name.kind() == EntityName.Kind.NODE)
                    .findFirst();
        }
        return Optional.empty();
    }

    private Future<HandshakeMessage.ToDialler> join(HandshakeMessage.Join join, CertificateRequest request) {
        if (join.node().kind() != EntityName.Kind.NODE) {
            return refused(Refusal.UNEXPECTED, join.node() + " is no name of a node");
        }
        Bytes keyHash = JoinToken.hash(Bytes.wrap(request.publicKey().getEncoded()));
        return registry.spend(JoinToken.hash(join.secret()), join.node(), keyHash)
                .compose(spending -> switch (spending) {
                    case ACCEPTED -> issue(join.node(), request, "");
                    case UNKNOWN -> refused(Refusal.TOKEN_UNKNOWN, "no such join token");
                    case EXPIRED -> refused(Refusal.TOKEN_EXPIRED, "the join token has expired");
                    case USED -> refused(Refusal.TOKEN_USED, "the join token has been used");
                    case NAME_TAKEN -> refused(Refusal.NAME_TAKEN, "there is a " + join.node() + " already");
                });
    }

    private Future<HandshakeMessage.ToDialler> issue(EntityName node, CertificateRequest request, String authorityKey) {
        return registry.entities(node)
                .compose(entities -> entities.isEmpty()
                        ? refused(Refusal.NOT_A_MEMBER, node + " does not belong to the cluster")
                        : Future.succeededFuture(sign(request, entities, authorityKey)));
    }

    private HandshakeMessage.ToDialler sign(CertificateRequest request, Set<EntityName> entities, String authorityKey) {
        X509Certificate certificate = authority.issue(request.publicKey(), entities, clock.instant(), random);
        try {
            return new HandshakeMessage.Issued(Bytes.wrap(certificate.getEncoded()), authorityKey);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was just made has no encoding", e);
        }
    }

    private static Future<HandshakeMessage.ToDialler> refused(Refusal refusal, String reason) {
        return Future.succeededFuture(new HandshakeMessage.Refused(refusal, reason));
    }
}

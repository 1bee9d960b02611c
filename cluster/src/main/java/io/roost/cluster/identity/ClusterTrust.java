package io.roost.cluster.identity;

import io.roost.cluster.object.Bytes;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What a node trusts: its cluster's certificate authority, and nothing else. Addresses are not compared with certificates,
 * for they change; a certificate names entities, which the handshake compares with whom the peer says it is.
 */
public final class ClusterTrust {
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

    private final X509Certificate ca;
    private final UUID fsid;

    private ClusterTrust(X509Certificate ca, UUID fsid) {
        this.ca = ca;
        this.fsid = fsid;
    }

    /**
     * Trust in a certificate authority.
     *
     * @throws CertificateException when the certificate is none of a cluster's authority
     */
    public static ClusterTrust in(X509Certificate ca) throws CertificateException {
        List<URI> uris = CertifiedPeer.uris(ca);
        if (ca.getBasicConstraints() < 0 || uris.size() != 1) {
            throw new CertificateException("no certificate of a cluster's authority");
        }
        try {
            return new ClusterTrust(ca, UUID.fromString(uris.get(0).getHost()));
        } catch (IllegalArgumentException e) {
            throw new CertificateException("no certificate of a cluster's authority: " + e.getMessage(), e);
        }
    }

    /**
     * Trust in the authority with a fingerprint, whose certificate the peer has sent along with its own: how a node that
     * joins knows the cluster.
     *
     * @throws CertificateException when no certificate of the chain has the fingerprint
     */
    public static ClusterTrust pinned(Bytes fingerprint, List<X509Certificate> chain) throws CertificateException {
        for (X509Certificate certificate : chain) {
            if (fingerprint.equals(fingerprint(certificate))) {
                return in(certificate);
            }
        }
        throw new CertificateException("the peer's authority is not the one of the join token");
    }

    /** SHA-256 of a certificate. */
    public static Bytes fingerprint(X509Certificate certificate) throws CertificateException {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    /** The authority's certificate. */
    public X509Certificate ca() {
        return ca;
    }

    /** The cluster's id, as the authority's certificate has it. */
    public UUID fsid() {
        return fsid;
    }

    /**
     * Checks that a certificate was issued by this cluster's authority to a node, and is valid at a time.
     *
     * @param chain the node's certificate first; more than that is not needed
     * @throws CertificateException when it is not
     */
    public CertifiedPeer verify(List<X509Certificate> chain, Instant now) throws CertificateException {
        if (chain.isEmpty()) {
            throw new CertificateException("no certificate");
        }
        X509Certificate node = chain.get(0);
        try {
            X509CertSelector target = new X509CertSelector();
            target.setExtendedKeyUsage(Set.of(SERVER, CLIENT));
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(ca, null)));
            parameters.setTargetCertConstraints(target);
            parameters.setDate(Date.from(now));
            // There is no revocation: the maps say who belongs to the cluster.
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(node)), parameters);
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException(
                    "not a valid certificate of cluster " + fsid + ": " + node.getSubjectX500Principal() + ": "
                            + e.getMessage(),
                    e);
        }
        CertifiedPeer peer = CertifiedPeer.of(node);
        if (node.getBasicConstraints() >= 0 || !peer.fsid().equals(fsid)) {
            throw new CertificateException("no certificate of a node of cluster " + fsid + ": " + peer);
        }
        return peer;
    }
}

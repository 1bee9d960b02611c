package io.roost.cluster.identity;

import io.roost.cluster.object.Bytes;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * What a node shows its peers: its certificate with the private key, and the authority that issued it. Its text is kept in
 * the node's folder, readable by its owner only.
 */
public final class NodeCertificate {
    /** Renewed when less than one part in so many of its validity is left: months before it ends. */
    private static final int RENEWED_PART = 3;

    private final NodeKey key;
    private final X509Certificate certificate;
    private final ClusterTrust trust;
    private final CertifiedPeer peer;

    private NodeCertificate(NodeKey key, X509Certificate certificate, ClusterTrust trust, CertifiedPeer peer) {
        this.key = key;
        this.certificate = certificate;
        this.trust = trust;
        this.peer = peer;
    }

    /**
     * The certificate that an authority has issued for a key.
     *
     * @param now for the check that it is valid
     * @throws GeneralSecurityException when it is not of that authority, not valid now, or for another key
     */
    public static NodeCertificate of(NodeKey key, X509Certificate certificate, ClusterTrust trust, Instant now)
            throws GeneralSecurityException {
        CertifiedPeer peer = trust.verify(List.of(certificate), now);
        checkPair(key.privateKey(), certificate.getPublicKey());
        return new NodeCertificate(key, certificate, trust, peer);
    }

    /** As {@link #of}, of certificates as they come over the wire. */
    public static NodeCertificate ofDer(NodeKey key, Bytes certificate, ClusterTrust trust, Instant now)
            throws GeneralSecurityException {
        return of(key, Pem.certificate(certificate), trust, now);
    }

    /** The first certificate of a cluster, which its authority issues to the node that makes it. */
    public static NodeCertificate issuedBy(
            CertificateAuthority authority, Collection<EntityName> entities, Instant now, SecureRandom random) {
        NodeKey key = NodeKey.generate(random);
        try {
            return of(key, authority.issue(key.publicKey(), entities, now, random), authority.trust(), now);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an authority does not trust what it has issued", e);
        }
    }

    /**
     * Reads {@link #certificatesPem} and {@link #keyPem}. It may have expired meanwhile.
     *
     * @throws GeneralSecurityException when they are none of a node, or do not belong together
     */
    public static NodeCertificate ofPem(String certificatesPem, String keyPem) throws GeneralSecurityException {
        List<X509Certificate> chain = Pem.certificates(certificatesPem);
        if (chain.size() != 2) {
            throw new CertificateException(chain.size() + " certificates where a node's and its authority's must be");
        }
        X509Certificate certificate = chain.get(0);
        NodeKey key = new NodeKey(Pem.key(keyPem), certificate.getPublicKey());
        return of(
                key,
                certificate,
                ClusterTrust.in(chain.get(1)),
                certificate.getNotBefore().toInstant());
    }

    /** Fails unless a signature by the private key fits the public one. */
    static void checkPair(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
        byte[] text = publicKey.getEncoded();
        Signature signature = Signature.getInstance(NodeKey.SIGNATURE);
        signature.initSign(privateKey);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(text);
        if (!signature.verify(signed)) {
            throw new CertificateException("the private key is not the certificate's");
        }
    }

    /** The private key. */
    public PrivateKey privateKey() {
        return key.privateKey();
    }

    /** The node's certificate, then the authority's: what a peer is sent. */
    public List<X509Certificate> chain() {
        return List.of(certificate, trust.ca());
    }

    /** Whom it trusts. */
    public ClusterTrust trust() {
        return trust;
    }

    /** What the certificate says. */
    public CertifiedPeer peer() {
        return peer;
    }

    /** When it should be renewed; some time after that it expires. */
    public Instant renewAfter() {
        Instant end = peer.notAfter();
        Duration validity = Duration.between(certificate.getNotBefore().toInstant(), end);
        return end.minus(validity.dividedBy(RENEWED_PART));
    }

    /** The chain as text. */
    public String certificatesPem() {
        return Pem.of(certificate) + Pem.of(trust.ca());
    }

    /** The private key as text, PKCS #8. */
    public String keyPem() {
        return Pem.of(key.privateKey());
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "NodeCertificate[" + peer + "]";
    }
}

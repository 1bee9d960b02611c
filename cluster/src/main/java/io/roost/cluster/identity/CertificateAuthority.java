package io.roost.cluster.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/**
 * The cluster's certificate authority: it signs the certificates of nodes, and is made once with the cluster. Who has its key
 * can be any node. Its certificate is the one thing that all nodes trust. P-256 and ECDSA with SHA-256 throughout.
 */
public final class CertificateAuthority {
    private static final Duration VALIDITY = Duration.ofDays(20 * 365);

    /** Of a node: it renews itself in time, and a machine that was switched off for some months still gets in. */
    private static final Duration NODE_VALIDITY = Duration.ofDays(365);

    /** A clock that is a little behind must not find a certificate in its future. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    /** Bits of a serial number (RFC 5280, 4.1.2.2 allows 159): two never meet. */
    private static final int SERIAL_BITS = 127;

    private final X509Certificate certificate;
    private final NodeKey key;
    private final ClusterTrust trust;

    private CertificateAuthority(X509Certificate certificate, NodeKey key) throws CertificateException {
        this.certificate = certificate;
        this.key = key;
        this.trust = ClusterTrust.in(certificate);
    }

    /** The authority of a new cluster. */
    public static CertificateAuthority create(UUID fsid, Instant now, SecureRandom random) {
        NodeKey key = NodeKey.generate(random);
        X500Name name = new X500Name("CN=Roost cluster " + fsid + ",O=Roost");
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(SERIAL_BITS, random),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(VALIDITY)),
                name,
                key.publicKey());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key.publicKey()));
            builder.addExtension(Extension.subjectAlternativeName, false, names(List.of(CertifiedPeer.uri(fsid))));
            return new CertificateAuthority(sign(builder, key), key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what X.509 needs is part of every Java platform", e);
        }
    }

    /**
     * Reads {@link #certificatePem} and {@link #keyPem}.
     *
     * @throws GeneralSecurityException when they are none of an authority, or do not belong together
     */
    public static CertificateAuthority ofPem(String certificatePem, String keyPem) throws GeneralSecurityException {
        List<X509Certificate> certificates = Pem.certificates(certificatePem);
        if (certificates.size() != 1) {
            throw new CertificateException(certificates.size() + " certificates of an authority");
        }
        X509Certificate certificate = certificates.get(0);
        NodeKey key = new NodeKey(Pem.key(keyPem), certificate.getPublicKey());
        NodeCertificate.checkPair(key.privateKey(), key.publicKey());
        return new CertificateAuthority(certificate, key);
    }

    /**
     * The authority of a cluster that is known already, by its {@link #keyPem}.
     *
     * @throws GeneralSecurityException when the key is none, or not that of the cluster's authority
     */
    public static CertificateAuthority of(ClusterTrust cluster, String keyPem) throws GeneralSecurityException {
        return ofPem(Pem.of(cluster.ca()), keyPem);
    }

    /** What nodes trust. */
    public ClusterTrust trust() {
        return trust;
    }

    /** The certificate, for everybody. */
    public String certificatePem() {
        return Pem.of(certificate);
    }

    /** The private key, for nobody but the monitors. */
    public String keyPem() {
        return Pem.of(key.privateKey());
    }

    /**
     * Issues a certificate for a key. Whether its owner may speak for these entities has been decided.
     *
     * @param entities whom the node speaks for; at least one
     */
    public X509Certificate issue(PublicKey nodeKey, Collection<EntityName> entities, Instant now, SecureRandom random) {
        TreeSet<EntityName> sorted = new TreeSet<>(entities);
        Instant end = now.plus(NODE_VALIDITY);
        Instant last = certificate.getNotAfter().toInstant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                certificate,
                new BigInteger(SERIAL_BITS, random),
                Date.from(now.minus(BACKDATED)),
                Date.from(end.isBefore(last) ? end : last),
                new X500Name("CN=" + sorted.last() + ",O=Roost"),
                nodeKey);
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(certificate));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(nodeKey));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    names(sorted.stream()
                            .map(entity -> CertifiedPeer.uri(trust.fsid(), entity))
                            .toList()));
            return sign(builder, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what X.509 needs is part of every Java platform", e);
        }
    }

    private static GeneralNames names(List<String> uris) {
        return new GeneralNames(uris.stream()
                .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                .toArray(GeneralName[]::new));
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, NodeKey key) throws CertificateException {
        return new JcaX509CertificateConverter().getCertificate(builder.build(key.signer()));
    }
}

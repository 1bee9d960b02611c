package io.roost.cluster.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;

class ClusterTrustTest {
    private static final UUID FSID = new UUID(0x1122334455667788L, 0x99aabbccddeeff00L);
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final EntityName OSD = EntityName.osd(3);
    private static final EntityName NODE = EntityName.node("b");
    private static final CertificateAuthority CA = CertificateAuthority.create(FSID, NOW, RANDOM);

    private static X509Certificate issued(NodeKey key, EntityName... entities) {
        return CA.issue(key.publicKey(), List.of(entities), NOW, RANDOM);
    }

    @Test
    void aCertificateOfTheClusterNamesItsEntities() throws CertificateException {
        CertifiedPeer peer = CA.trust().verify(List.of(issued(NodeKey.generate(RANDOM), NODE, OSD)), NOW);
        assertThat(peer.fsid()).isEqualTo(FSID);
        assertThat(peer.entities()).containsExactlyInAnyOrder(NODE, OSD);
        assertThat(peer.notAfter()).isEqualTo(NOW.plus(Duration.ofDays(365)));
    }

    @Test
    void anotherClustersCertificateIsRefused() {
        CertificateAuthority other = CertificateAuthority.create(UUID.randomUUID(), NOW, RANDOM);
        assertRefused(other.issue(NodeKey.generate(RANDOM).publicKey(), List.of(OSD), NOW, RANDOM), NOW);
    }

    @Test
    void anAuthorityOfTheSameNameWithAnotherKeyIsRefused() {
        CertificateAuthority forged = CertificateAuthority.create(FSID, NOW, RANDOM);
        assertRefused(forged.issue(NodeKey.generate(RANDOM).publicKey(), List.of(OSD), NOW, RANDOM), NOW);
    }

    @Test
    void aCertificateIsOfNoUseBeforeAndAfterItsTime() throws CertificateException {
        X509Certificate certificate = issued(NodeKey.generate(RANDOM), OSD);
        CA.trust().verify(List.of(certificate), NOW.minus(Duration.ofMinutes(59)));
        CA.trust().verify(List.of(certificate), NOW.plus(Duration.ofDays(364)));
        assertRefused(certificate, NOW.minus(Duration.ofMinutes(61)));
        assertRefused(certificate, NOW.plus(Duration.ofDays(365)).plusSeconds(1));
    }

    @Test
    void aCertificateNeverOutlivesItsAuthority() throws CertificateException {
        Instant end = CA.trust().ca().getNotAfter().toInstant();
        X509Certificate late =
                CA.issue(NodeKey.generate(RANDOM).publicKey(), List.of(OSD), end.minus(Duration.ofDays(1)), RANDOM);
        assertThat(CertifiedPeer.of(late).notAfter()).isEqualTo(end);
    }

    @Test
    void theAuthorityItselfIsNoNode() {
        assertRefused(CA.trust().ca(), NOW);
    }

    @Test
    void noCertificateIsRefused() {
        assertThatThrownBy(() -> CA.trust().verify(List.of(), NOW)).isInstanceOf(CertificateException.class);
    }

    /** A node that signs a certificate for another entity with its own key. */
    @Test
    void aNodeCannotIssueCertificates() throws Exception {
        NodeKey nodeKey = NodeKey.generate(RANDOM);
        X509Certificate node = issued(nodeKey, NODE);
        X509Certificate forged = signed(node, nodeKey, "roost://" + FSID + "/osd.0", KeyPurposeId.id_kp_serverAuth);
        assertThatThrownBy(
                        () -> CA.trust().verify(List.of(forged, node, CA.trust().ca()), NOW))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void aCertificateOfTheAuthorityThatIsNoNodesIsRefused() throws Exception {
        NodeKey authority = new NodeKey(Pem.key(CA.keyPem()), CA.trust().ca().getPublicKey());
        X509Certificate ca = CA.trust().ca();
        String name = "roost://" + FSID + "/osd.0";
        KeyPurposeId[] node = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
        CA.trust().verify(List.of(signed(ca, authority, name, node)), NOW);

        assertRefused(signed(ca, authority, name, KeyPurposeId.id_kp_codeSigning), NOW);
        assertRefused(signed(ca, authority, "roost://" + UUID.randomUUID() + "/osd.0", node), NOW);
        assertRefused(signed(ca, authority, "roost://" + FSID + "/osd.x", node), NOW);
        assertRefused(signed(ca, authority, "roost://" + FSID, node), NOW);
        assertRefused(signed(ca, authority, "https://" + FSID + "/osd.0", node), NOW);
    }

    private static X509Certificate signed(
            X509Certificate issuer, NodeKey issuerKey, String name, KeyPurposeId... purposes) throws Exception {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.TEN,
                Date.from(NOW.minusSeconds(60)),
                Date.from(NOW.plusSeconds(60)),
                new X500Name("CN=forged"),
                NodeKey.generate(RANDOM).publicKey());
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, name)));
        return new JcaX509CertificateConverter().getCertificate(builder.build(issuerKey.signer()));
    }

    private static void assertRefused(X509Certificate certificate, Instant now) {
        assertThatThrownBy(() -> CA.trust().verify(List.of(certificate), now)).isInstanceOf(CertificateException.class);
    }

    @Test
    void aFingerprintPinsTheAuthority() throws CertificateException {
        Bytes fingerprint = ClusterTrust.fingerprint(CA.trust().ca());
        X509Certificate node = issued(NodeKey.generate(RANDOM), OSD);
        ClusterTrust pinned =
                ClusterTrust.pinned(fingerprint, List.of(node, CA.trust().ca()));
        assertThat(pinned.verify(List.of(node), NOW).fsid()).isEqualTo(FSID);

        X509Certificate other =
                CertificateAuthority.create(FSID, NOW, RANDOM).trust().ca();
        assertThatThrownBy(() -> ClusterTrust.pinned(fingerprint, List.of(node, other)))
                .isInstanceOf(CertificateException.class);
    }

    /** Otherwise a node could use its own certificate's fingerprint in a token and be the authority for whoever joins. */
    @Test
    void aNodesCertificateCannotBePinnedAsAnAuthority() throws CertificateException {
        X509Certificate node = issued(NodeKey.generate(RANDOM), OSD);
        Bytes fingerprint = ClusterTrust.fingerprint(node);
        assertThatThrownBy(() -> ClusterTrust.pinned(fingerprint, List.of(node)))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void authorityAndNodeAreReadAsTheyAreWritten() throws GeneralSecurityException {
        CertificateAuthority read = CertificateAuthority.ofPem(CA.certificatePem(), CA.keyPem());
        NodeCertificate node = NodeCertificate.issuedBy(read, Set.of(NODE, OSD), NOW, RANDOM);
        CA.trust().verify(node.chain(), NOW);
        NodeCertificate again = NodeCertificate.ofPem(node.certificatesPem(), node.keyPem());
        assertThat(again.chain()).isEqualTo(node.chain());
        assertThat(again.peer()).isEqualTo(node.peer());
        assertThat(again.trust().fsid()).isEqualTo(FSID);
        assertThat(node.toString()).doesNotContain(node.keyPem());
        assertThat(NodeKey.generate(RANDOM).toString()).doesNotContainIgnoringCase("private");
    }

    @Test
    void keysAndCertificatesOfDifferentPairsAreRefused() {
        CertificateAuthority other = CertificateAuthority.create(FSID, NOW, RANDOM);
        assertThatThrownBy(() -> CertificateAuthority.ofPem(CA.certificatePem(), other.keyPem()))
                .isInstanceOf(GeneralSecurityException.class);
        NodeCertificate one = NodeCertificate.issuedBy(CA, Set.of(NODE), NOW, RANDOM);
        NodeCertificate two = NodeCertificate.issuedBy(CA, Set.of(NODE), NOW, RANDOM);
        assertThatThrownBy(() -> NodeCertificate.ofPem(one.certificatesPem(), two.keyPem()))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> NodeCertificate.ofPem(one.certificatesPem(), one.certificatesPem()))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> NodeCertificate.ofPem(CA.certificatePem(), CA.keyPem()))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aCertificateIsRenewedAThirdOfItsLifeBeforeItEnds() {
        NodeCertificate node = NodeCertificate.issuedBy(CA, Set.of(NODE), NOW, RANDOM);
        assertThat(node.renewAfter())
                .isBetween(NOW.plus(Duration.ofDays(242)), NOW.plus(Duration.ofDays(244)))
                .isBefore(node.peer().notAfter());
    }

    @Test
    void aRequestShowsThatItsOwnerHasTheKey() {
        NodeKey key = NodeKey.generate(RANDOM);
        CertificateRequest request = CertificateRequest.of(key);
        assertThat(CertificateRequest.parse(request.der()).publicKey()).isEqualTo(key.publicKey());
        int refused = 0;
        for (int i = 0; i < request.der().length(); i++) {
            byte[] changed = request.der().array().clone();
            changed[i] ^= 1;
            try {
                CertificateRequest.parse(Bytes.wrap(changed));
            } catch (MalformedBytesException expected) {
                refused++;
            }
        }
        // Every byte is either signed, or the signature, or the frame around them.
        assertThat(refused).isEqualTo(request.der().length());
    }

    @Test
    void requestsForOtherKindsOfKeysAreRefused() throws Exception {
        KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
        curve.initialize(new ECGenParameterSpec("secp384r1"), RANDOM);
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048, RANDOM);
        assertThatThrownBy(() -> CertificateRequest.parse(request(curve.generateKeyPair(), "SHA256withECDSA")))
                .isInstanceOf(MalformedBytesException.class)
                .hasMessageContaining("P-256");
        assertThatThrownBy(() -> CertificateRequest.parse(request(rsa.generateKeyPair(), "SHA256withRSA")))
                .isInstanceOf(MalformedBytesException.class)
                .hasMessageContaining("P-256");
        assertThatThrownBy(() -> CertificateRequest.parse(Bytes.wrap(new byte[CertificateRequest.MAX_BYTES + 1])))
                .isInstanceOf(MalformedBytesException.class);
        assertThatThrownBy(() -> CertificateRequest.parse(Bytes.EMPTY)).isInstanceOf(MalformedBytesException.class);
    }

    private static Bytes request(KeyPair pair, String signature) throws Exception {
        return Bytes.wrap(new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=osd.0"), pair.getPublic())
                .build(new JcaContentSignerBuilder(signature).build(pair.getPrivate()))
                .getEncoded());
    }
}

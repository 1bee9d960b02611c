package io.roost.objectstore.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate that vouches for itself, for development over HTTPS: P-256, valid for a year, for the names and addresses
 * of this machine's loopback and for virtual-host buckets. Clients are given it as their trust anchor.
 *
 * @param certificatePem the certificate
 * @param keyPem its private key, PKCS #8
 */
public record SelfSignedCertificate(String certificatePem, String keyPem) {
    private static final Duration VALIDITY = Duration.ofDays(365);

    /** A clock that is a little behind must not find the certificate in its future. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    /** The names of {@code roost dev}: its domain and its buckets, and loopback. */
    public static SelfSignedCertificate forDevelopment(Instant now, SecureRandom random) {
        return create(List.of("localhost", "s3.localhost", "*.s3.localhost"), List.of("127.0.0.1", "::1"), now, random);
    }

    /** A new key with its certificate. */
    public static SelfSignedCertificate create(
            List<String> dnsNames, List<String> addresses, Instant now, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            X500Name name = new X500Name("CN=" + dnsNames.get(0) + ",O=Roost");
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(127, random),
                    Date.from(now.minus(BACKDATED)),
                    Date.from(now.plus(VALIDITY)),
                    name,
                    pair.getPublic());
            extend(builder, dnsNames, addresses);
            return new SelfSignedCertificate(
                    pem(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))),
                    pem(new JcaPKCS8Generator(pair.getPrivate(), null)));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("P-256 and SHA-256 are part of every Java platform", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether it is valid from one time to another.
     *
     * @throws CertificateException when the text is no certificate
     */
    public boolean isValid(Instant begin, Instant end) throws CertificateException {
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificatePem.getBytes(StandardCharsets.US_ASCII)));
        return !begin.isBefore(certificate.getNotBefore().toInstant())
                && !end.isAfter(certificate.getNotAfter().toInstant());
    }

    private static void extend(X509v3CertificateBuilder builder, List<String> dnsNames, List<String> addresses)
            throws CertIOException {
        List<GeneralName> names = new ArrayList<>();
        dnsNames.forEach(dnsName -> names.add(new GeneralName(GeneralName.dNSName, dnsName)));
        addresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
        builder.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(new GeneralName[0])));
        // As its own authority it can be put into a trust store and into AWS_CA_BUNDLE as it is.
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "SelfSignedCertificate[" + certificatePem + "]";
    }
}

package io.roost.objectstore.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfSignedCertificateTest {
    @Test
    void itNamesLoopbackAndBucketsAndVerifiesItself() throws Exception {
        Instant now = Instant.now();
        SelfSignedCertificate pem = SelfSignedCertificate.forDevelopment(now, new SecureRandom());
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(pem.certificatePem().getBytes(StandardCharsets.US_ASCII)));
        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity(Date.from(now));
        assertThat(certificate.getSubjectAlternativeNames().stream()
                        .map(name -> name.get(1))
                        .toList())
                .isEqualTo(List.of("localhost", "s3.localhost", "*.s3.localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"));
        assertThat(pem.keyPem()).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(pem.toString()).doesNotContain("PRIVATE");
    }
}

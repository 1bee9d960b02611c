package io.roost.mailstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.mailstore.net.Certificate;
import io.roost.objectstore.http.SelfSignedCertificate;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** TLS of both servers: on demand, from the beginning, with a certificate that changes. */
class MailTlsTest {
    private final SecureRandom random = new SecureRandom();
    private final SelfSignedCertificate first = SelfSignedCertificate.forDevelopment(Instant.now(), random);
    private final RunningMailServers servers = new RunningMailServers(Optional.of(certificate(first)));

    @AfterEach
    void stop() {
        servers.close();
    }

    private static Certificate certificate(SelfSignedCertificate made) {
        return new Certificate(Buffer.buffer(made.certificatePem()), Buffer.buffer(made.keyPem()));
    }

    private static SSLContext trusting(SelfSignedCertificate made) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "server",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(made.certificatePem().getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    @Test
    void imapBeginsTlsOnDemand() throws Exception {
        // RFC 9051 6.2.1.
        try (LineClient clear = new LineClient(servers.imapPort())) {
            assertThat(clear.line()).contains(" STARTTLS ");
            assertThat(clear.ask("a STARTTLS")).containsExactly("a OK Begin TLS");
            LineClient tls = clear.underTls(trusting(first));
            assertThat(tls.ask("b CAPABILITY").get(0))
                    .contains("AUTH=PLAIN", "AUTH=SCRAM-SHA-256-PLUS")
                    .doesNotContain("STARTTLS", "LOGINDISABLED");
            assertThat(tls.ask("c STARTTLS")).containsExactly("c BAD TLS is active already");
            assertThat(tls.ask("d LOGIN ada pass-ada").get(0)).startsWith("d OK [CAPABILITY ");
            assertThat(tls.ask("e SELECT INBOX")).contains("* 0 EXISTS");
        }
    }

    @Test
    void imapSpeaksTlsFromTheBeginning() throws Exception {
        // RFC 8314 3.2.
        try (LineClient tls = LineClient.underTls(trusting(first), servers.imapsPort())) {
            assertThat(tls.line())
                    .startsWith("* OK [CAPABILITY IMAP4rev1 ")
                    .contains("AUTH=PLAIN")
                    .doesNotContain("STARTTLS");
            assertThat(tls.ask("a LOGIN ada pass-ada").get(0)).startsWith("a OK ");
        }
        try (LineClient clear = new LineClient(servers.imapsPort())) {
            clear.send("a LOGIN ada pass-ada\r\n");
            String answer = clear.line();
            assertThat(answer == null || !answer.contains("OK")).as(answer).isTrue();
        }
    }

    @Test
    void lmtpBeginsTlsOnDemand() throws Exception {
        // RFC 3207 4.2: the client begins anew.
        try (LineClient clear = new LineClient(servers.lmtpPort())) {
            clear.line();
            clear.send("LHLO client\r\n");
            assertThat(clear.until("250 ")).contains("250-STARTTLS");
            clear.send("STARTTLS\r\n");
            assertThat(clear.line()).startsWith("220 ");
            LineClient tls = clear.underTls(trusting(first));
            tls.send("MAIL FROM:<s@x>\r\n");
            assertThat(tls.line()).startsWith("503 ");
            tls.send("LHLO client\r\n");
            assertThat(tls.until("250 ")).doesNotContain("250-STARTTLS");
            tls.send("MAIL FROM:<s@x>\r\nRCPT TO:<ada>\r\nDATA\r\n");
            tls.until("354 ");
            tls.send("hello\r\n.\r\n");
            assertThat(tls.line()).isEqualTo("250 2.0.0 <ada> Delivered");
        }
    }

    /** What somebody in the middle puts after STARTTLS, in clear, must not be taken for the client's. */
    private void inject(int port, String before, String injected, String after, String forbidden) throws Exception {
        try (LineClient clear = new LineClient(port)) {
            clear.line();
            clear.send(before + injected);
            clear.until(after);
            LineClient tls;
            try {
                tls = clear.underTls(trusting(first));
            } catch (SSLException | SocketException refused) {
                // So many bytes that some are taken for a handshake.
                return;
            }
            tls.send("NOOP\r\nx NOOP\r\n");
            String first = tls.line();
            String second = tls.line();
            assertThat(first + second).doesNotContain(forbidden).containsPattern("BAD|250|500");
            tls.send("QUIT\r\ny LOGOUT\r\n");
            for (String line = tls.line(); line != null; line = tls.line()) {
                assertThat(line).doesNotContain(forbidden);
            }
        }
    }

    @Test
    void whatIsInjectedIntoImapIsThrownAway() throws Exception {
        // RFC 9051 11.1.
        inject(servers.imapPort(), "a STARTTLS\r\n", "evil LOGIN ada pass-ada\r\n", "a OK", "evil");
        inject(servers.imapPort(), "a STARTTLS\r\n", "evil LOGIN ada pa", "a OK", "evil");
    }

    @Test
    void whatIsInjectedIntoImapWhileItWaitsIsThrownAway() throws Exception {
        // The bytes of a later packet wait in the socket, because a login is checked, when STARTTLS is read.
        inject(
                servers.imapPort(),
                "w LOGIN ada wrong\r\na STARTTLS\r\n",
                ("evil" + " NOOP\r\n").repeat(2_000),
                "a OK",
                "evil");
    }

    @Test
    void whatIsInjectedIntoLmtpIsThrownAway() throws Exception {
        // RFC 3207 6.
        inject(servers.lmtpPort(), "LHLO x\r\nSTARTTLS\r\n", "VRFY evil\r\n", "220", "252");
        inject(servers.lmtpPort(), "LHLO x\r\nSTARTTLS\r\n", "VRFY ev", "220", "252");
    }

    @Test
    void anotherCertificateIsShownWithoutRestart() throws Exception {
        SelfSignedCertificate second = SelfSignedCertificate.forDevelopment(Instant.now(), random);
        try (LineClient before = LineClient.underTls(trusting(first), servers.imapsPort())) {
            before.line();
            servers.certificate(certificate(second));
            assertThat(before.ask("a LOGIN ada pass-ada").get(0)).startsWith("a OK ");
            assertThatThrownBy(() -> LineClient.underTls(trusting(first), servers.imapsPort()))
                    .isInstanceOf(SSLHandshakeException.class);
            LineClient.underTls(trusting(second), servers.imapsPort()).close();
            try (LineClient clear = new LineClient(servers.imapPort())) {
                clear.line();
                clear.ask("a STARTTLS");
                clear.underTls(trusting(second));
            }
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsFound() throws GeneralSecurityException {
        SelfSignedCertificate second = SelfSignedCertificate.forDevelopment(Instant.now(), random);
        certificate(first).check(servers.vertx());
        assertThatThrownBy(() -> new Certificate(Buffer.buffer(first.certificatePem()), Buffer.buffer(second.keyPem()))
                        .check(servers.vertx()))
                .hasMessage("the key is not that of the certificate");
        assertThatThrownBy(() -> new Certificate(Buffer.buffer("no"), Buffer.buffer("no")).check(servers.vertx()))
                .isInstanceOf(GeneralSecurityException.class);
    }
}

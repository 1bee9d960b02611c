package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.mailstore.net.Certificate;
import io.roost.objectstore.http.SelfSignedCertificate;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailCertificateTest {
    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private NodeConfig.Tls.Files files() {
        return new NodeConfig.Tls.Files(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
    }

    private static SelfSignedCertificate made() {
        return SelfSignedCertificate.forDevelopment(Instant.now(), new SecureRandom());
    }

    private void writeCertificate(SelfSignedCertificate made) throws IOException {
        Files.writeString(files().certificate(), made.certificatePem());
    }

    private void writeKey(SelfSignedCertificate made) throws IOException {
        Files.writeString(files().key(), made.keyPem());
    }

    private static String shown(Certificate certificate) {
        return certificate.chainPem().toString();
    }

    @Test
    void aRenewalIsTakenWhenBothFilesAreThere() throws IOException {
        SelfSignedCertificate first = made();
        writeCertificate(first);
        writeKey(first);
        MailCertificate certificate = MailCertificate.of(vertx, files(), null);
        assertThat(shown(certificate.shown().orElseThrow())).isEqualTo(first.certificatePem());
        assertThat(certificate.look(files())).isEmpty();
        SelfSignedCertificate second = made();
        writeCertificate(second);
        assertThat(certificate.look(files())).isEmpty();
        Files.delete(files().key());
        assertThat(certificate.look(files())).isEmpty();
        assertThat(shown(certificate.shown().orElseThrow())).isEqualTo(first.certificatePem());
        writeKey(second);
        Certificate renewed = certificate.look(files()).orElseThrow();
        assertThat(shown(renewed)).isEqualTo(second.certificatePem());
        assertThat(certificate.look(files())).as("until servers show it").isPresent();
        certificate.use(renewed);
        assertThat(certificate.look(files())).isEmpty();
    }

    @Test
    void aKeyOfAnotherCertificateIsRefusedAtTheStart() throws IOException {
        writeCertificate(made());
        writeKey(made());
        assertThatThrownBy(() -> MailCertificate.of(vertx, files(), null))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("cannot use " + files().certificate() + " with " + files().key()
                        + ": the key is not that of the certificate");
    }
}

package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.objectstore.http.SelfSignedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client is given to trust stays what it is between starts, and its key stays private. */
class NodeCertificateTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    private SelfSignedCertificate of(Instant now) {
        try (NodeFolder data = NodeFolder.open(folder.resolve("data"))) {
            return NodeCertificate.of(data, now, new SecureRandom());
        }
    }

    private Path file(String name) {
        return folder.resolve("data").resolve(name);
    }

    @Test
    void itIsKeptUntilItIsAboutToEnd() throws IOException {
        SelfSignedCertificate first = of(NOW);
        assertThat(file(NodeCertificate.FILE)).hasContent(first.certificatePem());
        assertThat(of(NOW.plus(Duration.ofDays(334)))).isEqualTo(first);
        SelfSignedCertificate second = of(NOW.plus(Duration.ofDays(336)));
        assertThat(second.certificatePem()).isNotEqualTo(first.certificatePem());
        assertThat(second.keyPem()).isNotEqualTo(first.keyPem());
        assertThat(file(NodeCertificate.FILE)).hasContent(second.certificatePem());
        assertThat(of(NOW)).as("it is of the future then").isNotEqualTo(second);
    }

    @Test
    void itsKeyIsForItsOwnerOnly() throws IOException {
        SelfSignedCertificate made = of(NOW);
        assertThat(file(NodeCertificate.KEY_FILE)).hasContent(made.keyPem());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(NodeCertificate.KEY_FILE))))
                .isEqualTo("rw-------");
    }

    @Test
    void withoutOneOfTheFilesItIsMadeAgain() throws IOException {
        for (String name : new String[] {NodeCertificate.FILE, NodeCertificate.KEY_FILE}) {
            SelfSignedCertificate before = of(NOW);
            Files.delete(file(name));
            SelfSignedCertificate after = of(NOW);
            assertThat(after).isNotEqualTo(before);
            assertThat(of(NOW)).isEqualTo(after);
        }
    }

    @Test
    void aFileThatIsNoCertificateIsNotReplaced() throws IOException {
        of(NOW);
        Files.writeString(file(NodeCertificate.FILE), "hello");
        assertThatThrownBy(() -> of(NOW))
                .isInstanceOf(CommandFailure.class)
                .hasMessage(file(NodeCertificate.FILE) + " is no certificate; remove it, and a new one is made");
    }

    @Test
    void aClientThatTrustsTheFileIsServedAgainAfterARestart() throws Exception {
        HttpClient client = null;
        for (int starts = 1; starts <= 2; starts++) {
            try (EmbeddedNode node = start()) {
                if (client == null) {
                    client = trusting(file(NodeCertificate.FILE));
                }
                for (String host : new String[] {"127.0.0.1", "localhost"}) {
                    URI uri = URI.create(
                            "https://" + host + ":" + node.s3Endpoint().getPort() + "/");
                    HttpRequest request = HttpRequest.newBuilder(uri).build();
                    // An answer of the server's: unsigned requests are refused.
                    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                                    .statusCode())
                            .isEqualTo(403);
                    HttpClient stranger = HttpClient.newHttpClient();
                    assertThatThrownBy(() -> stranger.send(request, HttpResponse.BodyHandlers.ofString()))
                            .isInstanceOf(SSLException.class);
                }
            }
        }
    }

    private EmbeddedNode start() {
        return EmbeddedNode.start(new EmbeddedNode.Options(
                Optional.of(folder.resolve("data")), 0, new NodeConfig.Tls.SelfSigned(), Optional.empty()));
    }

    private static HttpClient trusting(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            store.setCertificateEntry(
                    "roost", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    @Test
    void theLineToPasteSaysWhatToTrust() {
        URI endpoint = URI.create("https://127.0.0.1:9000");
        assertThat(DevCommand.awsCommand(endpoint, Optional.of(Path.of("/my data/tls-certificate.pem"))))
                .isEqualTo("aws --region us-east-1 --endpoint-url https://127.0.0.1:9000"
                        + " --ca-bundle '/my data/tls-certificate.pem'");
        assertThat(DevCommand.awsCommand(URI.create("http://127.0.0.1:9000"), Optional.empty()))
                .isEqualTo("aws --region us-east-1 --endpoint-url http://127.0.0.1:9000");
    }
}

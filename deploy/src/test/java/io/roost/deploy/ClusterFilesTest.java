package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterFilesTest {
    private static final UUID FSID = new UUID(1, 2);

    private final SecureRandom random = new SecureRandom();
    private final CertificateAuthority authority = CertificateAuthority.create(FSID, Instant.now(), random);

    @TempDir
    Path temporary;

    private NodeFolder folder;
    private ClusterFiles files;

    @BeforeEach
    void open() {
        folder = NodeFolder.openOf(temporary.resolve("node"), FSID);
        files = new ClusterFiles(folder);
    }

    private NodeCertificate issue() {
        return NodeCertificate.issuedBy(authority, Set.of(EntityName.mon("a")), Instant.now(), random);
    }

    @Test
    void certificateAndKeyAreReplacedAtOnce() throws Exception {
        files.write(issue());
        NodeCertificate next = issue();
        files.write(next);
        assertThat(files.certificate().privateKey()).isEqualTo(next.privateKey());
        assertThat(files.certificate().chain()).isEqualTo(next.chain());
        assertThat(Files.exists(folder.path().resolve("node-key.pem"))).isFalse();
    }

    @Test
    void keyInAFileOfItsOwnIsReadAndGoesWithTheNextCertificate() throws Exception {
        NodeCertificate before = issue();
        folder.write("node-key.pem", before.keyPem());
        folder.write("node.pem", before.certificatesPem());
        assertThat(files.certificate().privateKey()).isEqualTo(before.privateKey());
        files.write(issue());
        assertThat(files.certificate().privateKey()).isNotEqualTo(before.privateKey());
        assertThat(Files.exists(folder.path().resolve("node-key.pem"))).isFalse();
    }
}

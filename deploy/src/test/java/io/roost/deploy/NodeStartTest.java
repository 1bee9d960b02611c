package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told whose node does not start, or refuses a wish; and what a node leaves behind. */
class NodeStartTest {
    @TempDir
    private Path folder;

    private EmbeddedNode start(int port, NodeConfig.Tls tls) {
        Optional<EmbeddedNode.Keys> keys = Optional.of(new EmbeddedNode.Keys("AK", "secret"));
        return EmbeddedNode.start(new EmbeddedNode.Options(Optional.of(folder.resolve("data")), port, tls, keys));
    }

    @Test
    void aPortThatIsTakenIsToldWithTheOptionThatChangesIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> start(port, new NodeConfig.Tls.Off()))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + port + ": Address already in use by another program; "
                            + "choose another port with --s3-port, 0 for a free one");
        }
    }

    @Test
    void aCertificateThatIsNoneIsToldWithItsFile() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "hello");
        assertThatThrownBy(() -> start(0, new NodeConfig.Tls.Files(text, text)))
                .hasMessage(text + " is no PEM file with a certificate");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> start(0, new NodeConfig.Tls.Files(missing, missing)))
                .hasMessage("cannot read " + missing + ": no such file or folder");
    }

    /** A sole OSD says of its placement groups that they serve: nobody else could. */
    @Test
    void theHealthOfASoleNodeIsNoError() throws InterruptedException {
        try (EmbeddedNode node = start(0, new NodeConfig.Tls.Off())) {
            AdminClient admin = AdminClient.ofFolder(node.data());
            String health = "";
            for (int tries = 0; tries < 300 && !health.equals("HEALTH_OK") && !health.equals("HEALTH_WARN"); tries++) {
                Thread.sleep(100);
                health = admin.get("/cluster/health").path("health").asText();
            }
            assertThat(health).isIn("HEALTH_OK", "HEALTH_WARN");
        }
    }

    @Test
    void aNodeThatHasStoppedIsNoneToAsk() {
        try (EmbeddedNode node = start(0, new NodeConfig.Tls.Off())) {
            AdminClient admin = AdminClient.ofFolder(node.data());
            assertThat(admin.get("/status").path("health").asText()).isEqualTo("HEALTH_OK");
            assertThatThrownBy(() -> admin.post("/buckets", NodeCommand.object().put("name", "Bad_Name")))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageStartingWith("'Bad_Name' is no name for a bucket: 3 to 63 of a-z, 0-9,");
        }
        assertThat(folder.resolve("data").resolve(DataFolder.ADMIN_FILE)).doesNotExist();
        assertThatThrownBy(() -> AdminClient.ofFolder(folder.resolve("data")))
                .hasMessage("no node runs on " + folder.resolve("data") + "; start one with `roost dev`");
    }
}

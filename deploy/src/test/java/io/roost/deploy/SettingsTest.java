package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.map.NodeAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    private Path folder;

    private static Settings settings() {
        return new Settings(NodeConfig.defaults());
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("node.yaml"), yaml);
    }

    @Test
    void theExampleHasEverySettingWithItsDefault() {
        Path example = Path.of("config", "dev.yaml");
        NodeConfig loaded = NodeConfig.of(settings().withFile(example));
        assertThat(loaded).isEqualTo(NodeConfig.of(settings()));
        String text = read(example);
        for (String key : NodeConfig.defaults().keySet()) {
            assertThat(text).contains("  " + key.substring(key.indexOf('.') + 1) + ": ");
        }
    }

    @Test
    void theExampleOfANodeIsUnderstood() {
        NodeConfig.Cluster cluster = NodeConfig.ofNode(
                        new Settings(NodeConfig.nodeDefaults()).withFile(Path.of("config", "node.yaml")))
                .cluster()
                .orElseThrow();
        assertThat(cluster)
                .isEqualTo(new NodeConfig.Cluster("n1", "10.0.0.1", 9441, Optional.of("n1"), List.of(0, 1), Map.of()));
    }

    @Test
    void nodesCanBeDialledThroughAProxy() throws IOException {
        String listens = "cluster:\n  name: n1\n  listen: 10.0.0.1\n";
        Path yaml = file(listens + "  dial: \"10.0.0.2:9441=127.0.0.1:9452, 10.0.0.3=127.0.0.1:9453\"\n");
        NodeConfig config = NodeConfig.ofNode(new Settings(NodeConfig.nodeDefaults()).withFile(yaml));
        assertThat(config.cluster().orElseThrow().detours())
                .containsOnly(
                        Map.entry(new NodeAddress("10.0.0.2", 9441, 0), new NodeAddress("127.0.0.1", 9452, 0)),
                        Map.entry(new NodeAddress("10.0.0.3", 9441, 0), new NodeAddress("127.0.0.1", 9453, 0)));
        Path half = file(listens + "  dial: 10.0.0.2:9441\n");
        assertThatThrownBy(() -> NodeConfig.ofNode(new Settings(NodeConfig.nodeDefaults()).withFile(half)))
                .hasMessage(half + ":4: cluster.dial: '10.0.0.2:9441' is no HOST:PORT=HOST:PORT");
    }

    @Test
    void whatANodeCannotBeIsToldWithThePlace() throws IOException {
        Path yaml = file("cluster:\n  name: n1\n  listen: 10.0.0.1:99999\n");
        assertThatThrownBy(() -> NodeConfig.ofNode(new Settings(NodeConfig.nodeDefaults()).withFile(yaml)))
                .hasMessage(yaml + ":3: cluster.listen: '10.0.0.1:99999' is no HOST:PORT");
        Path osds = file("cluster:\n  name: n1\n  listen: 10.0.0.1\n  osds: first\n");
        assertThatThrownBy(() -> NodeConfig.ofNode(new Settings(NodeConfig.nodeDefaults()).withFile(osds)))
                .hasMessage(osds + ":4: cluster.osds: 'first' is no number of an OSD");
        assertThatThrownBy(() -> settings().withFile(osds)).hasMessageStartingWith(osds + ":1: no section cluster");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    @Test
    void theEnvironmentGoesOverTheFileAndOptionsGoOverBoth() throws IOException {
        Path yaml = file("s3:\n  port: 1000\n  region: here\nadmin:\n  port: 2000\n");
        NodeConfig config = NodeConfig.of(settings()
                .withFile(yaml)
                .withEnvironment(Map.of("ROOST_S3_PORT", "3000", "ROOST_ADMIN_PORT", "4000", "ROOST_OTHER", "x"))
                .with("s3.port", 5000, "--s3-port")
                .with("s3.host", null, "--host"));
        assertThat(config.s3().port()).isEqualTo(5000);
        assertThat(config.admin().port()).isEqualTo(4000);
        assertThat(config.s3().region()).isEqualTo("here");
        assertThat(config.s3().host()).isEqualTo("127.0.0.1");
    }

    @Test
    void anUnknownKeyIsToldWithFileAndLine() throws IOException {
        Path yaml = file("s3:\n  port: 1000\n  signature-v3: true\n");
        assertThatThrownBy(() -> settings().withFile(yaml))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith(yaml + ":3: no setting s3.signature-v3 (there are: s3.accept-region, ")
                .hasMessageNotContaining("store.");
    }

    @Test
    void anUnknownSectionIsToldWithFileAndLine() throws IOException {
        Path yaml = file("s3:\n  port: 1000\nweb:\n  port: 1\n");
        assertThatThrownBy(() -> settings().withFile(yaml))
                .hasMessage(yaml + ":3: no section web (there are: admin, mail, s3, store)");
    }

    @Test
    void aWrongValueIsToldWithThePlaceItWasGivenAt() throws IOException {
        Path yaml = file("s3:\n  port: 70000\n");
        assertThatThrownBy(() -> NodeConfig.of(settings().withFile(yaml)))
                .hasMessage(yaml + ":2: s3.port: 70000 is not between 0 and 65535");
        Path networks = file("mail:\n  trusted-networks: 192.0.2.0/24,x\n");
        assertThatThrownBy(() -> NodeConfig.of(settings().withFile(networks)))
                .hasMessage(networks + ":2: mail.trusted-networks: 'x' is no network");
        Settings fromEnvironment = settings().withEnvironment(Map.of("ROOST_S3_ACCEPT_REGION", "some"));
        assertThatThrownBy(() -> NodeConfig.of(fromEnvironment))
                .hasMessage(
                        "environment variable ROOST_S3_ACCEPT_REGION: s3.accept-region: 'some' is none of own, any");
    }

    @Test
    void brokenYamlIsToldWithItsLine() throws IOException {
        Path yaml = file("s3:\n  port: 1\n \tx: [\n");
        assertThatThrownBy(() -> settings().withFile(yaml))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith(yaml + ":3: is no YAML: ");
        Path tab = file("s3:\n\tport: 1\n");
        assertThatThrownBy(() -> settings().withFile(tab))
                .hasMessageStartingWith(tab + ":2: is no YAML: found character '\\t(TAB)'")
                .hasMessageNotContaining("\n");
    }

    @Test
    void whatIsNoSettingIsToldAsWhatItIs() throws IOException {
        Path scalar = file("s3: 9000\n");
        assertThatThrownBy(() -> settings().withFile(scalar))
                .hasMessage(scalar + ":1: s3 is a section: its settings follow, one a line and indented");
        Path list = file("s3:\n  port: [1, 2]\n");
        assertThatThrownBy(() -> settings().withFile(list)).hasMessage(list + ":2: s3.port has one value, not a list");
        Path sections = file("- s3\n");
        assertThatThrownBy(() -> settings().withFile(sections))
                .hasMessage(sections + ":1: sections are wanted, not a list");
    }

    @Test
    void aFileThatCannotBeReadIsToldWithoutJava() {
        Path missing = folder.resolve("missing.yaml");
        assertThatThrownBy(() -> settings().withFile(missing))
                .hasMessage("cannot read " + missing + ": no such file or folder");
    }

    @Test
    void aCertificateNeedsItsKey() {
        Settings settings = settings().with("s3.tls-certificate", "cert.pem", "--tls-certificate");
        assertThatThrownBy(() -> NodeConfig.of(settings))
                .hasMessage("--tls-certificate: s3.tls-certificate: a certificate and its key go together");
    }
}

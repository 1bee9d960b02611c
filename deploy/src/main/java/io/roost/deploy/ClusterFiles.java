package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.net.CertificateClient;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a node of a cluster of several keeps in its data folder beside its data:
 *
 * <pre>
 * node.yaml                 what it runs
 * node.pem                  the certificate that it shows other nodes: its key, it, and the authority's
 * ca.pem, ca-key.pem        the cluster's certificate authority, where a monitor issues certificates
 * monitors.json             where the monitors were last
 * </pre>
 */
final class ClusterFiles {
    /** What the node runs. */
    static final String CONFIG = "node.yaml";

    private static final String CERTIFICATE = "node.pem";
    private static final String CERTIFICATES_BEGIN = "-----BEGIN CERTIFICATE-----";
    /** Where the key was in folders of before; one file is replaced at once, two are not. */
    private static final String OLD_KEY = "node-key.pem";

    private static final String AUTHORITY = "ca.pem";
    private static final String AUTHORITY_KEY = "ca-key.pem";
    private static final String MONITORS = "monitors.json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final NodeFolder folder;

    /** The files of a folder. */
    ClusterFiles(NodeFolder folder) {
        this.folder = folder;
    }

    /** True when the folder is a node's of a cluster of several. */
    boolean exist() {
        return folder.read(CERTIFICATE) != null;
    }

    /** The certificate that the node shows other nodes. */
    NodeCertificate certificate() {
        try {
            String text = required(CERTIFICATE);
            int begin = Math.max(0, text.indexOf(CERTIFICATES_BEGIN));
            String key = begin > 0 ? text.substring(0, begin) : required(OLD_KEY);
            return NodeCertificate.ofPem(text.substring(begin), key);
        } catch (GeneralSecurityException damaged) {
            throw unusable(CERTIFICATE, damaged);
        }
    }

    /** Keeps a certificate. */
    void write(NodeCertificate certificate) {
        folder.write(CERTIFICATE, certificate.keyPem() + certificate.certificatesPem());
        folder.delete(OLD_KEY);
    }

    /** The cluster's authority, where it is. */
    Optional<CertificateAuthority> authority() {
        String certificate = folder.read(AUTHORITY);
        String key = folder.read(AUTHORITY_KEY);
        if (certificate == null || key == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(CertificateAuthority.ofPem(certificate, key));
        } catch (GeneralSecurityException damaged) {
            throw unusable(AUTHORITY, damaged);
        }
    }

    /** Keeps what a renewal has brought. */
    void write(CertificateClient.Renewed renewed) {
        renewed.authority().ifPresent(this::write);
        write(renewed.certificate());
    }

    /** Keeps the authority. */
    void write(CertificateAuthority authority) {
        folder.write(AUTHORITY_KEY, authority.keyPem());
        folder.write(AUTHORITY, authority.certificatePem());
    }

    /** Where the monitors were last. */
    MonMap monitors() {
        try {
            JsonNode json = MAPPER.readTree(required(MONITORS));
            List<MonMap.Monitor> monitors = new ArrayList<>();
            for (JsonNode monitor : json.path("monitors")) {
                NodeAddress address = new NodeAddress(
                        monitor.path("host").asText(), monitor.path("port").asInt(), 0);
                MonMap.Role role = monitor.path("votes").asBoolean(true) ? MonMap.Role.VOTER : MonMap.Role.NON_VOTER;
                monitors.add(new MonMap.Monitor(monitor.path("name").asText(), address, role));
            }
            return new MonMap(Math.max(1, json.path("epoch").asInt()), folder.fsid(), 0, monitors);
        } catch (IOException | IllegalArgumentException damaged) {
            throw unusable(MONITORS, damaged);
        }
    }

    /** Keeps where the monitors are. */
    void write(MonMap map) {
        ObjectNode json = MAPPER.createObjectNode().put("epoch", map.epoch());
        ArrayNode monitors = json.putArray("monitors");
        for (MonMap.Monitor monitor : map.monitors()) {
            monitors.addObject()
                    .put("name", monitor.name())
                    .put("host", monitor.address().host())
                    .put("port", monitor.address().port())
                    .put("votes", monitor.role() == MonMap.Role.VOTER);
        }
        folder.write(MONITORS, json + "\n");
    }

    private String required(String name) {
        String content = folder.read(name);
        if (content == null) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN,
                    folder.path() + " has no " + name + ": it is no node of a cluster; `roost init` makes one");
        }
        return content;
    }

    private CommandFailure unusable(String name, Exception reason) {
        return new CommandFailure(
                CommandFailure.COULD_NOT_RUN, "cannot use " + folder.path().resolve(name) + ": " + reason.getMessage());
    }
}

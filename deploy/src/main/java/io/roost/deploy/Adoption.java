package io.roost.deploy;

import io.roost.cluster.daemon.ClusterNode;
import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.paxos.MonStoreException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Makes the data of {@code roost dev}, a cluster of one already, the first node of a cluster that others can join. */
final class Adoption {
    /** What `roost dev` calls the host of its OSD; the node has the same name. */
    private static final String NODE = "localhost";

    private static final int OSD = 0;

    private Adoption() {}

    /** True when a folder holds a monitor and is no node of a cluster of several yet. */
    static boolean isPossible(NodeFolder folder) {
        return folder.read(ClusterFiles.CONFIG) == null
                && folder.path().resolve("mon").toFile().isDirectory();
    }

    /** Gives it an address, an authority, a certificate and a configuration. The configuration is written last. */
    static void adopt(NodeFolder folder, HostPort address) {
        ClusterFiles files = new ClusterFiles(folder);
        SecureRandom random = new SecureRandom();
        Instant now = Instant.now();
        try {
            MonMap map = ClusterNode.moveMonitor(folder.path(), new NodeAddress(address.host(), address.port(), 0));
            String monitor = map.monitors().get(0).name();
            files.write(map);
            CertificateAuthority authority =
                    files.authority().orElseGet(() -> CertificateAuthority.create(folder.fsid(), now, random));
            files.write(authority);
            files.write(NodeCertificate.issuedBy(
                    authority,
                    Set.of(
                            EntityName.node(NODE),
                            EntityName.mon(monitor),
                            EntityName.client(NODE),
                            EntityName.osd(OSD)),
                    now,
                    random));
            folder.write(ClusterFiles.CONFIG, NodeNames.yaml(NODE, address, monitor, List.of(OSD)));
        } catch (IOException | MonStoreException failure) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN,
                    "cannot use the data in " + folder.path() + ": " + failure.getMessage());
        }
    }
}

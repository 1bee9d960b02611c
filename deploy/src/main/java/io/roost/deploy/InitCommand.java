package io.roost.deploy;

import io.roost.cluster.daemon.ClusterNode;
import io.roost.cluster.identity.CertificateAuthority;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.NodeCertificate;
import io.roost.cluster.map.MonMap;
import io.roost.cluster.map.NodeAddress;
import io.roost.cluster.map.OsdInfo;
import io.roost.cluster.mon.Mkfs;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code roost init}: a new cluster, with its first node. */
@Command(
        name = "init",
        description = "Makes a new cluster in a new folder: its certificate authority, a monitor and an OSD. Then "
                + "`roost node` runs them, and other machines join with `roost join`.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  roost init --data /var/lib/roost --name n1 --listen 10.0.0.1"})
final class InitCommand implements Callable<Integer> {
    private static final int OSD = 0;

    /** 0x10000 for a TiB; what a disk is worth can be changed later. */
    private static final int WEIGHT = 0x10000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "Folder for the data; new or empty.")
    private Path data;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the node. Default: this host's.")
    private String name;

    @Option(
            names = "--listen",
            paramLabel = "ADDR",
            required = true,
            description = "Address, with a port or without (9441), at which other nodes find this one.")
    private String listen;

    @Override
    public Integer call() {
        HostPort address = NodeNames.address(listen);
        String node = NodeNames.of(name);
        try (NodeFolder folder = NodeFolder.open(data.toAbsolutePath())) {
            if (folder.read(ClusterFiles.CONFIG) != null
                    || folder.path().resolve("mon").toFile().exists()) {
                throw new CommandFailure(
                        CommandFailure.COULD_NOT_RUN, "there is a node in " + folder.path() + " already");
            }
            make(folder, node, address);
            spec.commandLine()
                    .getOut()
                    .println("made cluster " + folder.fsid() + "; now: roost node --data " + folder.path());
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private static void make(NodeFolder folder, String node, HostPort address) {
        SecureRandom random = new SecureRandom();
        Instant now = Instant.now();
        MonMap.Monitor monitor =
                new MonMap.Monitor(node, new NodeAddress(address.host(), address.port(), 0), MonMap.Role.VOTER);
        Mkfs mkfs = new Mkfs(folder.fsid(), List.of(monitor), node, OsdInfo.NO_UUID, WEIGHT, 1, now.toEpochMilli());
        try {
            ClusterNode.make(folder.path(), mkfs);
        } catch (IOException failure) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "cannot write to " + folder.path() + ": " + Reason.of(failure));
        }
        ClusterFiles files = new ClusterFiles(folder);
        CertificateAuthority authority = CertificateAuthority.create(folder.fsid(), now, random);
        files.write(authority);
        files.write(NodeCertificate.issuedBy(
                authority,
                Set.of(EntityName.node(node), EntityName.mon(node), EntityName.client(node), EntityName.osd(OSD)),
                now,
                random));
        files.write(new MonMap(1, folder.fsid(), now.toEpochMilli(), List.of(monitor)));
        folder.write(ClusterFiles.CONFIG, NodeNames.yaml(node, address, node, List.of(OSD)));
    }
}

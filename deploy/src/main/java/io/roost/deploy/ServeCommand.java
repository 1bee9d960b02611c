package io.roost.deploy;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code roost node}: runs a node of a cluster, in this process, until it is interrupted. */
@Command(
        name = "node",
        description = "Runs what the configuration of a node names: a monitor, OSDs, the S3 gateway, the admin API. "
                + "It waits for the other nodes as long as it takes.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  roost node --data /var/lib/roost",
            "      what `roost init` or `roost join` has made there",
            "  roost node --data ~/.local/share/roost/dev --listen 10.0.0.1",
            "      the data of `roost dev`, from now on a cluster that others can join",
            "  roost node --data /var/lib/roost --config /etc/roost/node.yaml",
            "      with another configuration than DIR/" + ClusterFiles.CONFIG
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "The node's folder.")
    private Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with settings. Default: DIR/" + ClusterFiles.CONFIG)
    private Path configFile;

    @Option(names = "--listen", paramLabel = "ADDR", description = "Another address for other nodes.")
    private String listen;

    @Option(names = "--s3-port", paramLabel = "N", description = "Another port for the S3 gateway; 0 for a free one.")
    private Integer s3Port;

    @Option(names = "--admin-port", paramLabel = "N", description = "Another port for the admin API.")
    private Integer adminPort;

    @Override
    public Integer call() throws InterruptedException {
        Instant began = ProcessHandle.current().info().startInstant().orElse(Instant.now());
        Map<String, String> environment = System.getenv();
        if (!Files.isDirectory(data)) {
            throw new CommandFailure(
                    CommandFailure.COULD_NOT_RUN, "there is no folder " + data + ": `roost init` makes a cluster");
        }
        NodeFolder folder = NodeFolder.open(data.toAbsolutePath());
        if (listen != null && Adoption.isPossible(folder)) {
            Adoption.adopt(folder, NodeNames.address(listen));
        }
        NodeConfig config = config(folder, environment);
        Optional<NodeCredentials> given = NodeCredentials.given(null, null, environment);
        Ending ending = new Ending();
        PrintWriter out = spec.commandLine().getOut();
        out.println("data    " + folder.path());
        out.flush();
        Node node = Node.start(config, folder, Node.GARBAGE_DELAY, ending);
        ending.inOrder(node::close);
        given.ifPresent(keys -> NodeCredentials.of(node, given));
        remember(folder, environment);
        out.println("S3      " + node.s3Endpoint());
        node.mail().ifPresent(mail -> out.println("mail    " + mail.ports()));
        double seconds = Duration.between(began, Instant.now()).toMillis() / 1000.0;
        out.println(String.format(Locale.ROOT, "ready in %.1f s", seconds));
        out.flush();
        return ending.await();
    }

    private NodeConfig config(NodeFolder folder, Map<String, String> environment) {
        Path file = configFile == null ? folder.path().resolve(ClusterFiles.CONFIG) : configFile;
        Settings settings = new Settings(NodeConfig.nodeDefaults())
                .withFile(file)
                .withEnvironment(environment)
                .with("cluster.listen", listen, "--listen")
                .with("s3.port", s3Port, "--s3-port")
                .with("admin.port", adminPort, "--admin-port");
        return NodeConfig.ofNode(settings);
    }

    /** Where a home folder cannot be written a node runs all the same. */
    private void remember(NodeFolder folder, Map<String, String> environment) {
        try {
            new DataFolder(environment).rememberLast(folder.path());
        } catch (IOException failure) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(
                    "roost: commands will need --data " + folder.path() + " to find this node: " + Reason.of(failure));
            err.flush();
        }
    }
}

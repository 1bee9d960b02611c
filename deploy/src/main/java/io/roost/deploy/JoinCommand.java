package io.roost.deploy;

import io.roost.cluster.crush.CrushItem;
import io.roost.cluster.identity.EntityName;
import io.roost.cluster.identity.JoinToken;
import io.roost.cluster.object.MalformedBytesException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code roost join}: makes this machine a node of a cluster. */
@Command(
        name = "join",
        description =
                "Makes this machine a node of a cluster that runs: gets it a certificate, an OSD and a monitor. Then "
                        + "`roost node` runs them. `roost token create` on the first node makes the token.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  roost join roost-join-... --data /var/lib/roost --name n2 --listen 10.0.0.2"})
final class JoinCommand implements Callable<Integer> {
    /** A thousand disks of a TiB: more is a mistake. */
    private static final int MAX_WEIGHT = 1000;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "TOKEN", description = "Of `roost token create`.")
    private String token;

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

    @Option(
            names = "--weight",
            paramLabel = "W",
            defaultValue = "1",
            description =
                    "The OSD's share of the data, by convention the TiB of its disk. Default: 1, as the first one's.")
    private double weight;

    @Option(names = "--no-monitor", description = "Run no monitor here.")
    private boolean isWithoutMonitor;

    @Override
    public Integer call() {
        HostPort address = NodeNames.address(listen);
        String node = NodeNames.of(name);
        if (!(weight >= 0 && weight <= MAX_WEIGHT)) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "--weight is not between 0 and " + MAX_WEIGHT);
        }
        JoinToken parsed;
        try {
            parsed = JoinToken.parse(token);
        } catch (MalformedBytesException wrong) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, String.valueOf(wrong.getMessage()));
        }
        try (Joining joining = new Joining(data.toAbsolutePath(), EntityName.node(node), address)) {
            int osd = joining.join(parsed, !isWithoutMonitor, (int) (weight * CrushItem.ONE));
            spec.commandLine()
                    .getOut()
                    .println("joined as " + node + " with osd." + osd + "; now: roost node --data "
                            + data.toAbsolutePath());
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}

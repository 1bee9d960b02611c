package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code roost host}. */
@Command(
        name = "host",
        description = "Machines of a cluster; `roost join` makes a machine one, and `roost osd tree` shows them.",
        mixinStandardHelpOptions = true,
        subcommands = HostCommand.Remove.class)
final class HostCommand extends CommandGroup {
    HostCommand() {
        super("host what? There is rm");
    }

    /** {@code roost host rm}. */
    @Command(
            name = "rm",
            description =
                    "Takes a machine out of the cluster for good: its monitor, its place in the CRUSH map, and its "
                            + "right to a certificate. Its OSDs must be purged before; its name is free then. What is in its "
                            + "data folder is of no use any more, and secret: wipe it.",
            footer = {"", "Example:", "  roost host rm n3"})
    static final class Remove extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "As in roost join --name.")
        private String name;

        @Override
        JsonNode ask(AdminClient node) {
            return node.post(AdminClient.path("hosts", name, "remove"), object());
        }
    }
}

package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code roost pool}. */
@Command(
        name = "pool",
        description = "Shows the pools, and sets how many replicas they keep.",
        mixinStandardHelpOptions = true,
        subcommands = {PoolCommand.Ls.class, PoolCommand.Set.class})
final class PoolCommand extends CommandGroup {
    PoolCommand() {
        super("pool what? There are ls and set");
    }

    /** {@code roost pool ls}. */
    @Command(
            name = "ls",
            description = "Lists the pools: their replicas, and what is in them.",
            footer = {"", "Example:", "  roost pool ls"})
    static final class Ls extends NodeCommand {
        @Override
        JsonNode ask(AdminClient node) {
            return node.get("/pools");
        }
    }

    /** {@code roost pool set}. */
    @Command(
            name = "set",
            description =
                    "Sets how many replicas a pool keeps (size), or with how few it serves (min_size). A size that "
                            + "is raised takes min_size with it when everything has its replicas.",
            footer = {"", "Examples:", "  roost pool set data size 3", "  roost pool set data min_size 2"})
    static final class Set extends NodeCommand {
        @Parameters(index = "0", paramLabel = "POOL", description = "Its name.")
        private String name;

        @Parameters(index = "1", paramLabel = "SETTING", description = "size or min_size.")
        private String setting;

        @Parameters(index = "2", paramLabel = "VALUE", description = "A number of replicas.")
        private int value;

        @Option(
                names = "--accept-data-loss",
                description = "For min_size 1: the loss of one disk can be the loss of acknowledged writes.")
        private boolean isAccepted;

        @Override
        JsonNode ask(AdminClient node) {
            return node.post(
                    AdminClient.path("pools", name),
                    object().put("setting", setting).put("value", value).put("acceptDataLoss", isAccepted));
        }
    }
}

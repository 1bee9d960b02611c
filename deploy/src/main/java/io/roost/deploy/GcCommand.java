package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code roost gc}: garbage collection. */
@Command(
        name = "gc",
        description = "Removes what is no longer needed.",
        mixinStandardHelpOptions = true,
        subcommands = GcCommand.Run.class)
final class GcCommand extends CommandGroup {
    GcCommand() {
        super("gc what? There is 'gc run'");
    }

    /** {@code roost gc run}. */
    @Command(
            name = "run",
            description =
                    "Collects now instead of in its turn: data of deleted and replaced objects, uploads that were "
                            + "given up. Prints what was removed.",
            footer = {"", "Example:", "  roost gc run --all"})
    static final class Run extends NodeCommand {
        @Option(
                names = "--all",
                description = "Also what is not due yet. A download that is still going on may be cut off.")
        private boolean isAll;

        @Override
        JsonNode ask(AdminClient node) {
            return node.run("/gc", object().put("all", isAll));
        }
    }
}

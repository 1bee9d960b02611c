package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** The commands that show the whole cluster: {@code roost pg} and {@code health}. */
final class ClusterCommands {
    private ClusterCommands() {}

    /** {@code roost pg}. */
    @Command(
            name = "pg",
            description = "Shows the placement groups.",
            mixinStandardHelpOptions = true,
            subcommands = Pg.Ls.class)
    static final class Pg extends CommandGroup {
        Pg() {
            super("pg what? There is ls");
        }

        /** {@code roost pg ls}. */
        @Command(
                name = "ls",
                description = "Lists the placement groups: their states, and where they are.",
                footer = {"", "Example:", "  roost pg ls --json"})
        static final class Ls extends NodeCommand {
            @Override
            JsonNode ask(AdminClient node) {
                return node.get("/pgs");
            }
        }
    }

    /** Asks how the cluster is. */
    abstract static class HealthQuestion extends NodeCommand {
        @Override
        final JsonNode ask(AdminClient node) {
            return node.get("/cluster/health");
        }

        @Override
        final int exitCode(JsonNode answer) {
            return answer.path("health").asText().equals("HEALTH_ERR") ? CommandFailure.FAILED : 0;
        }

        @Override
        final void print(JsonNode answer, StringBuilder out) {
            out.append(answer.path("health").asText()).append('\n');
            for (JsonNode check : answer.path("checks")) {
                out.append(check.path("code").asText())
                        .append(": ")
                        .append(check.path("summary").asText())
                        .append('\n');
                printMore(check, out);
            }
        }

        /** Prints what belongs to one of the checks. */
        abstract void printMore(JsonNode check, StringBuilder out);
    }

    /** {@code roost health}. */
    @Command(
            name = "health",
            description =
                    "Shows whether all is well in the cluster. Exit code 1 when something is not served or damaged.",
            subcommands = Health.Detail.class,
            footer = {"", "Examples:", "  roost health", "  roost health detail"})
    static final class Health extends HealthQuestion {
        @Override
        void printMore(JsonNode check, StringBuilder out) {}

        /** {@code roost health detail}. */
        @Command(
                name = "detail",
                description =
                        "Shows what is not as it should be, and what to do about it. Exit code 1 when something is "
                                + "not served or damaged.",
                footer = {"", "Example:", "  roost health detail"})
        static final class Detail extends HealthQuestion {
            @Override
            void printMore(JsonNode check, StringBuilder out) {
                check.path("details")
                        .forEach(
                                line -> out.append("    ").append(line.asText()).append('\n'));
                out.append("    do: ").append(check.path("remedy").asText()).append('\n');
            }
        }
    }
}

package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;

/** The commands that show the whole cluster: {@code roost osd}, {@code pg} and {@code health}. */
final class ClusterCommands {
    private ClusterCommands() {}

    /** {@code roost osd}. */
    @Command(
            name = "osd",
            description = "Shows the OSDs.",
            mixinStandardHelpOptions = true,
            subcommands = Osd.Tree.class)
    static final class Osd extends CommandGroup {
        Osd() {
            super("osd what? There is tree");
        }

        /** {@code roost osd tree}. */
        @Command(
                name = "tree",
                description = "Shows hosts and OSDs as they lie below each other, and which OSDs are up.",
                footer = {"", "Example:", "  roost osd tree --json"})
        static final class Tree extends NodeCommand {
            @Override
            JsonNode ask(AdminClient node) {
                return node.get("/osds");
            }

            @Override
            void print(JsonNode answer, StringBuilder out) {
                ObjectNode shown = object();
                var lines = shown.putArray("tree");
                for (JsonNode line : answer.path("tree")) {
                    String indent = "  ".repeat(line.path("depth").asInt());
                    lines.addObject()
                            .put("id", line.path("id").asText())
                            .put("name", indent + line.path("name").asText())
                            .put("type", line.path("type").asText())
                            .put("weight", line.path("weight").asText())
                            .put("status", line.path("status").asText())
                            .put("reweight", line.path("reweight").asText());
                }
                JsonText.append(shown, out);
            }
        }
    }

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

    /** {@code roost health}. */
    @Command(
            name = "health",
            description = "Shows whether all is well in the cluster.",
            mixinStandardHelpOptions = true,
            subcommands = Health.Detail.class)
    static final class Health extends CommandGroup {
        Health() {
            super("health what? There is detail");
        }

        /** {@code roost health detail}. */
        @Command(
                name = "detail",
                description =
                        "Shows what is not as it should be, and what to do about it. Exit code 1 when something is "
                                + "not served or damaged.",
                footer = {"", "Example:", "  roost health detail"})
        static final class Detail extends NodeCommand {
            @Override
            JsonNode ask(AdminClient node) {
                return node.get("/cluster/health");
            }

            @Override
            int exitCode(JsonNode answer) {
                return answer.path("health").asText().equals("HEALTH_ERR") ? CommandFailure.FAILED : 0;
            }

            @Override
            void print(JsonNode answer, StringBuilder out) {
                out.append(answer.path("health").asText()).append('\n');
                for (JsonNode check : answer.path("checks")) {
                    out.append(check.path("code").asText())
                            .append(": ")
                            .append(check.path("summary").asText())
                            .append('\n');
                    check.path("details")
                            .forEach(line ->
                                    out.append("    ").append(line.asText()).append('\n'));
                    out.append("    do: ").append(check.path("remedy").asText()).append('\n');
                }
            }
        }
    }
}

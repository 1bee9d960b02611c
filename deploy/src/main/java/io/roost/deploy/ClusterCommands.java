package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands that show the whole cluster: {@code roost pg} and {@code health}. */
final class ClusterCommands {
    private ClusterCommands() {}

    /** {@code roost pg}. */
    @Command(
            name = "pg",
            description = "Shows the placement groups, and has their copies compared and repaired.",
            mixinStandardHelpOptions = true,
            subcommands = {Pg.Ls.class, Pg.Query.class, Pg.Scrub.class, Pg.DeepScrub.class, Pg.Repair.class})
    static final class Pg extends CommandGroup {
        Pg() {
            super("pg what? There are ls, query, scrub, deep-scrub and repair");
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

        /** Has all copies of a placement group compared. */
        abstract static class Comparison extends NodeCommand {
            private final String kind;

            @Parameters(paramLabel = "PG", description = "The placement group, as `roost pg ls` shows it: 1.a.")
            private String pg;

            Comparison(String kind) {
                this.kind = kind;
            }

            @Override
            final JsonNode ask(AdminClient node) {
                return node.post(AdminClient.path("pgs", pg, kind), object());
            }

            @Override
            final void print(JsonNode answer, StringBuilder out) {
                boolean isUnderWay = answer.path("start").asText().equals("under-way");
                out.append("pg ")
                        .append(answer.path("pg").asText())
                        .append(
                                isUnderWay
                                        ? ": osd.%d is comparing its copies already"
                                                .formatted(answer.path("osd").asInt())
                                        : ": osd.%d begins the %s"
                                                .formatted(answer.path("osd").asInt(), kind))
                        .append("\nWhat it comes to is in the log of osd.")
                        .append(answer.path("osd").asInt())
                        .append("; while it goes on `roost pg ls` says scrubbing, and inconsistent\n")
                        .append("when something could not be repaired.\n");
            }
        }

        /** {@code roost pg scrub}. */
        @Command(
                name = "scrub",
                description = "Compares what is recorded of all copies of a placement group: names, versions, sizes and"
                        + " checksums. What differs is read, and replaced by what more than half of the copies"
                        + " say.",
                footer = {"", "Example:", "  roost pg scrub 1.a"})
        static final class Scrub extends Comparison {
            Scrub() {
                super("scrub");
            }
        }

        /** {@code roost pg deep-scrub}. */
        @Command(
                name = "deep-scrub",
                description = "Reads all copies of a placement group and compares them. What is damaged or differs is "
                        + "replaced by a copy whose checksums hold and on which more than half of those agree.",
                footer = {"", "Example:", "  roost pg deep-scrub 1.a"})
        static final class DeepScrub extends Comparison {
            DeepScrub() {
                super("deep-scrub");
            }
        }

        /** {@code roost pg repair}. */
        @Command(
                name = "repair",
                description = "As deep-scrub; and where as many copies say one thing as another, the newest one whose"
                        + " checksums hold counts. Also one that some copies do not have: what was deleted may"
                        + " come back.",
                footer = {"", "Example:", "  roost pg repair 1.a"})
        static final class Repair extends Comparison {
            Repair() {
                super("repair");
            }
        }

        /** {@code roost pg query}. */
        @Command(
                name = "query",
                description = "Shows all that is known of a placement group, and what it waits for.",
                footer = {"", "Example:", "  roost pg query 2.1f"})
        static final class Query extends NodeCommand {
            @Parameters(paramLabel = "PG", description = "As pg ls names it.")
            private String pg;

            @Override
            JsonNode ask(AdminClient node) {
                return node.get(AdminClient.path("pgs", pg));
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

package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code roost bucket}. */
@Command(
        name = "bucket",
        description = "Creates, lists, describes and removes buckets.",
        mixinStandardHelpOptions = true,
        subcommands = {
            BucketCommand.Create.class,
            BucketCommand.Ls.class,
            BucketCommand.Stat.class,
            BucketCommand.Rm.class
        })
final class BucketCommand extends CommandGroup {
    BucketCommand() {
        super("bucket what? There are create, ls, stat and rm");
    }

    /** {@code roost bucket create}. */
    @Command(
            name = "create",
            description = "Creates a bucket.",
            footer = {"", "Example:", "  roost bucket create mail --owner dovecot --placement prefix:2"})
    static final class Create extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "As S3 allows: 3 to 63 of a-z, 0-9, '-' and '.'.")
        private String name;

        @Option(names = "--owner", paramLabel = "USER", description = "Default: the first administrator.")
        private String owner;

        @Option(names = "--shards", paramLabel = "N", description = "Default: 8; 256 with a prefix placement.")
        private Integer shards;

        @Option(
                names = "--placement",
                paramLabel = "P",
                description =
                        "hash: keys lie spread. prefix:N: keys with the same first N segments lie together, and are "
                                + "listed from one place. Default: hash.")
        private String placement;

        @Override
        JsonNode ask(AdminClient node) {
            ObjectNode bucket = object().put("name", name);
            putGiven(bucket, "owner", owner);
            putGiven(bucket, "placement", placement);
            if (shards != null) {
                bucket.put("shards", shards);
            }
            return node.post("/buckets", bucket);
        }
    }

    /** {@code roost bucket ls}. */
    @Command(
            name = "ls",
            description = "Lists the buckets of all users.",
            footer = {"", "Example:", "  roost bucket ls"})
    static final class Ls extends NodeCommand {
        @Override
        JsonNode ask(AdminClient node) {
            return node.get("/buckets");
        }
    }

    /** {@code roost bucket stat}. */
    @Command(
            name = "stat",
            description = "Shows a bucket's settings and what is in it.",
            footer = {"", "Example:", "  roost bucket stat mail --json"})
    static final class Stat extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "The bucket's name.")
        private String name;

        @Override
        JsonNode ask(AdminClient node) {
            return node.get(AdminClient.path("buckets", name));
        }
    }

    /** {@code roost bucket rm}. */
    @Command(
            name = "rm",
            description = "Removes an empty bucket.",
            footer = {"", "Example:", "  roost bucket rm mail"})
    static final class Rm extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "The bucket's name.")
        private String name;

        @Override
        JsonNode ask(AdminClient node) {
            node.delete(AdminClient.path("buckets", name));
            return MissingNode.getInstance();
        }
    }
}

package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code roost key}. */
@Command(
        name = "key",
        description = "Creates, lists and removes a user's keys.",
        mixinStandardHelpOptions = true,
        subcommands = {KeyCommand.Create.class, KeyCommand.Ls.class, KeyCommand.Rm.class})
final class KeyCommand extends CommandGroup {
    KeyCommand() {
        super("key what? There are create, ls and rm");
    }

    /** {@code roost key create}. */
    @Command(
            name = "create",
            description = "Creates a key. A secret that is made here is shown this once.",
            footer = {"", "Example:", "  roost key create alice"})
    static final class Create extends NodeCommand {
        @Parameters(paramLabel = "USER", description = "Whose key.")
        private String user;

        @Option(names = "--access-key", paramLabel = "K", description = "Default: a random one.")
        private String accessKey;

        @Option(names = "--secret-key", paramLabel = "S", description = "Default: a random one.")
        private String secretKey;

        @Override
        JsonNode ask(AdminClient node) {
            ObjectNode key = object();
            putGiven(key, "accessKey", accessKey);
            putGiven(key, "secretKey", secretKey);
            return node.post(AdminClient.path("users", user, "keys"), key);
        }
    }

    /** {@code roost key ls}. */
    @Command(
            name = "ls",
            description = "Lists a user's keys, without their secrets.",
            footer = {"", "Example:", "  roost key ls alice"})
    static final class Ls extends NodeCommand {
        @Parameters(paramLabel = "USER", description = "Whose keys.")
        private String user;

        @Override
        JsonNode ask(AdminClient node) {
            return node.get(AdminClient.path("users", user, "keys"));
        }
    }

    /** {@code roost key rm}. */
    @Command(
            name = "rm",
            description = "Removes a key: requests signed with it are refused from now on.",
            footer = {"", "Example:", "  roost key rm alice AKIAEXAMPLE"})
    static final class Rm extends NodeCommand {
        @Parameters(index = "0", paramLabel = "USER", description = "Whose key.")
        private String user;

        @Parameters(index = "1", paramLabel = "KEY", description = "The access key.")
        private String accessKey;

        @Override
        JsonNode ask(AdminClient node) {
            node.delete(AdminClient.path("users", user, "keys", accessKey));
            return MissingNode.getInstance();
        }
    }
}

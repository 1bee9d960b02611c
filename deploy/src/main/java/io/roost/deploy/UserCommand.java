package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code roost user}. */
@Command(
        name = "user",
        description = "Creates, lists and removes users.",
        mixinStandardHelpOptions = true,
        subcommands = {UserCommand.Create.class, UserCommand.Ls.class, UserCommand.Rm.class})
final class UserCommand extends CommandGroup {
    UserCommand() {
        super("user what? There are create, ls and rm");
    }

    /** {@code roost user create}. */
    @Command(
            name = "create",
            description = "Creates a user with a key. A key that is made here is shown this once.",
            footer = {"", "Example:", "  roost user create alice --display-name Alice --email alice@example.org"})
    static final class Create extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "The user's name.")
        private String name;

        @Option(names = "--access-key", paramLabel = "K", description = "Default: a random one.")
        private String accessKey;

        @Option(names = "--secret-key", paramLabel = "S", description = "Default: a random one.")
        private String secretKey;

        @Option(names = "--display-name", paramLabel = "D", description = "What listings show as the owner.")
        private String displayName;

        @Option(names = "--email", paramLabel = "E", description = "For people to read.")
        private String email;

        @Override
        JsonNode ask(AdminClient node) {
            ObjectNode user = object().put("name", name);
            putGiven(user, "displayName", displayName);
            putGiven(user, "email", email);
            putGiven(user, "accessKey", accessKey);
            putGiven(user, "secretKey", secretKey);
            return node.post("/users", user);
        }
    }

    /** {@code roost user ls}. */
    @Command(
            name = "ls",
            description = "Lists users.",
            footer = {"", "Example:", "  roost user ls --json"})
    static final class Ls extends NodeCommand {
        @Override
        JsonNode ask(AdminClient node) {
            return node.get("/users");
        }
    }

    /** {@code roost user rm}. */
    @Command(
            name = "rm",
            description = "Removes a user who owns no bucket, and the user's keys.",
            footer = {"", "Example:", "  roost user rm alice"})
    static final class Rm extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "The user's name.")
        private String name;

        @Override
        JsonNode ask(AdminClient node) {
            node.delete(AdminClient.path("users", name));
            return MissingNode.getInstance();
        }
    }
}

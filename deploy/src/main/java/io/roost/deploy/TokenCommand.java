package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** {@code roost token}. */
@Command(
        name = "token",
        description = "Join tokens, with which machines join a cluster.",
        mixinStandardHelpOptions = true,
        subcommands = TokenCommand.Create.class)
final class TokenCommand extends CommandGroup {
    TokenCommand() {
        super("token what? There is create");
    }

    /** {@code roost token create}. */
    @Command(
            name = "create",
            description =
                    "Makes a token with which one machine can join within the hour, and prints it. It is a secret. "
                            + "Any node with a monitor does this.",
            footer = {"", "Example:", "  roost token create --data /var/lib/roost"})
    static final class Create extends NodeCommand {
        @Override
        JsonNode ask(AdminClient node) {
            return node.post("/tokens", object());
        }

        @Override
        void print(JsonNode answer, StringBuilder out) {
            out.append(answer.path("token").asText()).append('\n');
        }
    }
}

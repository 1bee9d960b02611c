package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code roost mailbox}. */
@Command(
        name = "mailbox",
        description = "Creates, lists and removes mailboxes of the mail store.",
        mixinStandardHelpOptions = true,
        subcommands = {
            MailboxCommand.Create.class,
            MailboxCommand.Ls.class,
            MailboxCommand.Passwd.class,
            MailboxCommand.Rm.class
        })
final class MailboxCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "mailbox what? There are create, ls, passwd and rm");
    }

    /** A mailbox's new password. */
    static final class PasswordOption {
        @Option(
                names = "--password",
                paramLabel = "P",
                required = true,
                interactive = true,
                arity = "0..1",
                description = "Asked for when P is left out.")
        private String value;
    }

    /** {@code roost mailbox create}. */
    @Command(
            name = "create",
            description = "Creates a mailbox: a name to log in with and to deliver to, and an account for its mail.",
            footer = {"", "Example:", "  roost mailbox create ada@example.org --password secret"})
    static final class Create extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "An address, or the part of it before the @.")
        private String name;

        @Mixin
        private PasswordOption password;

        @Override
        JsonNode ask(AdminClient node) {
            return node.post("/mailboxes", object().put("name", name).put("password", password.value));
        }
    }

    /** {@code roost mailbox ls}. */
    @Command(
            name = "ls",
            description = "Lists mailboxes.",
            footer = {"", "Example:", "  roost mailbox ls --json"})
    static final class Ls extends NodeCommand {
        @Override
        JsonNode ask(AdminClient node) {
            return node.get("/mailboxes");
        }
    }

    /** {@code roost mailbox passwd}. */
    @Command(
            name = "passwd",
            description = "Gives a mailbox another password. Clients that are logged in stay so.",
            footer = {"", "Example:", "  roost mailbox passwd ada@example.org --password other"})
    static final class Passwd extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "The mailbox's name.")
        private String name;

        @Mixin
        private PasswordOption password;

        @Override
        JsonNode ask(AdminClient node) {
            return node.post(AdminClient.path("mailboxes", name, "password"), object().put("password", password.value));
        }
    }

    /** {@code roost mailbox rm}. */
    @Command(
            name = "rm",
            description = "Removes a mailbox's name, so that nobody logs in and nothing is delivered. Its mail stays.",
            footer = {"", "Example:", "  roost mailbox rm ada@example.org"})
    static final class Rm extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "The mailbox's name.")
        private String name;

        @Override
        JsonNode ask(AdminClient node) {
            node.delete(AdminClient.path("mailboxes", name));
            return MissingNode.getInstance();
        }
    }
}

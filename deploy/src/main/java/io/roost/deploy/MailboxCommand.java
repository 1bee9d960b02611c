package io.roost.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.sasl.ScramKeys;
import io.roost.mailstore.sasl.StoredSecret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code roost mailbox}. */
@Command(
        name = "mailbox",
        description = "Works with mailboxes of the mail store.",
        mixinStandardHelpOptions = true,
        subcommands = {
            MailboxCommand.Create.class,
            MailboxCommand.Ls.class,
            MailboxCommand.Status.class,
            MailboxCommand.Passwd.class,
            MailboxCommand.Rename.class,
            MailboxCommand.Quota.class,
            MailboxCommand.Undelete.class,
            MailboxCommand.Import.class,
            MailboxCommand.Export.class,
            MailboxCommand.Verify.class,
            MailboxCommand.Checkpoint.class,
            MailboxCommand.Rebuild.class,
            MailboxCommand.Rm.class,
            MailboxCommand.Secret.class
        })
final class MailboxCommand extends CommandGroup {
    MailboxCommand() {
        super(
                "mailbox what? There are create, ls, status, passwd, rename, quota, undelete, import, export, verify, checkpoint,"
                        + " rebuild, rm and secret");
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

    /** A mailbox that exists. */
    abstract static class OfMailbox extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "The mailbox's name.")
        private String name;

        String path(String... more) {
            List<String> segments = new ArrayList<>(List.of("mailboxes", name));
            segments.addAll(List.of(more));
            return AdminClient.path(segments.toArray(String[]::new));
        }
    }

    /** {@code roost mailbox status}. */
    @Command(
            name = "status",
            description = "Shows what a mailbox has: usage, quota (0 for none), folders, how much that was expunged"
                    + " can be had back, and the OSD that serves it.",
            footer = {"", "Example:", "  roost mailbox status ada@example.org"})
    static final class Status extends OfMailbox {
        @Override
        JsonNode ask(AdminClient node) {
            return node.get(path());
        }
    }

    /** {@code roost mailbox rename}. */
    @Command(
            name = "rename",
            description = "Gives a mailbox another name to log in with and to deliver to. Its mail and password stay.",
            footer = {"", "Example:", "  roost mailbox rename ada@example.org ada.lovelace@example.org"})
    static final class Rename extends OfMailbox {
        @Parameters(paramLabel = "NEW", description = "The new name.")
        private String newName;

        @Override
        JsonNode ask(AdminClient node) {
            node.post(path("name"), object().put("name", newName));
            return MissingNode.getInstance();
        }
    }

    /** {@code roost mailbox quota}. */
    @Command(
            name = "quota",
            description = "Limits what a mailbox may have, and shows it. What is there stays, however much it is.",
            footer = {
                "",
                "Examples:",
                "  roost mailbox quota ada@example.org --mib 1024",
                "  roost mailbox quota ada@example.org --mib 0 --messages 0"
            })
    static final class Quota extends OfMailbox {
        @ArgGroup(exclusive = false, multiplicity = "1")
        private Limits limits;

        /** What is limited; at least one. */
        static final class Limits {
            @Option(names = "--mib", paramLabel = "N", description = "MiB of messages; 0 for no limit.")
            private Long mib;

            @Option(names = "--messages", paramLabel = "N", description = "Messages; 0 for no limit.")
            private Long messages;
        }

        @Override
        JsonNode ask(AdminClient node) {
            ObjectNode quota = object();
            if (limits.mib != null) {
                quota.put("bytes", limits.mib << 20);
            }
            if (limits.messages != null) {
                quota.put("messages", limits.messages);
            }
            node.post(path("quota"), quota);
            return node.get(path());
        }
    }

    /** {@code roost mailbox undelete}. */
    @Command(
            name = "undelete",
            description = "Puts expunged messages back, with new UIDs: all that are still kept, in one folder.",
            footer = {
                "",
                "Examples:",
                "  roost mailbox undelete ada@example.org --list",
                "  roost mailbox undelete ada@example.org --into Restored"
            })
    static final class Undelete extends OfMailbox {
        @ArgGroup(multiplicity = "1")
        private What what;

        /** One of both. */
        static final class What {
            @Option(names = "--list", description = "List them only.")
            private boolean isList;

            @Option(names = "--into", paramLabel = "FOLDER", description = "The folder; made when it does not exist.")
            private String folder;
        }

        @Override
        JsonNode ask(AdminClient node) {
            return what.isList
                    ? node.get(path("expunged"))
                    : node.post(path("undelete"), object().put("folder", what.folder));
        }
    }

    /** Where mail is in another form. */
    static final class Place {
        @Option(names = "--maildir", paramLabel = "DIR", description = "A Maildir.")
        private Path maildir;

        @Option(names = "--mbox", paramLabel = "PATH", description = "An mbox file; of export, a folder of them.")
        private Path mbox;

        ObjectNode request() {
            ObjectNode request = NodeCommand.object();
            Path path = maildir == null ? mbox : maildir;
            return request.put(
                    maildir == null ? "mbox" : "maildir",
                    path.toAbsolutePath().normalize().toString());
        }
    }

    /** {@code roost mailbox import}. */
    @Command(
            name = "import",
            description = "Brings mail in from files on the node's machine: a Maildir with its folders, flags, dates,"
                    + " subscriptions and, from Dovecot's files, UIDs and keywords; or an mbox file. Started again, it"
                    + " leaves out what is present, and goes on where it was.",
            footer = {
                "",
                "Examples:",
                "  roost mailbox import ada@example.org --maildir /var/mail/ada/Maildir",
                "  roost mailbox import ada@example.org --mbox /home/ada/lists --folder Lists"
            })
    static final class Import extends OfMailbox {
        @ArgGroup(multiplicity = "1")
        private Place place;

        @Option(names = "--folder", paramLabel = "FOLDER", description = "Of an mbox file. Default: INBOX.")
        private String folder;

        @Option(names = "--new-uids", description = "Give new UIDs, behind what the folders have.")
        private boolean isRenumbered;

        @Override
        JsonNode ask(AdminClient node) {
            ObjectNode request = place.request();
            putGiven(request, "folder", folder);
            if (isRenumbered) {
                request.put("newUids", true);
            }
            return node.run(path("import"), request);
        }

        @Override
        int exitCode(JsonNode answer) {
            return answer.path("skipped").isEmpty() ? 0 : 1;
        }
    }

    /** {@code roost mailbox export}. */
    @Command(
            name = "export",
            description =
                    "Writes a mailbox into files on the node's machine, where nothing may be yet: a Maildir as Dovecot has"
                            + " it, or a folder of mbox files.",
            footer = {
                "",
                "Examples:",
                "  roost mailbox export ada@example.org --maildir /var/backups/ada",
                "  roost mailbox export ada@example.org --mbox /var/backups/ada-mbox"
            })
    static final class Export extends OfMailbox {
        @ArgGroup(multiplicity = "1")
        private Place place;

        @Override
        JsonNode ask(AdminClient node) {
            return node.run(path("export"), place.request());
        }

        @Override
        int exitCode(JsonNode answer) {
            return answer.path("skipped").isEmpty() ? 0 : 1;
        }
    }

    /** {@code roost mailbox checkpoint}. */
    @Command(
            name = "checkpoint",
            description =
                    "Writes what a mailbox has, but for its bodies, into objects of the bucket of checkpoints, for rebuild."
                            + " It may be in use meanwhile. The last two are kept.",
            footer = {"", "Example:", "  roost mailbox checkpoint ada@example.org"})
    static final class Checkpoint extends OfMailbox {
        @Override
        JsonNode ask(AdminClient node) {
            return node.run(path("checkpoint"), object());
        }
    }

    /** {@code roost mailbox rebuild}. */
    @Command(
            name = "rebuild",
            description = {
                "Makes folders, messages, flags and UIDs of a mailbox again, from its last checkpoint and its bodies alone;"
                        + " what the mailbox has beside them is thrown away. For a mailbox that is damaged.",
                "Messages that came after the checkpoint are where they were delivered, with the flags that they came with;"
                        + " what was flagged, moved or copied after it is as it was before, and what was expunged after it is"
                        + " back while it can be had back. Every folder gets another UIDVALIDITY, so clients fetch all"
                        + " again. Meanwhile the mailbox cannot be used; mail for it is refused for now. What could not be"
                        + " known is told as notKnown."
            },
            footer = {"", "Example:", "  roost mailbox rebuild ada@example.org"})
    static final class Rebuild extends OfMailbox {
        @Override
        JsonNode ask(AdminClient node) {
            return node.run(path("rebuild"), object());
        }
    }

    /** {@code roost mailbox verify}. */
    @Command(
            name = "verify",
            description =
                    "Looks whether a mailbox is whole, while it is used: records, bodies, references, counts, UIDs, usage."
                            + " Exit code 1 when there are findings.",
            footer = {"", "Example:", "  roost mailbox verify ada@example.org --bodies"})
    static final class Verify extends OfMailbox {
        @Option(names = "--bodies", description = "Read every body too.")
        private boolean readsBodies;

        @Override
        JsonNode ask(AdminClient node) {
            return node.run(path("verify"), object().put("bodies", readsBodies));
        }

        @Override
        int exitCode(JsonNode answer) {
            return answer.path("findings").isEmpty() ? 0 : 1;
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

    /** {@code roost mailbox secret}. */
    @Command(
            name = "secret",
            description = "Makes the secret of a password, for a line of the file that mail.users-file names.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example, a Dovecot that logs in for users:",
                "  roost mailbox secret --password gate",
                "  echo \"dovecot $(roost mailbox secret --password gate) master\" >> users"
            })
    static final class Secret implements Runnable {
        @Spec
        private CommandSpec spec;

        @Mixin
        private PasswordOption password;

        @Override
        public void run() {
            byte[] salt = new byte[ScramKeys.SALT_BYTES];
            new SecureRandom().nextBytes(salt);
            ScramKeys keys = ScramKeys.of(password.value, Bytes.wrap(salt), ScramKeys.DEFAULT_ITERATIONS);
            spec.commandLine().getOut().println(StoredSecret.scram(keys).text());
        }
    }
}

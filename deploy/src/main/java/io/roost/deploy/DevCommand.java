package io.roost.deploy;

import io.roost.mailstore.mailbox.MailUser;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code roost dev}: a whole Roost for one developer, in this process, until it is interrupted. */
@Command(
        name = "dev",
        description = "Starts a server on this machine: a cluster of one with an S3 gateway on the loopback address. "
                + "Its data are kept between starts.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  roost dev",
            "      keys are made at the first start and shown once",
            "  roost dev --temp --s3-port 0 --bucket demo",
            "      throw-away data, a free port, a bucket to begin with",
            "  roost dev --access-key dev --secret-key secret",
            "      keys of your own; or set ROOST_ACCESS_KEY and ROOST_SECRET_KEY",
            "  roost dev --tls self-signed",
            "      HTTPS; the start says which certificate file to give to clients"
        })
final class DevCommand implements Callable<Integer> {
    /** The user whom the keys belong to. */
    static final String USER = "dev";

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");

    /** Name and password of the mailbox that mail can be tried with. */
    private static final String DEMO = "demo";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = {"Keep the data here. Default:", "~/.local/share/roost/dev"})
    private Path data;

    @Option(names = "--temp", description = "Keep the data in a temporary folder, and remove it at the end.")
    private boolean isTemporary;

    @Option(
            names = "--s3-port",
            paramLabel = "N",
            description = "Port of the S3 gateway; 0 for a free one. Default: 9000")
    private Integer s3Port;

    @Option(names = "--admin-port", paramLabel = "N", description = "Port of the admin API. Default: a free one")
    private Integer adminPort;

    @Option(names = "--mail", description = "Start the mail servers too: IMAP on port 1143, LMTP on port 1024.")
    private boolean isMail;

    @Option(names = "--imap-port", paramLabel = "N", description = "Another port for IMAP; 0 for a free one.")
    private Integer imapPort;

    @Option(
            names = "--imaps-port",
            paramLabel = "N",
            description = "Another port than 1993 for IMAP that begins with TLS; 0 for a free one. Needs --tls.")
    private Integer imapsPort;

    @Option(names = "--lmtp-port", paramLabel = "N", description = "Another port for LMTP; 0 for a free one.")
    private Integer lmtpPort;

    @Option(
            names = "--dict-port",
            paramLabel = "N",
            description = "Port for Dovecot's dict protocol, which has no login; 0 for a free one. Default: none")
    private Integer dictPort;

    @Option(
            names = "--account",
            paramLabel = "NAME:PASSWORD",
            description = "Start the mail servers and make this mailbox when it does not exist; may be repeated."
                    + " Without, and where there is none yet, a mailbox " + DEMO + " with the password " + DEMO + ".")
    private final List<String> accounts = new ArrayList<>();

    @Option(names = "--access-key", paramLabel = "K", description = "Access key of the user " + USER + ".")
    private String accessKey;

    @Option(names = "--secret-key", paramLabel = "S", description = "Its secret.")
    private String secretKey;

    @Option(names = "--bucket", paramLabel = "NAME", description = "Make this bucket when it does not exist.")
    private String bucket;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with further settings.")
    private Path configFile;

    @Option(
            names = "--tls",
            paramLabel = "MODE",
            description = "self-signed: HTTPS with a certificate for localhost, kept in DIR/" + NodeCertificate.FILE
                    + " for clients to trust.")
    private String tls;

    @Option(names = "--tls-certificate", paramLabel = "F", description = "HTTPS with this certificate (PEM).")
    private Path tlsCertificate;

    @Option(names = "--tls-key", paramLabel = "F", description = "Its key (PEM).")
    private Path tlsKey;

    @Override
    public Integer call() throws InterruptedException {
        Instant began = ProcessHandle.current().info().startInstant().orElse(Instant.now());
        Map<String, String> environment = System.getenv();
        NodeConfig config = config(environment);
        Optional<NodeCredentials> given = NodeCredentials.given(accessKey, secretKey, environment);
        if (isTemporary && data != null) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "--temp and --data exclude each other");
        }
        if (data != null && data.toString().isEmpty()) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "--data names no folder");
        }
        requireBucketName();
        requireAccounts();
        DataFolder folders = new DataFolder(environment);
        NodeFolder folder = isTemporary
                ? NodeFolder.openTemporary()
                : NodeFolder.open(data == null ? folders.ofDev() : data.toAbsolutePath());
        Ending ending = new Ending();
        Duration garbageDelay = isTemporary ? Node.SHORT_GARBAGE_DELAY : Node.GARBAGE_DELAY;
        Node node = start(config, folder, garbageDelay, ending);
        ending.inOrder(() -> close(node, folder));
        PrintWriter out = spec.commandLine().getOut();
        NodeCredentials credentials = NodeCredentials.of(node, given);
        if (bucket != null) {
            Node.await("make the bucket " + bucket, node.ensureBucket(bucket, USER));
        }
        node.mail().ifPresent(mail -> makeAccounts(mail, config.mail().host()));
        remember(folders, folder);
        greet(out, node, credentials, began);
        return ending.await();
    }

    private static Node start(
            NodeConfig config, NodeFolder folder, Duration garbageDelay, Consumer<Throwable> onFatal) {
        try {
            return Node.start(config, folder, garbageDelay, onFatal);
        } catch (CommandFailure failure) {
            if (folder.isTemporary()) {
                folder.remove();
            }
            throw failure;
        }
    }

    private NodeConfig config(Map<String, String> environment) {
        Settings settings = new Settings(NodeConfig.defaults());
        if (configFile != null) {
            settings.withFile(configFile);
        }
        settings.withEnvironment(environment)
                .with("s3.port", s3Port, "--s3-port")
                .with("admin.port", adminPort, "--admin-port")
                .with(
                        "mail.listen",
                        isMail || !accounts.isEmpty() ? "on" : null,
                        accounts.isEmpty() ? "--mail" : "--account")
                .with("mail.imap-port", imapPort, "--imap-port")
                .with("mail.imaps-port", imapsPort, "--imaps-port")
                .with("mail.lmtp-port", lmtpPort, "--lmtp-port")
                .with("mail.dict-port", dictPort, "--dict-port")
                .with("s3.tls", tls, "--tls")
                .with("s3.tls-certificate", tlsCertificate, "--tls-certificate")
                .with("s3.tls-key", tlsKey, "--tls-key");
        return NodeConfig.of(settings);
    }

    /** Before anything is made: a mistake should leave nothing behind. */
    private void requireBucketName() {
        try {
            if (bucket != null) {
                Node.requireBucketName(bucket);
            }
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "--bucket: " + wrong.getMessage());
        }
    }

    private void requireAccounts() {
        for (String account : accounts) {
            int colon = account.indexOf(':');
            if (colon < 1 || colon == account.length() - 1 || !MailUser.isName(name(account))) {
                throw new CommandFailure(CommandFailure.COULD_NOT_RUN, "--account " + account + " is no NAME:PASSWORD");
            }
        }
    }

    private static String name(String account) {
        return MailUser.normalized(account.substring(0, account.indexOf(':')));
    }

    /** The mailbox whose password everybody knows is made only where nobody else can come. */
    private void makeAccounts(MailServers mail, String host) {
        boolean isDemo = accounts.isEmpty()
                && LOOPBACK.contains(host)
                && Node.await("list the mailboxes", mail.users().list()).isEmpty();
        for (String account : isDemo ? List.of(DEMO + ":" + DEMO) : accounts) {
            String password = account.substring(account.indexOf(':') + 1);
            Node.await("make the mailbox " + name(account), mail.createUser(name(account), password));
        }
    }

    /** Where a home folder cannot be written, in a container perhaps, a server runs all the same. */
    private void remember(DataFolder folders, NodeFolder folder) {
        try {
            folders.rememberLast(folder.path());
        } catch (IOException failure) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("roost: commands will need --data " + folder.path()
                    + " to find this node, which cannot be noted: " + Reason.of(failure));
            err.flush();
        }
    }

    private static void greet(PrintWriter out, Node node, NodeCredentials credentials, Instant began) {
        String endpoint = node.s3Endpoint().toString();
        out.println("S3      " + endpoint);
        node.mail()
                .ifPresent(mail ->
                        out.println("mail    " + mail.ports() + "; `roost mailbox create NAME` makes a mailbox"));
        out.println("data    " + node.folder().path());
        node.trustedFile().ifPresent(file -> out.println("trust   " + file));
        if (credentials.isNew()) {
            out.println("keys    made now, shown this once, kept in "
                    + node.folder().path().resolve("credentials"));
            out.println();
            out.println("  export AWS_ACCESS_KEY_ID=" + credentials.accessKey() + " AWS_SECRET_ACCESS_KEY="
                    + credentials.secretKey());
            out.println("  " + awsCommand(node.s3Endpoint(), node.trustedFile()) + " s3 mb s3://my-bucket");
            out.println();
        } else {
            out.println("keys    " + credentials.accessKey() + " and its secret, kept in "
                    + node.folder().path().resolve("credentials"));
        }
        double seconds = Duration.between(began, Instant.now()).toMillis() / 1000.0;
        out.println(String.format(Locale.ROOT, "ready in %.1f s", seconds));
        out.flush();
    }

    /** How the AWS CLI is told of the server, for a shell. */
    static String awsCommand(URI endpoint, Optional<Path> trusted) {
        String command = "aws --region us-east-1 --endpoint-url " + endpoint;
        return trusted.map(file -> command + " --ca-bundle '" + file.toString().replace("'", "'\\''") + "'")
                .orElse(command);
    }

    private static void close(Node node, NodeFolder folder) {
        node.close();
        // A temporary folder is of this start only.
        if (folder.isTemporary()) {
            folder.remove();
        }
    }
}

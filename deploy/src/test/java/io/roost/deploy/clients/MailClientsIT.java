package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.RoostProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mail clients of Debian with the mail servers of {@code roost dev}. */
class MailClientsIT {
    private static final Pattern PORTS = Pattern.compile("IMAP on port (\\d+), LMTP on port (\\d+)");
    private static final Pattern MESSAGE_ID = Pattern.compile("(?m)^Message-ID: <(.*)>\\r?$");
    private static final int LOCAL = Integer.getInteger("roost.mail.mbsync", 5_000);
    private static final int REMOTE = 40;
    private static final int KILLS = 3;
    private static final int WAIT_MILLIS = 120_000;

    @TempDir
    private static Path data;

    @TempDir
    private Path folder;

    private static RoostProcess server;
    private static String imap;
    private static String lmtp;

    /** Each test has a mailbox of its own. */
    private String user;

    @BeforeAll
    static void start() {
        List<String> options = new ArrayList<>();
        for (String name : List.of(
                "swaks", "mbsync", "offlineimap", "mutt", "nail", "source", "postfix", "flow", "angus", "rclone")) {
            options.addAll(List.of("--account", name + ":secret"));
        }
        server = RoostProcess.on(data, options.toArray(String[]::new));
        Matcher ports = PORTS.matcher(server.output());
        assertThat(ports.find()).as(server.output()).isTrue();
        imap = ports.group(1);
        lmtp = ports.group(2);
    }

    @AfterAll
    static void stop() {
        boolean isAlive = server.isAlive();
        server.close();
        assertThat(isAlive).as(server.output()).isTrue();
    }

    private Path write(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    private String curl(String path, String... command) {
        List<String> arguments = new ArrayList<>(List.of(
                "--silent", "--show-error", "--user", user + ":secret", "imap://127.0.0.1:" + imap + "/" + path));
        if (command.length > 0) {
            arguments.addAll(List.of("--request", command[0]));
        }
        return ClientProgram.at(folder, "/usr/bin/curl").run(arguments.toArray(String[]::new));
    }

    /** Messages of a mailbox, 0 when it does not exist. */
    private int count(String mailbox) {
        String status = ClientProgram.at(folder, "/usr/bin/curl", "--silent", "--user", user + ":secret")
                .call("--request", "STATUS " + mailbox + " (MESSAGES)", "imap://127.0.0.1:" + imap + "/")
                .out();
        Matcher messages = Pattern.compile("MESSAGES (\\d+)").matcher(status);
        return messages.find() ? Integer.parseInt(messages.group(1)) : 0;
    }

    /** Message-IDs of the files below a folder, sorted. */
    private static List<String> messageIds(Path maildir) throws IOException {
        List<String> ids = new ArrayList<>();
        try (Stream<Path> files = Files.walk(maildir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Matcher id = MESSAGE_ID.matcher(Files.readString(file));
                if (id.find()) {
                    ids.add(id.group(1));
                }
            }
        }
        ids.sort(null);
        return ids;
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        for (long begun = System.nanoTime(); !condition.call(); Thread.sleep(20)) {
            assertThat((System.nanoTime() - begun) / 1_000_000).isLessThan(WAIT_MILLIS);
        }
    }

    private void deliver(int number) {
        ClientProgram.at(folder, "/usr/bin/swaks", "--protocol", "LMTP", "--server", "127.0.0.1:" + lmtp)
                .run(
                        "--from",
                        "sender@example.org",
                        "--to",
                        user + "@example.org",
                        "--header",
                        "Message-ID: <remote" + number + "@example.org>",
                        "--header",
                        "Subject: remote " + number,
                        "--body",
                        "Hello " + number);
    }

    @Test
    void swaksDelivers() throws Exception {
        user = "swaks";
        deliver(1);
        Path attachment = Files.write(folder.resolve("attachment"), new byte[100_000]);
        ClientProgram swaks = ClientProgram.at(
                folder,
                "/usr/bin/swaks",
                "--protocol",
                "LMTP",
                "--server",
                "127.0.0.1:" + lmtp,
                "--from",
                "sender@example.org");
        swaks.run("--pipeline", "--to", user, "--attach", "@" + attachment);
        // 24: no recipient was taken.
        assertThat(swaks.call("--to", "nobody").exitCode()).isEqualTo(24);
        assertThat(curl("INBOX;UID=2;SECTION=TEXT")).containsIgnoringCase("Content-Transfer-Encoding: base64");
        assertThat(count("INBOX")).isEqualTo(2);
    }

    private String[] mbsyncConfig() {
        return new String[] {
            "IMAPAccount roost",
            "Host 127.0.0.1",
            "Port " + imap,
            "User " + user,
            "Pass secret",
            "SSLType None",
            "",
            "IMAPStore far",
            "Account roost",
            "",
            "MaildirStore near",
            "Path " + folder.resolve("mbsync") + "/",
            "Inbox " + folder.resolve("mbsync/INBOX"),
            "SubFolders Verbatim",
            "",
            "Channel all",
            "Far :far:",
            "Near :near:",
            "Patterns INBOX Work",
            "Create Both",
            "Expunge Both",
            "SyncState *"
        };
    }

    /**
     * A folder of a Maildir goes up while mail is delivered and mbsync is killed several times in the middle; afterwards
     * every message is on both sides exactly once.
     */
    @Test
    void mbsyncLosesAndDoublesNothingWhenItIsKilled() throws Exception {
        user = "mbsync";
        Path config = write("mbsyncrc", mbsyncConfig());
        Path work = folder.resolve("mbsync/Work");
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(work.resolve(part));
        }
        List<String> local = new ArrayList<>();
        for (int i = 0; i < LOCAL; i++) {
            String id = "local" + i + "@example.org";
            local.add(id);
            Files.writeString(
                    work.resolve("cur/" + (1_700_000_000 + i) + ".M" + i + ".host:2,S"),
                    "From: a@example.org\nMessage-ID: <" + id + ">\nSubject: local " + i + "\n\n"
                            + "text\n".repeat(200));
        }
        ClientProgram mbsync = ClientProgram.at(folder, "/usr/bin/mbsync", "-c", config.toString(), "-q");
        for (int kill = 1; kill <= KILLS; kill++) {
            int enough = LOCAL * kill / (KILLS + 1);
            Process process = mbsync.start(folder.resolve("out"), folder.resolve("err"), "all");
            until(() -> count("Work") >= enough || !process.isAlive());
            process.destroyForcibly().waitFor();
            for (int i = 0; i < REMOTE / KILLS; i++) {
                deliver(kill * 100 + i);
            }
        }
        mbsync.run("all");
        curl("INBOX", "STORE 1:5 +FLAGS (\\Flagged \\Deleted)");
        curl("INBOX", "EXPUNGE");
        mbsync.run("all");
        local.sort(null);
        assertThat(messageIds(work)).isEqualTo(local);
        assertThat(count("Work")).isEqualTo(LOCAL);
        assertThat(messageIds(folder.resolve("mbsync/INBOX")))
                .doesNotHaveDuplicates()
                .hasSize(REMOTE / KILLS * KILLS - 5);
        // What is far, in another Maildir that begins empty.
        Path again = write(
                "again",
                Stream.of(mbsyncConfig())
                        .map(line -> line.replace(
                                folder.resolve("mbsync").toString(),
                                folder.resolve("again-mail").toString()))
                        .toArray(String[]::new));
        Files.createDirectories(folder.resolve("again-mail"));
        ClientProgram.at(folder, "/usr/bin/mbsync", "-c", again.toString(), "-q")
                .run("all");
        assertThat(messageIds(folder.resolve("again-mail/Work"))).isEqualTo(local);
        assertThat(messageIds(folder.resolve("again-mail/INBOX")))
                .isEqualTo(messageIds(folder.resolve("mbsync/INBOX")));
        assertThat(RoostProcess.command(0, "verify", "--data", data.toString())).startsWith("clean\n");
    }

    @Test
    void offlineimapKeepsBothSidesEqual() throws Exception {
        user = "offlineimap";
        deliver(1);
        deliver(2);
        Path config = write(
                "offlineimap.conf",
                "[general]",
                "accounts = A",
                "metadata = " + folder.resolve("offlineimap-state"),
                "[Account A]",
                "localrepository = L",
                "remoterepository = R",
                "[Repository L]",
                "type = Maildir",
                "localfolders = " + folder.resolve("offlineimap"),
                "[Repository R]",
                "type = IMAP",
                "remotehost = 127.0.0.1",
                "remoteport = " + imap,
                "remoteuser = " + user,
                "remotepass = secret",
                "ssl = no",
                "starttls = no");
        ClientProgram offlineimap =
                ClientProgram.at(folder, "/usr/bin/offlineimap", "-c", config.toString(), "-o", "-u", "quiet");
        offlineimap.run();
        Path inbox = folder.resolve("offlineimap/INBOX");
        assertThat(messageIds(inbox)).containsExactly("remote1@example.org", "remote2@example.org");
        try (Stream<Path> files = Files.list(inbox.resolve("new"))) {
            // A message that is read and flagged here is so there.
            Path first = files.sorted().toList().get(0);
            String name = first.getFileName().toString();
            Files.move(first, inbox.resolve("cur").resolve(name.substring(0, name.indexOf(":2,")) + ":2,FS"));
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        Files.writeString(inbox.resolve("new/1.host:2,"), "Message-ID: <local@example.org>\n\nfrom here\n");
        deliver(3);
        offlineimap.run();
        assertThat(curl("INBOX", "SEARCH FLAGGED SEEN").strip()).matches("\\* SEARCH [12]");
        assertThat(count("INBOX")).isEqualTo(4);
        assertThat(messageIds(inbox)).hasSize(4);
    }

    private void smtpSource(String port, int count, String... more) {
        List<String> arguments = new ArrayList<>(List.of("-m", Integer.toString(count), "-s", "4", "-l", "20000"));
        arguments.addAll(List.of("-f", "sender@example.org", "-t", user + "@mail.test"));
        arguments.addAll(List.of(more));
        arguments.add("inet:127.0.0.1:" + port);
        ClientProgram.at(folder, "/usr/sbin/smtp-source").run(arguments.toArray(String[]::new));
    }

    @Test
    void smtpSourceDelivers() {
        user = "source";
        smtpSource(lmtp, 100, "-L");
        smtpSource(lmtp, 20, "-L", "-d");
        assertThat(count("INBOX")).isEqualTo(120);
    }

    /** What is over the quota stays with Postfix, and comes when there is room. */
    @Test
    void postfixDeliversAndTriesAgain() throws Exception {
        user = "postfix";
        RoostProcess.command(0, "mailbox", "quota", user, "--messages", "20", "--data", data.toString());
        try (PostfixProcess postfix = PostfixProcess.start(folder, lmtp)) {
            smtpSource(Integer.toString(postfix.smtpPort()), 30);
            until(() -> Pattern.compile("status=deferred .*452 4\\.2\\.2")
                            .matcher(postfix.log())
                            .results()
                            .count()
                    >= 10);
            assertThat(count("INBOX")).isEqualTo(20);
            RoostProcess.command(0, "mailbox", "quota", user, "--messages", "0", "--data", data.toString());
            until(() -> {
                postfix.flush();
                return count("INBOX") == 30;
            });
            assertThat(postfix.log()).doesNotContain("status=bounced");
        }
    }

    @Test
    void imapflowConverses() throws Exception {
        assertThat(NodeProject.install(folder, "imapflow", "session.mjs")
                        .program()
                        .run(imap, "flow", "secret"))
                .isEqualTo("ok\n");
    }

    @ParameterizedTest
    @EnumSource(AngusMail.Extensions.class)
    void angusMailConverses(AngusMail.Extensions extensions) throws Exception {
        new AngusMail(Integer.parseInt(imap), "angus").converse(extensions);
    }

    /** Bodies over S3: as many as messages, the same for who reads them twice. */
    @Test
    void rcloneReadsTheMailBucket() throws Exception {
        user = "rclone";
        deliver(7);
        ClientProgram rclone = ClientProgram.at(folder, "/usr/bin/rclone", "--retries", "1")
                .with("RCLONE_CONFIG", folder.resolve("rclone.conf").toString())
                .with("RCLONE_CONFIG_ROOST_TYPE", "s3")
                .with("RCLONE_CONFIG_ROOST_PROVIDER", "Other")
                .with("RCLONE_CONFIG_ROOST_REGION", "us-east-1")
                .with("RCLONE_CONFIG_ROOST_ENDPOINT", server.endpoint().toString())
                .with("RCLONE_CONFIG_ROOST_ACCESS_KEY_ID", RoostProcess.ACCESS_KEY)
                .with("RCLONE_CONFIG_ROOST_SECRET_ACCESS_KEY", RoostProcess.SECRET_KEY);
        String list = RoostProcess.command(0, "mailbox", "ls", "--json", "--data", data.toString());
        Matcher account = Pattern.compile("\"name\" *: *\"rclone\",\\s*\"account\" *: *\"([^\"]+)\"")
                .matcher(list);
        assertThat(account.find()).as(list).isTrue();
        String bodies = "roost:mail/" + account.group(1);
        Path copy = folder.resolve("bodies");
        rclone.run("copy", bodies, copy.toString());
        rclone.run("check", "--download", bodies, copy.toString());
        try (Stream<Path> files = Files.list(copy)) {
            assertThat(files)
                    .hasSize(count("INBOX"))
                    .allSatisfy(file -> assertThat(rclone.fail("deletefile", bodies + "/" + file.getFileName()))
                            .contains("AccessDenied"));
        }
    }

    @Test
    void muttStoresWhatItSends() throws Exception {
        user = "mutt";
        Path config = write(
                "muttrc",
                "set record=\"imap://" + user + "@127.0.0.1:" + imap + "/Sent\"",
                "set copy=yes",
                "set imap_user=" + user,
                "set imap_pass=secret",
                "set sendmail=/bin/true",
                "set ssl_starttls=no",
                "set ssl_force_tls=no",
                "set from=" + user + "@example.org");
        ClientProgram.at(folder, "/usr/bin/mutt", "-F", config.toString())
                .run("-s", "by mutt", "-a", config.toString(), "--", "bob@example.org");
        assertThat(curl("Sent;UID=1")).contains("Subject: by mutt", "set copy=yes");
        assertThat(curl("Sent", "FETCH 1 FLAGS")).contains("\\Seen");
    }

    @Test
    void sNailReadsMovesAndRemoves() {
        user = "nail";
        deliver(1);
        deliver(2);
        deliver(3);
        ClientProgram mail = ClientProgram.at(
                folder,
                "/usr/bin/s-nail",
                "-n",
                "-#",
                "-S",
                "v15-compat",
                "-S",
                "imap-auth=login",
                "-f",
                "-Y",
                "type 1",
                "-Y",
                "copy 2 +Archive",
                "-Y",
                "delete 3",
                "-Y",
                "quit",
                "-S",
                "folder=imap://nail:secret@127.0.0.1:" + imap,
                "imap://nail:secret@127.0.0.1:" + imap + "/INBOX");
        curl("", "CREATE Archive");
        assertThat(mail.run()).contains("Subject: remote 1", "Hello 1");
        assertThat(count("INBOX")).isEqualTo(2);
        assertThat(count("Archive")).isEqualTo(1);
    }
}

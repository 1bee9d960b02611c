package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.RoostProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Dovecot before Roost, with the configurations of {@code deploy/dovecot}. */
class DovecotIT {
    private static final Pattern PORTS = Pattern.compile("IMAP on port (\\d+), LMTP on port (\\d+)");

    @TempDir
    private static Path data;

    @TempDir
    private Path folder;

    private static RoostProcess server;
    private static String imap;
    private static String lmtp;

    @BeforeAll
    static void start() throws Exception {
        String secret = RoostProcess.command(0, "mailbox", "secret", "--password", "gate");
        Path users = Files.writeString(data.resolve("users"), "dovecot " + secret.strip() + " master\n");
        Path config = Files.writeString(
                data.resolve("roost.yaml"), "mail:\n  users-file: " + users + "\n  trusted-networks: 127.0.0.1\n");
        server = RoostProcess.on(
                data.resolve("roost"),
                "--config",
                config.toString(),
                "--account",
                "proxied:roost",
                "--account",
                "stored:roost",
                "--account",
                "moved:roost");
        Matcher ports = PORTS.matcher(server.output());
        assertThat(ports.find()).as(server.output()).isTrue();
        imap = ports.group(1);
        lmtp = ports.group(2);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private String client(DovecotProcess dovecot, String user, String mode) {
        Path script = RoostProcess.root().resolve("deploy/acceptance/mail/dovecot.py");
        return ClientProgram.at(folder, "/usr/bin/python3", script.toString())
                .run(
                        Integer.toString(dovecot.imapPort()),
                        Integer.toString(dovecot.lmtpPort()),
                        imap,
                        lmtp,
                        user,
                        "at-dovecot",
                        "roost",
                        mode);
    }

    private static String words(Path log) throws IOException {
        return Files.readString(log);
    }

    @Test
    void dovecotIsAProxy() throws Exception {
        Map<String, String> changes = Map.of("port=1143", "port=" + imap, "port=1024", "port=" + lmtp);
        try (DovecotProcess dovecot = DovecotProcess.start(folder, "proxy.conf", changes)) {
            dovecot.user("proxied", "at-dovecot");
            assertThat(client(dovecot, "proxied", "proxy")).isEqualTo("ok\n");
            assertThat(words(dovecot.log())).contains("Started proxying to").doesNotContain("Panic", "Fatal");
        }
        assertThat(server.output()).contains("login user=proxied by=dovecot client=127.0.0.1");
    }

    @Test
    void dovecotStoresItsMailByImapc() throws Exception {
        Map<String, String> changes = Map.of("imapc_port = 1143", "imapc_port = " + imap);
        try (DovecotProcess dovecot = DovecotProcess.start(folder, "imapc.conf", changes)) {
            dovecot.user("stored", "at-dovecot");
            dovecot.sieve("stored", """
                    require "fileinto";
                    if header :contains "subject" "list" { fileinto "Lists"; }
                    """);
            assertThat(client(dovecot, "stored", "imapc")).isEqualTo("ok\n");
            assertThat(words(dovecot.log()))
                    .contains("stored mail into mailbox 'Lists'")
                    .doesNotContain("Panic", "Fatal");
        }
    }

    private String maildir(String... arguments) {
        Path script = RoostProcess.root().resolve("deploy/acceptance/mail/maildir.py");
        return ClientProgram.at(folder, "/usr/bin/python3", script.toString()).run(arguments);
    }

    private static String mailbox(String verb, Path maildir) throws Exception {
        return RoostProcess.command(
                0,
                "mailbox",
                verb,
                "moved",
                "--maildir",
                maildir.toString(),
                "--data",
                data.resolve("roost").toString());
    }

    /** Messages, flags, dates, folders, UIDs and UIDVALIDITY of a Maildir come in, and out again by two ways. */
    @Test
    void aMaildirMovesInAndOut() throws Exception {
        Path in = folder.resolve("in");
        maildir("make", in.toString());
        assertThat(mailbox("import", in))
                .containsPattern("INBOX +150 +0 +kept")
                .containsPattern("Archive/2026 +20 +0 +kept");
        assertThat(mailbox("import", in)).as("there is nothing more").containsPattern("INBOX +0 +150 +kept");
        Path exported = folder.resolve("exported");
        assertThat(mailbox("export", exported)).containsPattern("INBOX +150");
        assertThat(maildir("compare", in.toString(), exported.toString())).isEqualTo("ok\n");

        Map<String, String> changes = Map.of("imapc_port = 1143", "imapc_port = " + imap);
        try (DovecotProcess dovecot = DovecotProcess.start(folder, "imapc.conf", changes)) {
            dovecot.user("moved", "at-dovecot");
            Path pulled = folder.resolve("homes/pulled");
            ClientProgram.at(folder, "/usr/bin/doveadm", "-c", dovecot.config().toString())
                    .run("-o", "mail_location=maildir:" + pulled, "backup", "-R", "-u", "moved", "imapc:");
            assertThat(maildir("compare", in.toString(), pulled.toString())).isEqualTo("ok\n");
        }
    }
}

package io.roost.deploy.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.deploy.MetricsPage;
import io.roost.deploy.RoostProcess;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The mail servers of {@code roost dev} over its real store, with the clients of Python's standard library and with curl;
 * what they have stored survives a SIGKILL, and passes {@code roost verify}.
 */
class MailIT {
    private static final Pattern PORTS = Pattern.compile("IMAP on port (\\d+), LMTP on port (\\d+)");

    private static final Pattern IMAPS = Pattern.compile("IMAP with TLS on port (\\d+)");

    @TempDir
    private Path folder;

    private RoostProcess start() {
        return RoostProcess.on(folder.resolve("data"), "--mail");
    }

    private String command(String... arguments) throws Exception {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = folder.resolve("data").toString();
        return RoostProcess.command(0, all);
    }

    private static Matcher ports(RoostProcess server) {
        Matcher ports = PORTS.matcher(server.output());
        assertThat(ports.find()).as(server.output()).isTrue();
        return ports;
    }

    private String python(String script, String... arguments) {
        Path file = RoostProcess.root().resolve("deploy/acceptance/mail").resolve(script);
        return ClientProgram.at(folder, "/usr/bin/python3", file.toString()).run(arguments);
    }

    @Test
    void mailComesInAndIsReadAndSurvivesAKill() throws Exception {
        try (RoostProcess server = start()) {
            Matcher ports = ports(server);
            assertThat(command("mailbox", "create", "Ada", "--password", "secret"))
                    .contains("ada");
            assertThat(command("mailbox", "ls")).contains("ada");
            assertThat(python("round_trip.py", ports.group(1), ports.group(2), "ada", "secret"))
                    .isEqualTo("ok\n");
            String listed = ClientProgram.at(folder, "/usr/bin/curl", "--silent", "--show-error")
                    .run("--user", "ada:secret", "imap://127.0.0.1:" + ports.group(1) + "/INBOX;UID=2;SECTION=TEXT");
            assertThat(listed).isEqualTo("Hello.\r\n");
            assertThat(python("large.py", ports.group(1), ports.group(2), "ada", "secret"))
                    .isEqualTo("ok\n");
            server.kill();
        }
        try (RoostProcess server = start()) {
            assertThat(python("still_there.py", ports(server).group(1), "ada", "secret"))
                    .isEqualTo("ok\n");
            assertThat(command("verify")).startsWith("clean\n");
            assertThat(command("bucket", "stat", "mail")).containsPattern("objects +47\\b");
        }
    }

    @Test
    void aDeliveryIsOneTransactionOfTheStore() throws Exception {
        try (RoostProcess server = start()) {
            command("mailbox", "create", "ada", "--password", "secret");
            String port = ports(server).group(2);
            double before = transactions();
            assertThat(python("deliver.py", port, "ada", "30")).isEqualTo("ok\n");
            assertThat(transactions() - before).isEqualTo(30);
            MetricsPage metrics = MetricsPage.of(folder.resolve("data"));
            assertThat(metrics.value("roost_lmtp_deliveries_seconds_count")).isEqualTo(30);
            assertThat(metrics.value("roost_lmtp_received_bytes_total")).isGreaterThan(30 * 20_000);
            assertThat(metrics.value("roost_mail_body_reserved_bytes")).isZero();
            // What the process has printed comes by a thread of its own.
            for (int tries = 0; deliveries(server) < 30 && tries < 3_000; tries++) {
                Thread.sleep(10);
            }
            assertThat(deliveries(server)).isEqualTo(30);
        }
    }

    @Test
    void anAdministratorLooksAfterMailboxes() throws Exception {
        try (RoostProcess server = start()) {
            Matcher ports = ports(server);
            command("mailbox", "create", "ada", "--password", "secret");
            assertThat(python("deliver.py", ports.group(2), "ada", "3")).isEqualTo("ok\n");
            command("mailbox", "quota", "ada", "--mib", "5", "--messages", "4");
            assertThat(command("mailbox", "status", "ada"))
                    .containsPattern("usedMessages +3\\b")
                    .containsPattern("limitBytes +5242880\\b")
                    .containsPattern("limitMessages +4\\b")
                    .containsPattern("INBOX +3 +3\\b");
            ClientProgram curl = ClientProgram.at(folder, "/usr/bin/curl", "--silent", "--show-error");
            assertThat(curl.run("--user", "demo:demo", "imap://127.0.0.1:" + ports.group(1)))
                    .as("what developers begin with")
                    .contains("INBOX");
            String inbox = "imap://127.0.0.1:" + ports.group(1) + "/INBOX";
            curl.run("--user", "ada:secret", "--request", "STORE 1:2 +FLAGS \\Deleted", inbox);
            curl.run("--user", "ada:secret", "--request", "EXPUNGE", inbox);
            assertThat(command("mailbox", "status", "ada")).containsPattern("expungedMessages +2\\b");
            assertThat(command("mailbox", "undelete", "ada", "--list").lines()).hasSize(3);
            assertThat(command("mailbox", "undelete", "ada", "--into", "Back")).containsPattern("restored +2\\b");
            command("mailbox", "rename", "ada", "eve");
            assertThat(command("mailbox", "ls")).contains("eve").doesNotContain("ada");
            assertThat(command("mailbox", "verify", "eve", "--bodies"))
                    .containsPattern("messages +3\\b")
                    .containsPattern("findings\\s+none");
            assertThat(curl.run(
                            "--user",
                            "eve:secret",
                            "--request",
                            "STATUS Back (MESSAGES)",
                            "imap://127.0.0.1:" + ports.group(1)))
                    .contains("MESSAGES 2");
            assertThat(command("mailbox", "checkpoint", "eve"))
                    .containsPattern("messages +3\\b")
                    .containsPattern("expungedMessages +0\\b");
            command("mailbox", "quota", "eve", "--messages", "0");
            assertThat(python("deliver.py", ports.group(2), "eve", "2")).isEqualTo("ok\n");
            assertThat(command("mailbox", "rebuild", "eve"))
                    .containsPattern("messages +5\\b")
                    .containsPattern("messagesAfterCheckpoint +2\\b")
                    .containsPattern("messagesWithoutBody +0\\b");
            assertThat(command("mailbox", "status", "eve"))
                    .containsPattern("INBOX +3 +3\\b")
                    .containsPattern("Back +2 +2\\b");
            assertThat(command("mailbox", "verify", "eve", "--bodies")).containsPattern("findings\\s+none");
            assertThat(command("bucket", "stat", "mail-checkpoints")).containsPattern("objects +2\\b");
            assertThat(command("verify")).startsWith("clean\n");
        }
    }

    @Test
    void aMailboxWhoseRowsAreLostIsRebuiltFromItsCheckpointAndItsBucket() throws Exception {
        String before;
        try (RoostProcess server = start()) {
            String imap = ports(server).group(1);
            command("mailbox", "create", "ada", "--password", "secret");
            command("mailbox", "quota", "ada", "--messages", "1000");
            python("rebuilt.py", "fill", imap, "ada", "secret");
            before = python("rebuilt.py", "show", imap, "ada", "secret");
            assertThat(command("mailbox", "checkpoint", "ada"))
                    .containsPattern("messages +24\\b")
                    .containsPattern("expungedMessages +2\\b");
            python("rebuilt.py", "change", imap, "ada", "secret");
        }
        assertThat(LostRows.of(folder.resolve("data"))).isGreaterThan(60);
        try (RoostProcess server = start()) {
            String imap = ports(server).group(1);
            ClientProgram curl = ClientProgram.at(folder, "/usr/bin/curl", "--silent", "--show-error");
            String inbox = "imap://127.0.0.1:" + imap + "/INBOX";
            assertThat(curl.fail("--user", "ada:secret", "--request", "EXAMINE INBOX", inbox))
                    .isNotEmpty();
            assertThat(command("mailbox", "rebuild", "ada"))
                    .containsPattern("messages +26\\b")
                    .containsPattern("messagesAfterCheckpoint +2\\b")
                    .containsPattern("expungedMessages +2\\b")
                    .containsPattern("messagesWithoutBody +0\\b")
                    .contains("what was flagged, moved, copied or renamed after the checkpoint")
                    .contains("keywords, of messages that came after the checkpoint: 2")
                    .contains("the quota, its row being lost; it is that of the checkpoint");
            // UIDs, flags, keywords and dates are those of the checkpoint; what came after it is behind them.
            assertThat(python("rebuilt.py", "show", imap, "ada", "secret")
                            .lines()
                            .toList())
                    .containsAll(before.lines().toList())
                    .hasSize(26)
                    .contains(
                            "INBOX|21|(\\Flagged)| 5-Mar-2021 10:20:30 +0000|after it",
                            "New|1|()| 5-Mar-2021 10:20:30 +0000|in a new folder");
            assertThat(command("mailbox", "status", "ada"))
                    .containsPattern("usedMessages +26\\b")
                    .containsPattern("limitMessages +1000\\b")
                    .containsPattern("expungedMessages +2\\b");
            assertThat(command("mailbox", "undelete", "ada", "--into", "Back")).containsPattern("restored +2\\b");
            assertThat(command("mailbox", "verify", "ada", "--bodies")).containsPattern("findings\\s+none");
        }
    }

    @Test
    void theBenchMeasures() throws Exception {
        try (RoostProcess server = start()) {
            Matcher ports = ports(server);
            command("mailbox", "create", "ada", "--password", "secret");
            command("mailbox", "create", "bob", "--password", "secret");
            // The mixture has all operations on messages.
            for (String operation : new String[] {"deliver", "mixed"}) {
                String printed = RoostProcess.command(
                        0,
                        "bench",
                        "mail",
                        operation,
                        "--imap-port",
                        ports.group(1),
                        "--lmtp-port",
                        ports.group(2),
                        "--account",
                        "ada:secret",
                        "--account",
                        "bob:secret",
                        "--recipients",
                        "2",
                        "--messages",
                        "10",
                        "--warm-up",
                        "0",
                        "--duration",
                        "3",
                        "--rounds",
                        "2",
                        "--pid",
                        Long.toString(server.pid()));
                assertThat(printed)
                        .containsPattern("(?m)^median: .* operations/s, .* server CPU \\d+ µs per operation");
            }
            assertThat(RoostProcess.printed(
                            "bench", "mail", "fetch", "--account", "ada:wrong", "--imap-port", ports.group(1)))
                    .contains("AUTHENTICATIONFAILED");
            assertThat(command("verify")).startsWith("clean\n");
        }
    }

    @Test
    void clientsSpeakTls() throws Exception {
        try (RoostProcess server = RoostProcess.on(folder.resolve("data"), "--mail", "--tls", "self-signed")) {
            Matcher ports = ports(server);
            Matcher imaps = IMAPS.matcher(server.output());
            assertThat(imaps.find()).as(server.output()).isTrue();
            command("mailbox", "create", "ada", "--password", "secret");
            String trusted = folder.resolve("data/tls-certificate.pem").toString();
            ClientProgram curl = ClientProgram.at(
                    folder, "/usr/bin/curl", "--silent", "--show-error", "--ssl-reqd", "--user", "ada:secret");
            for (String url : new String[] {
                "imaps://localhost:" + imaps.group(1) + "/", "imap://localhost:" + ports.group(1) + "/"
            }) {
                assertThat(curl.fail(url)).contains("certificate");
                assertThat(curl.run("--cacert", trusted, url)).contains("\"/\" INBOX");
            }
            assertThat(python("starttls.py", ports.group(2), "ada", trusted)).isEqualTo("ok\n");
        }
    }

    private static long deliveries(RoostProcess server) {
        return server.output()
                .lines()
                .filter(line -> line.contains(" delivery id="))
                .count();
    }

    private double transactions() throws Exception {
        return MetricsPage.of(folder.resolve("data")).value("roost_store_transactions_total");
    }
}

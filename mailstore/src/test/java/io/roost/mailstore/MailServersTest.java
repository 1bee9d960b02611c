package io.roost.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.account.LoginFailures;
import io.roost.mailstore.account.StaticUsers;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.net.LoginPenalties;
import io.roost.mailstore.sasl.ScramKeys;
import io.roost.mailstore.sasl.StoredSecret;
import io.roost.mailstore.store.AccountAdmin;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Both servers on real sockets, over a pool in memory; all on one event loop. */
class MailServersTest {
    private final RunningMailServers servers = new RunningMailServers(Optional.empty());

    @AfterEach
    void stop() {
        servers.close();
    }

    private LineClient loggedIn(String name) throws IOException {
        LineClient client = new LineClient(servers.imapPort());
        assertThat(client.line()).startsWith("* OK [CAPABILITY IMAP4rev1");
        assertThat(client.ask("l LOGIN " + name + " pass-" + name).get(0)).startsWith("l OK [CAPABILITY ");
        return client;
    }

    private int calls() {
        return servers.on(() -> Future.succeededFuture(servers.cluster().takeCalls()));
    }

    /** Each is a round trip to the node that serves the account. */
    @Test
    void commandsCallTheStoreNoMoreThanTheyNeed() throws IOException {
        deliver("Subject: a\r\n\r\nText\r\n", "ada");
        try (LineClient one = loggedIn("ada");
                LineClient other = loggedIn("ada")) {
            one.ask("s SELECT INBOX");
            other.ask("s SELECT INBOX");
            calls();
            assertThat(one.ask("f FETCH 1 (UID FLAGS BODY.PEEK[])")).last().isEqualTo("f OK FETCH completed");
            assertThat(calls()).as("record and body").isEqualTo(2);
            one.ask("f FETCH 1 (UID FLAGS)");
            assertThat(calls()).isEqualTo(1);
            one.ask("f FETCH 1 (BODYSTRUCTURE BODY.PEEK[1])");
            assertThat(calls()).as("its structure too").isEqualTo(3);
            for (String store : List.of("+FLAGS.SILENT (\\Flagged)", "+FLAGS (\\Flagged)", "-FLAGS (\\Flagged)")) {
                assertThat(one.ask("t STORE 1 " + store)).last().isEqualTo("t OK STORE completed");
                assertThat(calls()).as(store).isEqualTo(1);
            }
            assertThat(one.ask("t STORE 1 +FLAGS ($New)").get(0))
                    .as("a keyword that the client has not been told of")
                    .startsWith("* FLAGS (");
            assertThat(calls()).isEqualTo(2);
            one.ask("t STORE 1 -FLAGS ($New)");
            assertThat(calls()).isEqualTo(1);
            // What others do is asked for, by FETCH as by STORE.
            other.ask("t STORE 1 +FLAGS.SILENT (\\Answered)");
            assertThat(one.ask("f FETCH 1 (UID)")).contains("* 1 FETCH (FLAGS (\\Answered))");
            other.ask("t STORE 1 +FLAGS.SILENT (\\Draft)");
            assertThat(one.ask("t STORE 1 +FLAGS.SILENT (\\Seen)"))
                    .anyMatch(line ->
                            line.startsWith("* 1 FETCH (FLAGS (") && line.contains("Draft") && line.contains("Seen"));
            deliver("Subject: b\r\n\r\nText\r\n", "ada");
            assertThat(one.ask("f FETCH 1 (UID)")).contains("* 2 EXISTS");
            other.ask("e STORE 1 +FLAGS.SILENT (\\Deleted)");
            other.ask("e EXPUNGE");
            assertThat(one.ask("t STORE 2 +FLAGS.SILENT (\\Seen)"))
                    .as("not while numbers are used")
                    .noneMatch(line -> line.contains("EXPUNGE"));
            assertThat(one.ask("f FETCH 2 (UID)")).noneMatch(line -> line.contains("EXPUNGE"));
            assertThat(one.ask("f UID FETCH 2 (UID)")).contains("* 1 EXPUNGE");
        }
    }

    private List<String> deliver(String message, String... recipients) throws IOException {
        try (LineClient client = new LineClient(servers.lmtpPort())) {
            assertThat(client.line()).startsWith("220 mail.test");
            client.send("LHLO client\r\n");
            client.until("250 ");
            StringBuilder commands = new StringBuilder("MAIL FROM:<s@x>\r\n");
            for (String recipient : recipients) {
                commands.append("RCPT TO:<").append(recipient).append(">\r\n");
            }
            client.send(commands + "DATA\r\n");
            List<String> replies = new ArrayList<>(client.until("354"));
            client.send(message + ".\r\n");
            for (String reply : List.copyOf(replies)) {
                if (reply.startsWith("250 2.1.5")) {
                    replies.add(client.line());
                }
            }
            client.send("QUIT\r\n");
            assertThat(client.line()).startsWith("221");
            assertThat(client.line()).isNull();
            return replies;
        }
    }

    @Test
    void whatIsDeliveredIsRead() throws IOException {
        assertThat(deliver("Subject: hi\r\n\r\n..dot\r\n", "ada@x", "nobody@x", "bob+lists@x"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("250 2.1.0"),
                        line -> assertThat(line).isEqualTo("250 2.1.5 <ada@x> OK"),
                        line -> assertThat(line).isEqualTo("550 5.1.1 <nobody@x> No such user here"),
                        line -> assertThat(line).isEqualTo("250 2.1.5 <bob+lists@x> OK"),
                        line -> assertThat(line).startsWith("354"),
                        line -> assertThat(line).isEqualTo("250 2.0.0 <ada@x> Delivered"),
                        line -> assertThat(line).isEqualTo("250 2.0.0 <bob+lists@x> Delivered"));
        try (LineClient client = loggedIn("bob")) {
            assertThat(client.ask("a SELECT INBOX")).contains("* 1 EXISTS");
            List<String> body = client.ask("b FETCH 1 BODY.PEEK[]");
            assertThat(body)
                    .contains("Return-Path: <s@x>", "Delivered-To: bob+lists@x", "Subject: hi", ".dot")
                    .endsWith("b OK FETCH completed");
            assertThat(client.ask("c LIST \"\" *")).contains("* LIST (\\HasNoChildren \\Junk) \"/\" Junk");
            assertThat(client.ask("d LOGOUT").get(0)).startsWith("* BYE");
            assertThat(client.line()).isNull();
        }
    }

    @Test
    void anIdleClientIsToldAtOnce() throws IOException {
        // RFC 2177.
        try (LineClient idle = loggedIn("ada");
                LineClient other = loggedIn("ada")) {
            idle.ask("a SELECT INBOX");
            idle.send("b IDLE\r\n");
            assertThat(idle.line()).startsWith("+ ");
            deliver("x\r\n", "ada");
            assertThat(idle.line()).isEqualTo("* 1 EXISTS");
            other.ask("c SELECT INBOX");
            other.ask("d STORE 1 +FLAGS.SILENT (\\Deleted)");
            assertThat(idle.line()).isEqualTo("* 1 FETCH (FLAGS (\\Deleted))");
            other.ask("e EXPUNGE");
            assertThat(idle.line()).isEqualTo("* 1 EXPUNGE");
            assertThat(servers.on(() -> Future.succeededFuture(servers.cluster().watches())))
                    .isEqualTo(1);
            idle.send("DONE\r\n");
            assertThat(idle.line()).isEqualTo("b OK IDLE completed");
            assertThat(servers.on(() -> Future.succeededFuture(servers.cluster().watches())))
                    .isZero();
        }
    }

    @Test
    void aWatchEndsWithItsConnection() throws Exception {
        try (LineClient idle = loggedIn("ada")) {
            idle.ask("a SELECT INBOX");
            idle.send("b IDLE\r\n");
            idle.line();
        }
        eventually(
                () -> servers.on(() -> Future.succeededFuture(servers.cluster().watches())) == 0);
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        for (int tries = 0; tries < 3_000; tries++) {
            if (condition.call()) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("it does not come true");
    }

    @Test
    void aClientMayCompress() throws IOException {
        // RFC 4978.
        try (LineClient plain = loggedIn("ada")) {
            assertThat(plain.ask("a CAPABILITY").get(0)).contains(" COMPRESS=DEFLATE");
            assertThat(plain.ask("b COMPRESS DEFLATE")).containsExactly("b OK DEFLATE active");
            LineClient client = plain.compressed();
            String body = "0123456789abcdef\r\n".repeat(50_000);
            client.send("c APPEND INBOX {" + body.length() + "+}\r\n" + body + "\r\nd SELECT INBOX\r\n");
            assertThat(client.until("c ")).last().asString().startsWith("c OK");
            assertThat(client.until("d ")).contains("* 1 EXISTS");
            assertThat(client.ask("e FETCH 1 BODY.PEEK[]")).hasSize(50_003);
            assertThat(client.ask("f COMPRESS DEFLATE").get(0)).startsWith("f NO [COMPRESSIONACTIVE]");
            client.send("g IDLE\r\n");
            assertThat(client.line()).startsWith("+ ");
            client.send("DONE\r\nh LOGOUT\r\n");
            assertThat(client.until("h ")).last().asString().startsWith("h OK");
        }
        try (LineClient plain = loggedIn("ada")) {
            plain.ask("a COMPRESS DEFLATE");
            plain.send("b NOOP\r\n");
            assertThat(plain.line())
                    .as("what is not compressed ends the connection")
                    .isNull();
        }
    }

    private static String plain(String actsFor, String user, String password) {
        return Base64.getEncoder()
                .encodeToString((actsFor + "\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aMasterActsForOthers() throws IOException {
        // RFC 4422 2.2, RFC 4616 2: the authorization identity says whose mailbox is opened.
        String secret = StoredSecret.scram(ScramKeys.of("gate", Bytes.utf8("0123456789abcdef"), 4096))
                .text();
        servers.users().use(StaticUsers.parse("# Dovecot\nproxy " + secret + " master\nbob " + secret + "\n"));
        deliver("Subject: for ada\r\n\r\nx\r\n", "ada");
        try (LineClient client = new LineClient(servers.imapPort())) {
            client.line();
            assertThat(client.ask("a AUTHENTICATE PLAIN " + plain("ada", "proxy", "wrong")))
                    .containsExactly("a NO [AUTHENTICATIONFAILED] Authentication failed");
            assertThat(client.ask("b AUTHENTICATE PLAIN " + plain("", "proxy", "gate"))
                            .get(0))
                    .as("it has no mailbox")
                    .startsWith("b NO [AUTHORIZATIONFAILED]");
            assertThat(client.ask("c AUTHENTICATE PLAIN " + plain("nobody", "proxy", "gate"))
                            .get(0))
                    .startsWith("c NO [AUTHORIZATIONFAILED]");
            assertThat(client.ask("d AUTHENTICATE PLAIN " + plain("Ada", "proxy", "gate"))
                            .get(0))
                    .startsWith("d OK");
            assertThat(client.ask("e SELECT INBOX")).contains("* 1 EXISTS");
        }
        try (LineClient client = new LineClient(servers.imapPort())) {
            client.line();
            assertThat(client.ask("a LOGIN bob pass-bob").get(0))
                    .as("the file's secret goes before the cluster's")
                    .startsWith("a NO [AUTHENTICATIONFAILED]");
            assertThat(client.ask("b AUTHENTICATE PLAIN " + plain("ada", "bob", "gate"))
                            .get(0))
                    .as("who is no master acts for nobody")
                    .startsWith("b NO [AUTHORIZATIONFAILED]");
            assertThat(client.ask("c LOGIN bob gate").get(0)).startsWith("c OK");
        }
    }

    @Test
    void whatFailsOnOneNodeCountsOnTheOthers() throws IOException {
        LoginPenalties other = servers.penalties();
        LoginPenalties slow = new LoginPenalties(Duration.ofHours(1), System::nanoTime, key -> {});
        new LoginFailures(servers.cluster(), Bytes.wrap(new byte[16])).follow(slow::heard);
        try (LineClient client = new LineClient(servers.imapPort())) {
            client.line();
            client.ask("a LOGIN ada wrong");
        }
        assertThat(slow.wait("user ada")).isPositive();
        assertThat(slow.wait("user bob")).isZero();
        other.failed("192.0.2.7");
        assertThat(slow.wait("192.0.2.7")).isPositive();
    }

    @Test
    void wrongPasswordsAreRefused() throws IOException {
        try (LineClient client = new LineClient(servers.imapPort())) {
            client.line();
            for (int i = 0; i < 4; i++) {
                assertThat(client.ask("a" + i + " LOGIN ada wrong"))
                        .containsExactly("a" + i + " NO [AUTHENTICATIONFAILED] Authentication failed");
            }
            // RFC 4422 2.2: to act for another user is not allowed.
            assertThat(client.ask("b AUTHENTICATE PLAIN "
                            + Base64.getEncoder()
                                    .encodeToString("bob\0ada\0pass-ada".getBytes(StandardCharsets.US_ASCII))))
                    .containsExactly("b NO [AUTHORIZATIONFAILED] Not allowed to act for this user");
            assertThat(client.line()).isEqualTo("* BYE Too many failed logins");
            assertThat(client.line()).isNull();
        }
    }

    @Test
    void aUserHasSoManyConnectionsAndNoMore() throws Exception {
        List<LineClient> clients = new ArrayList<>();
        for (int i = 0; i < RunningMailServers.MAX_OF_USER; i++) {
            clients.add(loggedIn("ada"));
        }
        try (LineClient more = new LineClient(servers.imapPort())) {
            more.line();
            assertThat(more.ask("a LOGIN ada pass-ada")).containsExactly("a NO [LIMIT] Too many connections");
            loggedIn("bob").close();
            clients.get(0).close();
            eventually(() -> {
                try (LineClient again = new LineClient(servers.imapPort())) {
                    again.line();
                    return again.ask("b LOGIN ada pass-ada").get(0).startsWith("b OK");
                }
            });
        }
        for (LineClient client : clients) {
            client.close();
        }
    }

    @Test
    void whoHasGoneWhenTheLoginEndsIsNotCounted() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (LineClient client = new LineClient(servers.imapPort())) {
                client.send("a LOGIN ada pass-ada\r\n");
            }
        }
        eventually(() -> {
            try (LineClient again = new LineClient(servers.imapPort())) {
                again.line();
                return again.ask("b LOGIN ada pass-ada").get(0).startsWith("b OK");
            }
        });
    }

    @Test
    void whoseMailboxIsFullIsToldForEachRecipient() throws IOException {
        // RFC 2033 4.2; RFC 9208 4.1: the quota is exact.
        AccountAdmin admin = servers.accounts().admin(servers.user("ada").account());
        servers.on(() -> admin.setLimit(new AccountHeader.Quota(1_000, 2)));
        String message = "Subject: x\r\n\r\n" + "0123456789\r\n".repeat(40);
        assertThat(deliver(message, "ada", "bob")).endsWith("250 2.0.0 <ada> Delivered", "250 2.0.0 <bob> Delivered");
        assertThat(deliver(message, "ada", "bob"))
                .endsWith("452 4.2.2 <ada> Mailbox is full", "250 2.0.0 <bob> Delivered");
        assertThat(deliver(message + message, "ada", "bob"))
                .endsWith("552 5.2.2 <ada> Mailbox is full", "250 2.0.0 <bob> Delivered");
        try (LineClient client = loggedIn("ada")) {
            client.ask("a SELECT INBOX");
            String told = client.ask("b FETCH 1 RFC822.SIZE").get(0);
            int left = 1_000 - Integer.parseInt(told.replaceAll(".*RFC822\\.SIZE (\\d+)\\)", "$1"));
            client.send("c APPEND INBOX {" + (left + 1) + "+}\r\n" + "x".repeat(left + 1) + "\r\n");
            assertThat(client.until("c ")).containsExactly("c NO [OVERQUOTA] Quota exceeded");
            client.send("d APPEND INBOX {" + left + "+}\r\n" + "x".repeat(left) + "\r\n");
            assertThat(client.until("d ").get(0)).isEqualTo("* 2 EXISTS");
            assertThat(client.ask("e GETQUOTAROOT INBOX"))
                    .containsExactly(
                            "* QUOTAROOT INBOX \"\"",
                            "* QUOTA \"\" (STORAGE 1 0 MESSAGE 2 2)",
                            "e OK GETQUOTAROOT completed");
            assertThat(client.ask("f COPY 1 Sent")).containsExactly("f NO [OVERQUOTA] Quota exceeded");
        }
    }

    @Test
    void messagesThatAreTooBigTogetherAreRefusedBeforeTheyCome() throws IOException {
        // RFC 3502, RFC 7889.
        try (LineClient client = loggedIn("ada")) {
            client.send("a APPEND INBOX {13000000}\r\n");
            assertThat(client.line()).startsWith("+ ");
            client.send("x".repeat(13_000_000) + " {13000000}\r\n");
            assertThat(client.line()).isEqualTo("a NO [TOOBIG] The messages are too big together");
            assertThat(client.ask("b STATUS INBOX (MESSAGES)")).contains("* STATUS INBOX (MESSAGES 0)");
        }
    }

    @Test
    void aLargeMessageIsReadAsItCame() throws IOException {
        String text = "Subject: large\r\n\r\n" + "0123456789\r\n".repeat(500_000);
        try (LineClient client = loggedIn("ada")) {
            client.send("a APPEND INBOX {" + text.length() + "+}\r\n" + text + "\r\n");
            client.until("a OK");
            client.ask("b SELECT INBOX");
            List<String> lines = client.ask("c FETCH 1 (RFC822.SIZE BODY.PEEK[])");
            assertThat(lines.get(0)).contains("RFC822.SIZE " + text.length(), "{" + text.length() + "}");
            assertThat(lines).hasSize(500_000 + 5);
            assertThat(servers.work().reservedBytes()).isZero();
        }
    }

    @Test
    void whereMemoryForBodiesIsTakenNoMoreMailComesIn() throws IOException {
        assertThat(servers.work().tryReserve(24 << 20)).isTrue();
        try (LineClient client = loggedIn("ada")) {
            client.send("a APPEND INBOX {10}\r\n");
            assertThat(client.line()).startsWith("a NO [UNAVAILABLE]");
            assertThat(deliver("Subject: x\r\n\r\nx\r\n", "ada", "bob"))
                    .endsWith(
                            "452 4.3.1 <ada> Insufficient system storage",
                            "452 4.3.1 <bob> Insufficient system storage");
            servers.work().release(24 << 20);
            client.send("b APPEND INBOX {3}\r\n");
            client.line();
            client.send("x\r\n\r\n");
            client.until("b OK");
            assertThat(deliver("Subject: x\r\n\r\nx\r\n", "ada")).endsWith("250 2.0.0 <ada> Delivered");
        }
    }

    @Test
    void whatAClientHoldsIsGivenBackWhenItGoes() throws Exception {
        LineClient append = loggedIn("ada");
        append.send("a APPEND INBOX {1000}\r\n");
        append.line();
        LineClient delivery = new LineClient(servers.lmtpPort());
        delivery.line();
        delivery.send("LHLO x\r\nMAIL FROM:<s@x>\r\nRCPT TO:<ada>\r\nDATA\r\n");
        delivery.until("354");
        delivery.send("half a message\r\n");
        eventually(() -> servers.work().reservedBytes() > 1_000);
        append.close();
        delivery.close();
        eventually(() -> servers.work().reservedBytes() == 0);
    }

    @Test
    void aSlowReaderHoldsBackWhatIsRead() throws IOException {
        try (LineClient client = loggedIn("ada")) {
            client.send("a APPEND INBOX {1000000+}\r\n" + "x".repeat(999_998) + "\r\n\r\n");
            client.until("a OK");
            client.ask("b SELECT INBOX");
            servers.on(() -> Future.succeededFuture(servers.cluster().takeCalls()));
            StringBuilder commands = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                commands.append("c").append(i).append(" FETCH 1 BODY.PEEK[]\r\n");
            }
            client.send(commands.toString());
            // 60 MB do not fit into the sockets' buffers: the server has to stop reading.
            client.until("c0 OK");
            assertThat(servers.on(() -> Future.succeededFuture(servers.cluster().takeCalls())))
                    .isLessThan(120);
            client.until("c59 OK");
        }
    }

    @Test
    void eachLoginAndDeliveryIsOneLineOfTheLogAndOneOfTheMetrics() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("io.roost.mailstore");
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        try {
            deliver("x\r\n", "ada", "bob");
            try (LineClient client = loggedIn("ada")) {
                client.ask("a SELECT INBOX");
                client.ask("b SELECT None");
            }
            try (LineClient client = new LineClient(servers.imapPort())) {
                client.line();
                client.ask("i ID (\"x-originating-ip\" \"192.0.2.9\")");
                client.send("a LOGIN {5}\r\n");
                client.line();
                client.send("a\r\nb= x\r\n");
                client.until("a NO");
            }
            eventually(() -> servers.observed().size() == 12);
        } finally {
            logger.detachAppender(log);
            logger.setLevel(before);
        }
        assertThat(log.list)
                .extracting(event -> event.getFormattedMessage()
                        .replaceAll("id=[-0-9a-f]{36}", "id=ID")
                        .replaceAll("micros=\\d+", "micros=N"))
                .containsExactlyInAnyOrder(
                        "delivery id=ID from=<s@x> to=<ada> client=127.0.0.1 bytes=3 micros=N reply=DELIVERED",
                        "delivery id=ID from=<s@x> to=<bob> client=127.0.0.1 bytes=3 micros=N reply=DELIVERED",
                        "login user=ada by=ada client=127.0.0.1 tls=false method=password outcome=OK",
                        "login user=- by=- client=192.0.2.9 tls=false method=password outcome=WRONG");
        assertThat(servers.observed())
                .containsExactlyInAnyOrder(
                        "LMTP connected",
                        "delivery of 3 DELIVERED",
                        "delivery of 3 DELIVERED",
                        "LMTP gone",
                        "IMAP connected",
                        "login by password OK",
                        "SELECT OK",
                        "SELECT NO",
                        "IMAP gone",
                        "IMAP connected",
                        "login by password WRONG",
                        "IMAP gone");
    }

    @Test
    void aProxyIsBelievedInWhoItsClientsAre() throws Exception {
        try (LineClient proxy = new LineClient(servers.lmtpPort())) {
            proxy.line();
            proxy.send("LHLO proxy\r\n");
            assertThat(proxy.until("250 ")).anyMatch(line -> line.startsWith("250-XCLIENT "));
            proxy.send("XCLIENT ADDR=192.0.2.9 HELO=far.example\r\n");
            assertThat(proxy.line()).startsWith("220 ");
            proxy.send("LHLO proxy\r\nMAIL FROM:<s@x>\r\nRCPT TO:<ada>\r\nDATA\r\n");
            proxy.until("354 ");
            proxy.send("x\r\n.\r\n");
            assertThat(proxy.line()).startsWith("250 ");
        }
        try (LineClient proxy = new LineClient(servers.imapPort())) {
            proxy.line();
            proxy.ask("a ID (\"x-originating-ip\" \"192.0.2.9\")");
            assertThat(proxy.ask("b LOGIN ada pass-ada").get(0)).startsWith("b OK");
            proxy.ask("c SELECT INBOX");
            assertThat(proxy.ask("d FETCH 1 BODY.PEEK[HEADER]"))
                    .anyMatch(line -> line.startsWith("Received: from far.example ([192.0.2.9])"));
        }
    }

    @Test
    void clientsAreToldOfTheEnd() throws IOException {
        try (LineClient client = loggedIn("ada");
                LineClient delivery = new LineClient(servers.lmtpPort())) {
            delivery.line();
            servers.stopImap();
            servers.stopLmtp();
            assertThat(client.line()).isEqualTo("* BYE Server is shutting down");
            assertThat(client.line()).isNull();
            assertThat(delivery.line()).startsWith("421 4.3.2");
            assertThat(delivery.line()).isNull();
        }
    }
}

package io.roost.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.account.MailUsers;
import io.roost.mailstore.imap.ImapConfig;
import io.roost.mailstore.imap.ImapServer;
import io.roost.mailstore.lmtp.LmtpConfig;
import io.roost.mailstore.lmtp.LmtpLimits;
import io.roost.mailstore.lmtp.LmtpServer;
import io.roost.mailstore.mailbox.MailUser;
import io.roost.mailstore.net.Endpoint;
import io.roost.mailstore.store.MailAccounts;
import io.roost.mailstore.store.MailboxChanges;
import io.roost.mailstore.store.MemoryCluster;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.Placement;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.Versioning;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both servers on real sockets, over a pool in memory; all on one event loop. */
class MailServersTest {
    private static final int READ_MILLIS = 30_000;

    private final SecureRandom random = new SecureRandom();
    private final MemoryCluster cluster = new MemoryCluster();
    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private MailUsers users;
    private ImapServer imap;
    private LmtpServer lmtp;
    private int imapPort;
    private int lmtpPort;

    private static final Endpoint ENDPOINT = new Endpoint("127.0.0.1", 0, 100);

    private static final BucketRecord BUCKET = new BucketRecord(
            Bytes.hex("000102030405060708090a0b0c0d0e0f"),
            "mail",
            "owner",
            1,
            false,
            1,
            Versioning.NEVER,
            new BucketRecord.Layout(new Placement(1), 1, 4 << 20, List.of(0)),
            "");

    private <T> T on(Supplier<Future<T>> task) {
        Promise<T> promise = Promise.promise();
        loop.runOnContext(v -> task.get().onComplete(promise));
        return promise.future().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void start() {
        users = new MailUsers(vertx, cluster, random, System::currentTimeMillis);
        MailAccounts accounts =
                new MailAccounts(cluster, BUCKET, new MailboxChanges(cluster), System::currentTimeMillis, count -> {
                    byte[] bytes = new byte[count];
                    random.nextBytes(bytes);
                    return Bytes.wrap(bytes);
                });
        for (String name : List.of("ada", "bob")) {
            on(() -> users.create(name, "pass-" + name));
            MailUser user = on(() -> users.find(name)).orElseThrow();
            on(() -> {
                cluster.locator(accounts.place(user.account()).locatorKey())
                        .call(new ShardClass.Parameters(ShardRef.of(BUCKET), 1).init());
                return accounts.ensure(user.account()).compose(made -> accounts.ensure(user.account()));
            });
        }
        imap = new ImapServer(
                vertx,
                new ImapConfig(ENDPOINT, Duration.ofMillis(1), Duration.ZERO),
                users,
                accounts,
                System::currentTimeMillis);
        lmtp = new LmtpServer(
                vertx,
                new LmtpConfig(ENDPOINT, "mail.test", new LmtpLimits(1 << 20, 100)),
                users,
                accounts,
                System::currentTimeMillis);
        imapPort = on(imap::start);
        lmtpPort = on(lmtp::start);
    }

    @AfterEach
    void stop() {
        on(imap::stop);
        on(lmtp::stop);
        users.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** A client that blocks. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        private final OutputStream out;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(READ_MILLIS);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            out = socket.getOutputStream();
        }

        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        String line() throws IOException {
            return in.readLine();
        }

        /** Lines until one that begins so. */
        List<String> until(String begin) throws IOException {
            List<String> lines = new ArrayList<>();
            do {
                String line = line();
                assertThat(line).as("after %s", lines).isNotNull();
                lines.add(line);
            } while (!lines.get(lines.size() - 1).startsWith(begin));
            return lines;
        }

        /** The answer to a command. */
        List<String> ask(String command) throws IOException {
            send(command + "\r\n");
            return until(command.substring(0, command.indexOf(' ') + 1));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Client loggedIn(String name) throws IOException {
        Client client = new Client(imapPort);
        assertThat(client.line()).startsWith("* OK [CAPABILITY IMAP4rev1");
        assertThat(client.ask("l LOGIN " + name + " pass-" + name).get(0)).startsWith("l OK [CAPABILITY ");
        return client;
    }

    private List<String> deliver(String message, String... recipients) throws IOException {
        try (Client client = new Client(lmtpPort)) {
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
        try (Client client = loggedIn("bob")) {
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
        try (Client idle = loggedIn("ada");
                Client other = loggedIn("ada")) {
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
            assertThat(on(() -> Future.succeededFuture(cluster.watches()))).isEqualTo(1);
            idle.send("DONE\r\n");
            assertThat(idle.line()).isEqualTo("b OK IDLE completed");
            assertThat(on(() -> Future.succeededFuture(cluster.watches()))).isZero();
        }
    }

    @Test
    void aWatchEndsWithItsConnection() throws Exception {
        try (Client idle = loggedIn("ada")) {
            idle.ask("a SELECT INBOX");
            idle.send("b IDLE\r\n");
            idle.line();
        }
        eventually(() -> on(() -> Future.succeededFuture(cluster.watches())) == 0);
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
    void wrongPasswordsAreRefused() throws IOException {
        try (Client client = new Client(imapPort)) {
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
    void messagesThatAreTooBigTogetherAreRefusedBeforeTheyCome() throws IOException {
        // RFC 3502, RFC 7889.
        try (Client client = loggedIn("ada")) {
            client.send("a APPEND INBOX {3000000}\r\n");
            assertThat(client.line()).startsWith("+ ");
            client.send("x".repeat(3_000_000) + " {3000000}\r\n");
            assertThat(client.line()).isEqualTo("a NO [TOOBIG] The messages are too big together");
            assertThat(client.ask("b STATUS INBOX (MESSAGES)")).contains("* STATUS INBOX (MESSAGES 0)");
        }
    }

    @Test
    void aSlowReaderHoldsBackWhatIsRead() throws IOException {
        try (Client client = loggedIn("ada")) {
            client.send("a APPEND INBOX {1000000+}\r\n" + "x".repeat(999_998) + "\r\n\r\n");
            client.until("a OK");
            client.ask("b SELECT INBOX");
            on(() -> Future.succeededFuture(cluster.takeCalls()));
            StringBuilder commands = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                commands.append("c").append(i).append(" FETCH 1 BODY.PEEK[]\r\n");
            }
            client.send(commands.toString());
            // 60 MB do not fit into the sockets' buffers: the server has to stop reading.
            client.until("c0 OK");
            assertThat(on(() -> Future.succeededFuture(cluster.takeCalls()))).isLessThan(120);
            client.until("c59 OK");
        }
    }

    @Test
    void clientsAreToldOfTheEnd() throws IOException {
        try (Client client = loggedIn("ada");
                Client delivery = new Client(lmtpPort)) {
            delivery.line();
            on(imap::stop);
            on(lmtp::stop);
            assertThat(client.line()).isEqualTo("* BYE Server is shutting down");
            assertThat(client.line()).isNull();
            assertThat(delivery.line()).startsWith("421 4.3.2");
            assertThat(delivery.line()).isNull();
        }
    }
}

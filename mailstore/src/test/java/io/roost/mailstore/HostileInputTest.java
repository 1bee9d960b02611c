package io.roost.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What clients send who mean harm, over real sockets: each ends in an error of the protocol or in a bounded answer, and
 * afterwards others are served, no memory is held and no connection is left.
 */
class HostileInputTest {
    private static final int PATIENCE_TRIES = 3_000;

    private final RunningMailServers servers = new RunningMailServers(Optional.empty());

    @AfterEach
    void othersAreServedAndNothingIsHeld() throws Exception {
        try (LineClient other = loggedIn()) {
            assertThat(other.ask("z NOOP")).containsExactly("z OK NOOP completed");
        }
        for (int tries = 0; connections() > 0 && tries < PATIENCE_TRIES; tries++) {
            Thread.sleep(10);
        }
        assertThat(connections()).isZero();
        assertThat(servers.work().reservedBytes()).isZero();
        servers.close();
    }

    private long connections() {
        List<String> told = servers.observed();
        return told.stream().filter(each -> each.endsWith(" connected")).count()
                - told.stream().filter(each -> each.endsWith(" gone")).count();
    }

    private LineClient loggedIn() throws IOException {
        LineClient client = new LineClient(servers.imapPort());
        client.line();
        assertThat(client.ask("l LOGIN ada pass-ada").get(0)).startsWith("l OK");
        return client;
    }

    private static void append(LineClient client, String message) throws IOException {
        client.send("a APPEND INBOX {" + message.length() + "+}\r\n" + message + "\r\n");
        assertThat(client.until("a ")).last().asString().startsWith("a OK");
    }

    private static long length(List<String> answer) {
        return answer.stream().mapToLong(String::length).sum();
    }

    @Test
    void mimeOfTenThousandLevels() throws IOException {
        StringBuilder message = new StringBuilder("Subject: deep\r\n");
        for (int level = 0; level < 10_000; level++) {
            message.append("Content-Type: multipart/mixed; boundary=b")
                    .append(level)
                    .append("\r\n\r\n--b");
            message.append(level).append("\r\n");
        }
        message.append("\r\ntext\r\n");
        try (LineClient client = loggedIn()) {
            append(client, message.toString());
            append(client, "Content-Type: message/rfc822\r\n\r\n".repeat(10_000) + "text");
            client.ask("b SELECT INBOX");
            List<String> answer = client.ask("c FETCH 1:2 (BODYSTRUCTURE ENVELOPE PREVIEW)");
            assertThat(answer).last().isEqualTo("c OK FETCH completed");
            assertThat(length(answer)).isLessThan(1 << 20);
            assertThat(client.ask("d FETCH 1 BODY.PEEK[" + "1.".repeat(9_999) + "1]"))
                    .last()
                    .asString()
                    .startsWith("d BAD");
            assertThat(client.ask("e SEARCH BODY text")).last().isEqualTo("e OK SEARCH completed");
            assertThat(client.ask("f SORT (SUBJECT FROM) UTF-8 ALL")).contains("* SORT 2 1");
        }
    }

    @Test
    void aMillionFieldsInAHeader() throws IOException {
        try (LineClient client = loggedIn()) {
            append(client, "a: b\r\n".repeat(1_000_000) + "\r\ntext\r\n");
            client.ask("b SELECT INBOX");
            assertThat(client.ask("c FETCH 1 (ENVELOPE BODYSTRUCTURE)")).last().isEqualTo("c OK FETCH completed");
            assertThat(length(client.ask("d FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject)]")))
                    .isLessThan(1_000);
            assertThat(client.ask("e SEARCH HEADER b a")).contains("* SEARCH");
        }
    }

    @Test
    void literalsOfGibibytes() throws IOException {
        try (LineClient client = loggedIn()) {
            assertThat(client.ask("a APPEND INBOX {2147483648}").get(0)).startsWith("a NO [TOOBIG]");
            assertThat(client.ask("b LOGIN {9223372036854775807}").get(0)).startsWith("b BAD");
            // Who does not wait is out of step, and there is no way back.
            client.send("c APPEND INBOX {2147483648+}\r\n");
            assertThat(client.until("* BYE")).isNotEmpty();
            assertThat(client.line()).isNull();
        }
        try (LineClient lmtp = new LineClient(servers.lmtpPort())) {
            lmtp.line();
            lmtp.send("LHLO x\r\n");
            lmtp.until("250 ");
            lmtp.send("MAIL FROM:<a@b> SIZE=2147483648\r\nMAIL FROM:<a@b>\r\nRCPT TO:<ada>\r\n");
            assertThat(lmtp.line()).startsWith("552");
            assertThat(lmtp.line()).startsWith("250");
            assertThat(lmtp.line()).startsWith("250");
            // RFC 3030 2: the reply comes after the octets, of which no more are kept than a message may have.
            lmtp.send("BDAT 2147483648\r\n" + "x".repeat(4 << 20));
            assertThat(servers.work().reservedBytes()).isLessThanOrEqualTo(24 << 20);
        }
    }

    @Test
    void setsAndSearchesOfAnySize() throws IOException {
        try (LineClient client = loggedIn()) {
            append(client, "Subject: x\r\n\r\ny\r\n");
            client.ask("b SELECT INBOX");
            assertThat(client.ask("c UID FETCH 1:4294967295 (UID)"))
                    .containsExactly("* 1 FETCH (UID 1)", "c OK FETCH completed");
            assertThat(client.ask("d UID STORE 4294967295:1 +FLAGS.SILENT (\\Seen)"))
                    .hasSize(1);
            assertThat(client.ask("e UID FETCH 4294967296 (UID)").get(0)).startsWith("e BAD");
            String many = "1:4294967295,".repeat(4_000) + "1";
            assertThat(client.ask("f UID FETCH " + many + " (UID)")).hasSizeLessThanOrEqualTo(2);
            assertThat(client.ask("g SEARCH" + " ALL".repeat(10_000)).get(0)).startsWith("g BAD");
            assertThat(client.ask("h SEARCH " + "NOT ".repeat(10_000) + "ALL").get(0))
                    .startsWith("h BAD");
            assertThat(client.ask("i SORT (" + "REVERSE DATE ".repeat(2_000) + "SIZE) UTF-8 ALL"))
                    .hasSizeLessThanOrEqualTo(2);
            assertThat(client.ask("j " + "x".repeat(200_000)).get(0)).startsWith("j BAD");
        }
    }

    @Test
    void aFewCompressedBytesThatStandForMany() throws IOException {
        try (LineClient plain = loggedIn()) {
            plain.ask("a COMPRESS DEFLATE");
            LineClient client = plain.compressed();
            // One line of 256 MiB, then a command.
            String mebibyte = "x".repeat(1 << 20);
            client.send("b ");
            for (int i = 0; i < 256; i++) {
                client.send(mebibyte);
            }
            client.send("\r\nc NOOP\r\n");
            assertThat(client.until("c ")).anyMatch(line -> line.startsWith("b BAD"));
        }
    }

    @Test
    void connectionsThatAreHalfOpen() throws IOException {
        for (String said : new String[] {"", "a LOG", "a LOGIN {5}\r\nad", "a AUTHENTICATE PLAIN\r\n"}) {
            LineClient client = new LineClient(servers.imapPort());
            client.line();
            client.send(said);
            client.socket().shutdownOutput();
            // The server ends what nobody will go on with.
            String line = client.line();
            while (line != null) {
                line = client.line();
            }
            client.close();
        }
        try (LineClient client = loggedIn()) {
            client.send("a APPEND INBOX {1000+}\r\nhalf a message");
        }
        try (LineClient lmtp = new LineClient(servers.lmtpPort())) {
            lmtp.line();
            lmtp.send("LHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<ada>\r\nDATA\r\nhalf a message\r\n");
            lmtp.until("354");
        }
    }
}

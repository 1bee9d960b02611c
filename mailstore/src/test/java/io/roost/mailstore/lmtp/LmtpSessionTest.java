package io.roost.mailstore.lmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.mailstore.Transcripts;
import io.roost.mailstore.lmtp.LmtpSession.Tls;
import io.roost.mailstore.lmtp.LmtpSession.Trust;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol of LMTP: transcripts in {@code transcripts/lmtp}, and any bytes in any pieces. */
class LmtpSessionTest {
    private static final int MANY = 20_000;

    /** Notes what a session wants. */
    private static class Recorder implements LmtpEffects {
        final List<String> lines = new ArrayList<>();
        final StringBuilder message = new StringBuilder();
        int open;

        private void note(String line) {
            flush();
            lines.add(line);
        }

        void flush() {
            if (message.length() > 0) {
                lines.add("* message " + Transcripts.escaped(message.toString()));
                message.setLength(0);
            }
        }

        @Override
        public void send(String text) {
            assertThat(text).endsWith("\r\n");
            for (String line : text.substring(0, text.length() - 2).split("\r\n", -1)) {
                assertThat(line).doesNotContain("\r").doesNotContain("\n");
                note("S: " + line);
            }
        }

        @Override
        public void checkRecipient(String recipient, long sizeBytes) {
            note("* check " + recipient + (sizeBytes < 0 ? "" : " of " + sizeBytes));
        }

        @Override
        public void beginMessage(LmtpEnvelope envelope) {
            open++;
            LmtpClient client = envelope.client();
            note("* begin from <" + envelope.sender() + "> to " + envelope.recipients() + " by " + client.helo()
                    + " at "
                    + client.address() + ":" + client.port() + " " + client.protocol()
                    + (client.session().isEmpty() ? "" : " session " + client.session())
                    + (client.login().isEmpty() ? "" : " login " + client.login()));
        }

        @Override
        public void messageBytes(Buffer bytes) {
            message.append(bytes.toString(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void endMessage() {
            open--;
            note("* end");
        }

        @Override
        public void abortMessage() {
            open--;
            message.setLength(0);
            note("* abort");
        }

        @Override
        public void startTls() {
            note("* start TLS");
        }

        @Override
        public void close() {
            note("* close");
        }
    }

    /** A client may send as much as it likes, and what is asked for may be in memory. */
    @Test
    void manyMessagesThatAreAnsweredAtOnceAreNoDepth() {
        LmtpSession session = new LmtpSession(
                "mx.example.org",
                LmtpLimits.DEFAULT,
                LmtpClient.ofPeer("192.0.2.1", 4711),
                Trust.NONE,
                Tls.UNAVAILABLE);
        Recorder recorder = new Recorder() {
            @Override
            public void checkRecipient(String recipient, long sizeBytes) {
                session.onRecipient(LmtpReply.OK, this);
            }

            @Override
            public void endMessage() {
                super.endMessage();
                session.onDelivered(List.of(LmtpReply.OK), this);
            }
        };
        session.onConnect(recorder);
        session.onBytes(Buffer.buffer("LHLO client\r\n"), recorder);
        recorder.lines.clear();
        String message = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 4 LAST\r\nx: y";
        session.onBytes(Buffer.buffer(message.repeat(MANY)), recorder);
        assertThat(recorder.lines).filteredOn("* end"::equals).hasSize(MANY);
    }

    static List<String> transcripts() {
        return Transcripts.names("lmtp");
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void transcript(String name) {
        Transcripts.check("lmtp", name, LmtpSessionTest::play);
    }

    private static List<List<String>> play(List<String> settings, List<Transcripts.Input> inputs) {
        Trust trust = settings.contains("proxy") ? Trust.PROXY : Trust.NONE;
        Tls tls = settings.contains("tls") ? Tls.OFFERED : Tls.UNAVAILABLE;
        LmtpLimits limits = settings.contains("small") ? new LmtpLimits(40, 2) : LmtpLimits.DEFAULT;
        LmtpSession session =
                new LmtpSession("mx.example.org", limits, LmtpClient.ofPeer("192.0.2.1", 4711), trust, tls);
        Recorder recorder = new Recorder();
        List<List<String>> outputs = new ArrayList<>();
        session.onConnect(recorder);
        outputs.add(taken(recorder));
        StringBuilder packet = new StringBuilder();
        for (Transcripts.Input input : inputs) {
            // A backslash at its end says that the line has no end.
            boolean isOpen = input.text().endsWith("\\");
            String text = Transcripts.unescaped(
                    isOpen ? input.text().substring(0, input.text().length() - 1) : input.text());
            switch (input.kind()) {
                case "C:", "C+" -> {
                    packet.append(text).append(isOpen ? "" : "\r\n");
                    if (input.kind().equals("C:")) {
                        session.onBytes(Buffer.buffer(packet.toString()), recorder);
                        packet.setLength(0);
                    }
                }
                case "A:" -> answer(session, text, recorder);
                default -> assertThat(input.kind()).isEqualTo("#");
            }
            outputs.add(taken(recorder));
        }
        return outputs;
    }

    private static List<String> taken(Recorder recorder) {
        recorder.flush();
        List<String> lines = List.copyOf(recorder.lines);
        recorder.lines.clear();
        return lines;
    }

    private static void answer(LmtpSession session, String text, Recorder recorder) {
        String[] words = text.split(" ", -1);
        List<LmtpReply> replies =
                Arrays.stream(words, 1, words.length).map(LmtpReply::valueOf).toList();
        switch (words[0]) {
            case "recipient" -> session.onRecipient(replies.get(0), recorder);
            case "delivered" -> session.onDelivered(replies, recorder);
            case "tls" -> session.onTls(recorder);
            case "end" -> session.onEnd(replies.get(0), recorder);
            case "gone" -> session.onDisconnect(recorder);
            default -> throw new AssertionError(text);
        }
    }

    /** Answers whatever a session waits for, until it waits for bytes. */
    private static final class Owner implements LmtpEffects {
        final Recorder recorder = new Recorder();
        private int recipients;
        private Runnable answer;
        private LmtpSession session;

        @Override
        public void send(String lines) {
            recorder.send(lines);
        }

        @Override
        public void checkRecipient(String recipient, long sizeBytes) {
            recorder.checkRecipient(recipient, sizeBytes);
            answer = () -> session.onRecipient(LmtpReply.RECIPIENT_OK, this);
        }

        @Override
        public void beginMessage(LmtpEnvelope envelope) {
            recipients = envelope.recipients().size();
            recorder.beginMessage(envelope);
        }

        @Override
        public void messageBytes(Buffer bytes) {
            recorder.messageBytes(bytes);
        }

        @Override
        public void endMessage() {
            recorder.endMessage();
            answer = () -> session.onDelivered(java.util.Collections.nCopies(recipients, LmtpReply.DELIVERED), this);
        }

        @Override
        public void abortMessage() {
            recorder.abortMessage();
        }

        @Override
        public void startTls() {
            recorder.startTls();
            answer = () -> session.onTls(this);
        }

        @Override
        public void close() {
            recorder.close();
        }

        List<String> run(byte[] bytes, int largestPiece, Random random) {
            session = new LmtpSession(
                    "mx", new LmtpLimits(200, 5), LmtpClient.ofPeer("::1", 1), Trust.PROXY, Tls.UNAVAILABLE);
            session.onConnect(this);
            for (int at = 0; at < bytes.length; ) {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(largestPiece));
                session.onBytes(Buffer.buffer(Arrays.copyOfRange(bytes, at, end)), this);
                at = end;
                while (answer != null) {
                    Runnable now = answer;
                    answer = null;
                    now.run();
                }
            }
            recorder.flush();
            return recorder.lines;
        }
    }

    private static final String[] PIECES = {
        "LHLO x\r\n",
        "MAIL FROM:<a@b>\r\n",
        "MAIL FROM:<a@b> SIZE=20\r\n",
        "RCPT TO:<c>\r\n",
        "RCPT TO:<d@e>\r\n",
        "DATA\r\n",
        "text\r\n",
        ".\r\n",
        "..x\r\n",
        "\n.\n",
        "\r.\r",
        ".\n",
        "BDAT 5\r\n",
        "BDAT 3 LAST\r\n",
        "12345",
        "ab\n",
        "RSET\r\n",
        "NOOP\r\n",
        "FOO\r\n",
        "XCLIENT ADDR=1.2.3.4\r\n",
        "BDAT 0 LAST\r\n",
        "x".repeat(150),
        "\u00e4",
    };

    @Test
    void piecesDoNotMatterAndEveryMessageEnds() {
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            StringBuilder script =
                    new StringBuilder(random.nextBoolean() ? "LHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\n" : "");
            int count = random.nextInt(30);
            for (int i = 0; i < count; i++) {
                script.append(PIECES[random.nextInt(PIECES.length)]);
            }
            byte[] bytes = script.toString().getBytes(StandardCharsets.UTF_8);
            Owner whole = new Owner();
            List<String> expected = whole.run(bytes, bytes.length + 1, random);
            Owner pieces = new Owner();
            assertThat(pieces.run(bytes, 4, random)).as("seed %d", seed).isEqualTo(expected);
            whole.session.onDisconnect(whole.recorder);
            assertThat(whole.recorder.open).as("seed %d", seed).isZero();
        }
    }

    @Test
    void everyRecipientNeedsItsReply() {
        // RFC 2033 4.2.
        Recorder recorder = new Recorder();
        LmtpSession session =
                new LmtpSession("mx", LmtpLimits.DEFAULT, LmtpClient.ofPeer("::1", 1), Trust.NONE, Tls.UNAVAILABLE);
        session.onBytes(Buffer.buffer("LHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\n"), recorder);
        assertThat(session.isWaiting()).isTrue();
        session.onRecipient(LmtpReply.RECIPIENT_OK, recorder);
        session.onBytes(Buffer.buffer("DATA\r\nx\r\n"), recorder);
        assertThat(session.isReceiving()).isTrue();
        session.onBytes(Buffer.buffer(".\r\n"), recorder);
        assertThat(session.isWaiting()).isTrue();
        assertThatThrownBy(() -> session.onDelivered(List.of(), recorder)).isInstanceOf(IllegalArgumentException.class);
    }
}

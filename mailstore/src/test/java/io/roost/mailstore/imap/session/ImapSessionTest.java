package io.roost.mailstore.imap.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.Transcripts;
import io.roost.mailstore.imap.session.SessionSettings.Passwords;
import io.roost.mailstore.imap.session.SessionSettings.TlsState;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.ImapLimits;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.sasl.SaslStep;
import io.roost.mailstore.sasl.ScramKeys;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The states of a connection: transcripts in {@code transcripts/imap}. */
class ImapSessionTest {
    private static final SessionSettings SETTINGS = new SessionSettings(
            List.of("IMAP4rev2", "IDLE", "QRESYNC", "COMPRESS=DEFLATE"),
            List.of(new Command.Id.Field("name", "Roost")),
            new ImapLimits(1_000, 100, 200),
            Passwords.ANYWHERE);

    /** Keys of RFC 7677's example. */
    private static final ScramKeys KEYS =
            ScramKeys.of("pencil", Bytes.wrap(Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==")), 4096);

    private static final int MANY = 50_000;

    /** Notes what a session wants. */
    private static class Recorder implements ImapEffects {
        final List<String> lines = new ArrayList<>();
        private final StringBuilder message = new StringBuilder();

        private void note(String line) {
            lines.add(line);
        }

        @Override
        public void send(Bytes bytes) {
            String text = bytes.utf8();
            assertThat(text).endsWith("\r\n");
            for (String line : text.substring(0, text.length() - 2).split("\r\n", -1)) {
                note("S: " + line);
            }
        }

        @Override
        public void checkPassword(SaslStep.Identity identity, String password) {
            note("* check " + identity.user() + " " + password
                    + (identity.actsFor() == null ? "" : " for " + identity.actsFor()));
        }

        @Override
        public void findKeys(String user) {
            note("* keys of " + user);
        }

        @Override
        public void authorize(SaslStep.Identity identity) {
            note("* authorize " + identity.user() + " for " + identity.mailboxOwner());
        }

        @Override
        public void loginFailed(SaslStep.Identity identity) {
            note("* login of " + identity.user() + " failed");
        }

        @Override
        public void clientId(List<Command.Id.Field> fields) {
            note("* client " + fields);
        }

        @Override
        public void execute(String tag, Command command) {
            note("* execute " + command);
        }

        @Override
        public void announceMessage(Command command) {
            note("* announced " + command);
        }

        @Override
        public void messageBytes(Buffer bytes) {
            message.append(bytes.toString(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void messageEnd() {
            note("* message " + Transcripts.escaped(message.toString()));
            message.setLength(0);
        }

        @Override
        public void abandonMessages() {
            note("* abandon messages");
            message.setLength(0);
        }

        @Override
        public void beginIdle() {
            note("* idle");
        }

        @Override
        public void endIdle() {
            note("* no longer idle");
        }

        @Override
        public void startTls() {
            note("* start TLS");
        }

        @Override
        public void startCompression(Buffer first) {
            note("* start compression with " + first.length() + " bytes");
        }

        @Override
        public void close() {
            note("* close");
        }
    }

    /** A client may send as much as it likes, and what is asked for may be in memory. */
    @Test
    void manyCommandsThatAreAnsweredAtOnceAreNoDepth() {
        ImapSession session = new ImapSession(SETTINGS, TlsState.UNAVAILABLE);
        Recorder recorder = new Recorder() {
            @Override
            public void execute(String tag, Command command) {
                session.onDone(Response.Condition.OK, null, "done", ImapSession.Selection.SAME, this);
            }
        };
        session.onBytes(Buffer.buffer("l LOGIN u p\r\n"), recorder);
        session.onLogin(LoginOutcome.OK, recorder);
        recorder.lines.clear();
        session.onBytes(Buffer.buffer("a STATUS INBOX (MESSAGES)\r\n".repeat(MANY)), recorder);
        assertThat(recorder.lines).hasSize(MANY).containsOnly("S: a OK done");
    }

    static List<String> transcripts() {
        return Transcripts.names("imap");
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void transcript(String name) {
        Transcripts.check("imap", name, ImapSessionTest::play);
    }

    private static List<List<String>> play(List<String> settings, List<Transcripts.Input> inputs) {
        boolean isTls = settings.contains("tls");
        SessionSettings used = isTls
                ? new SessionSettings(
                        SETTINGS.capabilities(), SETTINGS.serverId(), SETTINGS.limits(), Passwords.UNDER_TLS)
                : SETTINGS;
        ImapSession session = new ImapSession(used, isTls ? TlsState.OFFERED : TlsState.UNAVAILABLE);
        Recorder recorder = new Recorder();
        List<List<String>> outputs = new ArrayList<>();
        session.onConnect(recorder);
        if (settings.contains("user")) {
            session.onBytes(Buffer.buffer("l LOGIN u p\r\n"), recorder);
            session.onLogin(LoginOutcome.OK, recorder);
            recorder.lines.clear();
        }
        outputs.add(taken(recorder));
        StringBuilder packet = new StringBuilder();
        for (Transcripts.Input input : inputs) {
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
        List<String> lines = List.copyOf(recorder.lines);
        recorder.lines.clear();
        return lines;
    }

    private static void answer(ImapSession session, String text, Recorder recorder) {
        String[] words = text.split(" ", -1);
        switch (words[0]) {
            case "login" -> session.onLogin(LoginOutcome.valueOf(words[1]), recorder);
            case "keys" -> session.onKeys(KEYS, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", recorder);
            case "done" ->
                session.onDone(
                        Response.Condition.valueOf(words[1]),
                        words.length > 3 ? Word.valueOf(words[3]) : null,
                        "completed",
                        ImapSession.Selection.valueOf(words[2]),
                        recorder);
            case "tell" ->
                session.tell(new Response.Count(Long.parseLong(words[1]), Response.CountKind.EXISTS), recorder);
            case "accept" -> session.onMessageAccepted(recorder);
            case "refuse" -> session.onMessageRefused(Word.valueOf(words[1]), "refused", recorder);
            case "tls" -> session.onTls(TlsState.active(Bytes.utf8("certificate")), recorder);
            case "end" -> session.onEnd("Shutting down", recorder);
            case "gone" -> session.onDisconnect(recorder);
            default -> throw new AssertionError(text);
        }
    }
}

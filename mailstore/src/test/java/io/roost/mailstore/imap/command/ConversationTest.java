package io.roost.mailstore.imap.command;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.Transcripts;
import io.roost.mailstore.classes.AccountClass;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.StoreClass;
import io.roost.mailstore.imap.session.ImapEffects;
import io.roost.mailstore.imap.session.ImapSession;
import io.roost.mailstore.imap.session.LoginOutcome;
import io.roost.mailstore.imap.session.SessionSettings;
import io.roost.mailstore.imap.session.SessionSettings.Passwords;
import io.roost.mailstore.imap.session.SessionSettings.TlsState;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.ImapLimits;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.ResponseWriter;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.sasl.SaslStep;
import io.roost.mailstore.store.AccountPlace;
import io.roost.mailstore.store.BodyWork;
import io.roost.mailstore.store.HereWork;
import io.roost.mailstore.store.MailboxChanges;
import io.roost.mailstore.store.MailboxStore;
import io.roost.mailstore.store.MemoryCluster;
import io.roost.objectstore.classes.ModelLocator;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.Versioning;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole conversations with a mailbox on a pool in memory: the bytes of a client through session, commands, store and object
 * classes, and what it is answered; transcripts in {@code transcripts/mail}. {@code A: as N} goes to the N-th connection;
 * {@code meanwhile METHOD LINE} lets the second client send a line before the next call of a method, {@code fail METHOD}
 * lets that call fail, {@code lose UID} loses a body, {@code changes N} changes the flags of message 1 so often.
 */
class ConversationTest {
    private static final AccountId ACCOUNT = AccountId.parse("00112233-4455-6677-8899-aabbccddeeff");
    private static final ShardRef SHARD =
            new ShardRef(Bytes.hex("000102030405060708090a0b0c0d0e0f"), 1, Versioning.NEVER);
    private static final AccountPlace PLACE = new AccountPlace(ACCOUNT, Bytes.utf8("shard"), SHARD);
    private static final SessionSettings SETTINGS =
            new SessionSettings(List.of("IMAP4rev2"), List.of(), ImapLimits.AFTER_LOGIN, Passwords.ANYWHERE);

    private static final BodyWork WORK = HereWork.of(1 << 20);

    private final Random random = new Random(1);
    private final MemoryCluster cluster = new MemoryCluster();
    private final List<String> lines = new ArrayList<>();
    private long now = 1_800_000_000_000L;

    private Bytes bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /** One connection, logged in. */
    private final class Connection implements ImapEffects, Told {
        final ImapSession session = new ImapSession(SETTINGS, TlsState.UNAVAILABLE);
        private final UserSession user = new UserSession(
                new MailboxStore(
                        cluster, PLACE, new MailboxChanges(cluster), () -> now, ConversationTest.this::bytes, WORK),
                session,
                this,
                () -> now,
                0);
        private final List<Bytes> bodies = new ArrayList<>();
        private Buffer body = Buffer.buffer();

        @Override
        public void send(Bytes bytes) {
            String text = new String(bytes.array(), StandardCharsets.UTF_8);
            for (String line : text.substring(0, text.length() - 2).split("\r\n", -1)) {
                lines.add("S: " + line);
            }
        }

        @Override
        public void tell(Response response) {
            session.tell(response, this);
        }

        @Override
        public ResponseWriter writer() {
            return session.writer();
        }

        @Override
        public Future<Void> write(Bytes bytes) {
            send(bytes);
            return Future.succeededFuture();
        }

        @Override
        public void checkPassword(SaslStep.Identity identity, String password) {
            session.onLogin(LoginOutcome.OK, this);
        }

        @Override
        public void loginFailed(SaslStep.Identity identity) {
            throw new AssertionError("no SCRAM here");
        }

        @Override
        public void findKeys(String userName) {
            throw new AssertionError("no SCRAM here");
        }

        @Override
        public void authorize(SaslStep.Identity identity) {
            throw new AssertionError("no SCRAM here");
        }

        @Override
        public void clientId(List<Command.Id.Field> fields) {
            // Nobody asks.
        }

        @Override
        public void execute(String tag, Command command) {
            now += 1_000;
            List<Bytes> taken = List.copyOf(bodies);
            bodies.clear();
            new Commands(user)
                    .run(tag, command, taken)
                    .onSuccess(
                            done -> session.onDone(done.condition(), done.code(), done.text(), done.selection(), this))
                    .onFailure(failure -> {
                        throw new AssertionError(failure);
                    });
        }

        @Override
        public void announceMessage(Command command) {
            session.onMessageAccepted(this);
        }

        @Override
        public void messageBytes(Buffer bytes) {
            body.appendBuffer(bytes);
        }

        @Override
        public void messageEnd() {
            bodies.add(Bytes.wrap(body.getBytes()));
            body = Buffer.buffer();
        }

        @Override
        public void abandonMessages() {
            bodies.clear();
            body = Buffer.buffer();
        }

        @Override
        public void beginIdle() {
            user.syncWhile(() -> true);
        }

        @Override
        public void endIdle() {
            // Nothing goes on.
        }

        @Override
        public void startTls() {
            throw new AssertionError("no TLS here");
        }

        @Override
        public void startCompression(Buffer first) {
            throw new AssertionError("no compression here");
        }

        @Override
        public void close() {
            lines.add("* close");
        }
    }

    static List<String> transcripts() {
        return Transcripts.names("mail");
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void transcript(String name) {
        Transcripts.check("mail", name, this::play);
    }

    private void createAccount(Quota limit) {
        ModelLocator locator = cluster.locator(PLACE.locatorKey());
        locator.call(new ShardClass.Parameters(SHARD, 1).init());
        AccountRef caller = new AccountRef(SHARD, ACCOUNT, now, now);
        locator.call(new AccountClass.Parameters(
                        caller,
                        limit,
                        List.of(
                                new AccountClass.NewFolder("INBOX", "", bytes(16)),
                                new AccountClass.NewFolder("Sent", "\\Sent", bytes(16))))
                .create());
    }

    /** The second client sends a line while the first is answered. */
    private void meanwhile(Connection other, String line) {
        lines.add("* meanwhile");
        other.session.onBytes(Buffer.buffer(line + "\r\n"), other);
        lines.add("* so far");
    }

    private void loseBody(long uid) {
        new MailboxStore(cluster, PLACE, new MailboxChanges(cluster), () -> now, this::bytes, WORK)
                .eachPage(FolderNumber.INBOX, UidSet.of(uid), page -> {
                    Bytes key = page.get(0).message().email().bodyKey(ACCOUNT);
                    cluster.locator(PLACE.locatorKey()).plant(EntryNames.version(key, 0), null);
                    return Future.succeededFuture();
                });
    }

    /** Message 1 is flagged and no longer flagged so often. */
    private void changeFlags(int times) {
        MailboxStore store =
                new MailboxStore(cluster, PLACE, new MailboxChanges(cluster), () -> now, this::bytes, WORK);
        for (int i = 0; i < times; i++) {
            StoreClass.Mode mode = i % 2 == 0 ? StoreClass.Mode.ADD : StoreClass.Mode.REMOVE;
            store.store(
                    FolderNumber.INBOX,
                    UidSet.of(1),
                    1,
                    new StoreClass.Change(StoreClass.UNCONDITIONAL, mode, MailFlags.FLAGGED, List.of()));
        }
    }

    private List<List<String>> play(List<String> settings, List<Transcripts.Input> inputs) {
        createAccount(settings.contains("quota") ? new Quota(2_048, 3) : Quota.NONE);
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Connection connection = new Connection();
            connection.session.onBytes(Buffer.buffer("l LOGIN u p\r\n"), connection);
            connections.add(connection);
        }
        lines.clear();
        List<List<String>> outputs = new ArrayList<>();
        outputs.add(List.of());
        int current = 0;
        StringBuilder packet = new StringBuilder();
        for (Transcripts.Input input : inputs) {
            boolean isOpen = input.text().endsWith("\\");
            String text = Transcripts.unescaped(
                    isOpen ? input.text().substring(0, input.text().length() - 1) : input.text());
            switch (input.kind()) {
                case "C:", "C+" -> {
                    packet.append(text).append(isOpen ? "" : "\r\n");
                    if (input.kind().equals("C:")) {
                        Connection connection = connections.get(current);
                        connection.session.onBytes(Buffer.buffer(packet.toString()), connection);
                        packet.setLength(0);
                    }
                }
                case "A:" -> {
                    String[] words = text.split(" ", 3);
                    switch (words[0]) {
                        case "as" -> current = Integer.parseInt(words[1]) - 1;
                        case "fail" -> cluster.failNext(words[1]);
                        case "meanwhile" -> cluster.beforeNext(words[1], () -> meanwhile(connections.get(1), words[2]));
                        case "lose" -> loseBody(Long.parseLong(words[1]));
                        case "changes" -> changeFlags(Integer.parseInt(words[1]));
                        default -> throw new AssertionError(text);
                    }
                }
                default -> {}
            }
            outputs.add(List.copyOf(lines));
            lines.clear();
        }
        return outputs;
    }
}

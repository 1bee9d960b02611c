package io.roost.mailstore.imap.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectError;
import io.roost.mailstore.classes.AccountClass;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.imap.session.ImapSession;
import io.roost.mailstore.imap.session.SessionSettings;
import io.roost.mailstore.imap.session.SessionSettings.Passwords;
import io.roost.mailstore.imap.session.SessionSettings.TlsState;
import io.roost.mailstore.imap.syntax.Command;
import io.roost.mailstore.imap.syntax.Command.FetchOptions;
import io.roost.mailstore.imap.syntax.FetchItem;
import io.roost.mailstore.imap.syntax.FetchItem.Attribute;
import io.roost.mailstore.imap.syntax.FetchItem.Partial;
import io.roost.mailstore.imap.syntax.FetchItem.Peek;
import io.roost.mailstore.imap.syntax.FetchItem.Section;
import io.roost.mailstore.imap.syntax.FetchItem.Section.Text;
import io.roost.mailstore.imap.syntax.ImapLimits;
import io.roost.mailstore.imap.syntax.Numbering;
import io.roost.mailstore.imap.syntax.Response;
import io.roost.mailstore.imap.syntax.Response.Condition;
import io.roost.mailstore.imap.syntax.ResponseCode.Word;
import io.roost.mailstore.imap.syntax.ResponseWriter;
import io.roost.mailstore.imap.syntax.SequenceSet;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.store.AccountPlace;
import io.roost.mailstore.store.BodyWork;
import io.roost.mailstore.store.HereWork;
import io.roost.mailstore.store.MailboxChanges;
import io.roost.mailstore.store.MailboxStore;
import io.roost.mailstore.store.MemoryCluster;
import io.roost.mailstore.store.NewMessage;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.classes.StripeClass;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.Versioning;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FETCH of messages that are too large to be held. */
class StreamedFetchTest {
    private static final ShardRef SHARD =
            new ShardRef(Bytes.hex("000102030405060708090a0b0c0d0e0f"), 1, Versioning.NEVER);
    private static final AccountId ACCOUNT = AccountId.parse("00112233-4455-6677-8899-aabbccddeeff");
    private static final AccountPlace PLACE = new AccountPlace(ACCOUNT, Bytes.utf8("shard"), SHARD);
    private static final int FRAME_BYTES = 256 * 1024;

    /** Less than any of the messages. */
    private static final long MEMORY_BYTES = 4L * 1024 * 1024;

    private final Random random = new Random(1);
    private final MemoryCluster cluster = new MemoryCluster();
    private final BodyWork work = HereWork.of(MEMORY_BYTES);
    private final MailboxStore store =
            new MailboxStore(cluster, PLACE, new MailboxChanges(cluster), () -> 1_800_000_000_000L, this::bytes, work);
    private final Client client = new Client();
    private final UserSession user = new UserSession(store, client.session, client, () -> 1_800_000_000_000L, 0);

    private Bytes bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private final class Client implements Told {
        private final ImapSession session = new ImapSession(
                new SessionSettings(List.of("IMAP4rev2"), List.of(), ImapLimits.AFTER_LOGIN, Passwords.ANYWHERE),
                TlsState.UNAVAILABLE);
        private ByteWriter received = new ByteWriter();
        private int largestBytes;
        private long mostReservedBytes;

        @Override
        public void tell(Response response) {
            session.writer().write(response).take();
        }

        @Override
        public ResponseWriter writer() {
            return session.writer();
        }

        @Override
        public Future<Void> write(Bytes bytes) {
            received.raw(bytes);
            largestBytes = Math.max(largestBytes, bytes.length());
            mostReservedBytes = Math.max(mostReservedBytes, work.reservedBytes());
            return Future.succeededFuture();
        }
    }

    @BeforeEach
    void createAccount() {
        cluster.locator(PLACE.locatorKey()).call(new ShardClass.Parameters(SHARD, 1).init());
        cluster.locator(PLACE.locatorKey())
                .call(new AccountClass.Parameters(
                                new AccountRef(SHARD, ACCOUNT, 1, 1),
                                Quota.NONE,
                                List.of(new AccountClass.NewFolder("INBOX", "", bytes(16))))
                        .create());
    }

    /** A message with an attachment, of bytes that can be compressed well, or not at all. */
    private Bytes message(int attachmentBytes, boolean isRandom) {
        ByteWriter out = new ByteWriter();
        out.raw(Bytes.utf8(String.join(
                "\r\n",
                "Subject: large",
                "X-Other: y",
                "Content-Type: multipart/mixed; boundary=b",
                "",
                "--b",
                "",
                "text",
                "--b",
                "Content-Type: application/octet-stream",
                "",
                "")));
        byte[] attachment = new byte[attachmentBytes];
        for (int i = 0; i < attachmentBytes; i++) {
            attachment[i] = (byte) (isRandom ? 'a' + random.nextInt(26) + 32 * random.nextInt(4) : 'x');
        }
        return out.raw(attachment, 0, attachmentBytes)
                .raw(Bytes.utf8("\r\n--b--\r\n"))
                .toBytes();
    }

    private void append(Bytes message) {
        assertThat(store.append(FolderRef.of(FolderNumber.INBOX), List.of(new NewMessage(message, 1, 0, List.of())))
                        .succeeded())
                .isTrue();
    }

    private Future<Done> run(Command command) {
        return new Commands(user).run("a", command, List.of());
    }

    private Future<Done> fetch(FetchItem... items) {
        assertThat(run(new Command.Select("INBOX", Command.Access.READ_WRITE, Command.CondStore.NO, null))
                        .result()
                        .condition())
                .isEqualTo(Condition.OK);
        return run(new Command.Fetch(
                Numbering.SEQUENCE, SequenceSet.of(1, SequenceSet.STAR), List.of(items), FetchOptions.NONE));
    }

    private static FetchItem body(Section section, Partial partial) {
        return new FetchItem.Body(section, partial, Peek.YES);
    }

    private static Bytes literal(String name, Bytes content) {
        return Bytes.utf8(name + " {" + content.length() + "}\r\n").concat(content);
    }

    private static String text(Bytes bytes) {
        return new String(bytes.array(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everySectionIsSentPieceByPiece(boolean isRandom) {
        Bytes message = message(9 << 20, isRandom);
        append(message);
        int header = text(message).indexOf("\r\n\r\n") + 4;
        int part = text(message).indexOf("octet-stream\r\n\r\n") + 16;
        Future<Done> done = fetch(
                Attribute.RFC822_SIZE,
                body(Section.ofPart(List.of()), null),
                body(new Section(List.of(), Text.HEADER, List.of()), null),
                body(new Section(List.of(), Text.HEADER_FIELDS, List.of("subject")), null),
                body(new Section(List.of(), Text.HEADER_FIELDS_NOT, List.of("subject")), new Partial(2, 5)),
                body(new Section(List.of(), Text.TEXT, List.of()), new Partial(FRAME_BYTES - 100, FRAME_BYTES)),
                body(Section.ofPart(List.of(2)), null),
                body(Section.ofPart(List.of(2)), new Partial(9L << 20, 7)),
                body(Section.ofPart(List.of(3)), null),
                Attribute.RFC822_TEXT);
        assertThat(done.result().condition()).isEqualTo(Condition.OK);
        Bytes afterHeader = message.slice(header, message.length());
        Bytes attachment = message.slice(part, part + (9 << 20));
        List<Bytes> expected = new ArrayList<>(List.of(
                // RFC822.TEXT sets \Seen.
                Bytes.utf8("* 1 FETCH (FLAGS (\\Seen) RFC822.SIZE " + message.length()),
                literal("BODY[]", message),
                literal("BODY[HEADER]", message.slice(0, header)),
                literal("BODY[HEADER.FIELDS (subject)]", Bytes.utf8("Subject: large\r\n\r\n")),
                literal("BODY[HEADER.FIELDS.NOT (subject)]<2>", Bytes.utf8("Other")),
                literal(
                        "BODY[TEXT]<" + (FRAME_BYTES - 100) + ">",
                        afterHeader.slice(FRAME_BYTES - 100, 2 * FRAME_BYTES - 100)),
                literal("BODY[2]", attachment),
                literal("BODY[2]<" + (9 << 20) + ">", Bytes.EMPTY),
                Bytes.utf8("BODY[3] NIL"),
                literal("RFC822.TEXT", afterHeader)));
        ByteWriter all = new ByteWriter();
        for (int i = 0; i < expected.size(); i++) {
            all.raw(Bytes.utf8(i > 0 ? " " : "")).raw(expected.get(i));
        }
        all.raw(Bytes.utf8(")\r\n"));
        Bytes got = client.received.toBytes();
        assertThat(got.equals(all.toBytes())).as(text(got.slice(0, 200))).isTrue();
        assertThat(client.largestBytes).isLessThanOrEqualTo(FRAME_BYTES);
        assertThat(client.mostReservedBytes).isEqualTo(FRAME_BYTES);
        assertThat(work.reservedBytes()).isZero();
    }

    /** RFC 3516: its length is known when it is decoded. */
    @Test
    void aDecodedPartIsHeld() {
        Bytes message = message(5 << 20, true);
        append(message);
        assertThat(fetch(new FetchItem.BinarySize(List.of(2))).result().condition())
                .isEqualTo(Condition.OK);
        assertThat(text(client.received.toBytes())).isEqualTo("* 1 FETCH (BINARY.SIZE[2] " + (5 << 20) + ")\r\n");
    }

    private void loseStripe(int number) {
        Bytes lost = cluster.locators().stream()
                .filter(Stripe::isStripe)
                .sorted(Comparator.naturalOrder())
                .toList()
                .get(number);
        cluster.locator(lost).call(StripeClass.delete());
    }

    @Test
    void aMessageThatIsFoundDamagedHalfwayEndsTheConnectionOnce() {
        Bytes small = Bytes.utf8("Subject: small\r\n\r\n");
        append(message(9 << 20, true));
        append(small);
        loseStripe(1);
        FetchItem all = body(Section.ofPart(List.of()), null);
        assertThat(fetch(all).cause()).isInstanceOf(BrokenAnswerException.class);
        assertThat(work.reservedBytes()).isZero();
        // RFC 9051 6.4.5: the others are told, and that one cannot be (RFC 5530).
        client.received = new ByteWriter();
        Done again = fetch(all).result();
        assertThat(again.condition()).isEqualTo(Condition.NO);
        assertThat(again.code()).isEqualTo(Word.CORRUPTION);
        assertThat(text(client.received.toBytes())).isEqualTo("* 2 FETCH (" + text(literal("BODY[]", small)) + ")\r\n");
    }

    @Test
    void aMessageThatCannotBeReadIsTheMatterOfThatMessageAlone() {
        Bytes small = Bytes.utf8("Subject: small\r\n\r\n");
        append(small);
        append(small);
        append(message(5 << 20, true));
        loseStripe(0);
        cluster.failNext("body", ObjectError.IO_ERROR);
        Done done = fetch(body(Section.ofPart(List.of()), null)).result();
        assertThat(done.condition()).isEqualTo(Condition.NO);
        assertThat(done.code()).isEqualTo(Word.CORRUPTION);
        assertThat(done.text()).startsWith("2 ");
        assertThat(text(client.received.toBytes())).isEqualTo("* 2 FETCH (" + text(literal("BODY[]", small)) + ")\r\n");
        // What may go away by itself is no damage.
        cluster.failNext("body", ObjectError.TIMED_OUT);
        assertThat(fetch(body(Section.ofPart(List.of()), null)).result().code()).isEqualTo(Word.UNAVAILABLE);
    }
}

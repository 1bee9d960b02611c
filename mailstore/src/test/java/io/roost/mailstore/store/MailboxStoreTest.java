package io.roost.mailstore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.AccountClass;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.AppendClass;
import io.roost.mailstore.classes.CopyClass;
import io.roost.mailstore.classes.ExpungeClass;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.classes.SelectClass;
import io.roost.mailstore.classes.StoreClass;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.mime.MimeCodec;
import io.roost.objectstore.classes.ModelLocator;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.classes.StripeClass;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.IntentRow;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.Stripe;
import io.roost.objectstore.layout.Versioning;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The mail of an account on a pool in memory. */
class MailboxStoreTest {
    private static final FolderNumber INBOX = FolderNumber.INBOX;
    private static final AccountId ACCOUNT = AccountId.parse("00112233-4455-6677-8899-aabbccddeeff");
    private static final ShardRef SHARD =
            new ShardRef(Bytes.hex("000102030405060708090a0b0c0d0e0f"), 1, Versioning.NEVER);
    private static final AccountPlace PLACE = new AccountPlace(ACCOUNT, Bytes.utf8("shard"), SHARD);

    private final Random random = new Random(1);
    private final MemoryCluster cluster = new MemoryCluster();
    private final BodyWork work = HereWork.of(1 << 20);
    private final MailboxStore store =
            new MailboxStore(cluster, PLACE, new MailboxChanges(cluster), () -> 1_800_000_000_000L, this::bytes, work);

    private Bytes bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private static <T> T done(Future<T> future) {
        assertThat(future.isComplete()).isTrue();
        if (future.failed()) {
            throw (RuntimeException) future.cause();
        }
        return future.result();
    }

    @BeforeEach
    void createAccount() {
        ModelLocator locator = cluster.locator(PLACE.locatorKey());
        locator.call(new ShardClass.Parameters(SHARD, 1).init());
        AccountRef caller = new AccountRef(SHARD, ACCOUNT, 1_800_000_000_000L, 1_800_000_900_000L);
        locator.call(new AccountClass.Parameters(
                        caller, Quota.NONE, List.of(new AccountClass.NewFolder("INBOX", "", bytes(16))))
                .create());
    }

    private List<MessageRecord> records(UidSet uids) {
        List<MessageRecord> records = new ArrayList<>();
        done(store.eachPage(INBOX, uids, page -> {
            page.forEach(each -> records.add(each.message()));
            return Future.succeededFuture();
        }));
        return records;
    }

    private Bytes body(MessageRecord record) {
        return done(store.bodies().withMessage(record.email(), record.sizeBytes(), Future::succeededFuture));
    }

    private static NewMessage message(String text) {
        return new NewMessage(Bytes.utf8(text), 1_700_000_000_000L, MailFlags.FLAGGED, List.of("$x"));
    }

    private void fill(int count) {
        for (int left = count; left > 0; left -= 200) {
            List<NewMessage> messages = new ArrayList<>();
            for (int i = 0; i < Math.min(left, 200); i++) {
                messages.add(message("Subject: " + i + "\r\n\r\nx"));
            }
            done(store.append(FolderRef.of(INBOX), messages));
        }
    }

    @Test
    void aMessageComesBackAsItCame() {
        String text = "Subject: hello\r\nFrom: a@b\r\n\r\nThe text.\r\n";
        cluster.takeCalls();
        AppendClass.Reply reply = done(store.append(FolderRef.of("INBOX"), List.of(message(text))));
        assertThat(cluster.takeCalls()).as("one transaction").isEqualTo(1);
        MessageRecord record = records(UidSet.of(reply.firstUid())).get(0);
        assertThat(record.sizeBytes()).isEqualTo(text.length());
        assertThat(record.internalMillis()).isEqualTo(1_700_000_000_000L);
        assertThat(record.flags().system()).isEqualTo(MailFlags.FLAGGED);
        assertThat(body(record)).isEqualTo(Bytes.utf8(text));
        var content = done(store.contents(List.of(record.email()))).get(0);
        assertThat(content.preview()).isEqualTo("The text.");
        assertThat(MimeCodec.decode(content.structure()).envelope().subject()).isEqualTo(Bytes.utf8("hello"));
        // RFC 9562 5.7.
        assertThat(record.email().toString())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(cluster.locator(PLACE.locatorKey())
                        .entry(EntryNames.version(record.email().bodyKey(ACCOUNT), 0)))
                .as("the body is an S3 object")
                .isNotNull();
    }

    @Test
    void longOperationsAreSeveralTransactions() {
        fill(700);
        List<StoreClass.Reply> stored = done(store.store(
                INBOX,
                UidSet.of(1, 700),
                1,
                new StoreClass.Change(StoreClass.UNCONDITIONAL, StoreClass.Mode.ADD, MailFlags.DELETED, List.of())));
        assertThat(stored.stream().mapToInt(page -> page.stored().size()).sum()).isEqualTo(700);
        assertThat(stored).as("each transaction has a MODSEQ").hasSizeGreaterThan(2);
        done(store.createFolder("a/b", ""));
        List<CopyClass.Reply> moved =
                done(store.move(INBOX, UidSet.of(1, 300), FolderRef.of("a/b"))).pages();
        assertThat(moved.stream().mapToLong(page -> page.source().count()).sum())
                .isEqualTo(300);
        List<CopyClass.Reply> copied = done(store.copy(INBOX, UidSet.of(301, 310), FolderRef.of("a/b")));
        assertThat(copied.get(copied.size() - 1).firstUid()).isEqualTo(301);
        UidSet gone = done(store.expunge(INBOX, UidSet.of(1, UidSet.MAX_UID), ExpungeClass.KEEP_NOT));
        assertThat(gone).isEqualTo(UidSet.of(301, 700));
        SelectClass.Reply opened = done(store.open(FolderRef.of("a/b")));
        assertThat(opened.uids()).isEqualTo(UidSet.of(1, 310));
        assertThat(done(store.folders()).folders()).hasSize(2);
    }

    /** One that cannot be compressed. */
    private static NewMessage large(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return new NewMessage(Bytes.wrap(noise), 1_700_000_000_000L, 0, List.of());
    }

    private boolean hasIntent() {
        return cluster.locator(PLACE.locatorKey()).names().stream().anyMatch(name -> name.at(0) == EntryNames.INTENT);
    }

    @Test
    void aBodyBeyondATransactionIsInStripesBefore() {
        for (NewMessage message : List.of(large((4 << 20) - 100), large((4 << 20) + 100), large(9 << 20))) {
            AppendClass.Reply reply = done(store.append(FolderRef.of(INBOX), List.of(message)));
            MessageRecord record = records(UidSet.of(reply.firstUid())).get(0);
            assertThat(record.sizeBytes()).isEqualTo(message.bytes().length());
            assertThat(body(record)).isEqualTo(message.bytes());
        }
        assertThat(cluster.locators())
                .filteredOn(Stripe::isStripe)
                .as("none; two; three")
                .hasSize(5);
        assertThat(hasIntent()).isFalse();
        assertThat(work.reservedBytes()).isZero();
    }

    @Test
    void manyBodiesBeyondATransactionComeTogether() {
        // RFC 3502: all or none.
        List<NewMessage> messages = List.of(message("small\r\n"), large(3 << 20), message("x\r\n"), large(2 << 20));
        AppendClass.Reply reply = done(store.append(FolderRef.of(INBOX), messages));
        List<Bytes> read = new ArrayList<>();
        records(UidSet.of(reply.firstUid(), reply.firstUid() + 3)).forEach(record -> read.add(body(record)));
        assertThat(read).isEqualTo(messages.stream().map(NewMessage::bytes).toList());
    }

    @Test
    void stripesOfARefusedMessageAreLeftToTheReaper() {
        assertThat(store.append(FolderRef.of("none"), List.of(large(5 << 20))).failed())
                .isTrue();
        Bytes name = cluster.locator(PLACE.locatorKey()).names().stream()
                .filter(each -> each.at(0) == EntryNames.INTENT)
                .findAny()
                .orElseThrow();
        assertThat(IntentRow.decode(cluster.locator(PLACE.locatorKey()).attributes(name))
                        .isReaping())
                .isTrue();
    }

    @Test
    void aMessageWithoutOneOfItsStripesIsMissing() {
        AppendClass.Reply reply = done(store.append(FolderRef.of(INBOX), List.of(large(5 << 20))));
        MessageRecord record = records(UidSet.of(reply.firstUid())).get(0);
        Bytes stripe =
                cluster.locators().stream().filter(Stripe::isStripe).findAny().orElseThrow();
        cluster.locator(stripe).call(StripeClass.delete());
        assertThat(body(record)).isNull();
        assertThat(work.reservedBytes()).isZero();
    }

    /** Before the second call of a method. */
    private void beforeSecond(String method, Runnable what) {
        cluster.beforeNext(method, () -> cluster.beforeNext(method, what));
    }

    private boolean isCopyNoted() {
        return cluster.locator(PLACE.locatorKey()).names().stream()
                .anyMatch(name -> name.at(0) == MailRows.COPY_PROGRESS);
    }

    @Test
    void aLongCopyTellsWhatIsWhere() {
        // RFC 4315 3: UIDs of both sides in the same order, whatever comes in between.
        fill(600);
        done(store.createFolder("copies", ""));
        beforeSecond("copy", () -> {
            assertThat(isCopyNoted()).isTrue();
            done(store.append(FolderRef.of("copies"), List.of(message("Subject: between\r\n\r\nx"))));
        });
        List<CopyClass.Reply> pages = done(store.copy(INBOX, UidSet.of(1, 600), FolderRef.of("copies")));
        assertThat(isCopyNoted()).isFalse();
        FolderNumber copies = done(store.open(FolderRef.of("copies"))).number();
        List<EmailId> expected = new ArrayList<>();
        records(UidSet.of(1, 600)).forEach(record -> expected.add(record.email()));
        List<EmailId> copied = new ArrayList<>();
        for (CopyClass.Reply page : pages) {
            long last = page.firstUid() + page.source().count() - 1;
            done(store.eachPage(copies, UidSet.of(page.firstUid(), last), records -> {
                records.forEach(each -> copied.add(each.message().email()));
                return Future.succeededFuture();
            }));
        }
        assertThat(copied).isEqualTo(expected);
        assertThat(done(store.open(FolderRef.of("copies"))).uids()).isEqualTo(UidSet.of(1, 601));
    }

    @Test
    void aLongCopyThatFailsIsUndone() {
        // RFC 9051 6.4.7: the target is restored to what it was.
        fill(600);
        done(store.createFolder("copies", ""));
        var before = done(store.folders()).account().used();
        beforeSecond("copy", () -> {
            done(store.append(FolderRef.of("copies"), List.of(message("Subject: between\r\n\r\nx"))));
            cluster.failNext("copy");
        });
        assertThat(store.copy(INBOX, UidSet.of(1, 600), FolderRef.of("copies")).failed())
                .isTrue();
        SelectClass.Reply opened = done(store.open(FolderRef.of("copies")));
        assertThat(opened.uids()).as("what others put there stays").isEqualTo(UidSet.of(251));
        assertThat(opened.header().counts().exists()).isEqualTo(1);
        assertThat(done(store.folders()).account().used().messages()).isEqualTo(before.messages() + 1);
        assertThat(isCopyNoted()).isFalse();
    }

    @Test
    void ofALongMoveThatFailsItIsToldWhatWasMoved() {
        // RFC 6851 3.3: no message is lost or doubled.
        fill(600);
        done(store.createFolder("moved", ""));
        beforeSecond("move", () -> cluster.failNext("move"));
        MailboxStore.Moved moved = done(store.move(INBOX, UidSet.of(1, 600), FolderRef.of("moved")));
        assertThat(moved.failure()).isPresent();
        UidSet source = moved.pages().get(0).source();
        assertThat(moved.pages()).hasSize(1);
        assertThat(done(store.open(FolderRef.of(INBOX))).uids())
                .isEqualTo(UidSet.of(1, 600).minus(source));
        assertThat(done(store.open(FolderRef.of("moved"))).uids().count()).isEqualTo(source.count());
    }

    @Test
    void allChangesComeTogether() {
        fill(3_000);
        done(store.expunge(INBOX, UidSet.of(1, 10), ExpungeClass.KEEP_NOT));
        FolderChanges changes = done(store.changes(INBOX, 1));
        assertThat(changes.isWhole()).isTrue();
        assertThat(changes.changed()).hasSize(3_000);
        done(store.store(
                INBOX,
                UidSet.of(1, 10),
                1,
                new StoreClass.Change(StoreClass.UNCONDITIONAL, StoreClass.Mode.ADD, MailFlags.DELETED, List.of())));
        done(store.expunge(INBOX, UidSet.of(1, 10), ExpungeClass.KEEP_NOT));
        FolderChanges later = done(store.changes(INBOX, changes.untilModSeq()));
        assertThat(later.expunged()).isEqualTo(UidSet.of(1, 10));
        assertThat(later.changed()).isEmpty();
    }

    @Test
    void contentsComeInTheirOrder() {
        fill(600);
        List<EmailId> emails = new ArrayList<>();
        records(UidSet.of(1, 600)).forEach(each -> emails.add(each.email()));
        emails.add(3, new EmailId(bytes(16)));
        var contents = done(store.contents(emails));
        assertThat(contents).hasSize(601);
        assertThat(contents.get(3).structure().isEmpty()).as("one that is gone").isTrue();
        assertThat(MimeCodec.decode(contents.get(202).structure()).envelope().subject())
                .isEqualTo(Bytes.utf8("1"));
    }

    @Test
    void refusalsAreFailures() {
        assertThatThrownBy(() -> done(store.open(FolderRef.of("none"))))
                .isInstanceOfSatisfying(
                        MailException.class,
                        refused -> assertThat(refused.status()).isEqualTo(MailStatus.NO_SUCH_FOLDER));
        Bytes missing = done(store.bodies().withMessage(new EmailId(bytes(16)), 1, Future::succeededFuture));
        assertThat(missing).as("a body that is missing").isNull();
        assertThatThrownBy(() -> done(store.deleteFolder("INBOX"))).isInstanceOf(MailException.class);
        done(store.subscribe("x"));
        done(store.unsubscribe("INBOX"));
        done(store.createFolder("y", "\\Sent"));
        done(store.renameFolder("y", "z"));
        assertThat(done(store.folders()).tree().subscriptions()).containsExactly("x");
        assertThat(done(store.folders()).tree().find("z").specialUse()).isEqualTo("\\Sent");
    }
}

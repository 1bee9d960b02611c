package io.roost.mailstore.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.CopyClass;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.KeptClass;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.EmailReferences.Place;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.objectstore.classes.ModelLocator;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.Placement;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.Versioning;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done later, on a pool in memory. */
class MailWorkTest {
    private static final AccountId ACCOUNT = AccountId.parse("00112233-4455-6677-8899-aabbccddeeff");
    private static final BucketRecord BUCKET = new BucketRecord(
            Bytes.hex("000102030405060708090a0b0c0d0e0f"),
            "mail",
            "owner",
            1,
            false,
            1,
            Versioning.NEVER,
            new BucketRecord.Layout(new Placement(1), 1, 4 << 20, List.of(0)),
            "",
            BucketRecord.Use.MAIL);

    private final Random random = new Random(1);
    private final MemoryCluster cluster = new MemoryCluster();
    private long now = 1_800_000_000_000L;
    private final MailAccounts accounts = new MailAccounts(
            cluster, BUCKET, BUCKET, new MailboxChanges(cluster), () -> now, this::bytes, HereWork.of(1 << 20));
    private final MailWork work = new MailWork(cluster, accounts, () -> now, 0);
    private final AccountPlace place = accounts.place(ACCOUNT);
    private final ModelLocator locator = cluster.locator(place.locatorKey());
    private final MailboxStore store = accounts.store(ACCOUNT);

    private Bytes bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private static <T> T done(Future<T> future) {
        assertThat(future.succeeded()).as("%s", future).isTrue();
        return future.result();
    }

    @BeforeEach
    void create() {
        locator.call(new ShardClass.Parameters(ShardRef.of(BUCKET), 1).init());
        done(accounts.ensure(ACCOUNT));
    }

    private void fill(String folder, int count) {
        List<NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(new NewMessage(Bytes.utf8("x"), now, MailFlags.DELETED, List.of()));
        }
        done(store.append(FolderRef.of(folder), messages));
    }

    @Test
    void theRowsOfADeletedFolderGo() {
        done(store.createFolder("gone", ""));
        fill("gone", 200);
        fill("gone", 200);
        FolderNumber number = done(store.open(FolderRef.of("gone"))).number();
        int before = locator.names().size();
        done(store.deleteFolder("gone"));
        Bytes row = MailRows.folderEndWork(ACCOUNT, number);
        assertThat(locator.entry(row)).isNotNull();
        done(work.visit(Bytes.utf8("another bucket's"), row));
        assertThat(locator.entry(row))
                .as("another bucket's row of the same name")
                .isNotNull();
        done(work.visit(place.locatorKey(), row));
        assertThat(locator.entry(row)).isNull();
        // Each message: record, body, references, content.
        assertThat(locator.names().size()).isLessThan(before - 4 * 400 + 1);
        done(work.visit(place.locatorKey(), row));
    }

    @Test
    void aCopyThatDoesNotGoOnIsUndone() {
        // RFC 9051 6.4.7, when the front-end has ended in between.
        fill("INBOX", 200);
        fill("INBOX", 200);
        done(store.createFolder("copies", ""));
        Bytes copyId = bytes(16);
        CopyClass.Parameters first = new CopyClass.Parameters(
                new AccountRef(ShardRef.of(BUCKET), ACCOUNT, now, now),
                FolderNumber.INBOX,
                UidSet.of(1, 400),
                1,
                FolderRef.of("copies"));
        CopyClass.Reply copied =
                CopyClass.Reply.decode(locator.call(first.copy(copyId)).output());
        assertThat(copied.resumeAt()).isGreaterThan(1);
        Bytes row = MailRows.copyProgress(ACCOUNT, copyId);
        done(work.visit(place.locatorKey(), row));
        assertThat(done(store.open(FolderRef.of("copies"))).uids().count())
                .as("it may go on")
                .isEqualTo(copied.source().count());
        now += 11 * 60 * 1000L;
        done(work.visit(place.locatorKey(), row));
        assertThat(locator.entry(row)).isNull();
        assertThat(done(store.open(FolderRef.of("copies"))).uids().isEmpty()).isTrue();
        CopyClass.Parameters second = new CopyClass.Parameters(
                first.caller(), first.source(), first.uids(), copied.resumeAt(), first.target());
        assertThat(locator.call(second.copy(copyId)).status()).isEqualTo(MailStatus.UNDONE.code());
        assertThat(done(store.open(FolderRef.of("INBOX"))).uids().count()).isEqualTo(400);
    }

    @Test
    void keptMessagesComeBackWithNewUids() {
        fill("INBOX", 200);
        fill("INBOX", 100);
        assertThat(done(store.expunge(FolderNumber.INBOX, UidSet.of(1, 300), now + 1_000))
                        .count())
                .isEqualTo(300);
        AccountAdmin admin = accounts.admin(ACCOUNT);
        List<Place> places =
                done(admin.kept()).stream().map(KeptClass.Listed::place).toList();
        assertThat(places).hasSize(300);
        assertThat(done(store.account()).used().messages())
                .as("they do not count")
                .isZero();
        done(store.createFolder("back", ""));
        assertThat(done(admin.undelete(places, FolderRef.of("back")))).isEqualTo(300);
        assertThat(done(store.open(FolderRef.of("back"))).uids()).isEqualTo(UidSet.of(1, 300));
        assertThat(done(store.account()).used().messages()).isEqualTo(300);
        assertThat(done(admin.kept())).isEmpty();
        assertThat(done(admin.undelete(places, FolderRef.of("back")))).isZero();
    }

    @Test
    void keptMessagesGoWhenTheyAreDue() {
        fill("INBOX", 3);
        long due = now + 1_000;
        assertThat(done(store.expunge(FolderNumber.INBOX, UidSet.of(1, 3), due)))
                .isEqualTo(UidSet.of(1, 3));
        Bytes row = MailRows.keptEnd(due, ACCOUNT, FolderNumber.INBOX, 1);
        assertThat(locator.entry(row)).isNotNull();
        done(work.visit(place.locatorKey(), row));
        assertThat(locator.entry(row)).as("not due").isNotNull();
        now = due;
        done(work.visit(place.locatorKey(), row));
        assertThat(locator.entry(row)).isNull();
        assertThat(locator.entry(MailRows.kept(ACCOUNT, FolderNumber.INBOX, 3)))
                .as("one row's turn is the account's")
                .isNull();
    }
}

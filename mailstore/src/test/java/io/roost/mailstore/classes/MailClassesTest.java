package io.roost.mailstore.classes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.EmailReferences;
import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.objectstore.classes.IntentClass;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.IntentRow;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.StorageClass;
import io.roost.objectstore.layout.StripeSet;
import io.roost.objectstore.layout.Versioning;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bounds, refusals and cursors of the mail store's classes; what random commands do is in {@link MailPropertyTest}. */
class MailClassesTest {
    private static final FolderNumber INBOX = FolderNumber.INBOX;
    private static final UidSet ALL = UidSet.of(1, UidSet.MAX_UID);

    private final MailFixture mail = new MailFixture(1, false);

    @BeforeEach
    void createAccount() {
        mail.createAccount(Quota.NONE);
    }

    private void fill(FolderNumber folder, int messages, int flags) {
        for (int left = messages; left > 0; left -= AppendClass.MAX_ITEMS) {
            List<AppendClass.Item> items = new ArrayList<>();
            for (int i = 0; i < Math.min(left, AppendClass.MAX_ITEMS); i++) {
                items.add(mail.item(new EmailId(mail.id()), 1, flags, List.of()));
            }
            mail.ok(mail.append(FolderRef.of(folder), items.toArray(new AppendClass.Item[0])));
        }
    }

    private StoreClass.Parameters store(UidSet uids, long fromUid, StoreClass.Mode mode, List<String> keywords) {
        return new StoreClass.Parameters(
                mail.caller(),
                INBOX,
                uids,
                fromUid,
                1,
                new StoreClass.Change(StoreClass.UNCONDITIONAL, mode, MailFlags.SEEN, keywords));
    }

    @Test
    void openingALargeFolderReadsFewEntries() {
        fill(INBOX, 30_000, 0);
        SelectClass.Reply opened = mail.select(FolderRef.of("inbox"));
        assertThat(opened.header().counts().exists()).isEqualTo(30_000);
        assertThat(opened.uids()).isEqualTo(UidSet.of(1, 30_000));
        assertThat(mail.locator().lastReads()).isLessThan(OpenFolder.CHECKPOINT_CHANGES + 10);
    }

    @Test
    void checkpointsBoundTheChangesThatAreReadToOpen() {
        for (int i = 0; i < 3 * OpenFolder.CHECKPOINT_CHANGES; i++) {
            long uid = mail.append(INBOX, MailFlags.DELETED);
            if (i % 3 == 0) {
                mail.ok(new ExpungeClass.Parameters(mail.caller(), INBOX, UidSet.of(uid), 1, ExpungeClass.KEEP_NOT)
                        .call());
            }
            SelectClass.Reply opened = mail.select(FolderRef.of(INBOX));
            assertThat(mail.locator().lastReads()).isLessThan(OpenFolder.CHECKPOINT_CHANGES + 10);
            assertThat(opened.uids().count()).isEqualTo(opened.header().counts().exists());
        }
        assertThat(mail.header(INBOX).log().checkpoint()).isGreaterThan(2 * OpenFolder.CHECKPOINT_CHANGES);
    }

    @Test
    void aSetOfFourBillionCostsWhatExists() {
        fill(INBOX, 3, 0);
        StoreClass.Reply reply = StoreClass.Reply.decode(
                mail.ok(store(ALL, 1, StoreClass.Mode.ADD, List.of()).call()));
        assertThat(reply.stored()).hasSize(3);
        assertThat(mail.locator().lastReads()).isLessThan(20);
    }

    @Test
    void longSetsAreStoredInSeveralCalls() {
        fill(INBOX, 1_000, 0);
        List<Long> stored = new ArrayList<>();
        long from = 1;
        int calls = 0;
        do {
            StoreClass.Reply reply = StoreClass.Reply.decode(mail.ok(
                    store(ALL, from, StoreClass.Mode.ADD, List.of("$a", "$b")).call()));
            reply.stored().forEach(each -> stored.add(each.uid()));
            from = reply.resumeAt();
            calls++;
        } while (from != 0);
        assertThat(stored).hasSize(1_000).doesNotHaveDuplicates().isSorted();
        assertThat(calls).isBetween(4, 6);
        assertThat(mail.header(INBOX).counts().unseen()).isZero();
    }

    @Test
    void longSetsAreExpungedAndMovedInSeveralCalls() {
        fill(INBOX, 1_000, MailFlags.DELETED);
        FolderNumber other = mail.createFolder("other");
        long from = 1;
        long next = 1;
        do {
            CopyClass.Reply reply = CopyClass.Reply.decode(mail.ok(
                    new CopyClass.Parameters(mail.caller(), INBOX, UidSet.of(1, 600), from, FolderRef.of("other"))
                            .move()));
            assertThat(reply.firstUid()).isEqualTo(next);
            next += reply.source().count();
            from = reply.resumeAt();
        } while (from != 0);
        assertThat(mail.select(FolderRef.of(other)).uids()).isEqualTo(UidSet.of(1, 600));
        from = 1;
        do {
            ExpungeClass.Reply reply = ExpungeClass.Reply.decode(
                    mail.ok(new ExpungeClass.Parameters(mail.caller(), INBOX, ALL, from, mail.now() + 1).call()));
            from = reply.resumeAt();
        } while (from != 0);
        assertThat(mail.header(INBOX).counts()).isEqualTo(FolderHeader.Counts.NONE);
        assertThat(mail.account().used()).isEqualTo(new Quota(600, 600));
        assertThat(mail.counters().objects())
                .as("kept mail counts for the bucket")
                .isEqualTo(1_000);
        mail.pass(10);
        int purged = 0;
        for (int last = -1; last != 0; ) {
            last = KeptClass.count(mail.ok(KeptClass.purge(mail.caller())));
            purged += last;
        }
        assertThat(purged).isEqualTo(400);
        assertThat(mail.counters().objects()).isEqualTo(600);
    }

    @Test
    void theLogHasAFloor() {
        long uid = mail.append(INBOX, 0);
        long early = mail.header(INBOX).log().highestModSeq();
        for (int i = 0; i < OpenFolder.MAX_LOG_ROWS + 20; i++) {
            StoreClass.Mode mode = i % 2 == 0 ? StoreClass.Mode.ADD : StoreClass.Mode.REMOVE;
            mail.ok(store(UidSet.of(uid), 1, mode, List.of()).call());
        }
        FolderHeader.Log log = mail.header(INBOX).log();
        assertThat(log.rows()).isEqualTo(mail.rows(MailRows.CHANGE)).isLessThanOrEqualTo(OpenFolder.MAX_LOG_ROWS);
        assertThat(log.floor()).isGreaterThan(early);
        assertThat(mail.status(new ChangesClass.SinceParameters(MailFixture.ACCOUNT, INBOX, early).call()))
                .isEqualTo(MailStatus.BELOW_FLOOR);
        assertThat(mail.status(new ChangesClass.SinceParameters(MailFixture.ACCOUNT, INBOX, log.floor()).call()))
                .isEqualTo(MailStatus.OK);
        assertThat(mail.select(FolderRef.of(INBOX)).uids()).isEqualTo(UidSet.of(uid));
    }

    @Test
    void manyChangesComeInSeveralReplies() {
        long since = mail.header(INBOX).log().highestModSeq();
        fill(INBOX, 5_000, 0);
        long until = since;
        int calls = 0;
        List<Long> uids = new ArrayList<>();
        FolderChanges reply;
        do {
            reply = ChangesClass.decodeChanges(
                    mail.ok(new ChangesClass.SinceParameters(MailFixture.ACCOUNT, INBOX, until).call()));
            reply.changed().forEach(each -> uids.add(each.uid()));
            until = reply.untilModSeq();
            calls++;
        } while (until < reply.header().log().highestModSeq());
        assertThat(uids).hasSize(5_000).doesNotHaveDuplicates();
        assertThat(calls).isBetween(3, 6);
    }

    private Head striped(EmailId email, StripeSet set) {
        return new Head(
                Head.State.UNVERSIONED,
                set.sizeBytes(),
                mail.now(),
                ETag.NONE,
                StorageClass.STANDARD,
                ChecksumMark.NONE,
                email.bytes(),
                new Manifest.Striped(set));
    }

    @Test
    void aLargeBodyNeedsItsIntentAndGoesToGarbage() {
        EmailId email = new EmailId(mail.id());
        StripeSet set = new StripeSet(mail.id(), 2, 4 << 20, 9 << 20);
        AppendClass.Item inline = mail.item(email, 0, MailFlags.DELETED, List.of());
        AppendClass.Item item =
                new AppendClass.Item(email, inline.facts(), striped(email, set), inline.metadata(), inline.content());
        assertThat(mail.status(mail.append(FolderRef.of(INBOX), item))).isEqualTo(MailStatus.NO_SUCH_INTENT);
        IntentRow intent = new IntentRow(false, mail.now(), email.bodyKey(MailFixture.ACCOUNT), Bytes.EMPTY, 0, set);
        mail.ok(new IntentClass.CreateParameters(mail.shard(), intent).call());
        long uid = AppendClass.Reply.decode(mail.ok(mail.append(FolderRef.of(INBOX), item)))
                .firstUid();
        assertThat(mail.rows(EntryNames.INTENT)).isZero();
        assertThat(mail.rows(EntryNames.REFERENCE)).isEqualTo(1);
        mail.ok(new ExpungeClass.Parameters(mail.caller(), INBOX, UidSet.of(uid), 1, ExpungeClass.KEEP_NOT).call());
        assertThat(mail.rows(EntryNames.REFERENCE)).isZero();
        assertThat(mail.rows(EntryNames.GARBAGE)).isEqualTo(1);
        assertThat(mail.counters().objects()).isZero();
    }

    @Test
    void aRetryFindsItsMessageWhereverItWent() {
        EmailId email = new EmailId(mail.id());
        AppendClass.Item item = mail.item(email, 5, 0, List.of());
        long uid = AppendClass.Reply.decode(mail.ok(mail.append(FolderRef.of(INBOX), item)))
                .firstUid();
        mail.createFolder("x");
        mail.ok(new CopyClass.Parameters(mail.caller(), INBOX, UidSet.of(uid), 1, FolderRef.of("x")).move());
        AppendClass.Reply again = AppendClass.Reply.decode(mail.ok(mail.append(FolderRef.of(INBOX), item)));
        assertThat(again.firstUid()).isEqualTo(AppendClass.Reply.UNKNOWN);
        assertThat(mail.account().used()).isEqualTo(new Quota(5, 1));
    }

    @Test
    void expungeLeavesWhatHasNotTheFlag() {
        // RFC 4315 2.1.
        long kept = mail.append(INBOX, MailFlags.SEEN);
        long gone = mail.append(INBOX, MailFlags.DELETED);
        ExpungeClass.Reply reply = ExpungeClass.Reply.decode(
                mail.ok(new ExpungeClass.Parameters(mail.caller(), INBOX, ALL, 1, ExpungeClass.KEEP_NOT).call()));
        assertThat(reply.expunged()).isEqualTo(UidSet.of(gone));
        assertThat(mail.select(FolderRef.of(INBOX)).uids()).isEqualTo(UidSet.of(kept));
        assertThat(mail.append(INBOX, 0)).as("UIDs are never given twice").isEqualTo(gone + 1);
    }

    @Test
    void keywordsBeyondTheDictionaryAreLeftOut() {
        long uid = mail.append(INBOX, 0);
        List<String> many = new ArrayList<>();
        for (int i = 0; i < FolderHeader.MAX_KEYWORDS + 5; i++) {
            many.add("k" + i);
        }
        mail.ok(store(UidSet.of(uid), 1, StoreClass.Mode.ADD, many).call());
        assertThat(mail.header(INBOX).keywords()).hasSize(FolderHeader.MAX_KEYWORDS);
        mail.ok(store(UidSet.of(uid), 1, StoreClass.Mode.REMOVE, List.of("K0", "unknown"))
                .call());
        assertThat(mail.header(INBOX).keywords()).as("in any case, never new").hasSize(FolderHeader.MAX_KEYWORDS);
        assertThat(mail.header(INBOX).bitOf("K0")).isZero();
    }

    @Test
    void aContentHasABoundOfCopies() {
        long uid = mail.append(INBOX, 0);
        ClassCall copy =
                new CopyClass.Parameters(mail.caller(), INBOX, UidSet.of(uid), 1, FolderRef.of(INBOX)).copy(mail.id());
        for (int i = 1; i < EmailReferences.MAX_PLACES; i++) {
            mail.ok(copy);
        }
        assertThat(mail.status(copy)).isEqualTo(MailStatus.LIMIT);
        mail.createFolder("x");
        assertThat(mail.status(
                        new CopyClass.Parameters(mail.caller(), INBOX, UidSet.of(uid), 1, FolderRef.of("x")).move()))
                .as("a move needs no place more")
                .isEqualTo(MailStatus.OK);
    }

    @Test
    void foldersHaveTheirRules() {
        // RFC 9051 6.3.4 to 6.3.6.
        mail.createFolder("a/b/");
        FolderTree tree = tree();
        assertThat(tree.find("a").kind()).isEqualTo(FolderTree.Kind.NAME_ONLY);
        assertThat(tree.find("a/b").kind()).isEqualTo(FolderTree.Kind.FOLDER);
        assertThat(create("A/b")).isEqualTo(MailStatus.OK);
        assertThat(create("a/b")).isEqualTo(MailStatus.ALREADY_EXISTS);
        assertThat(create("inbox")).isEqualTo(MailStatus.ALREADY_EXISTS);
        assertThat(create("a//b")).isEqualTo(MailStatus.INVALID_NAME);
        assertThat(create("a")).as("a name becomes a folder").isEqualTo(MailStatus.OK);
        assertThat(tree().path(tree().find("a/b"))).isEqualTo("a/b");
        assertThat(delete("INBOX")).isEqualTo(MailStatus.NOT_POSSIBLE);
        assertThat(delete("none")).isEqualTo(MailStatus.NO_SUCH_FOLDER);
        assertThat(delete("a")).isEqualTo(MailStatus.OK);
        assertThat(tree().find("a").kind()).as("its name stays above others").isEqualTo(FolderTree.Kind.NAME_ONLY);
        assertThat(delete("a")).isEqualTo(MailStatus.NOT_POSSIBLE);
        assertThat(mail.status(new SelectClass.Parameters(MailFixture.ACCOUNT, FolderRef.of("a")).call()))
                .isEqualTo(MailStatus.NO_SUCH_FOLDER);
        assertThat(rename("a/b", "c/d/e")).isEqualTo(MailStatus.OK);
        assertThat(rename("c", "c/x")).isEqualTo(MailStatus.NOT_POSSIBLE);
        assertThat(rename("c", "A")).isEqualTo(MailStatus.ALREADY_EXISTS);
        assertThat(rename("c", "")).isEqualTo(MailStatus.INVALID_NAME);
        assertThat(rename("c", "x".repeat(997))).isEqualTo(MailStatus.INVALID_NAME);
        assertThat(rename("none", "x")).isEqualTo(MailStatus.NO_SUCH_FOLDER);
        assertThat(rename("inbox", "x")).isEqualTo(MailStatus.NOT_POSSIBLE);
        mail.ok(FolderClass.subscribe(mail.caller(), "some/where"));
        mail.ok(FolderClass.unsubscribe(mail.caller(), "INBOX"));
        assertThat(tree().subscriptions()).containsExactly("some/where");
    }

    private FolderTree tree() {
        return list().tree();
    }

    private FolderClass.ListReply list() {
        return FolderClass.ListReply.decode(mail.ok(new FolderClass.ListParameters(MailFixture.ACCOUNT, INBOX).call()));
    }

    private MailStatus create(String path) {
        return mail.status(FolderClass.create(mail.caller(), path, "", mail.id()));
    }

    private MailStatus delete(String path) {
        return mail.status(FolderClass.delete(mail.caller(), path));
    }

    private MailStatus rename(String path, String other) {
        return mail.status(FolderClass.rename(mail.caller(), path, other));
    }

    @Test
    void uidValidityGrows() {
        // RFC 9051 2.3.1.1: a mailbox made anew under an old name has a greater one.
        mail.createFolder("a");
        mail.createFolder("b");
        long first = mail.select(FolderRef.of("a")).header().uidValidity();
        long second = mail.select(FolderRef.of("b")).header().uidValidity();
        assertThat(second).isGreaterThan(first);
        delete("a");
        mail.pass(-1_000_000_000L);
        mail.createFolder("a");
        assertThat(mail.select(FolderRef.of("a")).header().uidValidity())
                .as("also when the clock goes back")
                .isGreaterThan(second);
        assertThat(mail.select(FolderRef.of("a")).number()).isNotEqualTo(new FolderNumber(2));
    }

    @Test
    void allFoldersAreToldInOneCall() {
        for (int i = 0; i < 100; i++) {
            mail.createFolder("f" + i);
        }
        FolderClass.ListReply all = list();
        assertThat(all.folders()).hasSize(101);
        assertThat(all.resumeAt()).isZero();
        assertThat(all.account()).isEqualTo(mail.account());
    }

    @Test
    void whatIsNotThereIsSaid() {
        AccountId other = AccountId.parse("ffffffff-ffff-ffff-ffff-ffffffffffff");
        FolderNumber none = new FolderNumber(77);
        assertThat(mail.status(new SelectClass.Parameters(other, FolderRef.of(INBOX)).call()))
                .isEqualTo(MailStatus.NO_SUCH_ACCOUNT);
        assertThat(mail.status(new FolderClass.ListParameters(other, INBOX).call()))
                .isEqualTo(MailStatus.NO_SUCH_ACCOUNT);
        assertThat(mail.status(mail.append(FolderRef.of(none), mail.item(new EmailId(mail.id()), 1, 0, List.of()))))
                .isEqualTo(MailStatus.NO_SUCH_FOLDER);
        assertThat(mail.status(new ChangesClass.SinceParameters(MailFixture.ACCOUNT, none, 1).call()))
                .isEqualTo(MailStatus.NO_SUCH_FOLDER);
        assertThat(mail.status(new ExpungeClass.Parameters(mail.caller(), none, ALL, 1, ExpungeClass.KEEP_NOT).call()))
                .isEqualTo(MailStatus.NO_SUCH_FOLDER);
        AccountRef stale = new AccountRef(
                new ShardRef(mail.id(), 1, Versioning.NEVER), MailFixture.ACCOUNT, mail.now(), mail.now());
        assertThat(mail.status(FolderClass.delete(stale, "x"))).isEqualTo(MailStatus.NO_SUCH_BUCKET);
        assertThat(mail.status(new AccountClass.Parameters(
                                mail.caller(), Quota.NONE, List.of(new AccountClass.NewFolder("INBOX", "", mail.id())))
                        .create()))
                .isEqualTo(MailStatus.ALREADY_EXISTS);
    }

    @Test
    void theQuotaCanBeChanged() {
        mail.append(INBOX, 0);
        mail.ok(new AccountClass.Parameters(mail.caller(), new Quota(15, 0), List.of()).setLimit());
        assertThat(mail.status(mail.append(FolderRef.of(INBOX), mail.item(new EmailId(mail.id()), 6, 0, List.of()))))
                .isEqualTo(MailStatus.OVER_QUOTA);
        mail.ok(mail.append(FolderRef.of(INBOX), mail.item(new EmailId(mail.id()), 5, 0, List.of())));
        mail.ok(new AccountClass.Parameters(mail.caller(), new Quota(0, 1), List.of()).setLimit());
        assertThat(mail.status(mail.append(FolderRef.of(INBOX), mail.item(new EmailId(mail.id()), 0, 0, List.of()))))
                .isEqualTo(MailStatus.OVER_QUOTA);
    }

    @Test
    void malformedParametersAreRefused() {
        assertThatThrownBy(() ->
                        mail.call(new ClassCall(MailClasses.MAILBOX, StoreClass.METHOD, Bytes.of(1, 1, 0), Data.EMPTY)))
                .isInstanceOf(MalformedBytesException.class);
        AppendClass.Item item = mail.item(new EmailId(mail.id()), 5, 0, List.of());
        ClassCall wrongLength =
                new AppendClass.Parameters(mail.caller(), FolderRef.of(INBOX), List.of(item)).call(Data.EMPTY);
        assertThatThrownBy(() -> mail.call(wrongLength)).isInstanceOf(MalformedBytesException.class);
    }
}

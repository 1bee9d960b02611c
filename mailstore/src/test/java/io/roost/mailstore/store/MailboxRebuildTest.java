package io.roost.mailstore.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectError;
import io.roost.mailstore.classes.DictClass;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.KeptClass;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.classes.SelectClass;
import io.roost.mailstore.classes.StoreClass;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.store.MailboxVerification.Bodies;
import io.roost.mailstore.store.MailboxVerification.Finding;
import io.roost.objectstore.classes.ModelLocator;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketRecord;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Placement;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.Versioning;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An account whose rows are thrown away is as it was at its checkpoint, with what came after it, and whole. */
class MailboxRebuildTest {
    private static final AccountId ACCOUNT = AccountId.parse("00112233-4455-6677-8899-aabbccddeeff");
    private static final FolderNumber INBOX = FolderNumber.INBOX;
    private static final long KEEP = 86_400_000L;

    private final Random random = new Random(1);
    private final MemoryCluster cluster = new MemoryCluster();
    private final BucketRecord mail = bucket("mail", 1);
    private final BucketRecord checkpointBucket = bucket("mail-checkpoints", 2);
    private long now = 1_800_000_000_000L;
    private final MailAccounts accounts = new MailAccounts(
            cluster, mail, checkpointBucket, new MailboxChanges(cluster), () -> now, this::bytes, HereWork.of(1 << 20));
    private final MailboxStore store = accounts.store(ACCOUNT);
    private final ModelLocator locator = cluster.locator(accounts.place(ACCOUNT).locatorKey());

    private static BucketRecord bucket(String name, int id) {
        return new BucketRecord(
                Bytes.hex("0001020304050607" + String.format(Locale.ROOT, "%016x", id)),
                name,
                "owner",
                1,
                false,
                1,
                Versioning.NEVER,
                new BucketRecord.Layout(new Placement(1), 1, 4 << 20, List.of(0)),
                "",
                BucketRecord.Use.MAIL);
    }

    private Bytes bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private static <T> T done(Future<T> future) {
        assertThat(future.isComplete()).isTrue();
        assertThat(future.cause()).isNull();
        return future.result();
    }

    private void append(String folder, int count, int systemFlags, List<String> keywords) {
        List<NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            now += 1_000;
            String text = "Subject: " + folder + " " + now + "\r\n\r\n" + "x".repeat(random.nextInt(900)) + "\r\n";
            messages.add(new NewMessage(Bytes.utf8(text), now - 500, systemFlags, keywords));
        }
        done(store.append(FolderRef.of(folder), messages));
    }

    @BeforeEach
    void fill() {
        for (BucketRecord bucket : List.of(mail, checkpointBucket)) {
            Bytes key = new BucketShards(bucket).locatorKeyOf(Bytes.utf8(ACCOUNT.text() + "/"));
            cluster.locator(key).call(new ShardClass.Parameters(ShardRef.of(bucket), 1).init());
        }
        done(accounts.ensure(ACCOUNT));
        done(store.createFolder("Work/\u00e4", ""));
        for (int i = 0; i < 8; i++) {
            append("INBOX", 200, 0, List.of());
        }
        append("Work/\u00e4", 30, MailFlags.SEEN, List.of("$Work", "other"));
        done(store.store(
                INBOX,
                UidSet.of(10, 300),
                0,
                new StoreClass.Change(
                        StoreClass.UNCONDITIONAL,
                        StoreClass.Mode.ADD,
                        MailFlags.FLAGGED | MailFlags.DELETED,
                        List.of("$Junk"))));
        done(store.copy(INBOX, UidSet.of(5, 20), FolderRef.of("Work/\u00e4")));
        done(store.expunge(INBOX, UidSet.of(100, 150), 0));
        done(store.expunge(INBOX, UidSet.of(160, 170), now + KEEP));
    }

    /** A line for each message: all but MODSEQ, which begins anew with its UIDVALIDITY, and when it was saved. */
    private Map<String, String> messages() {
        Map<String, String> all = new TreeMap<>();
        done(store.folders()).tree().nodes().stream()
                .filter(node -> node.kind() == FolderTree.Kind.FOLDER)
                .forEach(node -> {
                    SelectClass.Reply opened = done(store.open(FolderRef.of(node.number())));
                    done(store.eachPage(node.number(), opened.uids(), page -> {
                        page.forEach(each -> all.put(
                                done(store.folders()).tree().path(node) + " " + each.uid(),
                                each.message().email() + " " + each.message().internalMillis() + " "
                                        + each.message().sizeBytes() + " "
                                        + each.message().flags().system() + " "
                                        + opened.header()
                                                .keywordsOf(
                                                        each.message().flags().keywords())
                                        + " " + each.message().thread()));
                        return Future.succeededFuture();
                    }));
                });
        return all;
    }

    private List<Finding> findings() {
        return done(new MailboxVerification(store, Bodies.READ).run()).findings();
    }

    private void throwRowsAway() {
        for (Bytes name : locator.names()) {
            int kind = name.at(0);
            boolean isOurs = (kind >= MailRows.ACCOUNT && kind <= MailRows.KEPT) || kind >= MailRows.KEPT_END;
            if (isOurs) {
                locator.plant(name, null);
            }
        }
    }

    private MailboxRebuild.Report rebuild() {
        return done(accounts.rebuild(ACCOUNT).run());
    }

    @Test
    void whatTheCheckpointHasComesBackAsItWas() {
        done(accounts.admin(ACCOUNT).setLimit(new Quota(1 << 30, 0)));
        Map<String, String> before = messages();
        List<KeptClass.Listed> kept = done(accounts.admin(ACCOUNT).kept());
        AccountHeader header = done(store.account());
        List<Bytes> contents = contents();
        done(accounts.checkpoints(ACCOUNT).make(store, accounts.admin(ACCOUNT)));
        throwRowsAway();
        MailboxRebuild.Report report = rebuild();
        assertThat(messages()).isEqualTo(before).hasSizeGreaterThan(1_500);
        assertThat(done(accounts.admin(ACCOUNT).kept())).isEqualTo(kept).isNotEmpty();
        assertThat(contents()).isEqualTo(contents);
        assertThat(done(store.account()).used()).isEqualTo(header.used());
        assertThat(done(store.account()).limit()).isEqualTo(header.limit());
        assertThat(done(store.folders()).folders())
                .allSatisfy(
                        folder -> assertThat(folder.header().uidValidity()).isGreaterThan(header.lastUidValidity()));
        assertThat(report.known()).isEqualTo(before.size());
        assertThat(report.kept()).isEqualTo(kept.size());
        assertThat(report.unknown() + report.gone() + report.unreadable() + report.lost())
                .isZero();
        assertThat(findings()).isEmpty();
    }

    private static final Bytes ACTIVE = Bytes.utf8("priv/sieve/name/active");

    private static DictClass.Change set(Bytes key, String value) {
        return new DictClass.Change.Set(key, Bytes.utf8(value));
    }

    private static Map<String, String> keys(AccountDict dict) {
        Map<String, String> all = new TreeMap<>();
        Bytes[] after = {Bytes.EMPTY};
        do {
            DictClass.Page page = done(dict.page(Bytes.utf8("priv/"), DictClass.Depth.ALL, after[0]));
            page.rows().forEach(row -> all.put(row.key().utf8(), row.value().utf8()));
            after[0] = page.after();
        } while (!after[0].isEmpty());
        return all;
    }

    @Test
    void keysOfDictsComeBackWhereTheyAreLost() {
        AccountDict sieve = accounts.dict(ACCOUNT, "sieve");
        AccountDict metadata = accounts.dict(ACCOUNT, "metadata");
        // More than a page of them.
        done(sieve.commit(List.of(set(Bytes.utf8("priv/sieve/data/1"), "x".repeat(1 << 20)))));
        done(sieve.commit(List.of(set(Bytes.utf8("priv/sieve/data/2"), "y".repeat(1 << 20)))));
        for (int i = 0; i < 3; i++) {
            List<DictClass.Change> changes = new ArrayList<>();
            for (int j = 0; j < 150; j++) {
                changes.add(set(Bytes.utf8("priv/box/" + i + "/" + j), "value " + j));
            }
            done(metadata.commit(changes));
        }
        done(sieve.commit(List.of(set(ACTIVE, "1"))));
        Map<String, String> before = keys(metadata);
        done(accounts.checkpoints(ACCOUNT).make(store, accounts.admin(ACCOUNT)));
        throwRowsAway();
        locator.names().stream().filter(name -> name.at(0) == MailRows.DICT).forEach(name -> locator.plant(name, null));
        // What is there is newer than the checkpoint.
        done(sieve.commit(List.of(set(ACTIVE, "2"))));
        assertThat(rebuild().notKnown())
                .contains("whether keys of dicts were removed after the checkpoint: those are back");
        assertThat(keys(metadata)).isEqualTo(before).hasSize(450);
        assertThat(keys(sieve))
                .containsEntry("priv/sieve/name/active", "2")
                .containsEntry("priv/sieve/data/1", "x".repeat(1 << 20))
                .hasSize(3);
    }

    @Test
    void anAccountHasSoManyKeysAndNoMore() {
        AccountDict dict = accounts.dict(ACCOUNT, "sieve");
        for (int i = 0; i < DictClass.MAX_KEYS / DictClass.MAX_CHANGES; i++) {
            List<DictClass.Change> changes = new ArrayList<>();
            for (int j = 0; j < DictClass.MAX_CHANGES; j++) {
                changes.add(set(Bytes.utf8("priv/" + i + "/" + j), "v"));
            }
            done(dict.commit(changes));
        }
        List<DictClass.Change> another = List.of(set(ACTIVE, "1"));
        assertThat(accounts.dict(ACCOUNT, "metadata").commit(another).cause())
                .isInstanceOfSatisfying(
                        MailException.class,
                        refused -> assertThat(refused.status()).isEqualTo(MailStatus.LIMIT));
        // One for another, a new value, and those of all users: these are no more.
        done(dict.commit(List.of(new DictClass.Change.Unset(Bytes.utf8("priv/0/0")), another.get(0))));
        done(dict.commit(List.of(set(ACTIVE, "2"))));
        done(accounts.dict(DictClass.SHARED, "sieve").commit(List.of(set(Bytes.utf8("shared/a"), "1"))));
        assertThat(keys(dict)).hasSize(DictClass.MAX_KEYS).containsEntry("priv/sieve/name/active", "2");
    }

    @Test
    void keysOfAnAccountAreOfSoManyBytes() {
        AccountDict dict = accounts.dict(ACCOUNT, "sieve");
        String value = "x".repeat(DictClass.MAX_VALUE_BYTES);
        for (int i = 0; i < 15; i++) {
            done(dict.commit(List.of(set(Bytes.utf8("priv/" + i), value))));
        }
        assertThat(dict.commit(List.of(set(ACTIVE, value))).cause())
                .isInstanceOfSatisfying(
                        MailException.class,
                        refused -> assertThat(refused.status()).isEqualTo(MailStatus.LIMIT));
        done(dict.commit(List.of(set(ACTIVE, "1"))));
    }

    private List<Bytes> contents() {
        List<Bytes> contents = new ArrayList<>();
        for (Bytes name : locator.names()) {
            if (name.at(0) == MailRows.CONTENT) {
                contents.add(locator.value(name));
            }
        }
        return contents;
    }

    @Test
    void whatCameAfterItIsWhereItWasDelivered() {
        done(accounts.checkpoints(ACCOUNT).make(store, accounts.admin(ACCOUNT)));
        Map<String, String> before = messages();
        done(store.expunge(INBOX, UidSet.of(1, 300), 0));
        append("INBOX", 3, MailFlags.SEEN, List.of("lost"));
        append("Work/\u00e4", 2, 0, List.of());
        done(store.createFolder("New", ""));
        append("New", 1, 0, List.of());
        MailboxRebuild.Report report = rebuild();
        assertThat(report.unknown()).isEqualTo(6);
        assertThat(report.gone()).isPositive();
        Map<String, String> after = messages();
        assertThat(after.keySet().stream().filter(each -> !before.containsKey(each)))
                .containsExactlyInAnyOrder(
                        "INBOX 1601", "INBOX 1602", "INBOX 1603", "Work/\u00e4 47", "Work/\u00e4 48", "New 1");
        assertThat(after.get("INBOX 1601")).contains(" 1 [] ");
        assertThat(before).containsAllEntriesOf(only(after, before));
        assertThat(findings()).isEmpty();
        // The account is in use again.
        append("New", 1, 0, List.of());
        assertThat(messages()).containsKey("New 2");
        assertThat(findings()).isEmpty();
    }

    private static Map<String, String> only(Map<String, String> all, Map<String, String> known) {
        Map<String, String> some = new TreeMap<>(all);
        some.keySet().retainAll(known.keySet());
        return some;
    }

    @Test
    void withoutACheckpointTheBucketSaysWhereMessagesWere() {
        long bodies = locator.names().stream()
                .filter(name -> name.at(0) == EntryNames.KEY)
                .count();
        throwRowsAway();
        MailboxRebuild.Report report = rebuild();
        assertThat(report.checkpointMillis()).isZero();
        assertThat(report.unknown()).isEqualTo(bodies);
        assertThat(messages()).hasSize((int) bodies).containsKeys("INBOX 1", "Work/\u00e4 30");
        assertThat(findings()).isEmpty();
    }

    @Test
    void aDamagedBodyStopsNothing() {
        done(accounts.checkpoints(ACCOUNT).make(store, accounts.admin(ACCOUNT)));
        String body = messages().get("INBOX 1000").split(" ", 2)[0];
        locator.plant(body(body), null);
        MailboxRebuild.Report report = rebuild();
        assertThat(report.gone()).isEqualTo(1);
        assertThat(messages()).doesNotContainKey("INBOX 1000").containsKeys("INBOX 999", "INBOX 1001");
        assertThat(findings()).isEmpty();
    }

    @Test
    void damagedHeadsAndMetadataAndUnreadableBodiesStopNothing() {
        done(accounts.checkpoints(ACCOUNT).make(store, accounts.admin(ACCOUNT)));
        String[] emails = new String[2];
        for (int i = 0; i < emails.length; i++) {
            emails[i] = messages().get("INBOX " + (1000 + i)).split(" ", 2)[0];
        }
        locator.plant(body(emails[0]), Bytes.hex("ff00"));
        cluster.failNext("body", ObjectError.IO_ERROR);
        MailboxRebuild.Report report = rebuild();
        assertThat(report.unreadable()).isEqualTo(2);
        assertThat(report.gone() + report.lost() + report.unknown()).isZero();
        assertThat(report.notKnown())
                .contains("the structure of messages with bodies that cannot be read: 2")
                .noneMatch(each -> each.contains("quota"));
        assertThat(messages()).containsKeys("INBOX 1000", "INBOX 1001");
        // Without the checkpoint, and without what its metadata say, nothing leads to a folder.
        locator.plantValue(body(emails[1]), Bytes.hex("ff00"));
        checkpoints().names().forEach(name -> checkpoints().plant(name, null));
        throwRowsAway();
        report = rebuild();
        assertThat(report.lost()).isEqualTo(1);
        assertThat(report.notKnown())
                .contains(
                        "flags, moves, copies, names of folders and what was expunged: there is no checkpoint",
                        "where messages were whose bodies say nothing of it; left as they are: 1",
                        "the quota, its row being lost; it is without limit");
    }

    @Test
    void whatOneWhoEndedKnewOfTheQuotaIsKept() {
        done(accounts.admin(ACCOUNT).setLimit(new Quota(1 << 30, 7)));
        cluster.failNext("rows");
        assertThat(accounts.rebuild(ACCOUNT).run().failed()).isTrue();
        assertThat(rebuild().isLimitOwn()).isTrue();
        assertThat(done(store.account()).limit()).isEqualTo(new Quota(1 << 30, 7));
    }

    private static Bytes body(String email) {
        return EntryNames.version(Bytes.utf8(ACCOUNT.text() + "/" + email), 0);
    }

    private ModelLocator checkpoints() {
        return cluster.locator(new BucketShards(checkpointBucket).locatorKeyOf(Bytes.utf8(ACCOUNT.text() + "/")));
    }

    @Test
    void whileItIsRebuiltNothingElseChangesIt() {
        done(accounts.checkpoints(ACCOUNT).make(store, accounts.admin(ACCOUNT)));
        Map<String, String> before = messages();
        cluster.beforeNext("rows", () -> {
            assertThat(MailException.is(
                            store.append(
                                            FolderRef.of(INBOX),
                                            List.of(new NewMessage(Bytes.utf8("A: b\r\n\r\n"), now, 0, List.of())))
                                    .cause(),
                            MailStatus.NO_SUCH_ACCOUNT))
                    .isTrue();
            // Somebody makes sure that it is there.
            done(accounts.ensure(ACCOUNT));
            assertThat(locator.attributes(MailRows.account(ACCOUNT))).isNull();
            // Another one begins, and does it.
            rebuild();
        });
        assertThat(MailException.is(accounts.rebuild(ACCOUNT).run().cause(), MailStatus.NOT_POSSIBLE))
                .isTrue();
        assertThat(messages()).isEqualTo(before);
        // One that ends in the middle is followed by another.
        cluster.failNext("rows");
        assertThat(accounts.rebuild(ACCOUNT).run().failed()).isTrue();
        rebuild();
        assertThat(messages()).isEqualTo(before);
        assertThat(findings()).isEmpty();
    }

    @Test
    void aCheckpointThatIsNotWholeIsNotUsedAndOldOnesGo() {
        for (int i = 0; i < 4; i++) {
            now += 1_000;
            done(accounts.checkpoints(ACCOUNT).make(store, accounts.admin(ACCOUNT)));
        }
        List<String> keys = checkpoints().names().stream()
                .filter(name -> name.at(0) == EntryNames.KEY)
                .map(name -> EntryNames.keyOfVersion(name).utf8())
                .toList();
        assertThat(keys.stream().filter(key -> key.endsWith("/whole"))).hasSize(2);
        assertThat(keys.stream().map(key -> key.split("/", -1)[1]).distinct()).hasSize(2);
        now += 1_000;
        cluster.failNext("put");
        assertThat(accounts.checkpoints(ACCOUNT)
                        .make(store, accounts.admin(ACCOUNT))
                        .failed())
                .isTrue();
        assertThat(rebuild().checkpointMillis()).isEqualTo(now - 1_000);
    }

    @Test
    void aBodyThatNoMessageRefersToIsFound() {
        String body = messages().get("INBOX 900").split(" ", 2)[0];
        locator.plant(MailRows.references(ACCOUNT, EmailId.parse(body)), null);
        assertThat(findings())
                .contains(
                        new Finding("", 0, "no message refers to the body " + body),
                        new Finding("INBOX", 900, "no reference"));
    }
}

package io.roost.mailstore.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.AccountClass;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.classes.SelectClass;
import io.roost.mailstore.classes.StoreClass;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.mailstore.store.AccountPlace;
import io.roost.mailstore.store.BodyWork;
import io.roost.mailstore.store.HereWork;
import io.roost.mailstore.store.MailException;
import io.roost.mailstore.store.MailboxChanges;
import io.roost.mailstore.store.MailboxStore;
import io.roost.mailstore.store.MemoryCluster;
import io.roost.mailstore.store.NewMessage;
import io.roost.mailstore.transfer.MailboxImport.UidRule;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.Versioning;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail of other stores in and out, with accounts on a pool in memory. */
class TransferTest {
    private static final ShardRef SHARD =
            new ShardRef(Bytes.hex("000102030405060708090a0b0c0d0e0f"), 1, Versioning.NEVER);
    private static final long NOW = 1_800_000_000_000L;

    @TempDir
    private Path folder;

    private final Random random = new Random(1);
    private final BodyWork work = HereWork.of(1 << 20);
    private final IdentityHashMap<MailboxStore, MemoryCluster> clusters = new IdentityHashMap<>();
    private final MailboxStore ada = account(1);

    private static final BodyWork.Elsewhere HERE = new BodyWork.Elsewhere() {
        @Override
        public <T> Future<T> run(Callable<T> task) {
            try {
                return Future.succeededFuture(task.call());
            } catch (Exception failure) {
                return Future.failedFuture(failure);
            }
        }
    };

    private Bytes bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private MailboxStore account(int number) {
        AccountId id = AccountId.parse("00112233-4455-6677-8899-aabbccddee0" + number);
        AccountPlace place = new AccountPlace(id, Bytes.utf8("shard" + number), SHARD);
        MemoryCluster cluster = new MemoryCluster();
        cluster.locator(place.locatorKey()).call(new ShardClass.Parameters(SHARD, 1).init());
        cluster.locator(place.locatorKey())
                .call(new AccountClass.Parameters(
                                new AccountRef(SHARD, id, NOW, NOW),
                                Quota.NONE,
                                List.of(new AccountClass.NewFolder("INBOX", "", bytes(16))))
                        .create());
        MailboxStore store =
                new MailboxStore(cluster, place, new MailboxChanges(cluster), () -> NOW, this::bytes, work);
        clusters.put(store, cluster);
        return store;
    }

    private static <T> T done(Future<T> future) {
        assertThat(future.isComplete()).isTrue();
        if (future.failed() && future.cause() instanceof RuntimeException failure) {
            throw failure;
        }
        assertThat(future.cause()).isNull();
        return future.result();
    }

    private MailboxImport in(MailboxStore store, UidRule rule) {
        return new MailboxImport(store, work, HERE, rule);
    }

    /** All of a folder: by UID what a client sees of each message. */
    private static Map<Long, List<Object>> messages(MailboxStore store, String path) {
        Map<Long, List<Object>> messages = new TreeMap<>();
        SelectClass.Reply opened = done(store.open(FolderRef.of(path)));
        done(store.eachPage(opened.number(), opened.uids(), page -> {
            for (NumberedMessage each : page) {
                MailFlags flags = each.message().flags();
                Bytes body = done(store.bodies()
                        .withMessage(each.message().email(), each.message().sizeBytes(), Future::succeededFuture));
                messages.put(
                        each.uid(),
                        List.of(
                                body.utf8(),
                                flags.system(),
                                opened.header().keywordsOf(flags.keywords()),
                                each.message().internalMillis() / 1000));
            }
            return Future.succeededFuture();
        }));
        return messages;
    }

    private static SelectClass.Reply opened(MailboxStore store, String path) {
        return done(store.open(FolderRef.of(path)));
    }

    private Path maildir() throws IOException {
        Path root = folder.resolve("Maildir");
        for (String each :
                List.of("cur", "new", "tmp", ".Archive.2026/cur", ".Entw&APw-rfe/cur", ".empty/cur", "other")) {
            Files.createDirectories(root.resolve(each));
        }
        file(root, "cur/1000.a.host,S=5:2,FSab", "Subject: a\n\nText\n", 1_000);
        file(root, "cur/1001.b.host:2,T", "Subject: b\r\n\r\nlone \n LF\r\n", 1_001);
        file(root, "new/1002.c.host", "Subject: c\n\nnew\n", 1_002);
        file(root, "cur/1003.empty:2,", "", 1_003);
        file(root, "tmp/1004.tmp", "unfinished", 1_004);
        Files.writeString(root.resolve("dovecot-keywords"), "0 $Work\n1 Later\n");
        Files.writeString(
                root.resolve("dovecot-uidlist"),
                "3 V1234567890 N42 G00112233445566778899aabbccddeeff\n7 W100 :1000.a.host,S=5\n9 :1001.b.host\n");
        file(root, ".Archive.2026/cur/1005.d:2,RDP", "Subject: d\n\nd\n", 1_005);
        file(root, ".Entw&APw-rfe/cur/1006.e:2,", "Subject: e\n\ne", 1_006);
        Files.writeString(root.resolve("subscriptions"), "V\t2\n\nArchive\t2026\nEntw&APw-rfe\n");
        return root;
    }

    private static void file(Path root, String name, String text, long seconds) throws IOException {
        Path file = Files.writeString(root.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(seconds * 1000));
    }

    @Test
    void aMaildirComesInWithItsUids() throws IOException {
        List<MailboxImport.Folder> folders = done(in(ada, UidRule.KEPT).maildir(maildir()));
        assertThat(folders)
                .extracting(MailboxImport.Folder::path, MailboxImport.Folder::messages, MailboxImport.Folder::uids)
                .containsExactly(
                        tuple("INBOX", 3L, UidRule.KEPT),
                        tuple("Archive/2026", 1L, UidRule.NEW),
                        tuple("Entwürfe", 1L, UidRule.NEW),
                        tuple("empty", 0L, UidRule.NEW));
        assertThat(folders.get(0).skipped())
                .singleElement()
                .satisfies(one -> assertThat(one.why()).isEqualTo("empty"));
        assertThat(messages(ada, "INBOX"))
                .isEqualTo(Map.of(
                        7L,
                        List.of(
                                "Subject: a\r\n\r\nText\r\n",
                                MailFlags.FLAGGED | MailFlags.SEEN,
                                List.of("$Work", "Later"),
                                1_000L),
                        9L,
                        List.of("Subject: b\r\n\r\nlone \n LF\r\n", MailFlags.DELETED, List.of(), 1_001L),
                        42L,
                        List.of("Subject: c\r\n\r\nnew\r\n", 0, List.of(), 1_002L)));
        assertThat(opened(ada, "INBOX").header().uidValidity()).isEqualTo(1_234_567_890L);
        assertThat(opened(ada, "INBOX").header().uidNext()).isEqualTo(43);
        assertThat(messages(ada, "Archive/2026").get(1L))
                .isEqualTo(List.of(
                        "Subject: d\r\n\r\nd\r\n",
                        MailFlags.ANSWERED | MailFlags.DRAFT,
                        List.of("$Forwarded"),
                        1_005L));
        assertThat(done(ada.folders()).tree().subscriptions()).containsExactly("Archive/2026", "Entwürfe", "INBOX");
    }

    @Test
    void anImportThatIsBegunAgainGoesOn() throws IOException {
        Path root = maildir();
        done(in(ada, UidRule.KEPT).maildir(root));
        Files.writeString(
                root.resolve("dovecot-uidlist"),
                "3 V1234567890 N44 G00\n7 :1000.a.host,S=5\n9 :1001.b.host\n42 :1002.c.host\n43 :1007.f\n");
        file(root, "cur/1007.f:2,", "Subject: f\n\nf\n", 1_007);
        assertThat(done(in(ada, UidRule.KEPT).maildir(root)).get(0).messages()).isEqualTo(1);
        assertThat(messages(ada, "INBOX").keySet()).containsExactly(7L, 9L, 42L, 43L);
        // With other UIDs it is another folder, which cannot be mixed with this one.
        Files.writeString(root.resolve("dovecot-uidlist"), "3 V5 N44 G00\n7 :1000.a.host,S=5\n");
        assertThatThrownBy(() -> done(in(ada, UidRule.KEPT).maildir(root)))
                .isInstanceOfSatisfying(
                        MailException.class,
                        refused -> assertThat(refused.status()).isEqualTo(MailStatus.NOT_POSSIBLE));
        assertThat(messages(ada, "INBOX")).hasSize(4);
    }

    @Test
    void aMessageWhoseUidHasBeenGivenMeanwhileComesAllTheSame() throws IOException {
        Path root = maildir();
        done(in(ada, UidRule.KEPT).maildir(root));
        // Both stores took mail: UID 43 is one message there and another here.
        done(ada.append(
                FolderRef.of("INBOX"), List.of(new NewMessage(Bytes.utf8("Subject: here\r\n\r\n"), 1, 0, List.of()))));
        Files.writeString(
                root.resolve("dovecot-uidlist"),
                "3 V1234567890 N45 G00\n7 :1000.a.host,S=5\n9 :1001.b.host\n42 :1002.c.host\n43 :1007.f\n44 :1008.g\n");
        file(root, "cur/1007.f:2,", "Subject: f\n\nf\n", 1_007);
        file(root, "cur/1008.g:2,", "Subject: g\n\ng\n", 1_008);
        MailboxImport.Folder inbox = done(in(ada, UidRule.KEPT).maildir(root)).get(0);
        assertThat(List.of(inbox.messages(), inbox.present())).containsExactly(2L, 3L);
        Map<Long, List<Object>> messages = messages(ada, "INBOX");
        assertThat(messages.keySet()).containsExactly(7L, 9L, 42L, 43L, 44L, 45L);
        assertThat(List.of(
                        messages.get(43L).get(0),
                        messages.get(44L).get(0),
                        messages.get(45L).get(0)))
                .containsExactly("Subject: here\r\n\r\n", "Subject: g\r\n\r\ng\r\n", "Subject: f\r\n\r\nf\r\n");
        assertThat(done(in(ada, UidRule.KEPT).maildir(root)).get(0).messages()).isZero();
    }

    @Test
    void aMaildirThatComesAgainIsNotDoubled() throws IOException {
        Path root = maildir();
        Files.delete(root.resolve("dovecot-uidlist"));
        // The same message in another folder, and another of the same name, are messages of their own.
        file(root, ".empty/cur/1000.a.host,S=5:2,", "Subject: a\n\nText\n", 1_000);
        file(root, "new/1000.a.host,S=5", "Subject: another\n\nText\n", 1_000);
        file(root, "cur/1001.b.host:2,", "Subject: b\r\n\r\nlone \n LF\r\n", 1_001);
        for (int i = 0; i < 250; i++) {
            file(root, "cur/2" + i + ".x:2,", "Subject: " + i + "\n\nx\n", 2_000);
        }
        done(in(ada, UidRule.KEPT).maildir(root));
        Map<Long, List<Object>> inbox = messages(ada, "INBOX");
        assertThat(inbox).hasSize(255);
        assertThat(messages(ada, "empty")).hasSize(1);
        // Flags and dates may be others; a new message comes, one moved away here stays away, one expunged comes back.
        Files.move(root.resolve("cur/2100.x:2,"), root.resolve("cur/2100.x:2,FS"));
        Files.setLastModifiedTime(root.resolve("cur/2101.x:2,"), FileTime.fromMillis(5));
        file(root, "new/3000.new", "Subject: new\n\n", 3_000);
        done(ada.createFolder("Away", ""));
        done(ada.move(opened(ada, "INBOX").number(), UidSet.of(10, 12), FolderRef.of("Away")));
        done(ada.store(
                opened(ada, "INBOX").number(),
                UidSet.of(20, 20),
                0,
                new StoreClass.Change(StoreClass.UNCONDITIONAL, StoreClass.Mode.ADD, MailFlags.DELETED, List.of())));
        done(ada.expunge(opened(ada, "INBOX").number(), UidSet.of(20, 20), 0));
        for (UidRule rule : UidRule.values()) {
            List<MailboxImport.Folder> again = done(in(ada, rule).maildir(root));
            boolean isFirst = rule == UidRule.KEPT;
            assertThat(again)
                    .extracting(
                            MailboxImport.Folder::path, MailboxImport.Folder::messages, MailboxImport.Folder::present)
                    .containsExactly(
                            tuple("INBOX", isFirst ? 2L : 0L, isFirst ? 254L : 256L),
                            tuple("Archive/2026", 0L, 1L),
                            tuple("Entwürfe", 0L, 1L),
                            tuple("empty", 0L, 1L));
        }
        assertThat(messages(ada, "INBOX")).hasSize(253);
        assertThat(messages(ada, "Away")).hasSize(3);
    }

    @Test
    void importsOfOneMaildirAtOnceLoseAndDoubleNothing() throws IOException {
        Path root = maildir();
        Files.delete(root.resolve("dovecot-uidlist"));
        for (int i = 0; i < 150; i++) {
            file(root, "cur/2" + i + ".x:2,", "Subject: " + i + "\n\nx\n", 2_000);
        }
        // Another import takes place after this one has asked what is there; its first message is not this one's.
        clusters.get(ada).beforeNext("append", () -> {
            try {
                Path other =
                        Files.createDirectories(folder.resolve("other/cur")).getParent();
                Files.copy(root.resolve("cur/1000.a.host,S=5:2,FSab"), other.resolve("cur/1000.a.host,S=5:2,"));
                done(new MailboxImport(ada, HereWork.of(1 << 20), HERE, UidRule.NEW).maildir(other));
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        });
        assertThatThrownBy(() -> done(in(ada, UidRule.KEPT).maildir(root)))
                .isInstanceOfSatisfying(
                        MailException.class,
                        refused -> assertThat(refused.status()).isEqualTo(MailStatus.BODY_EXISTS));
        done(in(ada, UidRule.KEPT).maildir(root));
        assertThat(messages(ada, "INBOX")).hasSize(153);
    }

    private void fill(MailboxStore store) {
        done(store.createFolder("Archive/v1.0 \\ ü", ""));
        done(store.subscribe("Archive/v1.0 \\ ü"));
        for (String path : List.of("INBOX", "Archive/v1.0 \\ ü")) {
            for (int i = 0; i < 3; i++) {
                List<NewMessage> messages = new ArrayList<>();
                for (int j = 0; j < 90; j++) {
                    int number = 90 * i + j;
                    messages.add(new NewMessage(
                            Bytes.utf8("Subject: " + number + "\r\n\r\nFrom here\r\n>From there\r\n\r\n"
                                    + "x".repeat(random.nextInt(200)) + "\r\n"),
                            1_700_000_000_000L + 1_000L * number,
                            random.nextInt(32),
                            number % 3 == 0 ? List.of("$Work", "k" + number % 5) : List.of()));
                }
                done(store.append(FolderRef.of(path), messages));
            }
        }
    }

    @Test
    void whatGoesOutAsAMaildirComesInAsItWas() {
        fill(ada);
        Path out = folder.resolve("out");
        assertThat(done(new MailboxExport(ada, HERE, MailboxExport.Form.MAILDIR).into(out)))
                .extracting(MailboxExport.Folder::messages)
                .containsExactly(270L, 270L);
        MailboxStore bob = account(2);
        done(in(bob, UidRule.KEPT).maildir(out));
        for (String path : List.of("INBOX", "Archive/v1.0 \\ ü")) {
            assertThat(messages(bob, path)).isEqualTo(messages(ada, path));
            assertThat(opened(bob, path).header().uidValidity())
                    .isEqualTo(opened(ada, path).header().uidValidity());
            assertThat(opened(bob, path).header().uidNext())
                    .isEqualTo(opened(ada, path).header().uidNext());
        }
        assertThat(done(bob.folders()).tree().subscriptions())
                .containsExactlyElementsOf(done(ada.folders()).tree().subscriptions());
        assertThat(new MailboxExport(ada, HERE, MailboxExport.Form.MAILDIR)
                        .into(out)
                        .cause())
                .hasMessage(out + " is not empty");
    }

    @Test
    void whatGoesOutAsMboxComesInAsItWas() {
        fill(ada);
        Path out = folder.resolve("out");
        done(new MailboxExport(ada, HERE, MailboxExport.Form.MBOX).into(out));
        MailboxStore bob = account(2);
        done(in(bob, UidRule.KEPT).mbox(out.resolve("INBOX.mbox"), "INBOX", NOW));
        assertThat(messages(bob, "INBOX")).isEqualTo(messages(ada, "INBOX"));
    }

    @Test
    void anMboxThatComesAgainIsNotDoubled() throws IOException {
        String one = "From a Tue Feb  3 04:05:06 2026\nSubject: one\n\n1\n\n";
        StringBuilder text = new StringBuilder(one).append(one);
        for (int i = 0; i < 2_000; i++) {
            text.append("From a Tue Feb  3 04:05:06 2026\nSubject: ").append(i).append("\n\nx\n\n");
        }
        Path file = Files.writeString(folder.resolve("mbox"), text);
        // Two that are equal in every byte are two.
        assertThat(done(in(ada, UidRule.KEPT).mbox(file, "Lists", NOW)).get(0).messages())
                .isEqualTo(2_002);
        // Read since by its program, and with more mail: another equal one among it, and one that came a second later.
        Files.writeString(
                file, text.toString().replace("\n\n1", "\nStatus: RO\n\n1") + one + one.replace("05:06", "05:07"));
        MailboxImport.Folder again =
                done(in(ada, UidRule.KEPT).mbox(file, "Lists", NOW)).get(0);
        assertThat(List.of(again.messages(), again.present())).containsExactly(2L, 2_002L);
        // Another folder has none of them.
        assertThat(done(in(ada, UidRule.KEPT).mbox(file, "Other", NOW)).get(0).messages())
                .isEqualTo(2_004);
        assertThat(messages(ada, "Lists")).hasSize(2_004);
    }

    @Test
    void anMboxOfOtherProgramsIsUnderstood() throws IOException {
        Path file = Files.writeString(folder.resolve("mbox"), """
                From MAILER-DAEMON Thu Jan  1 00:00:00 1970
                Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA
                X-IMAP: 1 2

                internal

                From ada@example.org Tue Feb  3 04:05:06 2026
                Subject: one
                Status: RO
                X-Status: AF
                X-Keywords: $Work
                   Later
                X-UID: 17
                Content-Length: 3

                From the start, not of a message.

                >From quoted
                >>From twice

                From ada Tue Foo 33 04:05:06 2026
                Subject: two

                """);
        List<MailboxImport.Folder> folders = done(in(ada, UidRule.KEPT).mbox(file, "Lists", NOW));
        assertThat(folders.get(0).messages()).isEqualTo(2);
        Map<Long, List<Object>> messages = messages(ada, "Lists");
        assertThat(messages.get(1L))
                .isEqualTo(List.of(
                        "Subject: one\r\n\r\nFrom the start, not of a message.\r\n\r\nFrom quoted\r\n>From twice\r\n"
                                .replace("\\\\r\\\\n", "\r\n"),
                        MailFlags.SEEN | MailFlags.ANSWERED | MailFlags.FLAGGED,
                        List.of("$Work", "Later"),
                        1_770_091_506L));
        assertThat(messages.get(2L)).isEqualTo(List.of("Subject: two\r\n\r\n", 0, List.of(), NOW / 1000));
        assertThat(in(ada, UidRule.KEPT)
                        .mbox(Files.writeString(folder.resolve("none"), "Subject: x\\n"), "Lists", NOW)
                        .cause())
                .hasMessageEndingWith("is no mbox: it does not begin with From and a time");
    }
}

package io.roost.mailstore.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.GoldenFile;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.EmailReferences.Place;
import io.roost.mailstore.mailbox.UidSet.Range;
import io.roost.mailstore.mime.MimeCodec;
import io.roost.mailstore.mime.MimeScanner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What rows look like on the disk, for good. */
class RowsTest {
    private static final AccountId ACCOUNT = AccountId.parse("00112233-4455-6677-8899-aabbccddeeff");
    private static final EmailId EMAIL = EmailId.parse("01890f5a-0001-7abc-8def-000000000001");
    private static final FolderNumber FOLDER = new FolderNumber(0x01020304);

    static final MessageRecord MESSAGE = new MessageRecord(
            EMAIL, 1_780_000_000_123L, 1_780_000_001_000L, 20_480, new MailFlags(MailFlags.SEEN, 5), 77, EMAIL);

    private static <T> void golden(String name, T row, Function<T, Bytes> encode, Function<Bytes, T> decode) {
        golden(name, 1, row, encode, decode);
    }

    private static <T> void golden(
            String name, int version, T row, Function<T, Bytes> encode, Function<Bytes, T> decode) {
        String file = "mail-" + name + "-v" + version + ".hex";
        GoldenFile.check(file, encode.apply(row));
        assertThat(decode.apply(GoldenFile.read(file))).isEqualTo(row);
        byte[] newer = encode.apply(row).array().clone();
        newer[1] = 99;
        assertThatThrownBy(() -> decode.apply(Bytes.wrap(newer))).isInstanceOf(MalformedBytesException.class);
    }

    private static SortedMap<FolderNumber, FolderHeader> folders() {
        SortedMap<FolderNumber, FolderHeader> folders = AccountCheckpoint.ordered();
        folders.put(FolderNumber.INBOX, FolderHeader.empty(5));
        return folders;
    }

    @Test
    void rows() {
        golden(
                "account",
                new AccountHeader(7, 1_780_000_000L, new Quota(123_456, 42), new Quota(1 << 30, 0)),
                AccountHeader::encode,
                AccountHeader::decode);
        golden(
                "folder",
                new FolderHeader(
                        1_780_000_000L,
                        4_001,
                        new FolderHeader.Log(900, 300, 600, 800),
                        new FolderHeader.Counts(3_000, 17, 2, 99_999_999_999L),
                        List.of("$Forwarded", "\u00e4")),
                FolderHeader::encode,
                FolderHeader::decode);
        golden("message", MESSAGE, MessageRecord::encode, MessageRecord::decode);
        golden(
                "change",
                new ChangeRow(
                        UidSet.of(5),
                        new UidSet(List.of(new Range(1, 1), new Range(3, 900))),
                        new UidSet(List.of(new Range(UidSet.MAX_UID, UidSet.MAX_UID)))),
                ChangeRow::encode,
                ChangeRow::decode);
        golden(
                "references",
                new EmailReferences(List.of(new Place(FolderNumber.INBOX, 9), new Place(FOLDER, UidSet.MAX_UID))),
                EmailReferences::encode,
                EmailReferences::decode);
        golden(
                "kept",
                new KeptMessage(1_790_000_000_000L, MESSAGE, List.of("$Work")),
                KeptMessage::encode,
                KeptMessage::decode);
        golden("content", new ContentRow(Bytes.of(1, 2, 3), "Hello"), ContentRow::encode, ContentRow::decode);
        golden(
                "copy-progress",
                new CopyProgress(
                        CopyProgress.State.UNDOING,
                        1_790_000_000_000L,
                        FOLDER,
                        new UidSet(List.of(new Range(1, 250), new Range(252, 501)))),
                CopyProgress::encode,
                CopyProgress::decode);
        golden(
                "rebuild",
                new RebuildRow(
                        EMAIL.bytes(), new AccountHeader(7, 1_780_000_000L, Quota.NONE, new Quota(1 << 30, 0)), true),
                RebuildRow::encode,
                RebuildRow::decode);
        golden(
                "account-checkpoint",
                new AccountCheckpoint(
                        1_780_000_000_000L, 2, AccountHeader.empty(Quota.NONE), SampleTree.tree(), folders()),
                AccountCheckpoint::encode,
                AccountCheckpoint::decode);
        AccountCheckpoint.Page page = new AccountCheckpoint.Page(
                List.of(new AccountCheckpoint.Item(FOLDER, new NumberedMessage(9, MESSAGE))),
                List.of(new AccountCheckpoint.KeptItem(
                        new Place(FOLDER, 8), new KeptMessage(1_790_000_000_000L, MESSAGE, List.of("$Work")))),
                List.of(MailRow.ofValue(MailRows.dict(ACCOUNT, "sieve", Bytes.utf8("priv/a")), Bytes.utf8("v"))));
        golden("account-checkpoint-page", 2, page, AccountCheckpoint.Page::encode, AccountCheckpoint.Page::decode);
        assertThat(AccountCheckpoint.Page.decode(GoldenFile.read("mail-account-checkpoint-page-v1.hex")))
                .isEqualTo(new AccountCheckpoint.Page(page.items(), page.kept(), List.of()));
        golden("folder-end", new FolderEnd(List.of("a", "b")), FolderEnd::encode, FolderEnd::decode);
        golden(
                "user",
                new MailUser(
                        new AccountId(EMAIL.bytes()), "j\u00f6rg@example.org", "SCRAM-SHA-256$...", 1_780_000_000_000L),
                MailUser::encode,
                MailUser::decode);
        golden("tree", SampleTree.tree(), FolderTree::encode, FolderTree::decode);
    }

    @Test
    void theRangesOfACheckpointAreItsUids() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            UidCheckpoint checkpoint = new UidCheckpoint();
            TreeSet<Long> uids = new TreeSet<>();
            for (int change = 0; change < 20; change++) {
                // On both sides of where one container of the bitmap ends and the next begins.
                long first = 65_400L + random.nextInt(300);
                long last = first + random.nextInt(60);
                boolean isAdded = random.nextInt(3) > 0;
                UidSet range = UidSet.of(first, last);
                checkpoint.apply(
                        new ChangeRow(isAdded ? range : UidSet.EMPTY, UidSet.EMPTY, isAdded ? UidSet.EMPTY : range));
                for (long uid = first; uid <= last; uid++) {
                    if (isAdded) {
                        uids.add(uid);
                    } else {
                        uids.remove(uid);
                    }
                }
            }
            UidSet.Builder expected = new UidSet.Builder();
            uids.forEach(expected::add);
            assertThat(checkpoint.toSet()).isEqualTo(expected.build());
            assertThat(UidCheckpoint.decode(checkpoint.encode()).toSet()).isEqualTo(expected.build());
        }
    }

    @Test
    void checkpoint() {
        UidCheckpoint checkpoint = new UidCheckpoint()
                .apply(new ChangeRow(UidSet.of(1, 70_000), UidSet.EMPTY, UidSet.EMPTY))
                .apply(new ChangeRow(UidSet.of(UidSet.MAX_UID), UidSet.EMPTY, UidSet.of(5, 9)));
        GoldenFile.check("mail-checkpoint-v1.hex", checkpoint.encode());
        UidCheckpoint read = UidCheckpoint.decode(GoldenFile.read("mail-checkpoint-v1.hex"));
        assertThat(read.toSet())
                .isEqualTo(new UidSet(
                        List.of(new Range(1, 4), new Range(10, 70_000), new Range(UidSet.MAX_UID, UidSet.MAX_UID))));
        assertThat(read.count()).isEqualTo(69_996);
        assertThat(read.contains(UidSet.MAX_UID)).isTrue();
        assertThat(read.contains(9)).isFalse();
        assertThat(UidCheckpoint.decode(Bytes.EMPTY).count()).isZero();
        assertThatThrownBy(() -> UidCheckpoint.decode(Bytes.of(1, 2, 3))).isInstanceOf(MalformedBytesException.class);
    }

    @Test
    void structure() {
        // Of the package mime, kept in the content row.
        byte[] message = String.join(
                        "\r\n",
                        "Date: Wed, 17 Jul 1996 02:23:25 -0700",
                        "From: A <a@b>",
                        "To: c@d, e: f@g;",
                        "Content-Type: multipart/mixed; boundary=b",
                        "",
                        "--b",
                        "Content-Type: text/html; charset=utf-8",
                        "Content-Disposition: attachment; filename=x",
                        "Content-Language: de",
                        "",
                        "x",
                        "--b",
                        "Content-Type: message/rfc822",
                        "",
                        "Subject: y",
                        "",
                        "z",
                        "--b--")
                .getBytes(StandardCharsets.US_ASCII);
        GoldenFile.check("mail-structure-v1.hex", MimeCodec.encode(MimeScanner.scan(message)));
        assertThat(MimeCodec.decode(GoldenFile.read("mail-structure-v1.hex"))).isEqualTo(MimeScanner.scan(message));
    }

    @Test
    void names() {
        ByteWriter all = new ByteWriter();
        for (Bytes name : List.of(
                MailRows.account(ACCOUNT),
                MailRows.tree(ACCOUNT),
                MailRows.folder(ACCOUNT, FOLDER),
                MailRows.message(ACCOUNT, FOLDER, 0xfffefdfcL),
                MailRows.change(ACCOUNT, FOLDER, 0x0102030405060708L),
                MailRows.checkpoint(ACCOUNT, FOLDER),
                MailRows.references(ACCOUNT, EMAIL),
                MailRows.content(ACCOUNT, EMAIL),
                MailRows.kept(ACCOUNT, FOLDER, 7),
                MailRows.keptEnd(1_790_000_000_000L, ACCOUNT, FOLDER, 7),
                MailRows.folderEndWork(ACCOUNT, FOLDER))) {
            all.bytes(name);
        }
        GoldenFile.check("mail-names-v1.hex", all.toBytes());
        GoldenFile.check("mail-rebuild-name.hex", MailRows.rebuild(ACCOUNT));
        GoldenFile.check("mail-copy-progress-name.hex", MailRows.copyProgress(ACCOUNT, EMAIL.bytes()));
        assertThat(MailRows.copyOf(MailRows.copyProgress(ACCOUNT, EMAIL.bytes())))
                .isEqualTo(EMAIL.bytes());
        assertThat(MailRows.uidOf(MailRows.message(ACCOUNT, FOLDER, 0xfffefdfcL)))
                .isEqualTo(0xfffefdfcL);
        assertThat(MailRows.folderOf(MailRows.message(ACCOUNT, FOLDER, 1))).isEqualTo(FOLDER);
        assertThat(MailRows.modSeqOf(MailRows.change(ACCOUNT, FOLDER, 0x0102030485060708L)))
                .isEqualTo(0x0102030485060708L);
        assertThat(MailRows.keptEnd(MailRows.keptEnd(5, ACCOUNT, FOLDER, 7)))
                .isEqualTo(new MailRows.KeptEnd(ACCOUNT, FOLDER, 7));
        assertThat(MailRows.keptEnd(5, ACCOUNT, FOLDER, 7)).isLessThan(MailRows.keptDueEnd(5));
        assertThat(MailRows.keptEnd(6, ACCOUNT, FOLDER, 7)).isGreaterThan(MailRows.keptDueEnd(5));
        assertThat(MailRows.message(ACCOUNT, FOLDER, UidSet.MAX_UID + 1))
                .isEqualTo(MailRows.folderEnd(MailRows.MESSAGE, ACCOUNT, FOLDER));
        assertThat(EMAIL.bodyKey(ACCOUNT).utf8())
                .isEqualTo("00112233-4455-6677-8899-aabbccddeeff/01890f5a-0001-7abc-8def-000000000001");
        assertThat(EMAIL.objectId()).isEqualTo("M01890f5a00017abc8def000000000001");
    }

    @Test
    void aMessageRecordIsSmall() {
        assertThat(MESSAGE.encode().length()).isBetween(55, 110);
    }

    @Test
    void setsComeBackFromTheirBytes() {
        Random random = new Random(4);
        for (int round = 0; round < 500; round++) {
            TreeSet<Long> uids = new TreeSet<>();
            int count = random.nextInt(60);
            for (int i = 0; i < count; i++) {
                uids.add(1 + (random.nextInt(3) == 0 ? random.nextLong() & 0xffff_fffeL : random.nextInt(80)));
            }
            UidSet.Builder builder = new UidSet.Builder();
            uids.forEach(builder::add);
            UidSet set = builder.build();
            assertThat(set.toList()).containsExactlyElementsOf(uids);
            assertThat(set.count()).isEqualTo(uids.size());
            ByteWriter out = new ByteWriter();
            set.encode(out);
            assertThat(UidSet.decode(new ByteReader(out.toBytes()))).isEqualTo(set);
        }
        for (Bytes malformed : List.of(
                new ByteWriter().varint(1).varint(0).varint(0).toBytes(),
                new ByteWriter().varint(1).varint(1).varint(UidSet.MAX_UID).toBytes(),
                new ByteWriter().varint(2).varint(1).varint(0).toBytes(),
                new ByteWriter().varint(-1).toBytes())) {
            assertThatThrownBy(() -> UidSet.decode(new ByteReader(malformed)))
                    .isInstanceOf(MalformedBytesException.class);
        }
        assertThatThrownBy(() -> new UidSet(List.of(new Range(1, 2), new Range(3, 4))))
                .as("ranges that touch are one")
                .isInstanceOf(IllegalArgumentException.class);
    }
}

package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassRegistry;
import io.roost.cluster.classes.ObjectClass;
import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Locator;
import io.roost.mailstore.classes.AppendClass.Facts;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountHeader.Quota;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.ContentRow;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.objectstore.classes.ModelLocator;
import io.roost.objectstore.classes.S3Classes;
import io.roost.objectstore.classes.ShardClass;
import io.roost.objectstore.layout.BucketShards;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.Counters;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ObjectMetadata;
import io.roost.objectstore.layout.ShardRef;
import io.roost.objectstore.layout.StorageClass;
import io.roost.objectstore.layout.Versioning;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A locator of a mail bucket in memory, an account, and the calls of a front-end, with time and random bytes of a seed. */
final class MailFixture {
    static final AccountId ACCOUNT = AccountId.parse("00112233-4455-6677-8899-aabbccddeeff");
    static final Bytes BUCKET_ID = Bytes.hex("000102030405060708090a0b0c0d0e0f");

    private final Random random;
    private final ModelLocator locator;
    private long nowMillis = 1_800_000_000_000L;

    MailFixture(long seed, boolean withMisses) {
        random = new Random(seed);
        List<ObjectClass> classes = new ArrayList<>(S3Classes.all());
        classes.addAll(MailClasses.all());
        locator = new ModelLocator(
                new Locator(2, BucketShards.locatorKey(BUCKET_ID, 1, 0, 0)),
                new ClassRegistry(classes),
                withMisses ? new Random(seed + 1) : null);
        ok(new ShardClass.Parameters(shard(), nowMillis).init());
    }

    Random random() {
        return random;
    }

    ModelLocator locator() {
        return locator;
    }

    long now() {
        return nowMillis;
    }

    void pass(long millis) {
        nowMillis += millis;
    }

    ShardRef shard() {
        return new ShardRef(BUCKET_ID, 1, Versioning.NEVER);
    }

    AccountRef caller() {
        return new AccountRef(shard(), ACCOUNT, nowMillis, nowMillis + 900_000);
    }

    Bytes id() {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return Bytes.wrap(id);
    }

    CallReply call(ClassCall call) {
        return locator.call(call);
    }

    /** Calls, and expects success. */
    Bytes ok(ClassCall call) {
        CallReply reply = call(call);
        if (reply.status() != 0) {
            throw new AssertionError(call.method() + ": " + MailStatus.ofCode(reply.status()));
        }
        return reply.output();
    }

    MailStatus status(ClassCall call) {
        return MailStatus.ofCode(call(call).status());
    }

    void createAccount(Quota limit) {
        ok(new AccountClass.Parameters(caller(), limit, List.of(new AccountClass.NewFolder("INBOX", "", id())))
                .create());
    }

    FolderNumber createFolder(String path) {
        return FolderClass.Created.decode(ok(FolderClass.create(caller(), path, "", id())))
                .number();
    }

    /** A message whose body is as long as it says. */
    AppendClass.Item item(EmailId email, int sizeBytes, int flags, List<String> keywords) {
        Head head = new Head(
                Head.State.UNVERSIONED,
                sizeBytes,
                nowMillis,
                ETag.NONE,
                StorageClass.STANDARD,
                ChecksumMark.NONE,
                email.bytes(),
                Manifest.inline());
        return new AppendClass.Item(
                email,
                new Facts(nowMillis, sizeBytes, flags, keywords, email),
                head,
                ObjectMetadata.EMPTY.encode(),
                new ContentRow(Bytes.EMPTY, "").encode());
    }

    ClassCall append(FolderRef folder, AppendClass.Item... items) {
        long bytes = 0;
        for (AppendClass.Item item : items) {
            bytes += item.inlineBytes();
        }
        return new AppendClass.Parameters(caller(), folder, List.of(items)).call(Data.wrap(new byte[(int) bytes]));
    }

    ClassCall replace(ReplaceClass.Replaced replaced, FolderRef folder, AppendClass.Item item) {
        AppendClass.Parameters append = new AppendClass.Parameters(caller(), folder, List.of(item));
        return new ReplaceClass.Parameters(append, replaced).call(Data.wrap(new byte[(int) item.inlineBytes()]));
    }

    /** Appends one message; its UID. */
    long append(FolderNumber folder, int flags) {
        Bytes output = ok(append(FolderRef.of(folder), item(new EmailId(id()), 10, flags, List.of())));
        return AppendClass.Reply.decode(output).firstUid();
    }

    SelectClass.Reply select(FolderRef folder) {
        return SelectClass.Reply.decode(ok(new SelectClass.Parameters(ACCOUNT, folder).call()));
    }

    AccountHeader account() {
        return AccountHeader.decode(locator.attributes(MailRows.account(ACCOUNT)));
    }

    FolderHeader header(FolderNumber folder) {
        return FolderHeader.decode(locator.attributes(MailRows.folder(ACCOUNT, folder)));
    }

    /** What the bucket counts. */
    Counters counters() {
        Bytes attributes = locator.attributes(EntryNames.COUNTERS);
        return attributes == null ? Counters.ZERO : Counters.decode(attributes);
    }

    /** Number of rows of a kind. */
    long rows(int kind) {
        return locator.names().stream().filter(name -> name.at(0) == kind).count();
    }
}

package io.roost.mailstore.store;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.AppendClass;
import io.roost.mailstore.classes.ChangesClass;
import io.roost.mailstore.classes.ContentClass;
import io.roost.mailstore.classes.CopyClass;
import io.roost.mailstore.classes.ExpungeClass;
import io.roost.mailstore.classes.FolderClass;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.classes.SelectClass;
import io.roost.mailstore.classes.StoreClass;
import io.roost.mailstore.mailbox.ContentRow;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * The mail of one account. A failed future carries a {@link MailException} when a class has refused, else the
 * cluster's {@link io.roost.cluster.object.ObjectException}. A write is on disk on every acting replica when its future
 * succeeds. Operations on more messages than one transaction takes are several transactions: when one fails, those before
 * it stay.
 */
public final class MailboxStore {
    /** How long what an operation leaves behind is kept for readers. */
    private static final long GARBAGE_MILLIS = 15 * 60 * 1000L;

    private static final int GUID_BYTES = 16;

    private final IoContext cluster;
    private final AccountPlace place;
    private final LongSupplier nowMillis;
    private final Randomness random;

    /** The mail of an account. */
    public MailboxStore(IoContext cluster, AccountPlace place, LongSupplier nowMillis, Randomness random) {
        this.cluster = cluster;
        this.place = place;
        this.nowMillis = nowMillis;
        this.random = random;
    }

    private AccountRef caller() {
        long now = nowMillis.getAsLong();
        return new AccountRef(place.shard(), place.account(), now, now + GARBAGE_MILLIS);
    }

    private Future<CallReply> call(ClassCall call) {
        return cluster.call(place.locatorKey(), call).compose(reply -> {
            if (reply.isOk()) {
                return Future.succeededFuture(reply);
            }
            reply.data().release();
            return Future.failedFuture(new MailException(MailStatus.ofCode(reply.status())));
        });
    }

    private Future<Bytes> output(ClassCall call) {
        return call(call).map(CallReply::output);
    }

    /** All names and the header of every folder. */
    public Future<FolderClass.ListReply> folders() {
        return foldersFrom(FolderNumber.INBOX).compose(first -> moreFolders(first, new ArrayList<>(first.folders())));
    }

    private Future<FolderClass.ListReply> foldersFrom(FolderNumber number) {
        return output(new FolderClass.ListParameters(place.account(), number).call())
                .map(FolderClass.ListReply::decode);
    }

    private Future<FolderClass.ListReply> moreFolders(FolderClass.ListReply last, List<FolderClass.Numbered> all) {
        if (last.resumeAt() == 0) {
            return Future.succeededFuture(new FolderClass.ListReply(last.account(), last.tree(), all, 0));
        }
        return foldersFrom(new FolderNumber(last.resumeAt())).compose(next -> {
            all.addAll(next.folders());
            return moreFolders(next, all);
        });
    }

    /** Makes a folder. */
    public Future<FolderClass.Created> createFolder(String path, String specialUse) {
        return output(FolderClass.create(caller(), path, specialUse, random.bytes(GUID_BYTES)))
                .map(FolderClass.Created::decode);
    }

    /** Removes a folder; its rows go later. */
    public Future<Void> deleteFolder(String path) {
        return output(FolderClass.delete(caller(), path)).mapEmpty();
    }

    /** Gives a folder another path. */
    public Future<Void> renameFolder(String path, String newPath) {
        return output(FolderClass.rename(caller(), path, newPath)).mapEmpty();
    }

    /** Subscribes to a name. */
    public Future<Void> subscribe(String path) {
        return output(FolderClass.subscribe(caller(), path)).mapEmpty();
    }

    /** Ends a subscription. */
    public Future<Void> unsubscribe(String path) {
        return output(FolderClass.unsubscribe(caller(), path)).mapEmpty();
    }

    /** What is needed to open a folder. */
    public Future<SelectClass.Reply> open(FolderRef folder) {
        return output(new SelectClass.Parameters(place.account(), folder).call())
                .map(SelectClass.Reply::decode);
    }

    /** All that has changed in a folder since a MODSEQ. Fails with BELOW_FLOOR when the log does not reach back. */
    public Future<FolderChanges> changes(FolderNumber folder, long sinceModSeq) {
        return changesPage(folder, sinceModSeq)
                .compose(page -> moreChanges(folder, page, new TreeMap<>(), new TreeSet<>()));
    }

    private Future<FolderChanges> changesPage(FolderNumber folder, long sinceModSeq) {
        return output(new ChangesClass.SinceParameters(place.account(), folder, sinceModSeq).call())
                .map(ChangesClass::decodeChanges);
    }

    private Future<FolderChanges> moreChanges(
            FolderNumber folder,
            FolderChanges page,
            SortedMap<Long, NumberedMessage> changed,
            SortedSet<Long> expunged) {
        page.changed().forEach(each -> changed.put(each.uid(), each));
        page.expunged().toList().forEach(uid -> {
            expunged.add(uid);
            changed.remove(uid);
        });
        if (!page.isWhole()) {
            return changesPage(folder, page.untilModSeq())
                    .compose(next -> moreChanges(folder, next, changed, expunged));
        }
        UidSet.Builder gone = new UidSet.Builder();
        expunged.forEach(gone::add);
        return Future.succeededFuture(
                new FolderChanges(page.header(), page.untilModSeq(), new ArrayList<>(changed.values()), gone.build()));
    }

    /** A page of the messages of a set that exist, from a UID on. */
    public Future<ChangesClass.RecordsReply> records(FolderNumber folder, UidSet uids, long fromUid) {
        return output(new ChangesClass.RecordsParameters(place.account(), folder, uids, fromUid).call())
                .map(ChangesClass.RecordsReply::decode);
    }

    /**
     * Stores messages in a folder, all or none.
     *
     * @param messages of at most 4 MiB together
     */
    public Future<AppendClass.Reply> append(FolderRef folder, List<NewMessage> messages) {
        List<AppendClass.Item> items = new ArrayList<>();
        ByteWriter bodies = new ByteWriter();
        long now = nowMillis.getAsLong();
        for (NewMessage message : messages) {
            byte[] stored = StoredBody.of(message.bytes());
            items.add(MessageFacts.item(message, stored, MessageFacts.newId(now, random), now));
            bodies.raw(stored, 0, stored.length);
        }
        Data data = Data.wrap(bodies.toArray());
        return output(new AppendClass.Parameters(caller(), folder, items).call(data))
                .map(AppendClass.Reply::decode);
    }

    /** Changes flags; what became of every message. */
    public Future<StoreClass.Reply> store(FolderNumber folder, UidSet uids, StoreClass.Change change) {
        return storeFrom(folder, uids, 1, change, new ArrayList<>(), new UidSet.Builder());
    }

    private Future<StoreClass.Reply> storeFrom(
            FolderNumber folder,
            UidSet uids,
            long fromUid,
            StoreClass.Change change,
            List<StoreClass.Stored> stored,
            UidSet.Builder modified) {
        return output(new StoreClass.Parameters(caller(), folder, uids, fromUid, change).call())
                .map(StoreClass.Reply::decode)
                .compose(reply -> {
                    stored.addAll(reply.stored());
                    reply.modified().ranges().forEach(range -> modified.add(range.first(), range.last()));
                    return reply.resumeAt() == 0
                            ? Future.succeededFuture(new StoreClass.Reply(reply.modSeq(), stored, modified.build(), 0))
                            : storeFrom(folder, uids, reply.resumeAt(), change, stored, modified);
                });
    }

    /** Removes messages that have \Deleted; which went. */
    public Future<ExpungeClass.Reply> expunge(FolderNumber folder, UidSet uids, long keepUntilMillis) {
        return expungeFrom(folder, uids, 1, keepUntilMillis, new UidSet.Builder());
    }

    private Future<ExpungeClass.Reply> expungeFrom(
            FolderNumber folder, UidSet uids, long fromUid, long keepUntilMillis, UidSet.Builder gone) {
        return output(new ExpungeClass.Parameters(caller(), folder, uids, fromUid, keepUntilMillis).call())
                .map(ExpungeClass.Reply::decode)
                .compose(reply -> {
                    reply.expunged().ranges().forEach(range -> gone.add(range.first(), range.last()));
                    return reply.resumeAt() == 0
                            ? Future.succeededFuture(new ExpungeClass.Reply(reply.modSeq(), gone.build(), 0))
                            : expungeFrom(folder, uids, reply.resumeAt(), keepUntilMillis, gone);
                });
    }

    /** Copies messages; the pages of what was copied. */
    public Future<List<CopyClass.Reply>> copy(FolderNumber source, UidSet uids, FolderRef target) {
        return transfer(source, uids, 1, target, Transfer.COPY, new ArrayList<>());
    }

    /** Moves messages; the pages of what was moved. */
    public Future<List<CopyClass.Reply>> move(FolderNumber source, UidSet uids, FolderRef target) {
        return transfer(source, uids, 1, target, Transfer.MOVE, new ArrayList<>());
    }

    private enum Transfer {
        COPY,
        MOVE
    }

    private Future<List<CopyClass.Reply>> transfer(
            FolderNumber source,
            UidSet uids,
            long fromUid,
            FolderRef target,
            Transfer kind,
            List<CopyClass.Reply> done) {
        CopyClass.Parameters parameters = new CopyClass.Parameters(caller(), source, uids, fromUid, target);
        return output(kind == Transfer.COPY ? parameters.copy() : parameters.move())
                .map(CopyClass.Reply::decode)
                .compose(reply -> {
                    done.add(reply);
                    // The folder may have been renamed between two calls: the number stays.
                    return reply.resumeAt() == 0
                            ? Future.succeededFuture(done)
                            : transfer(source, uids, reply.resumeAt(), FolderRef.of(reply.target()), kind, done);
                });
    }

    /** What is known of some contents, in their order. */
    public Future<List<ContentRow>> contents(List<EmailId> emails) {
        return contentsFrom(emails, new ArrayList<>());
    }

    private Future<List<ContentRow>> contentsFrom(List<EmailId> emails, List<ContentRow> rows) {
        if (rows.size() == emails.size()) {
            return Future.succeededFuture(rows);
        }
        int end = Math.min(emails.size(), rows.size() + ContentClass.MAX_CONTENTS);
        return output(new ContentClass.ContentsParameters(place.account(), emails.subList(rows.size(), end)).call())
                .map(ContentClass::decodeContents)
                .compose(page -> {
                    rows.addAll(page);
                    return contentsFrom(emails, rows);
                });
    }

    /** A message. Fails with NO_SUCH_BODY when its body is missing. */
    public Future<Bytes> message(EmailId email) {
        return call(new ContentClass.BodyParameters(place.account(), email, 0, Long.MAX_VALUE).call())
                .map(reply -> {
                    byte[] stored = reply.data().toArray();
                    reply.data().release();
                    return StoredBody.message(stored);
                });
    }
}

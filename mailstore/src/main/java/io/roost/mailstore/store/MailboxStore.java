package io.roost.mailstore.store;

import io.roost.cluster.client.CallReply;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.client.IoContext;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.AccountRef;
import io.roost.mailstore.classes.AppendClass;
import io.roost.mailstore.classes.ChangesClass;
import io.roost.mailstore.classes.ContentClass;
import io.roost.mailstore.classes.CopyClass;
import io.roost.mailstore.classes.CopyUndoClass;
import io.roost.mailstore.classes.ExpungeClass;
import io.roost.mailstore.classes.FolderClass;
import io.roost.mailstore.classes.FolderRef;
import io.roost.mailstore.classes.ImportClass;
import io.roost.mailstore.classes.MailStatus;
import io.roost.mailstore.classes.Progress;
import io.roost.mailstore.classes.RebuildClass;
import io.roost.mailstore.classes.ReplaceClass;
import io.roost.mailstore.classes.SelectClass;
import io.roost.mailstore.classes.StoreClass;
import io.roost.mailstore.classes.VerifyClass;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.ContentRow;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * The mail of one account. A failed future carries a {@link MailException} when a class has refused, else the
 * cluster's {@link io.roost.cluster.object.ObjectException}. A write is on disk on every acting replica when its future
 * succeeds. Operations on more messages than one transaction takes are several transactions: when one fails, those before
 * it stay, but for those of {@link #copy}.
 */
public final class MailboxStore {
    /** How long what an operation leaves behind is kept for readers. */
    static final long GARBAGE_MILLIS = 15 * 60 * 1000L;

    /** Largest message, and messages of one APPEND together: what one connection may hold of the memory for bodies. */
    public static final int MAX_MESSAGE_BYTES = 24 * 1024 * 1024;

    private static final int GUID_BYTES = 16;

    private final IoContext cluster;
    private final AccountPlace place;
    private final MailboxChanges changes;
    private final LongSupplier nowMillis;
    private final Randomness random;
    private final BodyWork work;
    private final StripedBodies striped;
    private final MessageBodies bodies;

    /**
     * The mail of an account.
     *
     * @param changes where to tell of them
     * @param work for bodies
     */
    public MailboxStore(
            IoContext cluster,
            AccountPlace place,
            MailboxChanges changes,
            LongSupplier nowMillis,
            Randomness random,
            BodyWork work) {
        this.cluster = cluster;
        this.place = place;
        this.changes = changes;
        this.nowMillis = nowMillis;
        this.random = random;
        this.work = work;
        this.striped = new StripedBodies(cluster, place, random);
        this.bodies = new MessageBodies(this::call, place.account(), striped, work);
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

    /** A call that changes messages. */
    private Future<Bytes> change(ClassCall call) {
        return output(call).onSuccess(done -> changes.tell(place));
    }

    /** Follows the account: what may have changed is asked for with {@link #changes(FolderNumber, long, UidSet)}. */
    public MailboxChanges.Following follow(Runnable changed) {
        return changes.follow(place, changed);
    }

    /** The account's usage and quota. */
    public Future<AccountHeader> account() {
        return foldersFrom(FolderNumber.INBOX).map(FolderClass.ListReply::account);
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
        CollectedChanges all = new CollectedChanges(sinceModSeq);
        return Steps.repeat(() -> output(
                                new ChangesClass.SinceParameters(place.account(), folder, all.untilModSeq()).call())
                        .map(output -> all.add(ChangesClass.decodeChanges(output))))
                .map(unused -> all.build());
    }

    /**
     * What has changed in a folder for one who knows some UIDs, as of a MODSEQ. When the log does not reach back it is found
     * by comparing: a UID that is not there is told as expunged, whenever it went.
     */
    public Future<FolderChanges> changes(FolderNumber folder, long sinceModSeq, UidSet known) {
        return changes(folder, sinceModSeq)
                .recover(failure -> MailException.is(failure, MailStatus.BELOW_FLOOR)
                        ? compared(folder, sinceModSeq, known)
                        : Future.failedFuture(failure));
    }

    private Future<FolderChanges> compared(FolderNumber folder, long sinceModSeq, UidSet known) {
        List<NumberedMessage> changed = new ArrayList<>();
        return open(FolderRef.of(folder))
                .compose(opened -> eachPage(folder, opened.uids(), page -> {
                            page.stream()
                                    .filter(each -> each.message().modSeq() > sinceModSeq)
                                    .forEach(changed::add);
                            return Future.succeededFuture();
                        })
                        .map(unused -> new FolderChanges(
                                opened.header(),
                                opened.header().log().highestModSeq(),
                                changed,
                                known.minus(opened.uids()))));
    }

    /** The messages of a set that exist, page by page in the order of their UIDs, each when what was done with the one before is done. */
    public Future<Void> eachPage(FolderNumber folder, UidSet uids, Function<List<NumberedMessage>, Future<Void>> each) {
        return eachPageAsOf(folder, uids, each).mapEmpty();
    }

    /**
     * As {@link #eachPage}.
     *
     * @return the folder's highest MODSEQ as of the last page, or {@link ChangesClass.RecordsReply#UNKNOWN}
     */
    public Future<Long> eachPageAsOf(
            FolderNumber folder, UidSet uids, Function<List<NumberedMessage>, Future<Void>> each) {
        if (uids.isEmpty()) {
            return Future.succeededFuture(ChangesClass.RecordsReply.UNKNOWN);
        }
        long[] from = {1};
        long[] modSeq = {ChangesClass.RecordsReply.UNKNOWN};
        return Steps.repeat(() -> output(
                                new ChangesClass.RecordsParameters(place.account(), folder, uids, from[0]).call())
                        .map(ChangesClass.RecordsReply::decode)
                        .compose(page -> {
                            from[0] = page.resumeAt();
                            modSeq[0] = page.modSeq();
                            return each.apply(page.messages()).map(unused -> page.resumeAt() != 0);
                        }))
                .map(done -> modSeq[0]);
    }

    private IncomingMail incoming(FolderRef folder, List<NewMessage> messages) {
        return new IncomingMail(
                place, DeliveredAs.folder(folder), messages, nowMillis.getAsLong(), random, work, striped);
    }

    /**
     * Stores messages in a folder, all or none, in one transaction; bodies that it cannot hold are in stripes before.
     *
     * @param messages of at most {@link #MAX_MESSAGE_BYTES} together
     */
    public Future<AppendClass.Reply> append(FolderRef folder, List<NewMessage> messages) {
        return incoming(folder, messages)
                .store(
                        (items, bodies) -> new AppendClass.Parameters(caller(), folder, items).call(bodies),
                        this::change)
                .map(AppendClass.Reply::decode);
    }

    /**
     * Lets a folder that never had a message take UIDs of another mail store, or go on with them.
     *
     * @param uidNext UIDs below it are used up
     * @return the UID that the folder gives next; fails with NOT_POSSIBLE when it has UIDs of its own
     */
    public Future<Long> adopt(FolderRef folder, long uidValidity, long uidNext) {
        return output(new ImportClass.AdoptParameters(caller(), folder, uidValidity, uidNext).call())
                .map(ImportClass::uidNext);
    }

    /**
     * Stores messages with UIDs of another mail store in a folder that has adopted them.
     *
     * @param uids one for each, ascending, all above those that the folder has given
     */
    public Future<Void> importMessages(FolderRef folder, long uidValidity, List<Long> uids, List<NewMessage> messages) {
        return incoming(folder, messages)
                .store(
                        (items, bodies) -> new ImportClass.Parameters(
                                        new AppendClass.Parameters(caller(), folder, items), uidValidity, uids)
                                .call(bodies),
                        this::change)
                .mapEmpty();
    }

    /**
     * Of some contents those that the account has.
     *
     * @param emails at most {@link ImportClass#MAX_EMAILS}
     */
    public Future<List<EmailId>> present(List<EmailId> emails) {
        return emails.isEmpty()
                ? Future.succeededFuture(List.of())
                : output(new ImportClass.PresentParameters(place.account(), emails).call())
                        .map(ImportClass::emails);
    }

    /** Stores a message in a folder and removes another, in one transaction. */
    public Future<AppendClass.Reply> replace(ReplaceClass.Replaced replaced, FolderRef folder, NewMessage message) {
        return incoming(folder, List.of(message))
                .store(
                        (items, bodies) -> new ReplaceClass.Parameters(
                                        new AppendClass.Parameters(caller(), folder, items), replaced)
                                .call(bodies),
                        this::change)
                .map(AppendClass.Reply::decode);
    }

    /**
     * Changes flags; what became of every message, a reply for each transaction.
     *
     * @param knownModSeq up to which the caller has been told of changes
     */
    public Future<List<StoreClass.Reply>> store(
            FolderNumber folder, UidSet uids, long knownModSeq, StoreClass.Change change) {
        return pages(
                from -> new StoreClass.Parameters(caller(), folder, uids, from, knownModSeq, change).call(),
                StoreClass.Reply::decode,
                StoreClass.Reply::resumeAt);
    }

    /** Changes until nothing is left to be done; all replies. */
    private <R> Future<List<R>> pages(
            LongFunction<ClassCall> call, Function<Bytes, R> decoder, ToLongFunction<R> resumeAt) {
        return pages(new ArrayList<>(), call, decoder, resumeAt);
    }

    private <R> Future<List<R>> pages(
            List<R> replies, LongFunction<ClassCall> call, Function<Bytes, R> decoder, ToLongFunction<R> resumeAt) {
        long[] from = {1};
        return Steps.repeat(() -> change(call.apply(from[0])).map(output -> {
                    R reply = decoder.apply(output);
                    replies.add(reply);
                    from[0] = resumeAt.applyAsLong(reply);
                    return from[0] != 0;
                }))
                .map(unused -> replies);
    }

    /** Removes messages that have \Deleted; which went. */
    public Future<UidSet> expunge(FolderNumber folder, UidSet uids, long keepUntilMillis) {
        return pages(
                        from -> new ExpungeClass.Parameters(caller(), folder, uids, from, keepUntilMillis).call(),
                        ExpungeClass.Reply::decode,
                        ExpungeClass.Reply::resumeAt)
                .map(replies -> {
                    UidSet.Builder gone = new UidSet.Builder();
                    replies.forEach(
                            reply -> reply.expunged().ranges().forEach(range -> gone.add(range.first(), range.last())));
                    return gone.build();
                });
    }

    /** Copies messages, all or none; the pages of what was copied. */
    public Future<List<CopyClass.Reply>> copy(FolderNumber source, UidSet uids, FolderRef target) {
        Bytes copyId = random.bytes(CopyClass.COPY_ID_BYTES);
        List<CopyClass.Reply> copied = new ArrayList<>();
        return transfer(copied, source, uids, target, parameters -> parameters.copy(copyId))
                // Where it fails, or this process ends, the pending work of the account undoes it later.
                .recover(failure -> (uids.count() > CopyClass.MAX_MESSAGES ? undo(copyId) : Future.succeededFuture())
                        .transform(undone -> Future.failedFuture(failure)));
    }

    private Future<Void> undo(Bytes copyId) {
        return Steps.repeat(() -> change(new CopyUndoClass.Parameters(caller(), copyId, CopyUndoClass.ANY).call())
                .map(output -> Progress.decode(output) == Progress.MORE));
    }

    /**
     * What became of a move: every message is in one of the two folders.
     *
     * @param pages what was moved
     * @param failure why the rest was not, if it was not
     */
    public record Moved(List<CopyClass.Reply> pages, Optional<Throwable> failure) {}

    /** Moves messages; fails only when none was moved. */
    public Future<Moved> move(FolderNumber source, UidSet uids, FolderRef target) {
        List<CopyClass.Reply> moved = new ArrayList<>();
        return transfer(moved, source, uids, target, CopyClass.Parameters::move)
                .map(pages -> new Moved(pages, Optional.empty()))
                .recover(failure -> moved.isEmpty()
                        ? Future.failedFuture(failure)
                        : Future.succeededFuture(new Moved(moved, Optional.of(failure))));
    }

    private Future<List<CopyClass.Reply>> transfer(
            List<CopyClass.Reply> pages,
            FolderNumber source,
            UidSet uids,
            FolderRef target,
            Function<CopyClass.Parameters, ClassCall> method) {
        // The folder may be renamed between two calls: its number stays.
        FolderRef[] to = {target};
        return pages(
                pages,
                from -> method.apply(new CopyClass.Parameters(caller(), source, uids, from, to[0])),
                output -> {
                    CopyClass.Reply reply = CopyClass.Reply.decode(output);
                    to[0] = FolderRef.of(reply.target());
                    return reply;
                },
                CopyClass.Reply::resumeAt);
    }

    /** A page of what {@link MailboxVerification} looks at. */
    Future<VerifyClass.Reply> verify(FolderNumber folder, long fromUid) {
        return output(new VerifyClass.Parameters(place.account(), folder, fromUid).call())
                .map(VerifyClass.Reply::decode);
    }

    /** The bodies of the account, a page after a key. */
    Future<RebuildClass.Bodies> bodies(Bytes after) {
        return output(new RebuildClass.BodiesParameters(place.account(), after).call())
                .map(RebuildClass.Bodies::decode);
    }

    /** A step of a rebuild, which knows whose account it is. */
    Future<Bytes> rebuild(Function<AccountRef, ClassCall> call) {
        return output(call.apply(caller()));
    }

    AccountId accountId() {
        return place.account();
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

    /** The bodies of its messages. */
    public MessageBodies bodies() {
        return bodies;
    }
}

package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EvaluationLimits;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.EmailReferences;
import io.roost.mailstore.mailbox.EmailReferences.Place;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.FolderTree;
import io.roost.mailstore.mailbox.KeptMessage;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.Manifest;
import io.roost.objectstore.layout.ShardTransaction;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects the changes of one transaction on an account, so that messages, references, bodies, counts, quota and change
 * log always change together.
 *
 * <p>Invariants, of every transaction: an account's usage is the sum over its folders' counts, these the sums over their
 * messages; a content has a reference for each message and each kept message with its email id, and a body and a content
 * row as long as it has one; every change of a folder is in its log down to the floor.
 *
 * <p>For use within one evaluation of a class method.
 */
final class MailTransaction {
    /** Messages that one transaction changes. */
    static final int MAX_MESSAGES = 250;

    /** Names left for headers, logs and checkpoints. */
    private static final int NAMES_FOR_HEADERS = 24;

    /** Names that removing one message takes at most: itself, references, content, body, its references, garbage, kept. */
    private static final int NAMES_OF_ONE = 7;

    private final LocatorView view;
    private final AccountRef caller;
    private final ShardTransaction rows;
    private final Map<FolderNumber, OpenFolder> folders = new LinkedHashMap<>();
    private AccountHeader before;
    private AccountHeader header;
    private FolderTree tree;
    private boolean isTreeChanged;

    MailTransaction(LocatorView view, AccountRef caller) {
        this.view = view;
        this.caller = caller;
        this.rows = new ShardTransaction(view, caller.garbageDueMillis());
    }

    /** Whether the account takes a write; must come first. */
    MailStatus enter() {
        MailStatus fence = MailStatus.of(rows.enter(caller.shard()));
        if (fence != MailStatus.OK) {
            return fence;
        }
        before = header(view, caller.account());
        header = before;
        return before == null ? MailStatus.NO_SUCH_ACCOUNT : MailStatus.OK;
    }

    /** Makes the account whose rows this transaction will change. */
    void makeAccount(AccountHeader made) {
        header = made;
    }

    static AccountHeader header(LocatorView view, AccountId account) {
        Entry entry = view.entry(MailRows.account(account));
        return entry == null ? null : AccountHeader.decode(entry.attributes());
    }

    AccountId account() {
        return caller.account();
    }

    /** Of the caller's clock. */
    long nowMillis() {
        return caller.nowMillis();
    }

    AccountHeader header() {
        return header;
    }

    void header(AccountHeader changed) {
        header = changed;
    }

    ShardTransaction rows() {
        return rows;
    }

    /** The account's folders, as this transaction leaves them. */
    FolderTree tree() {
        if (tree == null) {
            tree = FolderTree.decode(view.value(MailRows.tree(account())));
        }
        return tree;
    }

    void tree(FolderTree changed) {
        tree = changed;
        isTreeChanged = true;
    }

    /** A folder, or null. */
    OpenFolder folder(FolderRef ref) {
        if (ref instanceof FolderRef.ByNumber byNumber) {
            return folder(byNumber.number());
        }
        FolderTree.Node node = tree().find(((FolderRef.ByPath) ref).path());
        return node == null ? null : folder(node.number());
    }

    OpenFolder folder(FolderNumber number) {
        OpenFolder open = folders.get(number);
        if (open == null) {
            Bytes attributes = rows.attributes(MailRows.folder(account(), number));
            if (attributes == null) {
                return null;
            }
            open = new OpenFolder(account(), number, FolderHeader.decode(attributes));
            folders.put(number, open);
        }
        return open;
    }

    /** True while one message more can be changed. */
    boolean hasRoom() {
        return rows.size() + NAMES_OF_ONE + NAMES_FOR_HEADERS <= EvaluationLimits.MAX_NAMES_WRITTEN;
    }

    /** Whether the quota admits more mail. */
    boolean admits(long moreBytes, long moreMessages) {
        return header.limit().admits(header.used().plus(moreBytes, moreMessages));
    }

    private void use(long moreBytes, long moreMessages) {
        header = header.withUsed(header.used().plus(moreBytes, moreMessages));
    }

    EmailReferences references(EmailId email) {
        Bytes attributes = rows.attributes(MailRows.references(account(), email));
        return attributes == null ? null : EmailReferences.decode(attributes);
    }

    private void references(EmailId email, EmailReferences references) {
        rows.row(MailRows.references(account(), email), references.encode());
    }

    /** Adds a message to a folder. The record's MODSEQ must be the folder's. */
    long add(OpenFolder folder, MessageRecord record) {
        return add(folder, record, references(record.email()));
    }

    /** Adds a message that was at another place, which its content leaves. */
    long addMoved(OpenFolder folder, MessageRecord record, Place left) {
        EmailReferences references = references(record.email());
        return add(folder, record, references == null ? null : references.without(left));
    }

    private long add(OpenFolder folder, MessageRecord record, EmailReferences others) {
        long uid = folder.add(record.flags(), record.sizeBytes());
        rows.row(MailRows.message(account(), folder.number(), uid), record.encode());
        Place place = new Place(folder.number(), uid);
        references(record.email(), others == null ? EmailReferences.of(place) : others.with(place));
        use(record.sizeBytes(), 1);
        return uid;
    }

    /** True when a content can have one place more. */
    boolean canRefer(EmailId email) {
        EmailReferences references = references(email);
        return references == null || references.places().size() < EmailReferences.MAX_PLACES;
    }

    /** Writes the body and what is known of it. False when the intent of its stripes is gone. */
    boolean writeBody(EmailId email, Head head, Bytes metadata, Bytes content, Data body) {
        if (head.manifest() instanceof Manifest.Striped striped && !rows.takeIntent(striped.set())) {
            return false;
        }
        rows.write(email.bodyKey(account()), null, head, metadata, body);
        rows.put(new Mutation.Put(MailRows.content(account(), email), Bytes.EMPTY, content, null));
        return true;
    }

    boolean hasBody(EmailId email) {
        return rows.latest(email.bodyKey(account())) != null;
    }

    /** Changes a message's flags. */
    void flag(OpenFolder folder, long uid, MessageRecord record, MailFlags flags) {
        folder.flag(uid, record.flags(), flags);
        rows.row(
                MailRows.message(account(), folder.number(), uid),
                record.with(flags, folder.modSeq()).encode());
    }

    /** Removes a message from its folder; the content keeps its place until {@link #keep} or {@link #drop}. */
    void remove(OpenFolder folder, long uid, MessageRecord record) {
        folder.expunge(uid, record.flags(), record.sizeBytes());
        rows.put(new Mutation.Delete(MailRows.message(account(), folder.number(), uid)));
        use(-record.sizeBytes(), -1);
    }

    /** Keeps a removed message. */
    void keep(Place place, KeptMessage kept) {
        rows.row(MailRows.kept(account(), place.folder(), place.uid()), kept.encode());
        rows.row(MailRows.keptEnd(kept.dueMillis(), account(), place.folder(), place.uid()), Bytes.EMPTY);
    }

    /** Takes a kept message's rows away; the content keeps its place. */
    void unkeep(Place place, KeptMessage kept) {
        rows.put(new Mutation.Delete(MailRows.kept(account(), place.folder(), place.uid())));
        rows.put(new Mutation.Delete(MailRows.keptEnd(kept.dueMillis(), account(), place.folder(), place.uid())));
    }

    /** A content loses a place, and goes with the last. */
    void drop(EmailId email, Place place) {
        EmailReferences references = references(email);
        EmailReferences left = references == null ? null : references.without(place);
        if (left != null) {
            references(email, left);
            return;
        }
        rows.put(new Mutation.Delete(MailRows.references(account(), email)));
        rows.put(new Mutation.Delete(MailRows.content(account(), email)));
        ShardTransaction.Version body = rows.latest(email.bodyKey(account()));
        if (body != null) {
            rows.remove(email.bodyKey(account()), body);
        }
    }

    /** Removes a message for good, or keeps it until a time; 0 for the former. */
    void expunge(OpenFolder folder, long uid, MessageRecord record, long keepUntilMillis) {
        remove(folder, uid, record);
        Place place = new Place(folder.number(), uid);
        if (keepUntilMillis > 0) {
            keep(
                    place,
                    new KeptMessage(
                            keepUntilMillis,
                            record,
                            folder.namesOf(record.flags().keywords())));
        } else {
            drop(record.email(), place);
        }
    }

    /** The reply with all changes. */
    ClassReply reply(Bytes output) {
        folders.values().forEach(folder -> folder.finish(view, rows));
        if (!header.equals(before)) {
            rows.row(MailRows.account(account()), header.encode());
        }
        if (isTreeChanged) {
            rows.put(new Mutation.Put(MailRows.tree(account()), Bytes.EMPTY, tree.encode(), null));
        }
        return ClassReply.write(output, rows.mutations());
    }
}

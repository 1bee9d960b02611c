package io.roost.mailstore.classes;

import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Mutation;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.ChangeRow;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderHeader.Counts;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.UidCheckpoint;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.objectstore.layout.ShardTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A folder within a transaction: collects what changes in it, and writes header, change and checkpoint at the end. All
 * changes of a transaction have one MODSEQ.
 */
final class OpenFolder {
    /** Changes in the log; from then on each transaction drops two. A client that was away longer reads all again. */
    static final int MAX_LOG_ROWS = 10_000;

    /** Changes between two checkpoints of the UIDs: so many are read by who opens the folder, and by who writes the next. */
    static final int CHECKPOINT_CHANGES = 256;

    private static final int DROPPED_AT_ONCE = 2;

    private final AccountId account;
    private final FolderNumber number;
    private final FolderHeader before;
    private final List<String> keywords;
    private final Deque<Long> given = new ArrayDeque<>();
    private final UidSet.Builder added = new UidSet.Builder();
    private final UidSet.Builder flagged = new UidSet.Builder();
    private final UidSet.Builder expunged = new UidSet.Builder();
    private Counts counts;
    private long uidNext;
    private boolean isChanged;

    OpenFolder(AccountId account, FolderNumber number, FolderHeader before) {
        this.account = account;
        this.number = number;
        this.before = before;
        this.keywords = new ArrayList<>(before.keywords());
        this.counts = before.counts();
        this.uidNext = before.uidNext();
    }

    FolderNumber number() {
        return number;
    }

    long uidValidity() {
        return before.uidValidity();
    }

    /** The MODSEQ of what this transaction changes. */
    long modSeq() {
        return before.log().highestModSeq() + 1;
    }

    /** The MODSEQ after this transaction. */
    long highestModSeq() {
        return isChanged ? modSeq() : before.log().highestModSeq();
    }

    Counts counts() {
        return counts;
    }

    boolean canAdd(int messages) {
        return uidNext + messages <= UidSet.MAX_UID;
    }

    /** The UIDs of the messages that come next, ascending; false when they are not above all that were given before. */
    boolean give(List<Long> uids) {
        given.addAll(uids);
        return uids.get(0) >= uidNext;
    }

    /** A message comes; its UID. */
    long add(MailFlags flags, long sizeBytes) {
        long uid = given.isEmpty() ? uidNext : given.remove();
        uidNext = uid + 1;
        added.add(uid);
        counts = counts.plus(flags, sizeBytes);
        isChanged = true;
        return uid;
    }

    /** A message goes; UIDs come in ascending order. */
    void expunge(long uid, MailFlags flags, long sizeBytes) {
        expunged.add(uid);
        counts = counts.minus(flags, sizeBytes);
        isChanged = true;
    }

    /** A message's flags change; UIDs come in ascending order. */
    void flag(long uid, MailFlags old, MailFlags changed) {
        flagged.add(uid);
        counts = counts.minus(old, 0).plus(changed, 0);
        isChanged = true;
    }

    /** The bits of keywords; those that are not in the dictionary are left out. */
    long bitsOf(List<String> names) {
        return bits(names, false);
    }

    /** The bits of keywords; new ones come into the dictionary while it has room, and are left out then. */
    long bitsOfNew(List<String> names) {
        return bits(names, true);
    }

    private long bits(List<String> names, boolean mayAdd) {
        long bits = 0;
        for (String name : names) {
            int bit = new FolderHeader(before.uidValidity(), uidNext, before.log(), counts, keywords).bitOf(name);
            if (bit < 0 && mayAdd && keywords.size() < FolderHeader.MAX_KEYWORDS) {
                bit = keywords.size();
                keywords.add(name);
            }
            bits |= bit < 0 ? 0 : 1L << bit;
        }
        return bits;
    }

    /** Names of the keywords of some bits. */
    List<String> namesOf(long bits) {
        return new FolderHeader(before.uidValidity(), uidNext, before.log(), counts, keywords).keywordsOf(bits);
    }

    /** Writes the rows of what has changed. */
    void finish(LocatorView view, ShardTransaction rows) {
        if (!isChanged) {
            return;
        }
        ChangeRow change = new ChangeRow(added.build(), flagged.build(), expunged.build());
        rows.row(MailRows.change(account, number, modSeq()), change.encode());
        FolderHeader.Log log = before.log();
        long floor = log.floor();
        long logRows = log.rows() + 1;
        if (logRows > MAX_LOG_ROWS) {
            EntryCursor oldest = changes(view, floor);
            for (int i = 0; i < DROPPED_AT_ONCE && oldest.next(); i++) {
                rows.put(new Mutation.Delete(oldest.name()));
                floor = MailRows.modSeqOf(oldest.name());
                logRows--;
            }
        }
        long checkpoint = log.checkpoint();
        if (modSeq() - checkpoint >= CHECKPOINT_CHANGES) {
            checkpoint(view, rows, change);
            checkpoint = modSeq();
        }
        FolderHeader after = new FolderHeader(
                before.uidValidity(),
                uidNext,
                new FolderHeader.Log(modSeq(), floor, logRows, checkpoint),
                counts,
                keywords);
        rows.row(MailRows.folder(account, number), after.encode());
    }

    /** The changes in the log after a MODSEQ. */
    private EntryCursor changes(LocatorView view, long after) {
        return view.entries(
                MailRows.change(account, number, after + 1), MailRows.folderEnd(MailRows.CHANGE, account, number));
    }

    private void checkpoint(LocatorView view, ShardTransaction rows, ChangeRow last) {
        Bytes name = MailRows.checkpoint(account, number);
        UidCheckpoint uids = UidCheckpoint.decode(view.value(name));
        EntryCursor changes = changes(view, before.log().checkpoint());
        while (changes.next()) {
            uids.apply(ChangeRow.decode(changes.entry().attributes()));
        }
        rows.put(new Mutation.Put(name, Bytes.EMPTY, uids.apply(last).encode(), null));
    }
}

package io.roost.mailstore.classes;

import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.UidSet;

/**
 * Steps over the messages of a folder that exist and are in a set: however large the set, it costs what exists. Ends
 * before its bounds and says where to go on.
 */
final class MessageScan {
    /** Entries stepped over; the rest of an evaluation's reads is for what is done with the messages. */
    private static final int MAX_STEPS = 1_500;

    private final AccountId account;
    private final FolderNumber folder;
    private final UidSet set;
    private final EntryCursor cursor;
    private final int maxMessages;
    private int rangeIndex;
    private int steps;
    private int messages;
    private long uid;
    private boolean isPositioned;
    private long resumeAt;

    /**
     * A scan before its first message.
     *
     * @param fromUid where to begin
     * @param maxMessages how many at most
     */
    MessageScan(LocatorView view, AccountId account, FolderNumber folder, UidSet set, long fromUid, int maxMessages) {
        this.account = account;
        this.folder = folder;
        this.set = set;
        this.maxMessages = maxMessages;
        this.uid = fromUid - 1;
        this.cursor = view.entries(
                MailRows.message(account, folder, Math.max(1, fromUid)),
                MailRows.folderEnd(MailRows.MESSAGE, account, folder));
    }

    /** Steps to the next message; false at the end, or when a bound is reached. */
    boolean next() {
        while (true) {
            while (rangeIndex < set.ranges().size()
                    && set.ranges().get(rangeIndex).last() <= uid) {
                rangeIndex++;
            }
            if (rangeIndex == set.ranges().size()) {
                return false;
            }
            UidSet.Range range = set.ranges().get(rangeIndex);
            long wanted = Math.max(range.first(), uid + 1);
            if (messages == maxMessages || steps == MAX_STEPS) {
                resumeAt = wanted;
                return false;
            }
            steps++;
            boolean isNextEntry = isPositioned && wanted == uid + 1;
            boolean isFound = isNextEntry ? cursor.next() : cursor.seek(MailRows.message(account, folder, wanted));
            if (!isFound) {
                return false;
            }
            isPositioned = true;
            long found = MailRows.uidOf(cursor.name());
            // The entry found may lie beyond this range; the loop then finds the range that it is in, or the next.
            if (found <= range.last()) {
                uid = found;
                messages++;
                return true;
            }
            uid = found - 1;
            isPositioned = false;
        }
    }

    long uid() {
        return uid;
    }

    MessageRecord message() {
        return MessageRecord.decode(cursor.entry().attributes());
    }

    /** Where to go on, or 0 at the end. */
    long resumeAt() {
        return resumeAt;
    }

    /** Ends the scan before its next message, for a bound of the caller's. */
    void stop() {
        resumeAt = uid + 1;
    }
}

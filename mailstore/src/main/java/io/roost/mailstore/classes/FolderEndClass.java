package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Mutation;
import io.roost.mailstore.mailbox.EmailReferences.Place;
import io.roost.mailstore.mailbox.FolderEnd;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.KeptMessage;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.UidSet;

/**
 * {@code folder.end}: a step of removing the rows of a deleted folder: its messages, which are kept or go, then its log.
 * Idempotent: called until it answers that nothing is left.
 *
 * <p>Statuses: NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_ACCOUNT.
 */
public final class FolderEndClass {
    static final String METHOD = "end";

    private static final int VERSION = 1;

    private FolderEndClass() {}

    /**
     * Which folder.
     *
     * @param caller whose
     * @param folder the deleted one
     * @param keepUntilMillis until when its messages can be had back, Unix milliseconds, or {@link ExpungeClass#KEEP_NOT}
     */
    public record Parameters(AccountRef caller, FolderNumber folder, long keepUntilMillis) {
        /** The call; its reply is a {@link Progress}. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(64);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.varint(folder.value()).varint(keepUntilMillis);
            return new ClassCall(MailClasses.FOLDER, METHOD, out.end(mark).toBytes(), Data.EMPTY);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters =
                    new Parameters(AccountRef.decode(in), new FolderNumber(in.count(Integer.MAX_VALUE)), in.varint());
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters) {
        MailTransaction transaction = new MailTransaction(view, parameters.caller);
        MailStatus entered = transaction.enter();
        if (entered != MailStatus.OK) {
            return entered.refuse();
        }
        Bytes work = MailRows.folderEndWork(transaction.account(), parameters.folder);
        Bytes row = transaction.rows().attributes(work);
        if (row == null) {
            return ClassReply.read(Progress.DONE.encode());
        }
        boolean isDone = removeMessages(view, transaction, parameters, FolderEnd.decode(row))
                && removeChanges(view, transaction, parameters.folder);
        if (isDone) {
            transaction.rows().put(new Mutation.Delete(MailRows.checkpoint(transaction.account(), parameters.folder)));
            transaction.rows().put(new Mutation.Delete(work));
        }
        return transaction.reply((isDone ? Progress.DONE : Progress.MORE).encode());
    }

    /** True when no message is left. The quota was reduced when the folder was deleted. */
    private static boolean removeMessages(
            LocatorView view, MailTransaction transaction, Parameters parameters, FolderEnd end) {
        FolderNumber folder = parameters.folder;
        MessageScan scan = new MessageScan(
                view, transaction.account(), folder, UidSet.of(1, UidSet.MAX_UID), 1, MailTransaction.MAX_MESSAGES);
        FolderHeader names = new FolderHeader(1, 1, FolderHeader.Log.NEW, FolderHeader.Counts.NONE, end.keywords());
        while (scan.next()) {
            MessageRecord record = scan.message();
            Place place = new Place(folder, scan.uid());
            transaction.rows().put(new Mutation.Delete(MailRows.message(transaction.account(), folder, scan.uid())));
            if (parameters.keepUntilMillis == ExpungeClass.KEEP_NOT) {
                transaction.drop(record.email(), place);
            } else {
                transaction.keep(
                        place,
                        new KeptMessage(
                                parameters.keepUntilMillis,
                                record,
                                names.keywordsOf(record.flags().keywords())));
            }
            if (!transaction.hasRoom()) {
                return false;
            }
        }
        return scan.resumeAt() == 0;
    }

    private static boolean removeChanges(LocatorView view, MailTransaction transaction, FolderNumber folder) {
        EntryCursor changes = view.entries(
                MailRows.change(transaction.account(), folder, 0),
                MailRows.folderEnd(MailRows.CHANGE, transaction.account(), folder));
        while (changes.next()) {
            transaction.rows().put(new Mutation.Delete(changes.name()));
            if (!transaction.hasRoom()) {
                return false;
            }
        }
        return true;
    }
}

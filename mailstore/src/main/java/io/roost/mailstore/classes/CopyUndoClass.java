package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Mutation;
import io.roost.mailstore.mailbox.CopyProgress;
import io.roost.mailstore.mailbox.CopyProgress.State;
import io.roost.mailstore.mailbox.MailRows;

/**
 * {@code mailbox.copy-undo}: a step of removing what a copy of several transactions has copied, so that it never goes on
 * afterwards. Idempotent: called until it answers that nothing is left. Copies that have been moved elsewhere since, stay.
 *
 * <p>Statuses: NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_ACCOUNT.
 */
public final class CopyUndoClass {
    static final String METHOD = "copy-undo";

    /** A {@link Parameters#dueMillis} that every copy has. */
    public static final long ANY = Long.MAX_VALUE;

    private static final int VERSION = 1;

    private CopyUndoClass() {}

    /**
     * Which copy.
     *
     * @param caller whose
     * @param copyId of the copy
     * @param dueMillis undone only when its time is not later, Unix milliseconds, or {@link #ANY}
     */
    public record Parameters(AccountRef caller, Bytes copyId, long dueMillis) {
        /** The call; its reply is a {@link Progress}. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(64);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.raw(copyId).varint(dueMillis);
            return new ClassCall(MailClasses.MAILBOX, METHOD, out.end(mark).toBytes(), Data.EMPTY);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters = new Parameters(AccountRef.decode(in), in.raw(CopyClass.COPY_ID_BYTES), in.varint());
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
        Bytes row = MailRows.copyProgress(transaction.account(), parameters.copyId);
        Bytes attributes = transaction.rows().attributes(row);
        CopyProgress copy = attributes == null ? null : CopyProgress.decode(attributes);
        if (copy == null || (copy.state() == State.GOING_ON && copy.dueMillis() > parameters.dueMillis)) {
            return ClassReply.read(Progress.DONE.encode());
        }
        boolean isDone = remove(view, transaction, copy);
        if (isDone) {
            transaction.rows().put(new Mutation.Delete(row));
        } else {
            transaction
                    .rows()
                    .row(row, new CopyProgress(State.UNDOING, copy.dueMillis(), copy.target(), copy.copied()).encode());
        }
        return transaction.reply((isDone ? Progress.DONE : Progress.MORE).encode());
    }

    /** True when no copy is left; none is when the folder has been deleted. */
    private static boolean remove(LocatorView view, MailTransaction transaction, CopyProgress copy) {
        OpenFolder target = transaction.folder(copy.target());
        if (target == null) {
            return true;
        }
        MessageScan scan = new MessageScan(
                view, transaction.account(), copy.target(), copy.copied(), 1, MailTransaction.MAX_MESSAGES);
        while (scan.next()) {
            transaction.expunge(target, scan.uid(), scan.message(), ExpungeClass.KEEP_NOT);
            if (!transaction.hasRoom()) {
                return false;
            }
        }
        return scan.resumeAt() == 0;
    }
}

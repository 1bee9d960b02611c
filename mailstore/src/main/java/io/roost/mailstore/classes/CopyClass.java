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
import io.roost.mailstore.mailbox.EmailReferences.Place;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.UidSet;
import java.util.Objects;

/**
 * {@code mailbox.copy} and {@code mailbox.move}: messages of a folder come into another one of the account, with new UIDs
 * in the order of the old ones; moved ones leave in the same transaction (RFC 6851 3.3). The bodies stay where they are.
 *
 * <p>A copy of more messages than one transaction takes is all or nothing too: between its transactions a
 * {@link CopyProgress} says what was copied, and whoever finds it left behind undoes it ({@link CopyUndoClass}).
 *
 * <p>Statuses: NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_ACCOUNT, NO_SUCH_FOLDER, LIMIT; of copies also OVER_QUOTA, UNDONE.
 */
public final class CopyClass {
    static final String COPY = "copy";
    static final String MOVE = "move";

    private static final int VERSION = 1;

    /** Messages of one transaction; a copy of more is several. */
    public static final int MAX_MESSAGES = MailTransaction.MAX_MESSAGES;

    /** Bytes of a copy's id. */
    public static final int COPY_ID_BYTES = 16;

    /** A copy that does not go on for so long is undone: no call of a front-end that lives takes longer. */
    private static final long GOING_ON_MILLIS = 10 * 60 * 1000L;

    private CopyClass() {}

    /**
     * What to copy or move.
     *
     * @param caller whose mail
     * @param source where from
     * @param uids which messages
     * @param fromUid 1, or where the call before ended
     * @param target where to
     */
    public record Parameters(AccountRef caller, FolderNumber source, UidSet uids, long fromUid, FolderRef target) {
        /** Checks the ranges. */
        public Parameters {
            Objects.requireNonNull(uids, "uids");
            Objects.requireNonNull(target, "target");
            if (fromUid < 1) {
                throw new IllegalArgumentException("from UID " + fromUid);
            }
        }

        private ByteWriter encode(ByteWriter out) {
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.varint(source.value());
            uids.encode(out);
            out.varint(fromUid);
            target.encode(out);
            return out.end(mark);
        }

        /**
         * The call that copies.
         *
         * @param copyId random, the same in all calls of a copy
         */
        public ClassCall copy(Bytes copyId) {
            Bytes parameters = encode(new ByteWriter(128)).raw(copyId).toBytes();
            return new ClassCall(MailClasses.MAILBOX, COPY, parameters, Data.EMPTY);
        }

        /** The call that moves. */
        public ClassCall move() {
            return new ClassCall(
                    MailClasses.MAILBOX, MOVE, encode(new ByteWriter(128)).toBytes(), Data.EMPTY);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters = new Parameters(
                    AccountRef.decode(in),
                    new FolderNumber(in.count(Integer.MAX_VALUE)),
                    UidSet.decode(in),
                    in.varint(),
                    FolderRef.decode(in));
            in.end(struct);
            return parameters;
        }
    }

    /** The parameters of copy. */
    record CopyParameters(Parameters what, Bytes copyId) {
        static CopyParameters decode(ByteReader in) {
            return new CopyParameters(Parameters.decode(in), in.raw(COPY_ID_BYTES));
        }
    }

    /**
     * What was copied or moved.
     *
     * @param uidValidity of the target
     * @param target the target's number
     * @param source UIDs that the messages have or had
     * @param firstUid of the new ones, which follow each other in the order of the old; 0 for none
     * @param resumeAt UID to go on from, or 0 when all are done
     */
    public record Reply(long uidValidity, FolderNumber target, UidSet source, long firstUid, long resumeAt) {
        Bytes encode() {
            ByteWriter out = new ByteWriter(64);
            int mark = out.begin(VERSION, 1);
            out.varint(uidValidity).varint(target.value()).varint(firstUid).varint(resumeAt);
            source.encode(out);
            return out.end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static Reply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            long uidValidity = in.varint();
            FolderNumber target = new FolderNumber(in.count(Integer.MAX_VALUE));
            long firstUid = in.varint();
            long resumeAt = in.varint();
            Reply reply = new Reply(uidValidity, target, UidSet.decode(in), firstUid, resumeAt);
            in.end(struct);
            return reply;
        }
    }

    static ClassReply copy(LocatorView view, CopyParameters parameters) {
        return evaluate(view, parameters.what, parameters.copyId);
    }

    static ClassReply move(LocatorView view, Parameters parameters) {
        return evaluate(view, parameters, null);
    }

    /** The copy id is null to move. */
    private static ClassReply evaluate(LocatorView view, Parameters parameters, Bytes copyId) {
        MailTransaction transaction = new MailTransaction(view, parameters.caller);
        MailStatus entered = transaction.enter();
        if (entered != MailStatus.OK) {
            return entered.refuse();
        }
        OpenFolder source = transaction.folder(parameters.source);
        OpenFolder target = transaction.folder(parameters.target);
        if (source == null || target == null) {
            return MailStatus.NO_SUCH_FOLDER.refuse();
        }
        if (!target.canAdd(MailTransaction.MAX_MESSAGES)) {
            return MailStatus.LIMIT.refuse();
        }
        CopyProgress before = copyId == null ? null : progress(transaction, copyId);
        if (copyId != null && parameters.fromUid > 1 && (before == null || before.state() == State.UNDOING)) {
            return MailStatus.UNDONE.refuse();
        }
        // Messages that come into the source itself are beyond its UIDNEXT, which the scan does not see.
        MessageScan scan = new MessageScan(
                view,
                transaction.account(),
                source.number(),
                parameters.uids,
                parameters.fromUid,
                MailTransaction.MAX_MESSAGES);
        UidSet.Builder done = new UidSet.Builder();
        long firstUid = 0;
        while (scan.next()) {
            MessageRecord record = scan.message();
            if (copyId != null && !transaction.admits(record.sizeBytes(), 1)) {
                return MailStatus.OVER_QUOTA.refuse();
            }
            if (copyId != null && !transaction.canRefer(record.email())) {
                return MailStatus.LIMIT.refuse();
            }
            MailFlags flags = new MailFlags(
                    record.flags().system(),
                    target.bitsOfNew(source.namesOf(record.flags().keywords())));
            MessageRecord copy = record.movedTo(flags, target.modSeq(), parameters.caller.nowMillis());
            long uid;
            if (copyId == null) {
                transaction.remove(source, scan.uid(), record);
                uid = transaction.addMoved(target, copy, new Place(source.number(), scan.uid()));
            } else {
                uid = transaction.add(target, copy);
            }
            firstUid = firstUid == 0 ? uid : firstUid;
            done.add(scan.uid());
            if (!transaction.hasRoom()) {
                scan.stop();
                break;
            }
        }
        Reply reply = new Reply(target.uidValidity(), target.number(), done.build(), firstUid, scan.resumeAt());
        if (copyId != null) {
            progress(transaction, copyId, before, reply);
        }
        return transaction.reply(reply.encode());
    }

    private static CopyProgress progress(MailTransaction transaction, Bytes copyId) {
        Bytes attributes = transaction.rows().attributes(MailRows.copyProgress(transaction.account(), copyId));
        return attributes == null ? null : CopyProgress.decode(attributes);
    }

    /** Notes what the copy has copied so far, or that it is whole. */
    private static void progress(MailTransaction transaction, Bytes copyId, CopyProgress before, Reply reply) {
        Bytes row = MailRows.copyProgress(transaction.account(), copyId);
        if (reply.resumeAt == 0) {
            if (before != null) {
                transaction.rows().put(new Mutation.Delete(row));
            }
            return;
        }
        UidSet.Builder copied = new UidSet.Builder();
        if (before != null) {
            before.copied().ranges().forEach(range -> copied.add(range.first(), range.last()));
        }
        if (reply.firstUid > 0) {
            copied.add(reply.firstUid, reply.firstUid + reply.source.count() - 1);
        }
        transaction
                .rows()
                .row(
                        row,
                        new CopyProgress(
                                        State.GOING_ON,
                                        transaction.nowMillis() + GOING_ON_MILLIS,
                                        reply.target,
                                        copied.build())
                                .encode());
    }
}

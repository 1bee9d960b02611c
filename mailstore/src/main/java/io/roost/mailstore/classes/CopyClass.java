package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.mailstore.mailbox.EmailReferences.Place;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.UidSet;
import java.util.Objects;

/**
 * {@code mailbox.copy} and {@code mailbox.move}: messages of a folder come into another one of the account, with new UIDs
 * in the order of the old ones; moved ones leave in the same transaction (RFC 6851 3.3). The bodies stay where they are.
 *
 * <p>Statuses: NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_ACCOUNT, NO_SUCH_FOLDER, OVER_QUOTA (of copies), LIMIT.
 */
public final class CopyClass {
    static final String COPY = "copy";
    static final String MOVE = "move";

    private static final int VERSION = 1;

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

        private ClassCall call(String method) {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.varint(source.value());
            uids.encode(out);
            out.varint(fromUid);
            target.encode(out);
            return new ClassCall(MailClasses.MAILBOX, method, out.end(mark).toBytes(), Data.EMPTY);
        }

        /** The call that copies. */
        public ClassCall copy() {
            return call(COPY);
        }

        /** The call that moves. */
        public ClassCall move() {
            return call(MOVE);
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

    private enum Kind {
        COPY,
        MOVE
    }

    static ClassReply copy(LocatorView view, Parameters parameters) {
        return evaluate(view, parameters, Kind.COPY);
    }

    static ClassReply move(LocatorView view, Parameters parameters) {
        return evaluate(view, parameters, Kind.MOVE);
    }

    private static ClassReply evaluate(LocatorView view, Parameters parameters, Kind kind) {
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
            if (kind == Kind.COPY && !transaction.admits(record.sizeBytes(), 1)) {
                return MailStatus.OVER_QUOTA.refuse();
            }
            if (kind == Kind.COPY && !transaction.canRefer(record.email())) {
                return MailStatus.LIMIT.refuse();
            }
            MailFlags flags = new MailFlags(
                    record.flags().system(),
                    target.bitsOfNew(source.namesOf(record.flags().keywords())));
            MessageRecord copy = record.movedTo(flags, target.modSeq(), parameters.caller.nowMillis());
            long uid;
            if (kind == Kind.MOVE) {
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
        return transaction.reply(reply.encode());
    }
}

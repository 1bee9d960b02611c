package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.UidSet;
import java.util.Objects;

/**
 * {@code mailbox.expunge}: removes messages that have \Deleted; those of the set that have not are left alone, since
 * another client may have taken the flag away.
 *
 * <p>Statuses: NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_ACCOUNT, NO_SUCH_FOLDER.
 */
public final class ExpungeClass {
    static final String METHOD = "expunge";

    /** The {@code keepUntilMillis} of messages that go for good. */
    public static final long KEEP_NOT = 0;

    private static final int VERSION = 1;

    private ExpungeClass() {}

    /**
     * What to remove.
     *
     * @param caller whose mail
     * @param folder where
     * @param uids which messages, if they have \Deleted
     * @param fromUid 1, or where the call before ended
     * @param keepUntilMillis until when they can be had back, Unix milliseconds, or {@link #KEEP_NOT}
     */
    public record Parameters(AccountRef caller, FolderNumber folder, UidSet uids, long fromUid, long keepUntilMillis) {
        /** Checks the ranges. */
        public Parameters {
            Objects.requireNonNull(uids, "uids");
            if (fromUid < 1 || keepUntilMillis < 0) {
                throw new IllegalArgumentException("from UID " + fromUid + ", kept until " + keepUntilMillis);
            }
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.varint(folder.value());
            uids.encode(out);
            out.varint(fromUid).varint(keepUntilMillis);
            return new ClassCall(MailClasses.MAILBOX, METHOD, out.end(mark).toBytes(), Data.EMPTY);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters = new Parameters(
                    AccountRef.decode(in),
                    new FolderNumber(in.count(Integer.MAX_VALUE)),
                    UidSet.decode(in),
                    in.varint(),
                    in.varint());
            in.end(struct);
            return parameters;
        }
    }

    /**
     * What was removed.
     *
     * @param modSeq of the folder afterwards
     * @param expunged which went
     * @param resumeAt UID to go on from, or 0 when all are done
     */
    public record Reply(long modSeq, UidSet expunged, long resumeAt) {
        Bytes encode() {
            ByteWriter out = new ByteWriter(64);
            int mark = out.begin(VERSION, 1);
            out.varint(modSeq).varint(resumeAt);
            expunged.encode(out);
            return out.end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static Reply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            long modSeq = in.varint();
            long resumeAt = in.varint();
            Reply reply = new Reply(modSeq, UidSet.decode(in), resumeAt);
            in.end(struct);
            return reply;
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters) {
        MailTransaction transaction = new MailTransaction(view, parameters.caller);
        MailStatus entered = transaction.enter();
        if (entered != MailStatus.OK) {
            return entered.refuse();
        }
        OpenFolder folder = transaction.folder(parameters.folder);
        if (folder == null) {
            return MailStatus.NO_SUCH_FOLDER.refuse();
        }
        MessageScan scan = new MessageScan(
                view,
                transaction.account(),
                folder.number(),
                parameters.uids,
                parameters.fromUid,
                MailTransaction.MAX_MESSAGES);
        UidSet.Builder expunged = new UidSet.Builder();
        while (scan.next()) {
            MessageRecord record = scan.message();
            if (record.flags().has(MailFlags.DELETED)) {
                transaction.expunge(folder, scan.uid(), record, parameters.keepUntilMillis);
                expunged.add(scan.uid());
            }
            if (!transaction.hasRoom()) {
                scan.stop();
                break;
            }
        }
        Reply reply = new Reply(folder.highestModSeq(), expunged.build(), scan.resumeAt());
        return transaction.reply(reply.encode());
    }
}

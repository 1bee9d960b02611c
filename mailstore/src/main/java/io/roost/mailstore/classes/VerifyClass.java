package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.EmailReferences;
import io.roost.mailstore.mailbox.EmailReferences.Place;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderHeader.Counts;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.UidSet;
import io.roost.objectstore.layout.EntryNames;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code mailbox.verify}: looks at messages of a folder, and at what each must have beside it, as of one moment. Changes
 * nothing, and goes on over what is damaged.
 *
 * <p>Statuses: NO_SUCH_FOLDER.
 */
public final class VerifyClass {
    static final String METHOD = "verify";

    private static final int VERSION = 1;

    /** Messages of one call: each is four entries, and an evaluation reads 4,096. */
    private static final int MAX_MESSAGES = 500;

    private VerifyClass() {}

    /** What can be wrong with a message. */
    public enum Fault {
        /** Its record cannot be read. */
        UNREADABLE_RECORD(1),
        /** Its UID is one that the folder has not given. */
        UID_NOT_GIVEN(2),
        /** Its MODSEQ is above the folder's. */
        MODSEQ_NOT_GIVEN(3),
        /** It has a keyword that the folder's dictionary has not. */
        UNKNOWN_KEYWORD(4),
        /** Its body is missing. */
        NO_BODY(5),
        /** What is known of its content is missing: it is read from the body each time. */
        NO_CONTENT(6),
        /** Its content does not know of it, and could go before it. */
        NO_REFERENCE(7);

        private final int code;

        Fault(int code) {
            this.code = code;
        }

        private static Fault ofCode(int code) {
            for (Fault fault : values()) {
                if (fault.code == code) {
                    return fault;
                }
            }
            throw new MalformedBytesException("fault " + code);
        }
    }

    /**
     * Where to look.
     *
     * @param account whose
     * @param folder which
     * @param fromUid 1, or where the call before ended
     */
    public record Parameters(AccountId account, FolderNumber folder, long fromUid) {
        /** Checks the range. */
        public Parameters {
            if (fromUid < 1) {
                throw new IllegalArgumentException("from UID " + fromUid);
            }
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(32);
            int mark = out.begin(VERSION, 1);
            out.raw(account.bytes()).varint(folder.value()).varint(fromUid);
            return new ClassCall(MailClasses.MAILBOX, METHOD, out.end(mark).toBytes(), Data.EMPTY);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters =
                    new Parameters(AccountRef.account(in), new FolderNumber(in.count(Integer.MAX_VALUE)), in.varint());
            in.end(struct);
            return parameters;
        }
    }

    /**
     * Something wrong with a message.
     *
     * @param uid which
     * @param fault what
     */
    public record Finding(long uid, Fault fault) {}

    /**
     * What was seen.
     *
     * @param header of the folder at that moment
     * @param uids that were seen
     * @param counts of them
     * @param findings in their order
     * @param resumeAt UID to go on from, or 0 at the end
     */
    public record Reply(FolderHeader header, UidSet uids, Counts counts, List<Finding> findings, long resumeAt) {
        /** Copies the list. */
        public Reply {
            findings = List.copyOf(findings);
        }

        Bytes encode() {
            ByteWriter out = new ByteWriter(256);
            int mark = out.begin(VERSION, 1);
            out.bytes(header.encode());
            uids.encode(out);
            out.varint(counts.exists())
                    .varint(counts.unseen())
                    .varint(counts.deleted())
                    .varint(counts.bytes());
            out.varint(findings.size());
            findings.forEach(each -> out.varint(each.uid).u8(each.fault.code));
            return out.varint(resumeAt).end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static Reply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            FolderHeader header = FolderHeader.decode(in.bytes());
            UidSet uids = UidSet.decode(in);
            Counts counts = new Counts(in.varint(), in.varint(), in.varint(), in.varint());
            int count = in.count(MAX_MESSAGES * Fault.values().length);
            List<Finding> findings = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                findings.add(new Finding(in.varint(), Fault.ofCode(in.u8())));
            }
            Reply reply = new Reply(header, uids, counts, findings, in.varint());
            in.end(struct);
            return reply;
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters) {
        AccountId account = parameters.account;
        Entry entry = view.entry(MailRows.folder(account, parameters.folder));
        if (entry == null) {
            return MailStatus.NO_SUCH_FOLDER.refuse();
        }
        FolderHeader header = FolderHeader.decode(entry.attributes());
        List<Finding> findings = new ArrayList<>();
        UidSet.Builder uids = new UidSet.Builder();
        Counts counts = Counts.NONE;
        EntryCursor rows = view.entries(
                MailRows.message(account, parameters.folder, parameters.fromUid),
                MailRows.folderEnd(MailRows.MESSAGE, account, parameters.folder));
        int messages = 0;
        long resumeAt = 0;
        while (resumeAt == 0 && rows.next()) {
            long uid = MailRows.uidOf(rows.name());
            if (messages++ == MAX_MESSAGES) {
                resumeAt = uid;
                break;
            }
            uids.add(uid);
            MessageRecord record = record(rows.entry().attributes());
            if (record == null) {
                findings.add(new Finding(uid, Fault.UNREADABLE_RECORD));
                continue;
            }
            counts = counts.plus(record.flags(), record.sizeBytes());
            check(view, parameters, header, uid, record, findings);
        }
        return ClassReply.read(new Reply(header, uids.build(), counts, findings, resumeAt).encode());
    }

    private static MessageRecord record(Bytes attributes) {
        try {
            return MessageRecord.decode(attributes);
        } catch (MalformedBytesException | IllegalArgumentException damaged) {
            return null;
        }
    }

    private static void check(
            LocatorView view,
            Parameters parameters,
            FolderHeader header,
            long uid,
            MessageRecord record,
            List<Finding> findings) {
        AccountId account = parameters.account;
        EmailId email = record.email();
        add(findings, uid, uid >= header.uidNext(), Fault.UID_NOT_GIVEN);
        add(findings, uid, record.modSeq() > header.log().highestModSeq(), Fault.MODSEQ_NOT_GIVEN);
        long unknown = header.keywords().size() == Long.SIZE
                ? 0
                : record.flags().keywords() >>> header.keywords().size();
        add(findings, uid, unknown != 0, Fault.UNKNOWN_KEYWORD);
        add(findings, uid, view.entry(EntryNames.version(email.bodyKey(account), 0)) == null, Fault.NO_BODY);
        add(findings, uid, view.entry(MailRows.content(account, email)) == null, Fault.NO_CONTENT);
        Entry references = view.entry(MailRows.references(account, email));
        boolean isKnown = references != null
                && EmailReferences.decode(references.attributes()).places().contains(new Place(parameters.folder, uid));
        add(findings, uid, !isKnown, Fault.NO_REFERENCE);
    }

    private static void add(List<Finding> findings, long uid, boolean isWrong, Fault fault) {
        if (isWrong) {
            findings.add(new Finding(uid, fault));
        }
    }
}

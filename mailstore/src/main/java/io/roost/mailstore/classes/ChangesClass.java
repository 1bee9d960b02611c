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
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.ChangeRow;
import io.roost.mailstore.mailbox.FolderChanges;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.NumberedMessage;
import io.roost.mailstore.mailbox.UidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What a client needs to follow a folder, in proportion to what it needs.
 *
 * <pre>
 * mailbox.changes  since a MODSEQ: messages that came or changed, as they are now, and UIDs that went; NO_SUCH_FOLDER,
 *                  BELOW_FLOOR when the log does not reach back: the caller then compares UIDs and reads all
 * mailbox.records  messages of a set; NO_SUCH_FOLDER
 * </pre>
 */
public final class ChangesClass {
    static final String CHANGES = "changes";
    static final String RECORDS = "records";

    private static final int VERSION = 1;

    /** Messages of one reply: 100 KiB. */
    static final int MAX_RECORDS = 1_200;

    /** Changes that one call reads. */
    private static final int MAX_ROWS = 1_000;

    private ChangesClass() {}

    /**
     * Since when.
     *
     * @param account whose mail
     * @param folder which
     * @param sinceModSeq what the caller knows
     */
    public record SinceParameters(AccountId account, FolderNumber folder, long sinceModSeq) {
        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(64);
            int mark = out.begin(VERSION, 1);
            out.raw(account.bytes()).varint(folder.value()).varint(sinceModSeq);
            return new ClassCall(MailClasses.MAILBOX, CHANGES, out.end(mark).toBytes(), Data.EMPTY);
        }

        static SinceParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            SinceParameters parameters = new SinceParameters(
                    AccountRef.account(in), new FolderNumber(in.count(Integer.MAX_VALUE)), in.varint());
            in.end(struct);
            return parameters;
        }
    }

    /**
     * Which messages.
     *
     * @param account whose mail
     * @param folder which
     * @param uids of the messages
     * @param fromUid 1, or where the call before ended
     */
    public record RecordsParameters(AccountId account, FolderNumber folder, UidSet uids, long fromUid) {
        /** Checks that nothing is null. */
        public RecordsParameters {
            Objects.requireNonNull(uids, "uids");
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(64);
            int mark = out.begin(VERSION, 1);
            out.raw(account.bytes()).varint(folder.value());
            uids.encode(out);
            out.varint(fromUid);
            return new ClassCall(MailClasses.MAILBOX, RECORDS, out.end(mark).toBytes(), Data.EMPTY);
        }

        static RecordsParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            RecordsParameters parameters = new RecordsParameters(
                    AccountRef.account(in),
                    new FolderNumber(in.count(Integer.MAX_VALUE)),
                    UidSet.decode(in),
                    in.varint());
            in.end(struct);
            return parameters;
        }
    }

    private static Bytes encode(FolderChanges changes) {
        ByteWriter out = new ByteWriter(256 + 80 * changes.changed().size());
        int mark = out.begin(VERSION, 1);
        out.bytes(changes.header().encode()).varint(changes.untilModSeq());
        encode(out, changes.changed());
        changes.expunged().encode(out);
        return out.end(mark).toBytes();
    }

    /** Reads the output of a call of {@code changes} with status OK. */
    public static FolderChanges decodeChanges(Bytes output) {
        ByteReader in = new ByteReader(output);
        ByteReader.Struct struct = in.begin(VERSION);
        FolderChanges changes =
                new FolderChanges(FolderHeader.decode(in.bytes()), in.varint(), decode(in), UidSet.decode(in));
        in.end(struct);
        return changes;
    }

    /**
     * Messages.
     *
     * @param messages that exist, by UID
     * @param resumeAt UID to go on from, or 0 when all are told
     * @param modSeq highest of the folder, as of which they are told; {@link #UNKNOWN} by an older version
     */
    public record RecordsReply(List<NumberedMessage> messages, long resumeAt, long modSeq) {
        /** No MODSEQ. */
        public static final long UNKNOWN = 0;

        private static final int RECORDS_VERSION = 2;

        /** Copies the list. */
        public RecordsReply {
            messages = List.copyOf(messages);
        }

        Bytes encode() {
            ByteWriter out = new ByteWriter(64 + 80 * messages.size());
            int mark = out.begin(RECORDS_VERSION, 1);
            ChangesClass.encode(out, messages);
            return out.varint(resumeAt).varint(modSeq).end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static RecordsReply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(RECORDS_VERSION);
            RecordsReply reply = new RecordsReply(
                    ChangesClass.decode(in), in.varint(), struct.version() < RECORDS_VERSION ? UNKNOWN : in.varint());
            in.end(struct);
            return reply;
        }
    }

    private static void encode(ByteWriter out, List<NumberedMessage> messages) {
        out.varint(messages.size());
        for (NumberedMessage each : messages) {
            out.varint(each.uid());
            each.message().encode(out);
        }
    }

    private static List<NumberedMessage> decode(ByteReader in) {
        int count = in.count(2 * MAX_RECORDS);
        List<NumberedMessage> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            messages.add(new NumberedMessage(in.varint(), MessageRecord.decode(in)));
        }
        return messages;
    }

    private static FolderHeader header(LocatorView view, AccountId account, FolderNumber folder) {
        Entry entry = view.entry(MailRows.folder(account, folder));
        return entry == null ? null : FolderHeader.decode(entry.attributes());
    }

    static ClassReply changes(LocatorView view, SinceParameters parameters) {
        AccountId account = parameters.account;
        FolderNumber folder = parameters.folder;
        FolderHeader header = header(view, account, folder);
        if (header == null) {
            return MailStatus.NO_SUCH_FOLDER.refuse();
        }
        if (parameters.sinceModSeq < header.log().floor()) {
            return MailStatus.BELOW_FLOOR.refuse();
        }
        TreeSet<Long> touched = new TreeSet<>();
        TreeSet<Long> gone = new TreeSet<>();
        EntryCursor rows = view.entries(
                MailRows.change(account, folder, parameters.sinceModSeq + 1),
                MailRows.folderEnd(MailRows.CHANGE, account, folder));
        long until = parameters.sinceModSeq;
        // A row has at most MAX_MESSAGES of each kind, so the bound is passed by no more than one row.
        for (int i = 0;
                i < MAX_ROWS && touched.size() < MAX_RECORDS && gone.size() < UidSet.MAX_RANGES / 2 && rows.next();
                i++) {
            ChangeRow row = ChangeRow.decode(rows.entry().attributes());
            touched.addAll(row.added().toList());
            touched.addAll(row.flagged().toList());
            gone.addAll(row.expunged().toList());
            until = MailRows.modSeqOf(rows.name());
        }
        touched.removeAll(gone);
        List<NumberedMessage> changed = new ArrayList<>(touched.size());
        for (long uid : touched) {
            Entry entry = view.entry(MailRows.message(account, folder, uid));
            // One that went by a later change is told with that change.
            if (entry != null) {
                changed.add(new NumberedMessage(uid, MessageRecord.decode(entry.attributes())));
            }
        }
        UidSet.Builder expunged = new UidSet.Builder();
        gone.forEach(expunged::add);
        return ClassReply.read(encode(new FolderChanges(header, until, changed, expunged.build())));
    }

    static ClassReply records(LocatorView view, RecordsParameters parameters) {
        FolderHeader header = header(view, parameters.account, parameters.folder);
        if (header == null) {
            return MailStatus.NO_SUCH_FOLDER.refuse();
        }
        MessageScan scan = new MessageScan(
                view, parameters.account, parameters.folder, parameters.uids, parameters.fromUid, MAX_RECORDS);
        List<NumberedMessage> messages = new ArrayList<>();
        while (scan.next()) {
            messages.add(new NumberedMessage(scan.uid(), scan.message()));
        }
        return ClassReply.read(
                new RecordsReply(messages, scan.resumeAt(), header.log().highestModSeq()).encode());
    }
}

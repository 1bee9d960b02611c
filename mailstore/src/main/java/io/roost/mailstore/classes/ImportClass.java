package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.FolderHeader;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.UidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code mailbox.adopt}, {@code mailbox.import} and {@code mailbox.present}: a folder of another mail store comes with its
 * UIDs, so that clients need not fetch everything again, and what has come already does not come again.
 *
 * <pre>
 * adopt    a folder that never had a message takes a UIDVALIDITY; one that has it already goes on with it; UIDNEXT becomes
 *          at least so much
 * import   messages come in as {@link AppendClass} has it, with UIDs of their own above all that were given
 * present  of some email ids those that the account has, expunged messages that are kept among them
 * </pre>
 *
 * <p>Statuses: those of append, and NOT_POSSIBLE when the folder has another UIDVALIDITY and has had messages, or has given
 * such UIDs already.
 */
public final class ImportClass {
    static final String ADOPT = "adopt";
    static final String IMPORT = "import";
    static final String PRESENT = "present";

    /** Email ids of one call. */
    public static final int MAX_EMAILS = AppendClass.MAX_ITEMS;

    private static final int VERSION = 1;
    private static final int ID_BYTES = 16;

    private ImportClass() {}

    /**
     * Which UIDs a folder has from now on.
     *
     * @param caller whose folder
     * @param folder which
     * @param uidValidity of the UIDs
     * @param uidNext UIDs below it are used up; 1 for none
     */
    public record AdoptParameters(AccountRef caller, FolderRef folder, long uidValidity, long uidNext) {
        /** Checks the ranges. */
        public AdoptParameters {
            Objects.requireNonNull(folder, "folder");
            if (uidValidity < 1 || uidValidity > UidSet.MAX_UID || uidNext < 1 || uidNext > UidSet.MAX_UID) {
                throw new IllegalArgumentException("UIDVALIDITY " + uidValidity + ", UIDNEXT " + uidNext);
            }
        }

        /** The call; its reply is the UID that the folder gives next. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(64);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            folder.encode(out);
            out.varint(uidValidity).varint(uidNext);
            return new ClassCall(MailClasses.MAILBOX, ADOPT, out.end(mark).toBytes(), Data.EMPTY);
        }

        static AdoptParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            AdoptParameters parameters =
                    new AdoptParameters(AccountRef.decode(in), FolderRef.decode(in), in.varint(), in.varint());
            in.end(struct);
            return parameters;
        }
    }

    /** Reads the reply of adopt. */
    public static long uidNext(Bytes output) {
        return new ByteReader(output).varint();
    }

    static ClassReply adopt(LocatorView view, AdoptParameters parameters) {
        MailTransaction transaction = new MailTransaction(view, parameters.caller);
        MailStatus entered = transaction.enter();
        if (entered != MailStatus.OK) {
            return entered.refuse();
        }
        OpenFolder folder = transaction.folder(parameters.folder);
        if (folder == null) {
            return MailStatus.NO_SUCH_FOLDER.refuse();
        }
        Bytes name = MailRows.folder(transaction.account(), folder.number());
        FolderHeader header = FolderHeader.decode(transaction.rows().attributes(name));
        boolean isNew = header.uidNext() == 1;
        if (!isNew && header.uidValidity() != parameters.uidValidity) {
            return MailStatus.NOT_POSSIBLE.refuse();
        }
        FolderHeader adopted = header.withUids(parameters.uidValidity, Math.max(header.uidNext(), parameters.uidNext));
        if (!adopted.equals(header)) {
            transaction.rows().row(name, adopted.encode());
            transaction.header(transaction.header().withUidValidity(parameters.uidValidity));
        }
        return transaction.reply(new ByteWriter(8).varint(adopted.uidNext()).toBytes());
    }

    /**
     * Which email ids.
     *
     * @param account whose
     * @param emails at most {@link #MAX_EMAILS}
     */
    public record PresentParameters(AccountId account, List<EmailId> emails) {
        /** Copies the list. */
        public PresentParameters {
            emails = List.copyOf(emails);
        }

        /** The call; its reply is read by {@link ImportClass#emails}. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(32 + ID_BYTES * emails.size());
            int mark = out.begin(VERSION, 1);
            out.raw(account.bytes());
            encodeEmails(out, emails);
            return new ClassCall(MailClasses.MAILBOX, PRESENT, out.end(mark).toBytes(), Data.EMPTY);
        }

        static PresentParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            PresentParameters parameters = new PresentParameters(AccountRef.account(in), decodeEmails(in));
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply present(LocatorView view, PresentParameters parameters) {
        List<EmailId> present = parameters.emails.stream()
                .filter(email -> view.entry(MailRows.references(parameters.account, email)) != null)
                .toList();
        ByteWriter out = new ByteWriter(8 + ID_BYTES * present.size());
        encodeEmails(out, present);
        return ClassReply.read(out.toBytes());
    }

    /** Reads the reply of present. */
    public static List<EmailId> emails(Bytes output) {
        return decodeEmails(new ByteReader(output));
    }

    private static void encodeEmails(ByteWriter out, List<EmailId> emails) {
        out.varint(emails.size());
        emails.forEach(email -> out.raw(email.bytes()));
    }

    private static List<EmailId> decodeEmails(ByteReader in) {
        int count = in.count(MAX_EMAILS);
        List<EmailId> emails = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            emails.add(new EmailId(in.raw(ID_BYTES)));
        }
        return emails;
    }

    /**
     * What to import.
     *
     * @param append the messages
     * @param uidValidity of their UIDs
     * @param uids one for each, ascending
     */
    public record Parameters(AppendClass.Parameters append, long uidValidity, List<Long> uids) {
        /** Copies the list and checks it. */
        public Parameters {
            uids = List.copyOf(uids);
            if (uids.size() != append.items().size()) {
                throw new IllegalArgumentException(uids.size() + " UIDs");
            }
            long last = 0;
            for (long uid : uids) {
                if (uid <= last || uid >= UidSet.MAX_UID) {
                    throw new IllegalArgumentException("UID " + uid + " after " + last);
                }
                last = uid;
            }
        }

        /**
         * The call.
         *
         * @param bodies as those of append
         */
        public ClassCall call(Data bodies) {
            ByteWriter out = new ByteWriter(512);
            int mark = out.begin(VERSION, 1);
            out.varint(uidValidity).varint(uids.size());
            uids.forEach(out::varint);
            append.encode(out);
            return new ClassCall(MailClasses.MAILBOX, IMPORT, out.end(mark).toBytes(), bodies);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            long uidValidity = in.varint();
            int count = in.count(AppendClass.MAX_ITEMS);
            List<Long> uids = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                uids.add(in.varint());
            }
            Parameters parameters = new Parameters(AppendClass.Parameters.decode(in), uidValidity, uids);
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply evaluate(LocatorView view, Parameters parameters, Data data) {
        return AppendClass.evaluate(view, parameters.append, data, transaction -> {
            OpenFolder folder = transaction.folder(parameters.append.folder());
            boolean isPossible = folder.uidValidity() == parameters.uidValidity && folder.give(parameters.uids);
            return isPossible ? MailStatus.OK : MailStatus.NOT_POSSIBLE;
        });
    }
}

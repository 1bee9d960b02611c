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
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.EmailReferences.Place;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.KeptMessage;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.MessageRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code kept.*}: expunged messages that are kept for a while.
 *
 * <pre>
 * list      those of an account, with a cursor
 * undelete  puts some into a folder, with new UIDs; NO_SUCH_FOLDER, OVER_QUOTA, LIMIT
 * purge     removes what is due, of one account, for good
 * </pre>
 *
 * The writing ones also: NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_ACCOUNT.
 */
public final class KeptClass {
    static final String LIST = "list";
    static final String UNDELETE = "undelete";
    static final String PURGE = "purge";

    private static final int VERSION = 1;

    /** Messages of one reply. */
    static final int MAX_LISTED = 1_000;

    /** Messages of one undelete: each takes more names than a changed one. */
    public static final int MAX_UNDELETED = MailTransaction.MAX_MESSAGES / 2;

    private KeptClass() {}

    private static void encode(ByteWriter out, Place place) {
        out.varint(place.folder().value()).varint(place.uid());
    }

    private static Place place(ByteReader in) {
        return new Place(new FolderNumber(in.count(Integer.MAX_VALUE)), in.varint());
    }

    /**
     * Which messages.
     *
     * @param account whose
     * @param after the last of the call before, or folder 1 and UID 0
     */
    public record ListParameters(AccountId account, Place after) {
        /** Before the first. */
        public static final Place BEGIN = new Place(FolderNumber.INBOX, 0);

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(32);
            int mark = out.begin(VERSION, 1);
            out.raw(account.bytes());
            encode(out, after);
            return new ClassCall(MailClasses.KEPT, LIST, out.end(mark).toBytes(), Data.EMPTY);
        }

        static ListParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            ListParameters parameters = new ListParameters(AccountRef.account(in), place(in));
            in.end(struct);
            return parameters;
        }
    }

    /**
     * A kept message.
     *
     * @param place where it was
     * @param kept what it was
     */
    public record Listed(Place place, KeptMessage kept) {}

    /**
     * Kept messages.
     *
     * @param messages by folder and UID; as many as a reply has when there may be more
     */
    public record ListReply(List<Listed> messages) {
        /** Copies the list. */
        public ListReply {
            messages = List.copyOf(messages);
        }

        /** True when the call is to be made again after the last of these. */
        public boolean isCut() {
            return messages.size() == MAX_LISTED;
        }

        Bytes encode() {
            ByteWriter out = new ByteWriter(64 + 100 * messages.size());
            int mark = out.begin(VERSION, 1);
            out.varint(messages.size());
            for (Listed each : messages) {
                KeptClass.encode(out, each.place);
                out.bytes(each.kept.encode());
            }
            return out.end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static ListReply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            int count = in.count(MAX_LISTED);
            List<Listed> messages = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                messages.add(new Listed(KeptClass.place(in), KeptMessage.decode(in.bytes())));
            }
            in.end(struct);
            return new ListReply(messages);
        }
    }

    static ClassReply list(LocatorView view, ListParameters parameters) {
        Place after = parameters.after;
        EntryCursor rows = view.entries(
                MailRows.kept(parameters.account, after.folder(), after.uid() + 1),
                MailRows.accountEnd(MailRows.KEPT, parameters.account));
        List<Listed> messages = new ArrayList<>();
        while (messages.size() < MAX_LISTED && rows.next()) {
            messages.add(new Listed(
                    new Place(MailRows.folderOf(rows.name()), MailRows.uidOf(rows.name())),
                    KeptMessage.decode(rows.entry().attributes())));
        }
        return ClassReply.read(new ListReply(messages).encode());
    }

    /**
     * What to put back.
     *
     * @param caller whose
     * @param places which; those that are no longer kept are stepped over
     * @param target the folder to put them into
     */
    public record UndeleteParameters(AccountRef caller, List<Place> places, FolderRef target) {
        /** Copies the list. */
        public UndeleteParameters {
            places = List.copyOf(places);
            Objects.requireNonNull(target, "target");
            if (places.size() > MAX_UNDELETED) {
                throw new IllegalArgumentException(places.size() + " messages");
            }
        }

        /** The call; its reply is a number of messages. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(64 + 8 * places.size());
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            target.encode(out);
            out.varint(places.size());
            places.forEach(place -> encode(out, place));
            return new ClassCall(MailClasses.KEPT, UNDELETE, out.end(mark).toBytes(), Data.EMPTY);
        }

        static UndeleteParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            AccountRef caller = AccountRef.decode(in);
            FolderRef target = FolderRef.decode(in);
            int count = in.count(MailTransaction.MAX_MESSAGES);
            List<Place> places = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                places.add(place(in));
            }
            in.end(struct);
            return new UndeleteParameters(caller, places, target);
        }
    }

    /** The number of messages of a reply to undelete or purge. */
    public static int count(Bytes output) {
        return new ByteReader(output).count(Integer.MAX_VALUE);
    }

    private static Bytes count(int messages) {
        return new ByteWriter(8).varint(messages).toBytes();
    }

    private static KeptMessage kept(MailTransaction transaction, Place place) {
        Bytes attributes =
                transaction.rows().attributes(MailRows.kept(transaction.account(), place.folder(), place.uid()));
        return attributes == null ? null : KeptMessage.decode(attributes);
    }

    static ClassReply undelete(LocatorView view, UndeleteParameters parameters) {
        MailTransaction transaction = new MailTransaction(view, parameters.caller);
        MailStatus entered = transaction.enter();
        if (entered != MailStatus.OK) {
            return entered.refuse();
        }
        OpenFolder target = transaction.folder(parameters.target);
        if (target == null) {
            return MailStatus.NO_SUCH_FOLDER.refuse();
        }
        if (!target.canAdd(parameters.places.size())) {
            return MailStatus.LIMIT.refuse();
        }
        int done = 0;
        for (Place place : parameters.places) {
            KeptMessage kept = kept(transaction, place);
            if (kept == null) {
                continue;
            }
            MessageRecord record = kept.record();
            if (!transaction.admits(record.sizeBytes(), 1)) {
                return MailStatus.OVER_QUOTA.refuse();
            }
            MailFlags flags =
                    new MailFlags(record.flags().system() & ~MailFlags.DELETED, target.bitsOfNew(kept.keywords()));
            transaction.unkeep(place, kept);
            transaction.addMoved(target, record.movedTo(flags, target.modSeq(), parameters.caller.nowMillis()), place);
            done++;
        }
        return transaction.reply(count(done));
    }

    /** The call that removes what is due of an account; its reply is a number of messages, 0 when nothing is left. */
    public static ClassCall purge(AccountRef caller) {
        ByteWriter out = new ByteWriter(64);
        caller.encode(out);
        return new ClassCall(MailClasses.KEPT, PURGE, out.toBytes(), Data.EMPTY);
    }

    static ClassReply purge(LocatorView view, AccountRef caller) {
        MailTransaction transaction = new MailTransaction(view, caller);
        MailStatus entered = transaction.enter();
        if (entered != MailStatus.OK) {
            return entered.refuse();
        }
        EntryCursor due = view.entries(MailRows.keptDueBegin(), MailRows.keptDueEnd(caller.nowMillis()));
        int done = 0;
        // Other accounts of the locator may have rows in between; their own call removes those.
        for (int steps = 0; steps < MailTransaction.MAX_MESSAGES && transaction.hasRoom() && due.next(); steps++) {
            MailRows.KeptEnd end = MailRows.keptEnd(due.name());
            if (!end.account().equals(caller.account())) {
                continue;
            }
            Place place = new Place(end.folder(), end.uid());
            KeptMessage kept = kept(transaction, place);
            if (kept == null) {
                transaction.rows().put(new Mutation.Delete(due.name()));
            } else {
                transaction.unkeep(place, kept);
                transaction.drop(kept.record().email(), place);
            }
            done++;
        }
        return transaction.reply(count(done));
    }
}

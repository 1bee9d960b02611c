package io.roost.mailstore.classes;

import io.roost.cluster.classes.ClassReply;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.client.ClassCall;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.MalformedBytesException;
import io.roost.mailstore.mailbox.FolderNumber;
import io.roost.mailstore.mailbox.MailFlags;
import io.roost.mailstore.mailbox.MessageRecord;
import io.roost.mailstore.mailbox.UidSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code mailbox.store}: changes flags. A message whose flags are already so keeps its MODSEQ; one that was changed since
 * the MODSEQ of a condition is left alone (RFC 7162 3.1.3). UIDs that do not exist are stepped over.
 *
 * <p>Statuses: NO_SUCH_BUCKET, STALE_BUCKET, NO_SUCH_ACCOUNT, NO_SUCH_FOLDER.
 */
public final class StoreClass {
    static final String METHOD = "store";

    /** The {@code unchangedSince} of a STORE without condition. */
    public static final long UNCONDITIONAL = Long.MAX_VALUE;

    private static final int VERSION = 1;

    /** Bytes of a reply after which a call ends: a log keeps it for resends. */
    private static final int MAX_REPLY_BYTES = 3_500;

    private static final int CHANGED = 0x20;
    private static final int HAS_KEYWORDS = 0x40;
    private static final int NEWS = 0x80;

    private StoreClass() {}

    /** How flags change. */
    public enum Mode {
        /** They become these. */
        REPLACE(0),
        /** These are added. */
        ADD(1),
        /** These are taken away. */
        REMOVE(2);

        private final int code;

        Mode(int code) {
            this.code = code;
        }

        private static Mode ofCode(int code) {
            return switch (code) {
                case 0 -> REPLACE;
                case 1 -> ADD;
                case 2 -> REMOVE;
                default -> throw new MalformedBytesException("mode of a store " + code);
            };
        }
    }

    /**
     * What to change.
     *
     * @param caller whose mail
     * @param folder where
     * @param uids which messages
     * @param fromUid 1, or where the call before ended
     * @param knownModSeq up to which the caller has been told of changes
     * @param change how
     */
    public record Parameters(
            AccountRef caller, FolderNumber folder, UidSet uids, long fromUid, long knownModSeq, Change change) {
        /** Checks the ranges. */
        public Parameters {
            Objects.requireNonNull(uids, "uids");
            Objects.requireNonNull(change, "change");
            if (fromUid < 1 || knownModSeq < 0) {
                throw new IllegalArgumentException("from UID " + fromUid + ", known MODSEQ " + knownModSeq);
            }
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.varint(folder.value());
            uids.encode(out);
            out.varint(fromUid).varint(knownModSeq);
            out.varint(change.unchangedSince).u8(change.mode.code).u8(change.systemFlags);
            AppendClass.encodeTexts(out, change.keywords);
            return new ClassCall(MailClasses.MAILBOX, METHOD, out.end(mark).toBytes(), Data.EMPTY);
        }

        static Parameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Parameters parameters = new Parameters(
                    AccountRef.decode(in),
                    new FolderNumber(in.count(Integer.MAX_VALUE)),
                    UidSet.decode(in),
                    in.varint(),
                    in.varint(),
                    new Change(in.varint(), Mode.ofCode(in.u8()), in.u8(), AppendClass.decodeTexts(in)));
            in.end(struct);
            return parameters;
        }
    }

    /**
     * A change of flags.
     *
     * @param unchangedSince only messages whose MODSEQ is not greater, or {@link #UNCONDITIONAL}
     * @param mode how
     * @param systemFlags bits of {@link MailFlags}
     * @param keywords by name
     */
    public record Change(long unchangedSince, Mode mode, int systemFlags, List<String> keywords) {
        /** Copies the list and checks the ranges. */
        public Change {
            keywords = AppendClass.checked(keywords);
            if (unchangedSince < 0 || (systemFlags & ~MailFlags.ALL_SYSTEM) != 0) {
                throw new IllegalArgumentException("unchanged since " + unchangedSince + ", flags " + systemFlags);
            }
        }

        private MailFlags apply(MailFlags old, MailFlags these) {
            return switch (mode) {
                case REPLACE -> these;
                case ADD -> old.with(these);
                case REMOVE -> old.without(these);
            };
        }
    }

    /** Whether a message was changed. */
    public enum Effect {
        /** It has new flags and the folder's new MODSEQ. */
        CHANGED,
        /** It had these flags already. */
        SAME
    }

    /**
     * A message that was to be changed.
     *
     * @param uid which
     * @param flags as they are now
     * @param effect whether they are new
     * @param before whether the caller knew how they were before
     */
    public record Stored(long uid, MailFlags flags, Effect effect, Before before) {}

    /** How a message was before, as the caller knows it. */
    public enum Before {
        /** As the caller has been told. */
        KNOWN,
        /** Somebody else had changed it since. */
        NEWS
    }

    /**
     * What became of it.
     *
     * @param modSeq of the folder afterwards; of each changed message
     * @param stored messages that met the condition
     * @param modified messages that did not
     * @param resumeAt UID to go on from, or 0 when all are done
     */
    public record Reply(long modSeq, List<Stored> stored, UidSet modified, long resumeAt) {
        /** Copies the list. */
        public Reply {
            stored = List.copyOf(stored);
        }

        Bytes encode() {
            ByteWriter out = new ByteWriter(256);
            int mark = out.begin(VERSION, 1);
            out.varint(modSeq).varint(resumeAt);
            modified.encode(out);
            out.varint(stored.size());
            long last = 0;
            for (Stored each : stored) {
                encode(out, each, last);
                last = each.uid;
            }
            return out.end(mark).toBytes();
        }

        private static void encode(ByteWriter out, Stored each, long last) {
            long keywords = each.flags.keywords();
            int bits = each.flags.system()
                    | (each.effect == Effect.CHANGED ? CHANGED : 0)
                    | (each.before == Before.NEWS ? NEWS : 0)
                    | (keywords == 0 ? 0 : HAS_KEYWORDS);
            out.varint(each.uid - last).u8(bits);
            if (keywords != 0) {
                out.varint(keywords);
            }
        }

        /** Reads the output of a call with status OK. */
        public static Reply decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            long modSeq = in.varint();
            long resumeAt = in.varint();
            UidSet modified = UidSet.decode(in);
            int count = in.count(MailTransaction.MAX_MESSAGES);
            List<Stored> stored = new ArrayList<>(count);
            long uid = 0;
            for (int i = 0; i < count; i++) {
                uid += in.varint();
                int bits = in.u8();
                long keywords = (bits & HAS_KEYWORDS) != 0 ? in.varint() : 0;
                stored.add(new Stored(
                        uid,
                        new MailFlags(bits & MailFlags.ALL_SYSTEM, keywords),
                        (bits & CHANGED) != 0 ? Effect.CHANGED : Effect.SAME,
                        (bits & NEWS) != 0 ? Before.NEWS : Before.KNOWN));
            }
            in.end(struct);
            return new Reply(modSeq, stored, modified, resumeAt);
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
        Change change = parameters.change;
        long keywords = change.mode == Mode.REMOVE ? folder.bitsOf(change.keywords) : folder.bitsOfNew(change.keywords);
        MailFlags these = new MailFlags(change.systemFlags, keywords);
        MessageScan scan = new MessageScan(
                view,
                transaction.account(),
                folder.number(),
                parameters.uids,
                parameters.fromUid,
                MailTransaction.MAX_MESSAGES);
        List<Stored> stored = new ArrayList<>();
        UidSet.Builder modified = new UidSet.Builder();
        ByteWriter size = new ByteWriter();
        while (scan.next()) {
            MessageRecord record = scan.message();
            if (record.modSeq() > change.unchangedSince) {
                modified.add(scan.uid());
                size.varint(scan.uid()).u8(0);
            } else {
                MailFlags flags = change.apply(record.flags(), these);
                boolean isSame = flags.equals(record.flags());
                if (!isSame) {
                    transaction.flag(folder, scan.uid(), record, flags);
                }
                Stored each = new Stored(
                        scan.uid(),
                        flags,
                        isSame ? Effect.SAME : Effect.CHANGED,
                        record.modSeq() > parameters.knownModSeq ? Before.NEWS : Before.KNOWN);
                stored.add(each);
                Reply.encode(size, each, 0);
            }
            if (size.size() > MAX_REPLY_BYTES || !transaction.hasRoom()) {
                scan.stop();
                break;
            }
        }
        Reply reply = new Reply(folder.highestModSeq(), stored, modified.build(), scan.resumeAt());
        return transaction.reply(reply.encode());
    }
}

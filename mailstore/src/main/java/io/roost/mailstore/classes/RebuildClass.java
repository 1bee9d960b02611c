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
import io.roost.cluster.object.Mutation;
import io.roost.mailstore.mailbox.AccountHeader;
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.KeptMessage;
import io.roost.mailstore.mailbox.MailRow;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.mailstore.mailbox.RebuildRow;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.ShardTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code mail-rebuild.*}: the rows of an account go, and others come, for the bodies that are there.
 *
 * <pre>
 * begin   the header goes and with it all that changes the account; rows go in steps, until no more is to be done
 * rows    rows come; those of dicts where there is none of that name, for they are not removed: nothing of them is made from bodies
 * end     the header comes: the account is in use again
 * bodies  the bodies of an account, whether it is being rebuilt or not, and whether a message refers to them
 * </pre>
 *
 * <p>Statuses of the first three: NO_SUCH_BUCKET, STALE_BUCKET, and of rows and end NOT_POSSIBLE: somebody else has begun since.
 */
public final class RebuildClass {
    static final String BEGIN = "begin";
    static final String ROWS = "rows";
    static final String END = "end";
    static final String BODIES = "bodies";

    /** Bytes of the token of who rebuilds. */
    public static final int TOKEN_BYTES = 16;

    /** Rows of one call. */
    public static final int MAX_ROWS = 900;

    /** Bytes of rows after which a call is full; one row may have as much again. */
    public static final int MAX_ROW_BYTES = 1024 * 1024;

    private static final int VERSION = 1;
    private static final int ID_BYTES = 16;

    /** A kept message has a second row. */
    private static final int MAX_CLEARED = 450;

    /** Bodies of one call: each is three reads of 4,096. */
    private static final int MAX_BODIES = 500;

    private static final List<Integer> CLEARED = List.of(
            MailRows.TREE,
            MailRows.FOLDER,
            MailRows.MESSAGE,
            MailRows.CHANGE,
            MailRows.CHECKPOINT,
            MailRows.REFERENCES,
            MailRows.CONTENT,
            MailRows.KEPT,
            MailRows.FOLDER_END,
            MailRows.COPY_PROGRESS);

    private RebuildClass() {}

    /**
     * A beginning.
     *
     * @param caller whose account
     * @param token 16 random bytes
     * @param known clocks and limit that are known from elsewhere
     */
    public record BeginParameters(AccountRef caller, Bytes token, AccountHeader known) {
        /** The call; its reply is a {@link Begun}. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.raw(token).bytes(known.encode());
            return new ClassCall(MailClasses.REBUILD, BEGIN, out.end(mark).toBytes(), Data.EMPTY);
        }

        static BeginParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            BeginParameters parameters =
                    new BeginParameters(AccountRef.decode(in), in.raw(TOKEN_BYTES), AccountHeader.decode(in.bytes()));
            in.end(struct);
            return parameters;
        }
    }

    /**
     * How far a beginning is.
     *
     * @param progress whether there are more rows to remove
     * @param known clocks and limit of the account
     * @param isOwn true when the limit is that of the account's own header, which could be read
     */
    public record Begun(Progress progress, AccountHeader known, boolean isOwn) {
        Bytes encode() {
            ByteWriter out = new ByteWriter(64);
            out.bytes(progress.encode()).bytes(known.encode());
            out.flag(isOwn);
            return out.toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static Begun decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            return new Begun(Progress.decode(in.bytes()), AccountHeader.decode(in.bytes()), in.flag());
        }
    }

    static ClassReply begin(LocatorView view, BeginParameters parameters) {
        AccountRef caller = parameters.caller;
        ShardTransaction rows = new ShardTransaction(view, caller.garbageDueMillis());
        MailStatus fence = MailStatus.of(rows.enter(caller.shard()));
        if (fence != MailStatus.OK) {
            return fence.refuse();
        }
        RebuildRow row = row(view, caller.account(), parameters);
        rows.put(new Mutation.Delete(MailRows.account(caller.account())));
        rows.row(MailRows.rebuild(caller.account()), row.encode());
        Progress progress = clear(view, rows, caller.account());
        return ClassReply.write(new Begun(progress, row.known(), row.isOwn()).encode(), rows.mutations());
    }

    /** The limit is the account's own, when its header can be read, or could when an earlier one began. */
    private static RebuildRow row(LocatorView view, AccountId account, BeginParameters parameters) {
        Entry entry = view.entry(MailRows.account(account));
        Entry earlier = view.entry(MailRows.rebuild(account));
        AccountHeader elsewhere = parameters.known;
        try {
            if (entry != null) {
                AccountHeader own = AccountHeader.decode(entry.attributes());
                return new RebuildRow(parameters.token, own.clocksWith(elsewhere), true);
            }
            if (earlier != null) {
                RebuildRow begun = RebuildRow.decode(earlier.attributes());
                return new RebuildRow(parameters.token, begun.known().clocksWith(elsewhere), begun.isOwn());
            }
        } catch (MalformedBytesException | IllegalArgumentException damaged) {
            // As one that is not there.
        }
        return new RebuildRow(parameters.token, elsewhere.clocksWith(elsewhere), false);
    }

    private static Progress clear(LocatorView view, ShardTransaction rows, AccountId account) {
        int cleared = 0;
        for (int kind : CLEARED) {
            EntryCursor cursor = view.entries(MailRows.accountBegin(kind, account), MailRows.accountEnd(kind, account));
            while (cursor.next()) {
                if (cleared++ == MAX_CLEARED) {
                    return Progress.MORE;
                }
                rows.put(new Mutation.Delete(cursor.name()));
                if (kind == MailRows.KEPT) {
                    endKeeping(view, rows, account, cursor);
                }
            }
        }
        return Progress.DONE;
    }

    /** That of a row which cannot be read stays, and goes when it is due. */
    private static void endKeeping(LocatorView view, ShardTransaction rows, AccountId account, EntryCursor kept) {
        try {
            Bytes end = MailRows.keptEnd(
                    KeptMessage.decode(kept.entry().attributes()).dueMillis(),
                    account,
                    MailRows.folderOf(kept.name()),
                    MailRows.uidOf(kept.name()));
            if (view.entry(end) != null) {
                rows.put(new Mutation.Delete(end));
            }
        } catch (MalformedBytesException | IllegalArgumentException damaged) {
            return;
        }
    }

    /** OK when this token may go on. */
    private static MailStatus enter(LocatorView view, ShardTransaction rows, AccountRef caller, Bytes token) {
        MailStatus fence = MailStatus.of(rows.enter(caller.shard()));
        if (fence != MailStatus.OK) {
            return fence;
        }
        Entry entry = view.entry(MailRows.rebuild(caller.account()));
        boolean isHis =
                entry != null && RebuildRow.decode(entry.attributes()).token().equals(token);
        return isHis ? MailStatus.OK : MailStatus.NOT_POSSIBLE;
    }

    /**
     * Rows that come.
     *
     * @param caller whose account
     * @param token of the beginning
     * @param rows of this account
     */
    public record RowsParameters(AccountRef caller, Bytes token, List<MailRow> rows) {
        /** Copies the list and checks its length and that all rows are of the account. */
        public RowsParameters {
            rows = List.copyOf(rows);
            if (rows.size() > MAX_ROWS) {
                throw new IllegalArgumentException(rows.size() + " rows");
            }
            for (MailRow row : rows) {
                int kind = row.name().at(0);
                AccountId account = kind == MailRows.KEPT_END
                        ? MailRows.keptEnd(row.name()).account()
                        : MailRows.accountOf(row.name());
                boolean isKnown = kind == MailRows.KEPT_END || kind == MailRows.DICT || CLEARED.contains(kind);
                if (!isKnown || !account.equals(caller.account())) {
                    throw new IllegalArgumentException("a row of kind " + kind);
                }
            }
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(4096);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.raw(token).varint(rows.size());
            rows.forEach(row -> row.encode(out));
            return new ClassCall(MailClasses.REBUILD, ROWS, out.end(mark).toBytes(), Data.EMPTY);
        }

        static RowsParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            AccountRef caller = AccountRef.decode(in);
            Bytes token = in.raw(TOKEN_BYTES);
            int count = in.count(MAX_ROWS);
            List<MailRow> rows = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                rows.add(MailRow.decode(in));
            }
            in.end(struct);
            return new RowsParameters(caller, token, rows);
        }
    }

    static ClassReply rows(LocatorView view, RowsParameters parameters) {
        ShardTransaction rows = new ShardTransaction(view, parameters.caller.garbageDueMillis());
        MailStatus status = enter(view, rows, parameters.caller, parameters.token);
        if (status != MailStatus.OK) {
            return status.refuse();
        }
        for (MailRow row : parameters.rows) {
            boolean isKept = row.name().at(0) == MailRows.DICT && view.entry(row.name()) != null;
            if (!isKept) {
                rows.put(new Mutation.Put(row.name(), row.attributes(), row.value(), null));
            }
        }
        return ClassReply.write(Bytes.EMPTY, rows.mutations());
    }

    /**
     * The end.
     *
     * @param caller whose account
     * @param token of the beginning
     * @param header of the account
     */
    public record EndParameters(AccountRef caller, Bytes token, AccountHeader header) {
        /** Checks that there is a header. */
        public EndParameters {
            Objects.requireNonNull(header, "header");
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.raw(token).bytes(header.encode());
            return new ClassCall(MailClasses.REBUILD, END, out.end(mark).toBytes(), Data.EMPTY);
        }

        static EndParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            EndParameters parameters =
                    new EndParameters(AccountRef.decode(in), in.raw(TOKEN_BYTES), AccountHeader.decode(in.bytes()));
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply end(LocatorView view, EndParameters parameters) {
        AccountRef caller = parameters.caller;
        ShardTransaction rows = new ShardTransaction(view, caller.garbageDueMillis());
        MailStatus status = enter(view, rows, caller, parameters.token);
        if (status != MailStatus.OK) {
            return status.refuse();
        }
        rows.row(MailRows.account(caller.account()), parameters.header.encode());
        rows.put(new Mutation.Delete(MailRows.rebuild(caller.account())));
        return ClassReply.write(Bytes.EMPTY, rows.mutations());
    }

    /**
     * Which bodies.
     *
     * @param account whose
     * @param after key of the last one seen, empty before the first
     */
    public record BodiesParameters(AccountId account, Bytes after) {
        /** The call; its reply is a {@link Bodies}. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            out.raw(account.bytes()).bytes(after);
            return new ClassCall(MailClasses.REBUILD, BODIES, out.end(mark).toBytes(), Data.EMPTY);
        }

        static BodiesParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            BodiesParameters parameters = new BodiesParameters(AccountRef.account(in), in.bytes());
            in.end(struct);
            return parameters;
        }
    }

    /**
     * A body.
     *
     * @param email its content
     * @param storedBytes as it is stored, 0 when its head is damaged
     * @param metadata encoded {@link io.roost.objectstore.layout.ObjectMetadata}
     * @param isReferred true when the account has a reference row for it
     */
    public record Body(EmailId email, long storedBytes, Bytes metadata, boolean isReferred) {}

    /**
     * Bodies, in the order of their ids.
     *
     * @param bodies some
     * @param after key to go on after, empty at the end
     */
    public record Bodies(List<Body> bodies, Bytes after) {
        /** Copies the list. */
        public Bodies {
            bodies = List.copyOf(bodies);
        }

        Bytes encode() {
            ByteWriter out = new ByteWriter(64 + 256 * bodies.size());
            int mark = out.begin(VERSION, 1);
            out.varint(bodies.size());
            for (Body body : bodies) {
                out.raw(body.email.bytes()).varint(body.storedBytes).bytes(body.metadata);
                out.flag(body.isReferred);
            }
            return out.bytes(after).end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static Bodies decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            int count = in.count(MAX_BODIES);
            List<Body> bodies = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                bodies.add(new Body(new EmailId(in.raw(ID_BYTES)), in.varint(), in.bytes(), in.flag()));
            }
            Bodies reply = new Bodies(bodies, in.bytes());
            in.end(struct);
            return reply;
        }
    }

    static ClassReply bodies(LocatorView view, BodiesParameters parameters) {
        AccountId account = parameters.account;
        Bytes prefix = Bytes.utf8(account.text() + "/");
        Bytes from = parameters.after.isEmpty()
                ? EntryNames.prefixBegin(EntryNames.KEY, prefix)
                : EntryNames.keyEnd(EntryNames.KEY, parameters.after);
        EntryCursor entries = view.entries(from, EntryNames.prefixEnd(EntryNames.KEY, prefix));
        List<Body> bodies = new ArrayList<>();
        Bytes last = Bytes.EMPTY;
        while (entries.next()) {
            if (bodies.size() == MAX_BODIES) {
                return ClassReply.read(new Bodies(bodies, last).encode());
            }
            last = EntryNames.keyOfVersion(entries.name());
            EmailId email = EmailId.ofBodyKey(last);
            bodies.add(new Body(
                    email,
                    storedBytes(entries.entry()),
                    view.value(entries.name()),
                    view.entry(MailRows.references(account, email)) != null));
        }
        return ClassReply.read(new Bodies(bodies, Bytes.EMPTY).encode());
    }

    /** One damaged head does not keep the others from being told. */
    private static long storedBytes(Entry entry) {
        try {
            return Head.decode(entry.attributes()).sizeBytes();
        } catch (MalformedBytesException | IllegalArgumentException damaged) {
            return 0;
        }
    }
}

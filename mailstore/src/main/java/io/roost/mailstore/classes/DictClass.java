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
import io.roost.mailstore.mailbox.AccountId;
import io.roost.mailstore.mailbox.MailRow;
import io.roost.mailstore.mailbox.MailRows;
import io.roost.objectstore.layout.ShardTransaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code mail-dict.*}: keys and values that programs in front keep for an account, in dicts that each have a name.
 *
 * <pre>
 * get     a value; NO_SUCH_KEY
 * list    keys that begin with a prefix, with their values, in order, a page
 * all     the rows of all dicts of an account, a page
 * commit  changes of values, all or none; NO_SUCH_KEY when there is nothing to increment, NOT_POSSIBLE when it is no number,
 *         LIMIT when an account would have too much
 * </pre>
 *
 * <p>The writing one also: NO_SUCH_BUCKET, STALE_BUCKET. There need not be an account: {@link #SHARED} has none.
 *
 * <p>One class, because most of it is the records of its four methods, each with its encoding beside what carries it out.
 */
public final class DictClass {
    static final String GET = "get";
    static final String LIST = "list";
    static final String ALL = "all";
    static final String COMMIT = "commit";

    /** In whose place the keys of all users are. No account has this id, since ids are random. */
    public static final AccountId SHARED = new AccountId(Bytes.wrap(new byte[16]));

    /** Of a key. */
    public static final int MAX_KEY_BYTES = 1024;

    /** Of a value. */
    public static final int MAX_VALUE_BYTES = Entry.MAX_VALUE_BYTES;

    /** Changes of a transaction. */
    public static final int MAX_CHANGES = 200;

    /** Bytes of keys and values of a transaction, which may write 8 MiB. */
    public static final long MAX_COMMIT_BYTES = 4L * 1024 * 1024;

    /** Keys of an account, which are counted by stepping over them; those of {@link #SHARED} are not: each user has some. */
    public static final int MAX_KEYS = 2_000;

    /** Bytes of keys and values of an account: Sieve scripts, of some ten KiB, and METADATA. A rebuild holds them all. */
    public static final long MAX_BYTES = 16L * 1024 * 1024;

    private static final int VERSION = 1;
    private static final int MAX_ROWS = 200;
    private static final int MAX_PAGE_BYTES = 256 * 1024;

    /** Rows that a page steps over: less than an evaluation may. */
    private static final int MAX_STEPS = 2_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private DictClass() {}

    /** Whether a dict can have this name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Where keys are.
     *
     * @param account whose, or {@link #SHARED}
     * @param dict {@link #isName a name}
     */
    public record Place(AccountId account, String dict) {
        /** Checks the name. */
        public Place {
            Objects.requireNonNull(account, "account");
            if (!isName(dict)) {
                throw new IllegalArgumentException("a dict of the name " + dict);
            }
        }

        Bytes name(Bytes key) {
            return MailRows.dict(account, dict, key);
        }

        void encode(ByteWriter out) {
            out.raw(account.bytes()).text(dict);
        }

        static Place decode(ByteReader in) {
            return new Place(AccountRef.account(in), in.text());
        }
    }

    private static Bytes checkedKey(Bytes key) {
        if (key.length() > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("a key of " + key.length() + " bytes");
        }
        return key;
    }

    /**
     * Which value.
     *
     * @param place where
     * @param key at most {@link #MAX_KEY_BYTES}
     */
    public record GetParameters(Place place, Bytes key) {
        /** Checks the key. */
        public GetParameters {
            checkedKey(key);
        }

        /** The call; its output is the value. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            place.encode(out);
            return new ClassCall(MailClasses.DICT, GET, out.bytes(key).end(mark).toBytes(), Data.EMPTY);
        }

        static GetParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            GetParameters parameters = new GetParameters(Place.decode(in), in.bytes());
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply get(LocatorView view, GetParameters parameters) {
        Bytes name = parameters.place.name(parameters.key);
        return view.entry(name) == null ? MailStatus.NO_SUCH_KEY.refuse() : ClassReply.read(view.value(name));
    }

    /** How deep a list goes. */
    public enum Depth {
        /** What lies below further slashes too. */
        ALL('a'),
        /** What does not. */
        ONE_LEVEL('1'),
        /** The prefix is a key. */
        EXACT('x');

        private final char code;

        Depth(char code) {
            this.code = code;
        }

        private static Depth ofCode(int code) {
            for (Depth depth : values()) {
                if (depth.code == code) {
                    return depth;
                }
            }
            throw new MalformedBytesException("depth " + code);
        }
    }

    /**
     * Which keys.
     *
     * @param place where
     * @param prefix that they begin with
     * @param depth how deep
     * @param after key of the last page's {@link Page#after}, empty before the first
     */
    public record ListParameters(Place place, Bytes prefix, Depth depth, Bytes after) {
        /** Checks the keys. */
        public ListParameters {
            checkedKey(prefix);
            checkedKey(after);
        }

        /** The call; its output is a {@link Page}. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            place.encode(out);
            out.bytes(prefix).u8(depth.code).bytes(after);
            return new ClassCall(MailClasses.DICT, LIST, out.end(mark).toBytes(), Data.EMPTY);
        }

        static ListParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            Place place = Place.decode(in);
            Bytes prefix = in.bytes();
            Depth depth = Depth.ofCode(in.u8());
            ListParameters parameters = new ListParameters(place, prefix, depth, in.bytes());
            in.end(struct);
            return parameters;
        }

        private boolean isMeant(Bytes key) {
            return switch (depth) {
                case ALL -> true;
                case EXACT -> key.equals(prefix);
                case ONE_LEVEL ->
                    new String(key.array(), StandardCharsets.ISO_8859_1).indexOf('/', prefix.length()) < 0;
            };
        }
    }

    /**
     * A key and its value.
     *
     * @param key of the dict
     * @param value as it was set
     */
    public record Row(Bytes key, Bytes value) {}

    /**
     * Some rows.
     *
     * @param rows in the order of their keys
     * @param after key to go on after, empty at the end
     */
    public record Page(List<Row> rows, Bytes after) {
        /** Copies the list. */
        public Page {
            rows = List.copyOf(rows);
        }

        Bytes encode() {
            ByteWriter out = new ByteWriter(256);
            int mark = out.begin(VERSION, 1);
            out.varint(rows.size());
            rows.forEach(row -> out.bytes(row.key).bytes(row.value));
            return out.bytes(after).end(mark).toBytes();
        }

        /** Reads the output of a call with status OK. */
        public static Page decode(Bytes output) {
            ByteReader in = new ByteReader(output);
            ByteReader.Struct struct = in.begin(VERSION);
            int count = in.count(MAX_ROWS);
            List<Row> rows = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                rows.add(new Row(in.bytes(), in.bytes()));
            }
            Page page = new Page(rows, in.bytes());
            in.end(struct);
            return page;
        }
    }

    static ClassReply list(LocatorView view, ListParameters parameters) {
        Place place = parameters.place;
        Bytes begin = place.name(parameters.prefix);
        Bytes from = parameters.after.isEmpty()
                ? begin
                : place.name(parameters.after).concat(Bytes.of(0));
        EntryCursor entries = view.entries(from, begin.prefixEnd());
        List<Row> rows = new ArrayList<>();
        Bytes last = Bytes.EMPTY;
        int bytes = 0;
        int steps = 0;
        while (entries.next()) {
            if (rows.size() == MAX_ROWS || bytes > MAX_PAGE_BYTES || steps++ == MAX_STEPS) {
                return ClassReply.read(new Page(rows, last).encode());
            }
            last = MailRows.dictKey(entries.name(), place.dict);
            if (parameters.isMeant(last)) {
                Row row = new Row(last, view.value(entries.name()));
                rows.add(row);
                bytes += row.key.length() + row.value.length();
            }
        }
        return ClassReply.read(new Page(rows, Bytes.EMPTY).encode());
    }

    /**
     * Rows of all dicts of an account.
     *
     * @param account whose
     * @param after name of the last row seen, empty before the first
     */
    public record AllParameters(AccountId account, Bytes after) {
        /** The call; its reply is read by {@link DictClass#rows}. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(128);
            int mark = out.begin(VERSION, 1);
            return new ClassCall(
                    MailClasses.DICT,
                    ALL,
                    out.raw(account.bytes()).bytes(after).end(mark).toBytes(),
                    Data.EMPTY);
        }

        static AllParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            AllParameters parameters = new AllParameters(AccountRef.account(in), in.bytes());
            in.end(struct);
            return parameters;
        }
    }

    static ClassReply all(LocatorView view, AllParameters parameters) {
        Bytes from = parameters.after.isEmpty()
                ? MailRows.accountBegin(MailRows.DICT, parameters.account)
                : parameters.after.concat(Bytes.of(0));
        EntryCursor entries = view.entries(from, MailRows.accountEnd(MailRows.DICT, parameters.account));
        List<MailRow> rows = new ArrayList<>();
        int bytes = 0;
        while (rows.size() < MAX_ROWS && bytes <= MAX_PAGE_BYTES && entries.next()) {
            MailRow row = MailRow.ofValue(entries.name(), view.value(entries.name()));
            rows.add(row);
            bytes += row.bytes();
        }
        ByteWriter out = new ByteWriter(256 + bytes);
        out.varint(rows.size());
        rows.forEach(row -> row.encode(out));
        return ClassReply.read(out.toBytes());
    }

    /** Reads the reply of all: no rows are the end. */
    public static List<MailRow> rows(Bytes output) {
        ByteReader in = new ByteReader(output);
        int count = in.count(MAX_ROWS);
        List<MailRow> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            rows.add(MailRow.decode(in));
        }
        return rows;
    }

    /** A change of a value. */
    public sealed interface Change {
        /** Of what. */
        Bytes key();

        /** The key is there afterwards, with this value. */
        record Set(Bytes key, Bytes value) implements Change {}

        /** The key is not there afterwards. */
        record Unset(Bytes key) implements Change {}

        /** The value, a decimal number, is more by so much, or less. */
        record Increment(Bytes key, long difference) implements Change {}

        /** What it takes. */
        default long bytes() {
            return (long) key().length() + (this instanceof Set set ? set.value.length() : 20);
        }

        /** Whether a value is too large. */
        default boolean isTooLarge() {
            return this instanceof Set set && set.value.length() > MAX_VALUE_BYTES;
        }

        private void encode(ByteWriter out) {
            if (this instanceof Set set) {
                out.u8('S').bytes(set.key).bytes(set.value);
            } else if (this instanceof Unset unset) {
                out.u8('U').bytes(unset.key);
            } else if (this instanceof Increment increment) {
                out.u8('A').bytes(increment.key).text(Long.toString(increment.difference));
            }
        }

        private static Change decode(ByteReader in) {
            int kind = in.u8();
            Bytes key = checkedKey(in.bytes());
            Change change = switch (kind) {
                case 'S' -> new Set(key, in.bytes());
                case 'U' -> new Unset(key);
                case 'A' -> new Increment(key, Long.parseLong(in.text()));
                default -> throw new MalformedBytesException("a change of kind " + kind);
            };
            if (change.isTooLarge()) {
                throw new MalformedBytesException("a value of " + change.bytes() + " bytes");
            }
            return change;
        }
    }

    /**
     * What to change.
     *
     * @param caller whose, or {@link #SHARED}
     * @param dict {@link #isName a name}
     * @param changes in their order; at most {@link #MAX_CHANGES} of {@link #MAX_COMMIT_BYTES}
     */
    public record CommitParameters(AccountRef caller, String dict, List<Change> changes) {
        /** Copies the list and checks its length. */
        public CommitParameters {
            changes = List.copyOf(changes);
            if (changes.size() > MAX_CHANGES) {
                throw new IllegalArgumentException(changes.size() + " changes");
            }
        }

        /** The call. */
        public ClassCall call() {
            ByteWriter out = new ByteWriter(256);
            int mark = out.begin(VERSION, 1);
            caller.encode(out);
            out.text(dict).varint(changes.size());
            changes.forEach(change -> change.encode(out));
            return new ClassCall(MailClasses.DICT, COMMIT, out.end(mark).toBytes(), Data.EMPTY);
        }

        static CommitParameters decode(ByteReader in) {
            ByteReader.Struct struct = in.begin(VERSION);
            AccountRef caller = AccountRef.decode(in);
            String dict = in.text();
            int count = in.count(MAX_CHANGES);
            List<Change> changes = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                changes.add(Change.decode(in));
            }
            in.end(struct);
            return new CommitParameters(caller, dict, changes);
        }
    }

    static ClassReply commit(LocatorView view, CommitParameters parameters) {
        AccountRef caller = parameters.caller;
        ShardTransaction rows = new ShardTransaction(view, caller.garbageDueMillis());
        MailStatus fence = MailStatus.of(rows.enter(caller.shard()));
        if (fence != MailStatus.OK) {
            return fence.refuse();
        }
        Place place = new Place(caller.account(), parameters.dict);
        Map<Bytes, Optional<Bytes>> values = new TreeMap<>();
        for (Change change : parameters.changes) {
            Bytes name = place.name(change.key());
            if (change instanceof Change.Set set) {
                values.put(name, Optional.of(set.value));
            } else if (change instanceof Change.Unset) {
                values.put(name, Optional.empty());
            } else if (change instanceof Change.Increment increment) {
                Optional<Bytes> before = values.containsKey(name) ? values.get(name) : value(view, name);
                if (before.isEmpty()) {
                    return MailStatus.NO_SUCH_KEY.refuse();
                }
                try {
                    long after = Math.addExact(Long.parseLong(before.get().utf8()), increment.difference);
                    values.put(name, Optional.of(Bytes.utf8(Long.toString(after))));
                } catch (NumberFormatException | ArithmeticException noNumber) {
                    return MailStatus.NOT_POSSIBLE.refuse();
                }
            }
        }
        if (!fits(view, caller.account(), values)) {
            return MailStatus.LIMIT.refuse();
        }
        values.forEach((name, value) -> {
            if (value.isPresent()) {
                rows.put(new Mutation.Put(name, Bytes.EMPTY, value.get(), null));
            } else if (view.entry(name) != null) {
                rows.put(new Mutation.Delete(name));
            }
        });
        return ClassReply.write(Bytes.EMPTY, rows.mutations());
    }

    /** Whether an account has no more than it may, with these values of some rows. What only removes always fits. */
    private static boolean fits(LocatorView view, AccountId account, Map<Bytes, Optional<Bytes>> values) {
        if (account.equals(SHARED) || values.values().stream().allMatch(Optional::isEmpty)) {
            return true;
        }
        int keys = 0;
        long bytes = 0;
        for (Map.Entry<Bytes, Optional<Bytes>> each : values.entrySet()) {
            if (each.getValue().isPresent()) {
                keys++;
                bytes += each.getKey().length() + each.getValue().get().length();
            }
        }
        EntryCursor entries = view.entries(
                MailRows.accountBegin(MailRows.DICT, account), MailRows.accountEnd(MailRows.DICT, account));
        while (keys <= MAX_KEYS && bytes <= MAX_BYTES && entries.next()) {
            if (!values.containsKey(entries.name())) {
                keys++;
                bytes += entries.name().length() + entries.entry().valueLength();
            }
        }
        return keys <= MAX_KEYS && bytes <= MAX_BYTES;
    }

    private static Optional<Bytes> value(LocatorView view, Bytes name) {
        return view.entry(name) == null ? Optional.empty() : Optional.of(view.value(name));
    }
}

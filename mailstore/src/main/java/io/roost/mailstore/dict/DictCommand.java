package io.roost.mailstore.dict;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.DictClass;
import java.util.List;

/**
 * A line of a client. The first character says which, and fields follow ({@link DictLine}):
 *
 * <pre>
 * H  major version, minor version, type of values, empty, name of the dict      first line of a connection
 * L  key, user
 * I  flags, most rows or 0, path, user
 * B  id, user; of version 4: id, seconds until it expires or 0, user            begins a transaction
 * S  id, key, value
 * U  id, key                                                                    unset
 * A  id, key, difference
 * T  id, seconds, nanoseconds                                                   for stores that need it; this does not
 * V  id, whether values are kept out of logs                                    they always are
 * C  id; D  id                                                                  commits; D is answered with an A before
 * R  id                                                                         rolls back
 * </pre>
 *
 * Versions 3 (Dovecot 2.3) and 4 (Dovecot 2.4) are read.
 */
sealed interface DictCommand {
    /** Flag of {@link Iterate}: what lies below further slashes too. */
    int RECURSE = 1;

    /** Flag: by key, as it is anyway. */
    int SORT_BY_KEY = 2;

    /** Flag: by value. */
    int SORT_BY_VALUE = 4;

    /** Flag: keys alone. */
    int NO_VALUE = 8;

    /** Flag: the path is a key. */
    int EXACT_KEY = 16;

    /** The first line. */
    record Hello(int majorVersion, String dict) implements DictCommand {}

    /** A value is asked for. */
    record Lookup(Bytes key, String user) implements DictCommand {}

    /** Keys are asked for; {@code maxRows} is 0 for all. */
    record Iterate(int flags, long maxRows, Bytes path, String user) implements DictCommand {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** A transaction begins. */
    record Begin(long id, long expireSeconds, String user) implements DictCommand {}

    /** A change of a transaction. */
    record Change(long id, DictClass.Change change) implements DictCommand {}

    /** What changes nothing. */
    record Remark(long id) implements DictCommand {}

    /** A transaction is carried out; of an asynchronous one the answer is marked. */
    record Commit(long id, boolean isAsynchronous) implements DictCommand {}

    /** A transaction is forgotten. */
    record Rollback(long id) implements DictCommand {}

    /** A line that cannot be read. */
    final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    /** Reads the first line of a connection. */
    static Hello hello(String line) throws MalformedException {
        List<Bytes> fields = DictLine.fields(line.isEmpty() ? line : line.substring(1));
        if (line.isEmpty() || line.charAt(0) != 'H' || fields.size() < 5) {
            throw new MalformedException("no hello");
        }
        return new Hello((int) number(fields, 0), fields.get(4).utf8());
    }

    /**
     * Reads another line.
     *
     * @param majorVersion of the hello
     */
    static DictCommand parse(String line, int majorVersion) throws MalformedException {
        if (line.isEmpty()) {
            throw new MalformedException("an empty line");
        }
        List<Bytes> fields = DictLine.fields(line.substring(1));
        char kind = line.charAt(0);
        return switch (kind) {
            case 'L' -> new Lookup(field(fields, 0), user(fields, 1));
            case 'I' -> new Iterate((int) number(fields, 0), number(fields, 1), field(fields, 2), user(fields, 3));
            case 'B' ->
                majorVersion < 4
                        ? new Begin(number(fields, 0), 0, user(fields, 1))
                        : new Begin(number(fields, 0), number(fields, 1), user(fields, 2));
            case 'S' -> new Change(number(fields, 0), new DictClass.Change.Set(field(fields, 1), field(fields, 2)));
            case 'U' -> new Change(number(fields, 0), new DictClass.Change.Unset(field(fields, 1)));
            case 'A' ->
                new Change(number(fields, 0), new DictClass.Change.Increment(field(fields, 1), number(fields, 2)));
            case 'T', 'V' -> new Remark(number(fields, 0));
            case 'C', 'D' -> new Commit(number(fields, 0), kind == 'D');
            case 'R' -> new Rollback(number(fields, 0));
            default -> throw new MalformedException("command '" + kind + "'");
        };
    }

    private static Bytes field(List<Bytes> fields, int at) throws MalformedException {
        if (at >= fields.size()) {
            throw new MalformedException(fields.size() + " fields");
        }
        return fields.get(at);
    }

    private static String user(List<Bytes> fields, int at) throws MalformedException {
        return field(fields, at).utf8();
    }

    private static long number(List<Bytes> fields, int at) throws MalformedException {
        String text = field(fields, at).utf8();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException noNumber) {
            throw new MalformedException("no number in field " + at);
        }
    }
}

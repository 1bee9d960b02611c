package io.roost.mailstore.dict;

import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.mailstore.classes.DictClass;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Dovecot's dict protocol, the server's side: a pure machine. Commands are answered one after the other, so no answer needs
 * the number of its command.
 *
 * <pre>
 * lookup     O value              N  there is none             F why
 * iterate    O key tab value, for each, then an empty line     F why
 * commit     O id                 N id  nothing to increment   F id tab why      W id tab why: nobody knows
 * </pre>
 *
 * What changes a transaction is not answered; a fault of it is told when it is committed, and then nothing is changed.
 */
final class DictSession {
    /** Of a line: a value of the largest size, all of it escaped, and its key. */
    static final int MAX_LINE_BYTES = 2 * DictClass.MAX_VALUE_BYTES + 2 * DictClass.MAX_KEY_BYTES + 64;

    /** Transactions that are open at a time: Dovecot has one or two. */
    static final int MAX_TRANSACTIONS = 16;

    private static final int MIN_VERSION = 3;
    private static final int MAX_VERSION = 4;

    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final Map<Long, Transaction> transactions = new HashMap<>();
    private ByteWriter line = new ByteWriter();
    private DictCommand.Hello hello;
    /** What is being answered, or null. */
    private DictCommand current;

    private boolean isOver;
    private boolean isReading;

    private static final class Transaction {
        private final String user;
        private final List<DictClass.Change> changes = new ArrayList<>();
        private String fault;
        private long bytes;

        Transaction(DictCommand.Begin begin) {
            this.user = begin.user();
            this.fault = begin.expireSeconds() == 0 ? null : "keys do not expire here";
        }

        void add(DictClass.Change change) {
            bytes += change.bytes();
            boolean isFull = changes.size() == DictClass.MAX_CHANGES || bytes > DictClass.MAX_COMMIT_BYTES;
            if (fault == null) {
                fault = isFull ? "more changes than a transaction takes" : fault(change);
            }
            if (fault == null) {
                changes.add(change);
            } else {
                changes.clear();
            }
        }

        private String fault(DictClass.Change change) {
            String ofKey = DictSession.fault(change.key(), user);
            if (ofKey != null) {
                return ofKey;
            }
            boolean isMixed = !changes.isEmpty()
                    && DictEffects.isShared(changes.get(0).key()) != DictEffects.isShared(change.key());
            if (isMixed) {
                return "a transaction changes keys of a user or shared ones, not both";
            }
            return change.isTooLarge() ? "a value of more than " + DictClass.MAX_VALUE_BYTES + " bytes" : null;
        }
    }

    /** What is wrong with a key, or null. */
    private static String fault(Bytes key, String user) {
        if (key.length() > DictClass.MAX_KEY_BYTES) {
            return "a key of more than " + DictClass.MAX_KEY_BYTES + " bytes";
        }
        if (DictEffects.isShared(key)) {
            return null;
        }
        if (!DictEffects.isPrivate(key)) {
            return "a key begins with priv/ or shared/";
        }
        return user.isEmpty() ? "a key of nobody" : null;
    }

    /** Bytes have come. */
    void onBytes(Buffer bytes, DictEffects out) {
        int at = 0;
        while (at < bytes.length() && !isOver) {
            int end = at;
            while (end < bytes.length() && bytes.getByte(end) != '\n') {
                end++;
            }
            line.raw(bytes.getBytes(at, end), 0, end - at);
            if (line.size() > MAX_LINE_BYTES) {
                end(out, "a line of more than " + MAX_LINE_BYTES + " bytes");
            } else if (end < bytes.length()) {
                lines.add(new String(line.toArray(), StandardCharsets.ISO_8859_1));
                line = new ByteWriter();
            }
            at = end + 1;
        }
        next(out);
    }

    /** True while something is to be answered first. */
    boolean isWaiting() {
        return current != null;
    }

    private void end(DictEffects out, String why) {
        isOver = true;
        lines.clear();
        line = new ByteWriter();
        transactions.clear();
        out.close(why);
    }

    /** What is answered at once comes back here: the stack does not grow with the lines that wait. */
    private void next(DictEffects out) {
        if (isReading) {
            return;
        }
        isReading = true;
        read(out);
        isReading = false;
    }

    private void read(DictEffects out) {
        while (current == null && !isOver && !lines.isEmpty()) {
            try {
                String text = lines.poll();
                if (hello == null) {
                    greet(DictCommand.hello(text), out);
                } else {
                    onCommand(DictCommand.parse(text, hello.majorVersion()), out);
                }
            } catch (DictCommand.MalformedException malformed) {
                end(out, malformed.getMessage());
            }
        }
    }

    private void greet(DictCommand.Hello said, DictEffects out) {
        hello = said;
        if (said.majorVersion() < MIN_VERSION || said.majorVersion() > MAX_VERSION) {
            end(out, "version " + said.majorVersion() + " of the protocol");
        } else if (!DictClass.isName(said.dict())) {
            end(out, "a dict's name has letters, digits, '-' and '_'");
        }
    }

    private void onCommand(DictCommand command, DictEffects out) throws DictCommand.MalformedException {
        if (command instanceof DictCommand.Lookup lookup) {
            String fault = fault(lookup.key(), lookup.user());
            if (fault == null) {
                current = lookup;
                out.lookup(hello.dict(), lookup);
            } else {
                out.send(failed(fault));
            }
        } else if (command instanceof DictCommand.Iterate iterate) {
            onIterate(iterate, out);
        } else if (command instanceof DictCommand.Begin begin) {
            if (transactions.size() == MAX_TRANSACTIONS || transactions.containsKey(begin.id())) {
                throw new DictCommand.MalformedException("too many transactions, or one twice");
            }
            transactions.put(begin.id(), new Transaction(begin));
        } else if (command instanceof DictCommand.Change change) {
            transaction(change.id()).add(change.change());
        } else if (command instanceof DictCommand.Remark remark) {
            transaction(remark.id());
        } else if (command instanceof DictCommand.Rollback rollback) {
            transaction(rollback.id());
            transactions.remove(rollback.id());
        } else if (command instanceof DictCommand.Commit commit) {
            onCommit(commit, out);
        }
    }

    private Transaction transaction(long id) throws DictCommand.MalformedException {
        Transaction transaction = transactions.get(id);
        if (transaction == null) {
            throw new DictCommand.MalformedException("no transaction " + id);
        }
        return transaction;
    }

    private void onIterate(DictCommand.Iterate iterate, DictEffects out) {
        String fault = iterate.has(DictCommand.SORT_BY_VALUE)
                ? "values are not sorted here"
                : fault(iterate.path(), iterate.user());
        if (fault == null) {
            current = iterate;
            out.iterate(hello.dict(), iterate);
        } else {
            out.send(failed(fault));
        }
    }

    private void onCommit(DictCommand.Commit commit, DictEffects out) throws DictCommand.MalformedException {
        Transaction transaction = transaction(commit.id());
        transactions.remove(commit.id());
        if (transaction.fault != null) {
            out.send(committed(commit, 'F', transaction.fault));
        } else if (transaction.changes.isEmpty()) {
            out.send(committed(commit, 'O', ""));
        } else {
            current = commit;
            out.commit(hello.dict(), transaction.user, transaction.changes);
        }
    }

    /** What was looked up. */
    void onValue(Optional<Bytes> value, DictEffects out) {
        answer(out, value.map(found -> "O" + DictLine.escaped(found)).orElse("N") + "\n");
    }

    /** A row of an iteration, as it is sent. */
    String onRow(Bytes key, Bytes value) {
        boolean hasValue = !((DictCommand.Iterate) current).has(DictCommand.NO_VALUE);
        return "O" + DictLine.escaped(key) + "\t" + (hasValue ? DictLine.escaped(value) : "") + "\n";
    }

    /** There are no more rows. */
    void onRowsEnd(DictEffects out) {
        answer(out, "\n");
    }

    /** How a commit can end well. */
    enum Committed {
        /** All is changed. */
        CHANGED,
        /** Nothing is: a key that was to be incremented is not there. */
        NOT_FOUND
    }

    /** A transaction has been carried out. */
    void onCommitted(Committed how, DictEffects out) {
        answer(out, committed((DictCommand.Commit) current, how == Committed.CHANGED ? 'O' : 'N', ""));
    }

    /** Whether what has failed may have been carried out. */
    enum Outcome {
        /** It has not. */
        NOTHING_DONE,
        /** Nobody knows. */
        UNKNOWN
    }

    /** What was asked for has failed. */
    void onFailure(Outcome outcome, String why, DictEffects out) {
        answer(
                out,
                current instanceof DictCommand.Commit commit
                        ? committed(commit, outcome == Outcome.UNKNOWN ? 'W' : 'F', why)
                        : failed(why));
    }

    private static String committed(DictCommand.Commit commit, char how, String why) {
        return (commit.isAsynchronous() ? "A" : "") + how + commit.id() + (why.isEmpty() ? "" : "\t" + why) + "\n";
    }

    private static String failed(String why) {
        return "F" + DictLine.escaped(Bytes.utf8(why)) + "\n";
    }

    private void answer(DictEffects out, String lines) {
        current = null;
        out.send(lines);
        next(out);
    }
}

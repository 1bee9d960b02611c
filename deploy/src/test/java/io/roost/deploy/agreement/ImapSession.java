package io.roost.deploy.agreement;

import io.roost.deploy.faults.MailSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A session with QRESYNC that knows its mailbox by what it is told, and passes on what that says of messages. It knows each message
 * that it counts: of one that has come it asks what it is at once.
 */
final class ImapSession implements AutoCloseable {
    private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");
    private static final Pattern FLAGS = Pattern.compile("\\bFLAGS \\(([^)]*)\\)");
    private static final Pattern MODSEQ = Pattern.compile("\\bMODSEQ \\((\\d+)\\)");
    private static final Pattern CONTENT = Pattern.compile(
            "RFC822\\.SIZE (\\d+) INTERNALDATE \"([^\"]*)\" EMAILID \\(([^)]*)\\) " + "ENVELOPE \\(NIL \"([^\"]*)\"");
    private static final Pattern EXISTS = Pattern.compile("\\* (\\d+) EXISTS");
    private static final Pattern VANISHED = Pattern.compile("\\* VANISHED (\\(EARLIER\\) )?([\\d:,]+)");
    private static final Pattern HIGHESTMODSEQ = Pattern.compile("HIGHESTMODSEQ (\\d+)");
    private static final Pattern UIDVALIDITY = Pattern.compile("UIDVALIDITY (\\d+)");
    private static final String ITEMS = "(UID FLAGS MODSEQ RFC822.SIZE INTERNALDATE EMAILID ENVELOPE)";
    private static final int MAX_QUESTIONS = 1_000;

    private final MailSession imap;
    private final Told told;
    private final NavigableMap<Long, Set<String>> known = new TreeMap<>();
    /** Messages whose flags were told since the last command began. */
    private final Set<Long> heard = new HashSet<>();

    private String folder;
    private int exists;
    private long highestModSeq;
    private long uidValidity;

    ImapSession(int port, String user, String password, Told told) throws IOException {
        this.imap = MailSession.imap(port, user, password);
        this.told = told;
        ask("ENABLE QRESYNC");
    }

    String folder() {
        return folder;
    }

    /** Flags by UID, of all messages that it knows. */
    NavigableMap<Long, Set<String>> known() {
        return known;
    }

    /** The highest MODSEQ that it was told. */
    long highestModSeq() {
        return highestModSeq;
    }

    long uidValidity() {
        return uidValidity;
    }

    /**
     * What a session knew that goes away.
     *
     * @param modSeq up to which it was told of all changes; it may know of later ones too
     */
    record Point(long modSeq, NavigableMap<Long, Set<String>> known) {
        Point {
            known = new TreeMap<>(known);
        }
    }

    /** Opens a folder that it knows nothing of, and learns all. */
    Point select(String name) throws IOException {
        known.clear();
        open(name, "");
        long modSeq = highestModSeq;
        learn();
        return new Point(modSeq, known);
    }

    /** Opens a folder that it knows as of some point; learns what has changed. */
    void resynchronize(String name, long validity, Point point) throws IOException {
        known.clear();
        known.putAll(point.known());
        for (String line : open(name, " (QRESYNC (" + validity + " " + point.modSeq() + "))")) {
            Matcher flags = FLAGS.matcher(line);
            if (line.contains(" FETCH (") && flags.find()) {
                known.put(number(UID, line), flags(flags.group(1)));
            }
        }
    }

    private List<String> open(String name, String how) throws IOException {
        folder = name;
        highestModSeq = 0;
        return ask("SELECT " + name + how);
    }

    private static Set<String> flags(String list) {
        return list.isEmpty() ? Set.of() : Set.of(list.split(" "));
    }

    /** A command that must be answered OK; all lines of the answer. */
    List<String> ask(String command) throws IOException {
        heard.clear();
        List<String> lines = imap.command(command);
        lines.forEach(this::hear);
        if (!MailSession.last(lines).startsWith("OK")) {
            throw new IllegalStateException(command + ": " + MailSession.last(lines));
        }
        return lines;
    }

    /** Asks what the messages are that it counts and does not know. */
    void learn() throws IOException {
        for (int i = 0; exists != known.size(); i++) {
            if (i == MAX_QUESTIONS) {
                throw new IllegalStateException(
                        exists + " messages exist in " + folder + ", " + known.size() + " are told");
            }
            ask("UID FETCH " + (known.isEmpty() ? 1 : known.lastKey() + 1) + ":* " + ITEMS);
        }
    }

    /** Asks for all messages, which must be those that it knows. */
    void look() throws IOException {
        SortedSet<Long> there = new TreeSet<>();
        for (String line : ask("UID FETCH 1:* " + ITEMS)) {
            Matcher content = CONTENT.matcher(line);
            if (content.find()) {
                there.add(number(UID, line));
            }
        }
        for (long uid : known.keySet()) {
            if (!there.contains(uid)) {
                throw new IllegalStateException(folder + " " + uid + " was never said to be gone, and is not told");
            }
        }
        learn();
    }

    /** Its own change of flags, of which it was told nothing: whatever others had changed before it would have been told. */
    void changed(long uid, UnaryOperator<Set<String>> change) {
        if (!heard.contains(uid)) {
            known.computeIfPresent(uid, (same, before) -> change.apply(before));
        }
    }

    private void hear(String line) {
        Matcher existing = EXISTS.matcher(line);
        Matcher vanished = VANISHED.matcher(line);
        if (existing.matches()) {
            exists = Integer.parseInt(existing.group(1));
        } else if (vanished.matches()) {
            List<Long> gone = uids(vanished.group(2));
            exists -= vanished.group(1) == null ? gone.size() : 0;
            gone.forEach(known::remove);
        } else if (line.startsWith("* ") && line.contains(" FETCH (")) {
            hearOf(line);
        } else {
            highestModSeq = Math.max(highestModSeq, number(HIGHESTMODSEQ, line));
            uidValidity = Math.max(uidValidity, number(UIDVALIDITY, line));
        }
    }

    private void hearOf(String line) {
        Matcher flags = FLAGS.matcher(line);
        Matcher content = CONTENT.matcher(line);
        long uid = number(UID, line);
        long modSeq = number(MODSEQ, line);
        highestModSeq = Math.max(highestModSeq, modSeq);
        if (flags.find()) {
            Set<String> these = flags(flags.group(1));
            if (modSeq > 0) {
                told.flags(folder, uid, modSeq, these);
            }
            heard.add(uid);
            if (content.find()) {
                told.content(
                        folder,
                        uid,
                        new Told.Content(
                                content.group(4),
                                Long.parseLong(content.group(1)),
                                content.group(2),
                                content.group(3)));
                known.put(uid, these);
            } else {
                known.computeIfPresent(uid, (same, before) -> these);
            }
        }
    }

    /** The number that a pattern finds, or 0. */
    static long number(Pattern pattern, String line) {
        Matcher found = pattern.matcher(line);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    /** The UIDs of a set as servers write it. */
    static List<Long> uids(String set) {
        List<Long> uids = new ArrayList<>();
        for (String range : set.split(",", -1)) {
            String[] ends = range.split(":", -1);
            for (long uid = Long.parseLong(ends[0]); uid <= Long.parseLong(ends[ends.length - 1]); uid++) {
                uids.add(uid);
            }
        }
        return uids;
    }

    /** The folder as the store has it, for a session that is alone. */
    StoredMail.Folder stored() throws IOException {
        NavigableMap<Long, StoredMail.Message> messages = new TreeMap<>();
        for (String line : ask("UID FETCH 1:* " + ITEMS)) {
            if (line.contains(" FETCH (")) {
                long uid = number(UID, line);
                Told.Content content = told.content(told.subject(folder, uid));
                messages.put(uid, new StoredMail.Message(content, known.get(uid), number(MODSEQ, line)));
            }
        }
        String status = ask("STATUS " + folder + " (UIDNEXT HIGHESTMODSEQ MESSAGES UNSEEN DELETED SIZE)")
                .get(0);
        return new StoredMail.Folder(
                new StoredMail.Status(
                        number(Pattern.compile("UIDNEXT (\\d+)"), status),
                        number(HIGHESTMODSEQ, status),
                        number(Pattern.compile("MESSAGES (\\d+)"), status),
                        number(Pattern.compile("UNSEEN (\\d+)"), status),
                        number(Pattern.compile("DELETED (\\d+)"), status),
                        number(Pattern.compile("\\bSIZE (\\d+)"), status)),
                messages);
    }

    @Override
    public void close() throws IOException {
        imap.close();
    }
}

package io.roost.deploy.agreement;

import io.roost.deploy.agreement.MailCommand.Mode;
import io.roost.deploy.agreement.MailCommand.Transfer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A session that changes its mailbox at random, and what it was answered. */
final class RandomSession {
    private static final List<String> FLAGS =
            List.of("\\Seen", "\\Flagged", "\\Answered", MailboxModel.DELETED, "$Work", "$Later");
    private static final List<Mode> MODES = List.of(Mode.values());
    private static final Pattern APPENDUID = Pattern.compile("APPENDUID \\d+ (\\d+)\\]");
    private static final Pattern COPYUID = Pattern.compile("COPYUID \\d+ ([\\d:,]+) ([\\d:,]+)\\]");
    private static final Pattern MODIFIED = Pattern.compile("MODIFIED ([\\d:,]+)\\]");
    private static final Pattern HIGHESTMODSEQ = Pattern.compile("^OK \\[HIGHESTMODSEQ (\\d+)\\]");
    /** Messages of one command. */
    private static final int MAX_NAMED = 9;
    /** An EXPUNGE of more can be several transactions, and then there is no moment at which it took effect. */
    private static final int MAX_AT_ONCE = 140;
    /** From so many messages on more go than come. */
    private static final int MANY = 100;

    private static final int MAX_TEXT = 2_000;

    private final String name;
    private final ImapSession session;
    private final List<String> folders;
    private final Random random;
    private final List<MailOperation> operations = new ArrayList<>();
    private final List<ImapSession.Point> points = new ArrayList<>();

    /** A session that has no folder open. */
    RandomSession(String name, ImapSession session, Collection<String> folders, Random random) {
        this.name = name;
        this.session = session;
        this.folders = List.copyOf(folders);
        this.random = random;
    }

    ImapSession session() {
        return session;
    }

    List<MailOperation> operations() {
        return operations;
    }

    /** What it knew of its folder now and then. */
    List<ImapSession.Point> points() {
        return points;
    }

    private interface Question {
        MailCommand answered() throws IOException;
    }

    private void record(Question question) throws IOException {
        long beganAt = System.nanoTime();
        MailCommand command = question.answered();
        operations.add(new MailOperation(name, beganAt, System.nanoTime(), command));
        session.learn();
    }

    /** Opens a folder and learns all. */
    void select(String folder) throws IOException {
        points.add(session.select(folder));
    }

    /** One command, and what there is to learn after it. */
    void step() throws IOException {
        int what = random.nextInt(100);
        boolean isFull = session.known().size() > MANY;
        if (session.known().isEmpty() || what < (isFull ? 5 : 30)) {
            record(this::append);
        } else if (what < 55) {
            record(() -> store(anyMode(), someFlags(), MailCommand.UNCONDITIONAL));
        } else if (what < 63) {
            // Of what it knows, and of what it knew a while ago.
            long since = Math.max(1, session.highestModSeq() - (random.nextBoolean() ? 0 : random.nextInt(60)));
            record(() -> store(anyMode(), someFlags(), since));
        } else if (what < 72) {
            record(() -> store(Mode.ADD, Set.of(MailboxModel.DELETED), MailCommand.UNCONDITIONAL));
        } else if (what < 80) {
            record(() -> expunge(some()));
        } else if (what < 82 && session.known().size() <= MAX_AT_ONCE) {
            record(this::expungeAll);
        } else if (what < 89) {
            record(() -> copy(Transfer.MOVE));
        } else if (what < (isFull ? 90 : 95)) {
            record(() -> copy(Transfer.COPY));
        } else if (what < 98) {
            session.look();
        } else {
            select(session.folder());
        }
    }

    private MailCommand append() throws IOException {
        String subject = name + "-" + operations.size();
        Set<String> flags = someFlags();
        String text = "Subject: " + subject + "\r\n\r\n" + "x".repeat(random.nextInt(MAX_TEXT)) + "\r\n";
        String folder = random.nextInt(4) == 0 ? anyFolder() : session.folder();
        String date = "0" + (1 + random.nextInt(9)) + "-Feb-2024 0" + random.nextInt(10) + ":00:00 +0000";
        String answer = last(session.ask("APPEND " + folder + " (" + String.join(" ", flags) + ") \"" + date + "\" {"
                + text.length() + "+}\r\n" + text));
        return new MailCommand.Append(folder, subject, flags, ImapSession.number(APPENDUID, answer));
    }

    private MailCommand store(Mode mode, Set<String> flags, long unchangedSince) throws IOException {
        SortedSet<Long> uids = some();
        String condition =
                unchangedSince == MailCommand.UNCONDITIONAL ? "" : "(UNCHANGEDSINCE " + unchangedSince + ") ";
        String silent = random.nextBoolean() ? ".SILENT" : "";
        String answer = last(session.ask("UID STORE " + set(uids) + " " + condition + mode.word() + silent + " ("
                + String.join(" ", flags) + ")"));
        Matcher found = MODIFIED.matcher(answer);
        Set<Long> modified = new TreeSet<>(found.find() ? ImapSession.uids(found.group(1)) : List.of());
        uids.stream()
                .filter(uid -> !modified.contains(uid))
                .forEach(uid -> session.changed(uid, before -> mode.apply(before, flags)));
        return new MailCommand.Store(session.folder(), uids, mode, flags, unchangedSince, new TreeSet<>(modified));
    }

    private MailCommand expunge(SortedSet<Long> uids) throws IOException {
        String answer = last(session.ask("UID EXPUNGE " + set(uids)));
        return new MailCommand.Expunge(session.folder(), uids, ImapSession.number(HIGHESTMODSEQ, answer));
    }

    private MailCommand expungeAll() throws IOException {
        SortedSet<Long> uids = new TreeSet<>(session.known().keySet());
        String answer = last(session.ask("EXPUNGE"));
        return new MailCommand.Expunge(session.folder(), uids, ImapSession.number(HIGHESTMODSEQ, answer));
    }

    private MailCommand copy(Transfer transfer) throws IOException {
        SortedSet<Long> uids = some();
        String target = anyFolder();
        SortedMap<Long, Long> copies = new TreeMap<>();
        for (String line : session.ask("UID " + transfer + " " + set(uids) + " " + target)) {
            Matcher copied = COPYUID.matcher(line);
            if (copied.find()) {
                List<Long> from = ImapSession.uids(copied.group(1));
                List<Long> to = ImapSession.uids(copied.group(2));
                for (int i = 0; i < from.size(); i++) {
                    copies.put(from.get(i), to.get(i));
                }
            }
        }
        return new MailCommand.Copy(session.folder(), uids, target, transfer, copies);
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }

    private static String set(Collection<Long> uids) {
        return uids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private String anyFolder() {
        return folders.get(random.nextInt(folders.size()));
    }

    private Mode anyMode() {
        return MODES.get(random.nextInt(MODES.size()));
    }

    private Set<String> someFlags() {
        List<String> some = new ArrayList<>(FLAGS);
        Collections.shuffle(some, random);
        return new TreeSet<>(some.subList(0, 1 + random.nextInt(2)));
    }

    private SortedSet<Long> some() {
        List<Long> some = new ArrayList<>(session.known().keySet());
        Collections.shuffle(some, random);
        return new TreeSet<>(some.subList(0, Math.min(some.size(), 1 + random.nextInt(MAX_NAMED))));
    }

    /** What it knows, when it has been told the news. */
    Map<Long, Set<String>> knownNow() throws IOException {
        session.ask("NOOP");
        session.learn();
        return session.known();
    }
}

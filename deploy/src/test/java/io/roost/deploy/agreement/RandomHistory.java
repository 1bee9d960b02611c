package io.roost.deploy.agreement;

import io.roost.deploy.agreement.MailCommand.Mode;
import io.roost.deploy.agreement.MailCommand.Transfer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A history of sessions of a store in memory, which may have a fault. */
final class RandomHistory {
    static final List<String> FOLDERS = List.of("INBOX", "Archive");

    private static final List<String> FLAGS = List.of("\\Seen", MailboxModel.DELETED, "\\Flagged", "$Work");
    private static final int SESSIONS = 8;
    private static final int COMMANDS = 60;
    private static final int MAX_WAIT = 50;

    /** What the store does wrong, once, in the middle of the history. */
    enum Fault {
        NONE,
        /** A STORE is answered and changes nothing. */
        LOST_FLAG,
        /** A condition is not looked at. */
        CONDITION_IGNORED,
        /** A message without \Deleted goes with one that has it. */
        EXPUNGED_UNDELETED,
        /** A copy has flags that the message had not. */
        COPIED_OTHER_FLAGS,
        /** A moved message stays. */
        MOVED_AND_STAYED,
        /** A message comes with a UID that was given before. */
        UID_REUSED,
        /** A MODSEQ is left out. */
        MODSEQ_SKIPPED,
        /** A command takes effect after its answer. */
        LATE_EFFECT
    }

    private final Random random;
    private final Fault fault;
    private final MailboxModel store = model();
    private final List<MailOperation> operations = new ArrayList<>();
    private final Told told = new Told();
    private boolean isFaulty;

    RandomHistory(long seed, Fault fault) {
        this.random = new Random(seed);
        this.fault = fault;
        List<long[]> times = new ArrayList<>();
        for (int session = 0; session < SESSIONS; session++) {
            long now = 0;
            for (int i = 0; i < COMMANDS; i++) {
                long beganAt = now + 1 + random.nextInt(MAX_WAIT);
                long effectAt = beganAt + random.nextInt(MAX_WAIT);
                now = effectAt + random.nextInt(MAX_WAIT);
                times.add(new long[] {effectAt, beganAt, now, session});
            }
        }
        times.sort(Comparator.comparingLong((long[] each) -> each[0]));
        for (long[] each : times) {
            MailCommand command = command(operations.size());
            MailCommand answered = carryOut(command, operations.size() > times.size() / 3);
            operations.add(new MailOperation("s" + each[3], each[1], each[2], answered));
        }
        if (fault == Fault.LATE_EFFECT) {
            answerTooEarly();
        }
        store.folders()
                .keySet()
                .forEach(folder -> store.folder(folder).messages().keySet().forEach(uid -> tell(folder, uid)));
    }

    /** The folders as they are at first. */
    static MailboxModel model() {
        SortedMap<String, MailboxModel.Folder> empty = new TreeMap<>();
        FOLDERS.forEach(name -> empty.put(name, new MailboxModel.Folder(1, 1)));
        return new MailboxModel(empty);
    }

    List<MailOperation> operations() {
        return operations;
    }

    Told told() {
        return told;
    }

    /** True when the fault has happened. */
    boolean isFaulty() {
        return isFaulty;
    }

    /** What is in the store, with what it says of itself. */
    StoredMail stored() {
        SortedMap<String, StoredMail.Folder> folders = new TreeMap<>();
        long bytes = 0;
        long count = 0;
        for (Map.Entry<String, MailboxModel.Folder> each : store.folders().entrySet()) {
            MailboxModel.Folder folder = each.getValue();
            SortedMap<Long, StoredMail.Message> messages = new TreeMap<>();
            long size = 0;
            for (Map.Entry<Long, MailboxModel.Message> message :
                    folder.messages().entrySet()) {
                Told.Content content = content(message.getValue().subject());
                size += content.sizeBytes();
                messages.put(
                        message.getKey(),
                        new StoredMail.Message(
                                content,
                                message.getValue().flags(),
                                message.getValue().modSeq()));
            }
            StoredMail.Status status = new StoredMail.Status(
                    folder.uidNext(),
                    folder.highestModSeq(),
                    messages.size(),
                    messages.values().stream()
                            .filter(one -> !one.flags().contains("\\Seen"))
                            .count(),
                    messages.values().stream()
                            .filter(one -> one.flags().contains(MailboxModel.DELETED))
                            .count(),
                    size);
            folders.put(each.getKey(), new StoredMail.Folder(status, messages));
            bytes += size;
            count += messages.size();
        }
        return new StoredMail(folders, bytes, count);
    }

    private static Told.Content content(String subject) {
        return new Told.Content(subject, 100 + subject.length(), "date of " + subject, "id of " + subject);
    }

    private void tell(String folder, long uid) {
        MailboxModel.Message message = store.folder(folder).messages().get(uid);
        if (message != null) {
            told.flags(folder, uid, message.modSeq(), message.flags());
            told.content(folder, uid, content(message.subject()));
        }
    }

    private MailCommand command(int number) {
        String folder = any(FOLDERS);
        Set<String> flags = Set.of(any(FLAGS));
        SortedSet<Long> uids = some(folder);
        return switch (random.nextInt(7)) {
            case 0, 1 -> new MailCommand.Append(folder, "m" + number, flags, MailCommand.UNKNOWN);
            case 2 ->
                new MailCommand.Store(
                        folder, uids, any(List.of(Mode.values())), flags, MailCommand.UNCONDITIONAL, uids);
            case 3 ->
                new MailCommand.Store(
                        folder,
                        uids,
                        any(List.of(Mode.values())),
                        flags,
                        Math.max(1, store.folder(folder).highestModSeq() - random.nextInt(60)),
                        uids);
            case 4 -> new MailCommand.Expunge(folder, uids, 0);
            case 5 -> new MailCommand.Copy(folder, uids, any(FOLDERS), Transfer.COPY, new TreeMap<>());
            default -> new MailCommand.Copy(folder, uids, any(FOLDERS), Transfer.MOVE, new TreeMap<>());
        };
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private SortedSet<Long> some(String folder) {
        SortedSet<Long> uids = new TreeSet<>();
        List<Long> there = List.copyOf(store.folder(folder).messages().keySet());
        for (int i = random.nextInt(5); i >= 0; i--) {
            uids.add(there.isEmpty() || random.nextInt(10) == 0 ? Long.valueOf(1 + random.nextInt(100)) : any(there));
        }
        return uids;
    }

    /** Does it, wrongly when that can be and has not been; the command with its answer. */
    private MailCommand carryOut(MailCommand command, boolean mayFail) {
        MailboxModel.Step step = store.apply(command);
        MailCommand answer = step.answer();
        if (mayFail && !isFaulty) {
            isFaulty = spoil(step);
            if (fault == Fault.UID_REUSED && isFaulty) {
                return reused((MailCommand.Append) answer);
            }
        }
        for (String folder : step.folders()) {
            // Of most changes somebody is told; of what has come, everybody.
            if (random.nextInt(10) < 8 || !(command instanceof MailCommand.Store)) {
                step.uids(folder).forEach(uid -> tell(folder, uid));
            }
        }
        boolean isUntold = answer instanceof MailCommand.Append && random.nextInt(3) == 0;
        return isUntold ? command : answer;
    }

    private static MailCommand reused(MailCommand.Append append) {
        return new MailCommand.Append(append.folder(), append.subject(), append.flags(), append.uid() - 1);
    }

    /** Whether the fault was possible with what was just done. */
    private boolean spoil(MailboxModel.Step step) {
        MailCommand command = step.answer();
        return switch (fault) {
            case LOST_FLAG ->
                command instanceof MailCommand.Store && !step.folders().isEmpty() && undone(step);
            case CONDITION_IGNORED ->
                command instanceof MailCommand.Store store && !store.modified().isEmpty() && changes(store);
            case EXPUNGED_UNDELETED ->
                command instanceof MailCommand.Expunge expunge
                        && expunge.modSeq() > 0
                        && expunge.uids().stream()
                                .anyMatch(uid -> store.folder(expunge.folder())
                                                .messages()
                                                .remove(uid)
                                        != null);
            case COPIED_OTHER_FLAGS -> command instanceof MailCommand.Copy copy && copiesOtherFlags(copy);
            case MOVED_AND_STAYED ->
                command instanceof MailCommand.Copy copy && copy.transfer() == Transfer.MOVE && stays(copy);
            case UID_REUSED -> command instanceof MailCommand.Append append && append.uid() > 1;
            case MODSEQ_SKIPPED ->
                command instanceof MailCommand.Expunge expunge && expunge.modSeq() == 0 && skipped(expunge.folder());
            case NONE, LATE_EFFECT -> false;
        };
    }

    private boolean undone(MailboxModel.Step step) {
        store.undo(step);
        return true;
    }

    private boolean changes(MailCommand.Store store) {
        MailboxModel.Step more = this.store.apply(new MailCommand.Store(
                store.folder(),
                store.modified(),
                store.mode(),
                store.flags(),
                MailCommand.UNCONDITIONAL,
                new TreeSet<>()));
        return !more.folders().isEmpty();
    }

    private boolean copiesOtherFlags(MailCommand.Copy copy) {
        SortedMap<Long, MailboxModel.Message> messages =
                store.folder(copy.target()).messages();
        for (long uid : copy.copies().values()) {
            MailboxModel.Message message = messages.get(uid);
            messages.put(uid, message.with(Mode.ADD.apply(message.flags(), Set.of("$Other")), message.modSeq()));
            return true;
        }
        return false;
    }

    private boolean stays(MailCommand.Copy copy) {
        for (Map.Entry<Long, Long> each : copy.copies().entrySet()) {
            MailboxModel.Message moved = store.folder(copy.target()).messages().get(each.getValue());
            store.folder(copy.folder())
                    .messages()
                    .put(
                            each.getKey(),
                            moved.with(
                                    moved.flags(), store.folder(copy.folder()).highestModSeq()));
            return true;
        }
        return false;
    }

    /** Takes a MODSEQ for nothing that anybody asked for. */
    private boolean skipped(String folder) {
        SortedMap<Long, MailboxModel.Message> messages = store.folder(folder).messages();
        if (messages.isEmpty()) {
            return false;
        }
        MailboxModel.Message first = messages.get(messages.firstKey());
        store.apply(new MailCommand.Store(
                folder,
                new TreeSet<>(Set.of(messages.firstKey())),
                Mode.REPLACE,
                first.flags().contains("$Work") ? Set.of() : Set.of("$Work"),
                MailCommand.UNCONDITIONAL,
                new TreeSet<>()));
        return true;
    }

    /** An APPEND whose UID is told seems to have ended before one began that has a lower UID in its folder. */
    private void answerTooEarly() {
        for (int i = operations.size() / 3; i < operations.size() && !isFaulty; i++) {
            for (int j = 0; j < i && !isFaulty; j++) {
                MailOperation late = operations.get(i);
                MailOperation before = operations.get(j);
                isFaulty = late.command() instanceof MailCommand.Append second
                        && before.command() instanceof MailCommand.Append first
                        && first.folder().equals(second.folder())
                        && first.uid() != MailCommand.UNKNOWN
                        && second.uid() != MailCommand.UNKNOWN;
                if (isFaulty) {
                    long end = before.beganAt() - 1;
                    operations.set(i, new MailOperation(late.session(), end - 1, end, late.command()));
                }
            }
        }
    }
}

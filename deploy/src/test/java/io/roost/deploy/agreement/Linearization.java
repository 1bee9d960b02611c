package io.roost.deploy.agreement;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The order of commands that explains all that was answered: each took effect at one moment between its begin and its end, and the
 * model that carries them out in that order gives the same UIDs and MODSEQs, the same answers, flags that somebody was told, and
 * at the end what is stored. Found by a search (Wing and Gong, Testing and Verifying Concurrent Objects, 1993) that goes on with any of the
 * commands that were under way together, and back from one that does not fit, but never again to
 * what was reached in another order (Lowe, Testing for linearizability, 2017). The store numbers its changes of a folder, and sessions
 * are told most of these numbers, so that few commands fit.
 */
final class Linearization {
    /** Commands tried for each that there is; many times what is needed when there is an order. */
    private static final int MAX_STEPS_PER_COMMAND = 500;

    private static final int MAX_REASONS = 20;

    private final List<MailOperation> operations;
    private final MailboxModel model;
    private final Told told;
    private final StoredMail stored;
    private final boolean[] isDone;
    /** Commands done and what the model is then: whatever order led there, there is no way on. */
    private final Set<Long> visited = new HashSet<>();
    /** Of the commands that are done. */
    private long fingerprint;

    private final Deque<Level> levels = new ArrayDeque<>();
    private final List<String> findings = new ArrayList<>();
    private int deepest = -1;
    private long steps;

    /** The commands that can come next, and the one of them that is being tried. */
    private static final class Level {
        private final int firstOpen;
        private final List<Integer> candidates;
        private int next;
        private int chosen = -1;
        private MailboxModel.Step step;

        Level(int firstOpen, List<Integer> candidates) {
            this.firstOpen = firstOpen;
            this.candidates = candidates;
        }
    }

    /**
     * A search.
     *
     * @param model as it was before the first; afterwards as at the end of the order
     */
    Linearization(List<MailOperation> operations, MailboxModel model, Told told, StoredMail stored) {
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("no commands");
        }
        this.operations = new ArrayList<>(operations);
        this.operations.sort(Comparator.comparingLong(MailOperation::beganAt));
        this.model = model;
        this.told = told;
        this.stored = stored;
        this.isDone = new boolean[operations.size()];
    }

    /** Why there is no such order: empty when there is, which {@link #order} then tells. */
    List<String> findings() {
        if (!told.findings().isEmpty()) {
            return told.findings();
        }
        levels.push(level(0));
        while (levels.size() <= operations.size()) {
            if (levels.isEmpty() || steps >= (long) MAX_STEPS_PER_COMMAND * operations.size()) {
                findings.add(
                        0,
                        "no order found: after " + deepest + " of " + operations.size() + " commands, of " + steps
                                + " tried");
                return findings;
            }
            advance(levels.element());
        }
        return List.of();
    }

    /** How many commands were tried. */
    long steps() {
        return steps;
    }

    /** The order that was found. */
    List<MailOperation> order() {
        List<MailOperation> order = new ArrayList<>();
        levels.descendingIterator().forEachRemaining(level -> {
            if (level.chosen >= 0) {
                order.add(operations.get(level.chosen));
            }
        });
        return order;
    }

    /** Goes on with the next command of a level, or back when there is none. */
    private void advance(Level level) {
        if (level.chosen >= 0) {
            model.undo(level.step);
            isDone[level.chosen] = false;
            fingerprint ^= MailboxModel.scattered(level.chosen);
            level.chosen = -1;
        }
        if (level.next == level.candidates.size()) {
            levels.pop();
            return;
        }
        int candidate = level.candidates.get(level.next++);
        MailOperation operation = operations.get(candidate);
        steps++;
        level.step = model.apply(operation.command());
        List<String> wrong = contradictions(operation.command(), level.step);
        if (wrong.isEmpty() && levels.size() == operations.size()) {
            steps += operations.size();
            wrong = contradictionsAtEnd();
        }
        if (!wrong.isEmpty()) {
            model.undo(level.step);
            note(operation, wrong);
            return;
        }
        if (!visited.add(
                MailboxModel.scattered(fingerprint ^ MailboxModel.scattered(candidate)) + model.fingerprint())) {
            model.undo(level.step);
            return;
        }
        level.chosen = candidate;
        fingerprint ^= MailboxModel.scattered(candidate);
        isDone[candidate] = true;
        levels.push(level(level.firstOpen));
    }

    /** Commands that began before any that is open has ended. */
    private Level level(int from) {
        int first = from;
        while (first < isDone.length && isDone[first]) {
            first++;
        }
        long end = Long.MAX_VALUE;
        List<Integer> open = new ArrayList<>();
        for (int i = first; i < isDone.length && operations.get(i).beganAt() <= end; i++) {
            if (!isDone[i]) {
                open.add(i);
                end = Math.min(end, operations.get(i).endedAt());
            }
        }
        long earliestEnd = end;
        open.removeIf(i -> operations.get(i).beganAt() > earliestEnd);
        open.sort(Comparator.comparingLong(i -> operations.get(i).endedAt()));
        return new Level(first, open);
    }

    private void note(MailOperation operation, List<String> wrong) {
        int depth = levels.size() - 1;
        if (depth > deepest) {
            deepest = depth;
            findings.clear();
        }
        if (depth == deepest && findings.size() < MAX_REASONS) {
            findings.add(operation + " does not come next: " + String.join("; ", wrong));
        }
    }

    private List<String> contradictions(MailCommand command, MailboxModel.Step step) {
        List<String> wrong = new ArrayList<>();
        String answer = contradiction(command, step.answer());
        if (answer != null) {
            wrong.add(answer);
            return wrong;
        }
        for (String folder : step.folders()) {
            contradictions(folder, step.uids(folder), wrong);
        }
        return wrong;
    }

    /** How an answer is wrong, or null. */
    private static String contradiction(MailCommand command, MailCommand expected) {
        boolean isSame;
        if (command instanceof MailCommand.Append append) {
            isSame = append.uid() == MailCommand.UNKNOWN || append.equals(expected);
        } else if (command instanceof MailCommand.Expunge expunge) {
            // What others did meanwhile may be told too.
            long modSeq = ((MailCommand.Expunge) expected).modSeq();
            isSame = modSeq == 0 ? expunge.modSeq() == 0 : expunge.modSeq() >= modSeq;
        } else {
            isSame = command.equals(expected);
        }
        return isSame ? null : "the answer would be " + expected;
    }

    /** How a change of a folder differs from what was told of its MODSEQ. */
    private void contradictions(String folder, Set<Long> uids, List<String> wrong) {
        MailboxModel.Folder now = model.folder(folder);
        Map<Long, Set<String>> changed = told.changed(folder, now.highestModSeq());
        for (Map.Entry<Long, Set<String>> each : changed.entrySet()) {
            MailboxModel.Message message =
                    uids.contains(each.getKey()) ? now.messages().get(each.getKey()) : null;
            if (message == null || !message.flags().equals(each.getValue())) {
                wrong.add("MODSEQ " + now.highestModSeq() + " of " + folder + " gave " + each.getKey() + " the flags "
                        + new TreeSet<>(each.getValue()) + " and would "
                        + (message == null
                                ? "not change " + now.messages().get(each.getKey())
                                : "give it " + new TreeSet<>(message.flags())));
            }
        }
        for (long uid : uids) {
            MailboxModel.Message message = now.messages().get(uid);
            String subject = told.subject(folder, uid);
            if (message != null && subject != null && !subject.equals(message.subject())) {
                wrong.add(folder + " " + uid + " is " + subject + " and would be " + message.subject());
            }
        }
    }

    private List<String> contradictionsAtEnd() {
        List<String> wrong = stored.differences(model, told);
        model.folders().forEach((name, folder) -> {
            if (told.highestModSeq(name) > folder.highestModSeq()) {
                wrong.add(name + " has MODSEQ " + folder.highestModSeq() + ", told was " + told.highestModSeq(name));
            }
        });
        return wrong;
    }
}

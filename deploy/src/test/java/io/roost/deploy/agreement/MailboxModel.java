package io.roost.deploy.agreement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What folders are, in the simplest way: each command is one change of a folder, which has one MODSEQ, the one after that of the
 * change before; UIDs are given one after the other. A command that changes nothing takes no MODSEQ. What was done last can be
 * undone.
 */
final class MailboxModel {
    static final String DELETED = "\\Deleted";

    /** A message of a folder. */
    record Message(String subject, Set<String> flags, long modSeq) {
        Message {
            flags = Set.copyOf(flags);
        }

        /** The same, changed. */
        Message with(Set<String> newFlags, long newModSeq) {
            return new Message(subject, newFlags, newModSeq);
        }
    }

    /** A folder; empty at first. */
    static final class Folder {
        private final SortedMap<Long, Message> messages = new TreeMap<>();
        private long uidNext;
        private long highestModSeq;
        /** Exclusive or of those of the messages. */
        private long fingerprint;

        Folder(long uidNext, long highestModSeq) {
            this.uidNext = uidNext;
            this.highestModSeq = highestModSeq;
        }

        SortedMap<Long, Message> messages() {
            return messages;
        }

        long uidNext() {
            return uidNext;
        }

        long highestModSeq() {
            return highestModSeq;
        }
    }

    /** How a folder was before a command, as far as it was changed by it. */
    private static final class Change {
        private final Folder folder;
        private final long uidNext;
        private final long highestModSeq;
        private final long fingerprint;
        private final Map<Long, Message> before = new HashMap<>();

        Change(Folder folder) {
            this.folder = folder;
            this.uidNext = folder.uidNext;
            this.highestModSeq = folder.highestModSeq;
            this.fingerprint = folder.fingerprint;
        }

        long modSeq() {
            return highestModSeq + 1;
        }

        void put(long uid, Message message) {
            remove(uid);
            folder.messages.put(uid, message);
            folder.fingerprint ^= fingerprint(uid, message);
        }

        long add(String subject, Set<String> flags) {
            long uid = folder.uidNext++;
            put(uid, new Message(subject, flags, modSeq()));
            return uid;
        }

        void remove(long uid) {
            Message old = folder.messages.remove(uid);
            before.putIfAbsent(uid, old);
            folder.fingerprint ^= old == null ? 0 : fingerprint(uid, old);
            folder.highestModSeq = modSeq();
        }

        void undo() {
            before.forEach((uid, message) -> {
                if (message == null) {
                    folder.messages.remove(uid);
                } else {
                    folder.messages.put(uid, message);
                }
            });
            folder.uidNext = uidNext;
            folder.highestModSeq = highestModSeq;
            folder.fingerprint = fingerprint;
        }
    }

    /** What a command has done. */
    static final class Step {
        private final Map<String, Change> changes = new TreeMap<>();
        private final MailCommand answer;

        private Step(MailCommand answer) {
            this.answer = answer;
        }

        /** The command with the answer that it must have had. */
        MailCommand answer() {
            return answer;
        }

        /** The folders that it has changed. */
        List<String> folders() {
            List<String> changed = new ArrayList<>();
            changes.forEach((name, change) -> {
                if (!change.before.isEmpty()) {
                    changed.add(name);
                }
            });
            return changed;
        }

        /** UIDs of a folder that came, went or were changed. */
        Set<Long> uids(String folder) {
            return changes.get(folder).before.keySet();
        }
    }

    private final SortedMap<String, Folder> folders;

    MailboxModel(Map<String, Folder> empty) {
        folders = new TreeMap<>(empty);
    }

    SortedMap<String, Folder> folders() {
        return folders;
    }

    Folder folder(String name) {
        Folder folder = folders.get(name);
        if (folder == null) {
            throw new IllegalArgumentException("no folder " + name);
        }
        return folder;
    }

    private static long fingerprint(long uid, Message message) {
        long text = (long) message.subject().hashCode() << Integer.SIZE
                | (message.flags().hashCode() & 0xffffffffL);
        return scattered(scattered(uid) + scattered(message.modSeq() + scattered(text)));
    }

    /** A number whose bits all depend on all of another's (the finalizer of SplitMix64, Steele and others, 2014). */
    static long scattered(long number) {
        long bits = number + 0x9e3779b97f4a7c15L;
        bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        bits = (bits ^ (bits >>> 27)) * 0x94d049bb133111ebL;
        return bits ^ (bits >>> 31);
    }

    /** The same for the same messages with the same MODSEQs, another for others but by an unlikely chance. */
    long fingerprint() {
        long bits = 0;
        for (Folder folder : folders.values()) {
            bits = scattered(bits + folder.fingerprint + scattered(folder.highestModSeq));
        }
        return bits;
    }

    /** Carries a command out, whatever it was answered. */
    Step apply(MailCommand command) {
        Map<String, Change> changes = new TreeMap<>();
        MailCommand answer;
        if (command instanceof MailCommand.Append append) {
            answer = append(append, change(changes, append.folder()));
        } else if (command instanceof MailCommand.Store store) {
            answer = store(store, change(changes, store.folder()));
        } else if (command instanceof MailCommand.Expunge expunge) {
            answer = expunge(expunge, change(changes, expunge.folder()));
        } else {
            MailCommand.Copy copy = (MailCommand.Copy) command;
            answer = copy(copy, change(changes, copy.folder()), change(changes, copy.target()));
        }
        Step step = new Step(answer);
        step.changes.putAll(changes);
        return step;
    }

    /** Undoes the last command. */
    void undo(Step step) {
        step.changes.values().forEach(Change::undo);
    }

    private Change change(Map<String, Change> changes, String folder) {
        return changes.computeIfAbsent(folder, name -> new Change(folder(name)));
    }

    private static MailCommand append(MailCommand.Append append, Change change) {
        long uid = change.add(append.subject(), append.flags());
        return new MailCommand.Append(append.folder(), append.subject(), append.flags(), uid);
    }

    private static MailCommand store(MailCommand.Store store, Change change) {
        SortedSet<Long> modified = new TreeSet<>();
        for (long uid : store.uids()) {
            Message message = change.folder.messages.get(uid);
            if (message == null) {
                continue;
            }
            Set<String> flags = store.mode().apply(message.flags(), store.flags());
            if (message.modSeq() > store.unchangedSince()) {
                modified.add(uid);
            } else if (!flags.equals(message.flags())) {
                change.put(uid, message.with(flags, change.modSeq()));
            }
        }
        return new MailCommand.Store(
                store.folder(), store.uids(), store.mode(), store.flags(), store.unchangedSince(), modified);
    }

    private static MailCommand expunge(MailCommand.Expunge expunge, Change change) {
        for (long uid : expunge.uids()) {
            Message message = change.folder.messages.get(uid);
            if (message != null && message.flags().contains(DELETED)) {
                change.remove(uid);
            }
        }
        long modSeq = change.before.isEmpty() ? 0 : change.modSeq();
        return new MailCommand.Expunge(expunge.folder(), expunge.uids(), modSeq);
    }

    private static MailCommand copy(MailCommand.Copy copy, Change source, Change target) {
        SortedMap<Long, Long> copies = new TreeMap<>();
        for (long uid : copy.uids()) {
            Message message = source.folder.messages.get(uid);
            if (message != null) {
                if (copy.transfer() == MailCommand.Transfer.MOVE) {
                    source.remove(uid);
                }
                copies.put(uid, target.add(message.subject(), message.flags()));
            }
        }
        return copy.answered(copies);
    }
}

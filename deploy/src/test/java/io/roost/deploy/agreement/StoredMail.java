package io.roost.deploy.agreement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the store has at the end.
 *
 * @param folders by name
 * @param usedBytes of the account's quota
 * @param usedMessages of it
 */
record StoredMail(SortedMap<String, Folder> folders, long usedBytes, long usedMessages) {
    /** A message. */
    record Message(Told.Content content, Set<String> flags, long modSeq) {
        Message {
            flags = Set.copyOf(flags);
        }
    }

    /** What STATUS tells of a folder. */
    record Status(long uidNext, long highestModSeq, long messages, long unseen, long deleted, long sizeBytes) {}

    /** A folder with its messages by UID. */
    record Folder(Status status, SortedMap<Long, Message> messages) {
        Folder {
            messages = new TreeMap<>(messages);
        }
    }

    StoredMail {
        folders = new TreeMap<>(folders);
    }

    /**
     * In what it differs from a model, none when it does not.
     *
     * @param told what contents are
     */
    List<String> differences(MailboxModel model, Told told) {
        List<String> found = new ArrayList<>();
        long bytes = 0;
        long count = 0;
        for (Map.Entry<String, MailboxModel.Folder> each : model.folders().entrySet()) {
            Folder stored = folders.get(each.getKey());
            Status expected = status(each.getValue(), told);
            differ(each.getKey(), expected, stored.status, found);
            differ(each.getKey(), each.getValue().messages(), stored.messages, told, found);
            bytes += expected.sizeBytes;
            count += expected.messages;
        }
        differ("bytes of the quota", bytes, usedBytes, found);
        differ("messages of the quota", count, usedMessages, found);
        return found;
    }

    private static Status status(MailboxModel.Folder folder, Told told) {
        return new Status(
                folder.uidNext(),
                folder.highestModSeq(),
                folder.messages().size(),
                folder.messages().values().stream()
                        .filter(message -> !message.flags().contains("\\Seen"))
                        .count(),
                folder.messages().values().stream()
                        .filter(message -> message.flags().contains(MailboxModel.DELETED))
                        .count(),
                folder.messages().values().stream()
                        .map(message -> told.content(message.subject()))
                        .mapToLong(content -> content == null ? 0 : content.sizeBytes())
                        .sum());
    }

    private static void differ(
            String folder,
            SortedMap<Long, MailboxModel.Message> expected,
            SortedMap<Long, Message> stored,
            Told told,
            List<String> found) {
        expected.forEach((uid, message) -> {
            Message other = stored.get(uid);
            Message same = new Message(told.content(message.subject()), message.flags(), message.modSeq());
            differ(folder + " " + uid + " (" + message.subject() + ")", same, other, found);
        });
        stored.forEach((uid, message) -> {
            if (!expected.containsKey(uid)) {
                found.add(folder + " " + uid + ": none in the model, stored " + message);
            }
        });
    }

    private static void differ(String what, Object expected, Object stored, List<String> found) {
        if (!expected.equals(stored)) {
            found.add(what + ": model " + expected + ", stored " + stored);
        }
    }
}

package io.roost.mailstore.classes;

import io.roost.mailstore.mailbox.EmailId;
import io.roost.mailstore.mailbox.FolderNumber;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an account is, in the simplest way: folders of messages, with what every client may have seen of them. */
final class MailModel {
    /** A message of a folder. */
    record Message(EmailId email, int sizeBytes, int flags, Set<String> keywords) {
        Message with(int newFlags, Set<String> newKeywords) {
            return new Message(email, sizeBytes, newFlags, Set.copyOf(newKeywords));
        }
    }

    /** A folder, and its messages as of every MODSEQ that it had. */
    static final class Folder {
        final FolderNumber number;
        final TreeMap<Long, Message> messages = new TreeMap<>();
        final TreeMap<Long, Long> modSeqs = new TreeMap<>();
        final Map<Long, Map<Long, Message>> history = new LinkedHashMap<>();
        long uidNext = 1;
        long modSeq = 1;

        Folder(FolderNumber number) {
            this.number = number;
            record();
        }

        /** A change has been made; all changes of one call are one. */
        void record() {
            history.put(modSeq, Map.copyOf(messages));
        }

        void put(long uid, Message message) {
            messages.put(uid, message);
            modSeqs.put(uid, modSeq);
        }

        void remove(long uid) {
            messages.remove(uid);
            modSeqs.remove(uid);
        }

        long bytes() {
            return messages.values().stream().mapToLong(Message::sizeBytes).sum();
        }
    }

    final Map<String, Folder> folders = new LinkedHashMap<>();

    /** Messages that were expunged and are kept, by folder and UID. */
    final Map<List<Long>, Message> kept = new LinkedHashMap<>();

    List<Folder> all() {
        return new ArrayList<>(folders.values());
    }

    long bytes() {
        return all().stream().mapToLong(Folder::bytes).sum();
    }

    long messages() {
        return all().stream().mapToLong(folder -> folder.messages.size()).sum();
    }

    /** Contents that some message or kept message has, with their sizes. */
    Map<EmailId, Integer> contents() {
        Map<EmailId, Integer> contents = new LinkedHashMap<>();
        all().forEach(folder ->
                folder.messages.values().forEach(message -> contents.put(message.email, message.sizeBytes)));
        kept.values().forEach(message -> contents.put(message.email, message.sizeBytes));
        return contents;
    }

    /** Where a content is. */
    Set<List<Long>> places(EmailId email) {
        Set<List<Long>> places = new HashSet<>();
        all().forEach(folder -> folder.messages.forEach((uid, message) -> {
            if (message.email.equals(email)) {
                places.add(List.of((long) folder.number.value(), uid));
            }
        }));
        kept.forEach((place, message) -> {
            if (message.email.equals(email)) {
                places.add(place);
            }
        });
        return places;
    }

    static Set<String> sorted(Set<String> keywords) {
        return new TreeSet<>(keywords);
    }
}

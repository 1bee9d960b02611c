package io.roost.deploy.agreement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What sessions were told of messages: which one a UID is, and which flags it has had since a MODSEQ. What is told twice must
 * be the same. For any thread.
 */
final class Told {
    /**
     * What never changes of a message, wherever it is copied.
     *
     * @param subject its own
     * @param date the internal one
     * @param id of its content (RFC 8474)
     */
    record Content(String subject, long sizeBytes, String date, String id) {}

    private final Map<String, Map<Long, Map<Long, Set<String>>>> flags = new HashMap<>();
    private final Map<String, Map<Long, Content>> contents = new HashMap<>();
    private final Map<String, Content> bySubject = new HashMap<>();
    private final Map<String, Content> byId = new HashMap<>();
    private final List<String> findings = new ArrayList<>();

    private <K, V> void put(Map<K, V> map, K key, V value, String what) {
        V before = map.putIfAbsent(key, value);
        if (before != null && !before.equals(value)) {
            findings.add(what + " was told as " + before + " and as " + value);
        }
    }

    /** A message has had these flags since a MODSEQ. */
    synchronized void flags(String folder, long uid, long modSeq, Set<String> these) {
        Map<Long, Set<String>> changed =
                flags.computeIfAbsent(folder, name -> new HashMap<>()).computeIfAbsent(modSeq, one -> new HashMap<>());
        put(changed, uid, Set.copyOf(these), folder + " " + uid + " of MODSEQ " + modSeq);
    }

    /** Which message a UID is. */
    synchronized void content(String folder, long uid, Content content) {
        put(contents.computeIfAbsent(folder, name -> new HashMap<>()), uid, content, folder + " " + uid);
        put(bySubject, content.subject(), content, content.subject());
        put(byId, content.id(), content, content.id());
    }

    /** The content of a message, or null when nobody has seen any. */
    synchronized Content content(String subject) {
        return bySubject.get(subject);
    }

    /** The subject of a UID, or null when nobody has seen it. */
    synchronized String subject(String folder, long uid) {
        Content content = contents.getOrDefault(folder, Map.of()).get(uid);
        return content == null ? null : content.subject();
    }

    /** The flags of messages that changed with a MODSEQ, as far as somebody was told. */
    synchronized Map<Long, Set<String>> changed(String folder, long modSeq) {
        return flags.getOrDefault(folder, Map.of()).getOrDefault(modSeq, Map.of());
    }

    /** The highest MODSEQ of any message that was told. */
    synchronized long highestModSeq(String folder) {
        return flags.getOrDefault(folder, Map.of()).keySet().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /** What was told in two ways. */
    synchronized List<String> findings() {
        return List.copyOf(findings);
    }
}

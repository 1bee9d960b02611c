package io.roost.deploy.lab;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An object to which many writers append a word each by compare-and-swap: what anybody reads begins with what was read before
 * and has every word whose write was acknowledged before. For any thread.
 */
final class SharedList {
    private final String key;
    private final Violations violations;
    /** Word → when its write was acknowledged. */
    private final Map<String, Long> acknowledged = new HashMap<>();
    /** When a read ended → how many words had been seen until then. */
    private final TreeMap<Long, Integer> seen = new TreeMap<>();

    private List<String> longest = new ArrayList<>();

    SharedList(String key, Violations violations) {
        this.key = key;
        this.violations = violations;
    }

    String key() {
        return key;
    }

    /** The list in a body. */
    static List<String> words(Optional<byte[]> body) {
        return body.map(bytes ->
                        new String(bytes, StandardCharsets.UTF_8).lines().toList())
                .orElse(List.of());
    }

    /** The body that appends a word. */
    static byte[] appended(List<String> words, String word) {
        List<String> all = new ArrayList<>(words);
        all.add(word);
        return (String.join("\n", all) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    synchronized void acknowledged(String word) {
        acknowledged.put(word, System.nanoTime());
    }

    synchronized int size() {
        return longest.size();
    }

    /** Somebody has read. */
    synchronized void read(List<String> words, long beganAt, String reader) {
        List<String> shorter = words.size() < longest.size() ? words : longest;
        List<String> longer = words.size() < longest.size() ? longest : words;
        if (!longer.subList(0, shorter.size()).equals(shorter)) {
            violations.add(
                    Violations.Kind.LOST,
                    key + " has lost a compare-and-swap: was " + tail(longest) + ", is " + tail(words) + ", by "
                            + reader);
            return;
        }
        var before = seen.lowerEntry(beganAt);
        if (before != null && words.size() < before.getValue()) {
            violations.add(
                    Violations.Kind.STALE,
                    key + " has " + words.size() + " words, when " + before.getValue() + " had been read, by "
                            + reader);
        }
        HashSet<String> present = new HashSet<>(words);
        acknowledged.forEach((word, at) -> {
            if (at < beganAt && !present.contains(word)) {
                violations.add(
                        Violations.Kind.LOST, key + " has no " + word + ", which had been acknowledged, by " + reader);
            }
        });
        longest = longer;
        if (before == null || before.getValue() < words.size()) {
            seen.put(
                    System.nanoTime(),
                    Math.max(words.size(), seen.isEmpty() ? 0 : seen.lastEntry().getValue()));
        }
    }

    private static String tail(List<String> words) {
        return words.size() + " words ending " + words.subList(Math.max(0, words.size() - 4), words.size());
    }
}

package io.roost.deploy.lab;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Keys with one prefix that one writer makes and removes: a listing has those whose PUT was acknowledged before it was asked
 * for, and none whose DELETE was. For any thread.
 */
final class Folder {
    private static final class Entry {
        private long putAt = Long.MAX_VALUE;
        private long deleteBeganAt = Long.MAX_VALUE;
        private long deletedAt = Long.MAX_VALUE;
        private boolean isUnresolved;
    }

    private final String prefix;
    private final Violations violations;
    private final Map<String, Entry> entries = new HashMap<>();

    Folder(String prefix, Violations violations) {
        this.prefix = prefix;
        this.violations = violations;
    }

    String prefix() {
        return prefix;
    }

    synchronized void putBegins(String key) {
        entries.put(key, new Entry());
    }

    synchronized void put(String key) {
        entries.get(key).putAt = System.nanoTime();
    }

    synchronized void deleteBegins(String key) {
        entries.get(key).deleteBeganAt = System.nanoTime();
    }

    synchronized void deleted(String key) {
        entries.get(key).deletedAt = System.nanoTime();
    }

    /** An attempt at it has had no answer: it may be there or not. */
    synchronized void unresolved(String key) {
        entries.get(key).isUnresolved = true;
    }

    /** Somebody has listed all of it. */
    synchronized void listed(Set<String> keys, long beganAt, String reader) {
        long endedAt = System.nanoTime();
        for (String key : keys) {
            Entry entry = entries.get(key);
            if (entry == null) {
                violations.add(Violations.Kind.WRONG, key + " is listed and was never made, by " + reader);
            } else if (entry.deletedAt < beganAt && !entry.isUnresolved) {
                violations.add(Violations.Kind.STALE, key + " is listed and had been deleted, by " + reader);
            }
        }
        entries.forEach((key, entry) -> {
            boolean isThere = entry.putAt < beganAt && entry.deleteBeganAt > endedAt && !entry.isUnresolved;
            if (isThere && !keys.contains(key)) {
                violations.add(Violations.Kind.LOST, key + " is not listed and had been acknowledged, by " + reader);
            }
        });
    }
}

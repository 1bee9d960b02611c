package io.roost.cluster.daemon;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/**
 * What an OSD has found damaged since it was started and has not replaced, for its status: each entry once, of more than
 * {@value #MAX_ENTRIES} those seen last. Safe for any thread.
 */
public final class DamagedEntries {
    /** An administrator needs to see that a disk is going, and where; {@code verify} has the whole list. */
    static final int MAX_ENTRIES = 100;

    private final LinkedHashMap<Object, Damage> entries = new LinkedHashMap<>();

    /**
     * Something damaged.
     *
     * @param locator whose entry it is; null when nobody knows
     * @param name of the entry; null when nobody knows
     * @param detail for an administrator
     * @param seenMillis when it was last met, Unix milliseconds
     */
    public record Damage(Locator locator, Bytes name, String detail, long seenMillis) {
        /** Checks that there is a detail. */
        public Damage {
            Objects.requireNonNull(detail, "detail");
        }

        private Object identity() {
            return locator == null || name == null ? List.of(String.valueOf(locator), detail) : identity(locator, name);
        }

        private static Object identity(Locator locator, Bytes name) {
            return List.of(locator, name);
        }
    }

    /** Adds what was met; an entry met before becomes the newest. */
    public synchronized void add(Damage damage) {
        entries.remove(damage.identity());
        entries.put(damage.identity(), damage);
        if (entries.size() > MAX_ENTRIES) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    /** Forgets entries of a locator that are replaced or deleted: what is there now is not what was met. */
    public synchronized void forgetReplaced(Locator locator, List<Mutation> mutations) {
        if (!entries.isEmpty()) {
            for (Mutation mutation : mutations) {
                if (!(mutation instanceof Mutation.SetAttributes)) {
                    entries.remove(Damage.identity(locator, mutation.name()));
                }
            }
        }
    }

    /** Forgets what was met before a time: everything there is has been verified since. */
    public synchronized void forgetBefore(long millis) {
        entries.values().removeIf(damage -> damage.seenMillis() < millis);
    }

    /** What is known, the newest first. */
    public synchronized List<Damage> newestFirst() {
        List<Damage> all = new ArrayList<>(entries.values());
        Collections.reverse(all);
        return all;
    }
}

package io.roost.cluster.pg;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.Mutation;
import io.roost.cluster.object.ObjectVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the transactions in flight will have made of their entries, on top of committed state. */
final class Overlay {
    /**
     * An entry as a transaction in flight leaves it.
     *
     * @param version of that transaction
     * @param entry null when it is deleted
     * @param value of the entry, empty for none
     */
    record Pending(ObjectVersion version, Entry entry, Bytes value) {}

    private static final Bytes WORK_BEGIN = Bytes.of(0x80);

    private final Map<Locator, TreeMap<Bytes, Pending>> locators = new HashMap<>();

    /** The pending entries of a locator in order, or null when there are none. */
    NavigableMap<Bytes, Pending> of(Locator locator) {
        return locators.get(locator);
    }

    /**
     * The pending entries of names in {@code [from, to)}.
     *
     * @param to above {@code from}; null for the end of its family
     */
    static NavigableMap<Bytes, Pending> range(NavigableMap<Bytes, Pending> entries, Bytes from, Bytes to) {
        boolean isWork = !from.isEmpty() && Mutation.isWork(from);
        if (to == null && isWork) {
            return entries.tailMap(from, true);
        }
        return entries.subMap(from, true, to == null ? WORK_BEGIN : to, false);
    }

    /**
     * Adds a transaction.
     *
     * @param prior the entries before it, one for each mutation, null where there was none
     */
    void add(Locator locator, ObjectVersion version, List<Mutation> mutations, List<Entry> prior) {
        if (mutations.isEmpty()) {
            return;
        }
        TreeMap<Bytes, Pending> entries = locators.computeIfAbsent(locator, l -> new TreeMap<>());
        for (int i = 0; i < mutations.size(); i++) {
            Mutation mutation = mutations.get(i);
            entries.put(mutation.name(), pending(version, mutation, prior.get(i)));
        }
    }

    private static Pending pending(ObjectVersion version, Mutation mutation, Entry prior) {
        if (mutation instanceof Mutation.Put put) {
            long body = put.body() == null ? Entry.NO_BODY : put.body().length();
            return new Pending(
                    version, new Entry(version, put.attributes(), put.value().length(), body), put.value());
        }
        if (mutation instanceof Mutation.SetAttributes set) {
            Entry entry = new Entry(version, set.attributes(), set.value().length(), prior.bodyLength());
            return new Pending(version, entry, set.value());
        }
        return new Pending(version, null, Bytes.EMPTY);
    }

    /** Forgets everything. */
    void clear() {
        locators.clear();
    }

    /** Removes what a transaction added and no later one has replaced. */
    void remove(Locator locator, ObjectVersion version, List<Mutation> mutations) {
        if (mutations.isEmpty()) {
            return;
        }
        TreeMap<Bytes, Pending> entries = locators.get(locator);
        for (Mutation mutation : mutations) {
            Pending pending = entries.get(mutation.name());
            if (pending != null && pending.version().equals(version)) {
                entries.remove(mutation.name());
            }
        }
        if (entries.isEmpty()) {
            locators.remove(locator);
        }
    }
}

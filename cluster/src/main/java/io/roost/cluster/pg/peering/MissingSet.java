package io.roost.cluster.pg.peering;

import io.roost.cluster.message.MissingItem;
import io.roost.cluster.message.MissingItem.Wanted;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.pg.log.LogEntry;
import io.roost.cluster.store.KeyLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The names of a placement group that an OSD does not have as its log says (Ceph's pg_missing_t), by their key in the
 * store. Whatever the OSD's store has of such a name is old, or was never agreed on: nobody may read it.
 */
public final class MissingSet {
    private final TreeMap<Bytes, MissingItem> items;
    private final TreeSet<Bytes> changed = new TreeSet<>();

    /** Nothing is missing. */
    public MissingSet() {
        items = new TreeMap<>();
    }

    /** These are missing. */
    public MissingSet(SortedMap<Bytes, MissingItem> items) {
        this.items = new TreeMap<>(items);
    }

    /** All that is missing, in order; a view. */
    public NavigableMap<Bytes, MissingItem> items() {
        return Collections.unmodifiableNavigableMap(items);
    }

    /** How many names are missing. */
    public int size() {
        return items.size();
    }

    /** True when none is. */
    public boolean isEmpty() {
        return items.isEmpty();
    }

    /** What is missing of a name, null when it is not. */
    public MissingItem item(Bytes key) {
        return items.get(key);
    }

    /** The name is there as the log says now. */
    public void recovered(Bytes key) {
        if (items.remove(key) != null) {
            changed.add(key);
        }
    }

    /** Nothing is missing any more, whatever there is. */
    public void clear() {
        changed.addAll(items.keySet());
        items.clear();
    }

    /** The keys whose item has changed since this was last asked, for those who keep it on disk. */
    public List<Bytes> changes() {
        List<Bytes> keys = new ArrayList<>(changed);
        changed.clear();
        return keys;
    }

    /**
     * The log goes on with an entry whose changes were not made here.
     *
     * @param lastBackfill names above it are absent anyway
     */
    public void onEntry(LogEntry entry, long pool, Bytes lastBackfill) {
        for (LogEntry.Change change : entry.changes()) {
            Bytes key = key(entry, pool, change);
            if (key.compareTo(lastBackfill) <= 0) {
                MissingItem item = items.get(key);
                ObjectVersion have = item == null ? change.prior() : item.have();
                Wanted wanted = change.kind() == LogEntry.Kind.DELETE ? Wanted.ABSENT : Wanted.PRESENT;
                put(key, new MissingItem(entry.version(), have, wanted));
            }
        }
    }

    /**
     * Entries at the end of the log were never agreed on and are taken out of it. What they changed is to be had as it
     * was before them, from somebody else (Ceph's _merge_object_divergent_entries; nothing can be rolled back here).
     *
     * @param divergent oldest first
     * @param lastBackfill names above it are absent anyway
     */
    public void onDivergent(List<LogEntry> divergent, long pool, Bytes lastBackfill) {
        Map<Bytes, ObjectVersion> before = new LinkedHashMap<>();
        for (LogEntry entry : divergent) {
            for (LogEntry.Change change : entry.changes()) {
                before.putIfAbsent(key(entry, pool, change), change.prior());
            }
        }
        before.forEach((key, prior) -> {
            if (key.compareTo(lastBackfill) <= 0) {
                rewind(key, prior);
            }
        });
    }

    private void rewind(Bytes key, ObjectVersion prior) {
        MissingItem item = items.get(key);
        if (item != null && !prior.equals(ObjectVersion.NONE) && item.have().equals(prior)) {
            // It never got what is taken back now. Of a name that should not be nobody knows: an earlier one that was
            // never agreed on may still be in the store.
            recovered(key);
            return;
        }
        ObjectVersion have = item == null ? ObjectVersion.NONE : item.have();
        Wanted wanted = prior.equals(ObjectVersion.NONE) ? Wanted.ABSENT : Wanted.PRESENT;
        put(key, new MissingItem(prior, have, wanted));
    }

    private void put(Bytes key, MissingItem item) {
        if (!item.equals(items.put(key, item))) {
            changed.add(key);
        }
    }

    private static Bytes key(LogEntry entry, long pool, LogEntry.Change change) {
        return KeyLayout.entry(new Locator(pool, entry.locatorKey()), change.name());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MissingSet that && items.equals(that.items);
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }

    @Override
    public String toString() {
        return items.toString();
    }
}

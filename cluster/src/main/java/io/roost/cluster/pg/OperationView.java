package io.roost.cluster.pg;

import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.EvaluationLimits;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.classes.StoreMiss;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreCursor;
import io.roost.cluster.store.StoreReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * What a writing method sees: committed state from memory, and over it the transactions in flight. It remembers
 * whether anything was asked for, and what a {@link StoreMiss} missed.
 */
final class OperationView implements LocatorView {
    /** Entries stepped over when a missed range read is fetched: what a page of a listing needs. */
    private static final int FETCH_STEPS = 256;

    private static final NavigableMap<Bytes, Overlay.Pending> NOTHING_PENDING = Collections.emptyNavigableMap();

    private final ObjectStore store;
    private final Locator locator;
    private final NavigableMap<Bytes, Overlay.Pending> pending;
    private final AbsentNames absent;
    private final Map<Bytes, Entry> looked = new HashMap<>(8);
    private final List<StoreCursor> cursors = new ArrayList<>(1);
    private boolean hasRead;
    private Runnable missed;
    private int entriesRead;

    OperationView(
            ObjectStore store, Locator locator, NavigableMap<Bytes, Overlay.Pending> pending, AbsentNames absent) {
        this.absent = absent;
        this.store = store;
        this.locator = locator;
        this.pending = pending == null ? NOTHING_PENDING : pending;
    }

    /** True when the evaluation has asked for anything: what it comes to depends on more than its input. */
    boolean hasRead() {
        return hasRead;
    }

    /** Reads from disk what the evaluation missed, so that the next one finds it in memory. */
    Runnable missed() {
        return missed;
    }

    private void count() {
        EvaluationLimits.checkRead(++entriesRead, locator);
    }

    @Override
    public Locator locator() {
        return locator;
    }

    @Override
    public Entry entry(Bytes name) {
        hasRead = true;
        count();
        Overlay.Pending ahead = pending.get(name);
        if (ahead != null) {
            return ahead.entry();
        }
        absent.check(name);
        if (looked.containsKey(name)) {
            return looked.get(name);
        }
        try {
            Entry entry = store.memory().entry(locator, name);
            looked.put(name, entry);
            return entry;
        } catch (StoreMiss miss) {
            missed = () -> store.disk().entry(locator, name);
            throw miss;
        }
    }

    @Override
    public Bytes value(Bytes name) {
        hasRead = true;
        Overlay.Pending ahead = pending.get(name);
        if (ahead != null) {
            return ahead.value();
        }
        absent.check(name);
        try {
            return store.memory().value(locator, name);
        } catch (StoreMiss miss) {
            missed = () -> store.disk().value(locator, name);
            throw miss;
        }
    }

    @Override
    public EntryCursor entries(Bytes from, Bytes to) {
        hasRead = true;
        if (to != null && from.compareTo(to) >= 0) {
            return NoEntries.CURSOR;
        }
        absent.check(from, to);
        return new Merged(from, to, pending.isEmpty() ? pending : Overlay.range(pending, from, to));
    }

    /** Steps over stored and pending entries at once; a pending one hides the stored one of its name. */
    private final class Merged implements EntryCursor {
        private final Bytes to;
        private final NavigableMap<Bytes, Overlay.Pending> range;
        private final EntryCursor stored;
        private Bytes from;
        private boolean started;
        private boolean storedHas;
        private Map.Entry<Bytes, Overlay.Pending> ahead;
        private Bytes name;
        private Entry entry;

        Merged(Bytes from, Bytes to, NavigableMap<Bytes, Overlay.Pending> range) {
            this.from = from;
            this.to = to;
            this.range = range;
            this.stored = open(from, to);
        }

        private EntryCursor open(Bytes begin, Bytes end) {
            try {
                StoreCursor cursor = cursor(store.memory(), begin, end);
                cursors.add(cursor);
                return cursor;
            } catch (StoreMiss miss) {
                missed = () -> fetch(begin, end);
                throw miss;
            }
        }

        private void fetch(Bytes begin, Bytes end) {
            try (StoreCursor cursor = cursor(store.disk(), begin, end)) {
                for (int i = 0; i < FETCH_STEPS && cursor.next(); i++) {
                    cursor.entry();
                }
            }
        }

        private boolean storedNext() {
            try {
                return stored.next();
            } catch (StoreMiss miss) {
                Bytes begin = from;
                missed = () -> fetch(begin, to);
                throw miss;
            }
        }

        @Override
        public boolean next() {
            if (!started) {
                started = true;
                storedHas = storedNext();
                ahead = range.firstEntry();
            } else if (name != null) {
                if (storedHas && stored.name().equals(name)) {
                    from = name;
                    storedHas = storedNext();
                }
                if (ahead != null && ahead.getKey().equals(name)) {
                    ahead = range.higherEntry(name);
                }
            }
            return settle();
        }

        @Override
        public boolean seek(Bytes target) {
            started = true;
            from = target;
            try {
                storedHas = stored.seek(target);
            } catch (StoreMiss miss) {
                missed = () -> fetch(target, to);
                throw miss;
            }
            ahead = range.ceilingEntry(target);
            return settle();
        }

        private boolean settle() {
            while (storedHas || ahead != null) {
                count();
                int order = ahead == null ? -1 : storedHas ? stored.name().compareTo(ahead.getKey()) : 1;
                if (order < 0) {
                    name = stored.name();
                    entry = stored.entry();
                    return true;
                }
                if (ahead.getValue().entry() != null) {
                    name = ahead.getKey();
                    entry = ahead.getValue().entry();
                    return true;
                }
                if (order == 0) {
                    from = ahead.getKey();
                    storedHas = storedNext();
                }
                ahead = range.higherEntry(ahead.getKey());
            }
            name = null;
            entry = null;
            return false;
        }

        @Override
        public Bytes name() {
            return name;
        }

        @Override
        public Entry entry() {
            return entry;
        }
    }

    private StoreCursor cursor(StoreReader reader, Bytes begin, Bytes end) {
        return end == null ? reader.cursor(locator, begin) : reader.cursor(locator, begin, end);
    }

    /** Closes the cursors of the evaluation. */
    void close() {
        cursors.forEach(StoreCursor::close);
        cursors.clear();
    }
}

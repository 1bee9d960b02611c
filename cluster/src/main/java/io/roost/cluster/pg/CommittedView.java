package io.roost.cluster.pg;

import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.EvaluationLimits;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Locator;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.StoreCursor;
import io.roost.cluster.store.StoreReader;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/**
 * What a reading method sees: the store as it is, or as a snapshot of it was. It remembers what was asked for, so that
 * the reply can wait for the transactions in flight that touch it. Used by one thread at a time.
 */
final class CommittedView implements LocatorView, AutoCloseable {
    private record Range(Bytes from, Bytes to) {}

    private final StoreReader store;
    private final Locator locator;
    private final AbsentNames absent;
    private final List<Bytes> names = new ArrayList<>(4);
    private final List<Range> ranges = new ArrayList<>(1);
    private final List<StoreCursor> cursors = new ArrayList<>(1);
    private int entriesRead;

    CommittedView(StoreReader store, Locator locator, AbsentNames absent) {
        this.store = store;
        this.locator = locator;
        this.absent = absent;
    }

    /** The newest pending version among what was read, {@link ObjectVersion#NONE} for none. */
    ObjectVersion touched(NavigableMap<Bytes, Overlay.Pending> pending) {
        ObjectVersion newest = ObjectVersion.NONE;
        if (pending == null) {
            return newest;
        }
        for (Bytes name : names) {
            newest = newer(newest, pending.get(name));
        }
        for (Range range : ranges) {
            for (Overlay.Pending entry :
                    Overlay.range(pending, range.from(), range.to()).values()) {
                newest = newer(newest, entry);
            }
        }
        return newest;
    }

    private static ObjectVersion newer(ObjectVersion version, Overlay.Pending entry) {
        return entry != null && entry.version().compareTo(version) > 0 ? entry.version() : version;
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
        count();
        names.add(name);
        absent.check(name);
        return store.entry(locator, name);
    }

    @Override
    public Bytes value(Bytes name) {
        names.add(name);
        absent.check(name);
        return store.value(locator, name);
    }

    @Override
    public EntryCursor entries(Bytes from, Bytes to) {
        if (to != null && from.compareTo(to) >= 0) {
            return NoEntries.CURSOR;
        }
        ranges.add(new Range(from, to));
        absent.check(from, to);
        StoreCursor cursor = to == null ? store.cursor(locator, from) : store.cursor(locator, from, to);
        cursors.add(cursor);
        return new EntryCursor() {
            @Override
            public boolean next() {
                count();
                return cursor.next();
            }

            @Override
            public boolean seek(Bytes name) {
                count();
                return cursor.seek(name);
            }

            @Override
            public Bytes name() {
                return cursor.name();
            }

            @Override
            public Entry entry() {
                return cursor.entry();
            }
        };
    }

    @Override
    public void close() {
        cursors.forEach(StoreCursor::close);
    }
}

package io.roost.cluster.pg;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.GroupScan;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreReader;
import io.roost.cluster.store.Tier;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Reads which entries there are in a range of keys, from the state of the moment it was made, on any thread. */
final class RangeScan implements Runnable {
    private final StoreReader snapshot;
    private final KeyLayout.KeyRange range;
    private final int maxEntries;
    private final TreeMap<Bytes, ObjectVersion> versions = new TreeMap<>();
    private boolean isCut;

    /**
     * A scan.
     *
     * @param group the keys of the placement group
     * @param after keys above this one
     * @param through up to this one
     */
    RangeScan(ObjectStore store, KeyLayout.KeyRange group, Bytes after, Bytes through, int maxEntries) {
        this.snapshot = store.snapshot(Tier.DISK);
        Bytes begin = after.compareTo(group.begin()) < 0 ? group.begin() : after.concat(Bytes.of(0));
        Bytes end = through.compareTo(group.end()) < 0 ? through.concat(Bytes.of(0)) : group.end();
        this.range = new KeyLayout.KeyRange(begin, end);
        this.maxEntries = maxEntries;
    }

    @Override
    public void run() {
        if (range.begin().compareTo(range.end()) >= 0) {
            snapshot.close();
            return;
        }
        try (StoreReader reader = snapshot;
                GroupScan scan = reader.scan(range)) {
            while (scan.next()) {
                if (versions.size() == maxEntries) {
                    isCut = true;
                    break;
                }
                versions.put(scan.key(), scan.entry().version());
            }
        }
    }

    /** True when there are more than were asked for. */
    boolean isCut() {
        return isCut;
    }

    /** The last key found. */
    Bytes last() {
        return versions.lastKey();
    }

    /** The entries found. */
    NavigableMap<Bytes, ObjectVersion> versions() {
        return versions;
    }
}

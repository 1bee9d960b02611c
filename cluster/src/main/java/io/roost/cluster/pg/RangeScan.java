package io.roost.cluster.pg;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.ObjectVersion;
import io.roost.cluster.store.ChecksumException;
import io.roost.cluster.store.GroupScan;
import io.roost.cluster.store.KeyLayout;
import io.roost.cluster.store.ObjectStore;
import io.roost.cluster.store.StoreReader;
import io.roost.cluster.store.Tier;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Reads which entries there are in a range of keys, from the state of the moment it was made, on any thread. One whose
 * row is damaged is there, and its version is not known.
 */
final class RangeScan implements Runnable {
    private final StoreReader snapshot;
    private final KeyLayout.KeyRange range;
    private final int maxEntries;
    private final long maxBytes;
    private final TreeMap<Bytes, ObjectVersion> versions = new TreeMap<>();
    private boolean isCut;

    /**
     * A scan.
     *
     * @param group the keys of the placement group
     * @param after keys above this one
     * @param through up to this one
     * @param maxEntries it is cut after so many
     * @param maxBytes it is cut after the entry with which values and bodies are so long
     */
    RangeScan(ObjectStore store, KeyLayout.KeyRange group, Bytes after, Bytes through, int maxEntries, long maxBytes) {
        this.snapshot = store.snapshot(Tier.DISK);
        this.range = range(group, after, through);
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
    }

    /** The keys of a placement group above one and up to another. */
    static KeyLayout.KeyRange range(KeyLayout.KeyRange group, Bytes after, Bytes through) {
        Bytes begin = after.compareTo(group.begin()) < 0 ? group.begin() : after.concat(Bytes.of(0));
        Bytes end = through.compareTo(group.end()) < 0 ? through.concat(Bytes.of(0)) : group.end();
        return new KeyLayout.KeyRange(begin, end);
    }

    @Override
    public void run() {
        if (range.begin().compareTo(range.end()) >= 0) {
            snapshot.close();
            return;
        }
        try (StoreReader reader = snapshot;
                GroupScan scan = reader.scan(range)) {
            long bytes = 0;
            while (scan.next()) {
                if (versions.size() == maxEntries || bytes >= maxBytes) {
                    isCut = true;
                    break;
                }
                bytes += add(scan);
            }
        }
    }

    private long add(GroupScan scan) {
        try {
            Entry entry = scan.entry();
            versions.put(scan.key(), entry.version());
            return entry.valueLength() + Math.max(0, entry.bodyLength());
        } catch (ChecksumException damaged) {
            versions.put(scan.key(), ObjectVersion.NONE);
            return 0;
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

    /** The entries found; {@link ObjectVersion#NONE} where the version cannot be read. */
    NavigableMap<Bytes, ObjectVersion> versions() {
        return versions;
    }
}

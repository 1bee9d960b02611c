package io.roost.objectstore.classes;

import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Entry;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.ShardHeader;
import io.roost.objectstore.layout.ShardTransaction;
import java.util.Arrays;

/** What the methods on keys of a shard share. */
final class Keys {
    private Keys() {}

    /** Checks the length of a key. */
    static void check(Bytes key) {
        if (key.isEmpty() || key.length() > EntryNames.MAX_KEY_BYTES) {
            throw new IllegalArgumentException("key of " + key.length() + " bytes");
        }
    }

    /** The header of a shard that takes requests, or null. */
    static ShardHeader openHeader(LocatorView view) {
        Entry entry = view.entry(EntryNames.SHARD_HEADER);
        if (entry == null) {
            return null;
        }
        ShardHeader header = ShardHeader.decode(entry.attributes());
        return header.isFenced() ? null : header;
    }

    /** The head of an object that is there: null for none and for a delete marker. */
    static Head liveHead(ShardTransaction.Version latest) {
        return latest == null || latest.head().isDeleteMarker() ? null : latest.head();
    }

    /** The status of a fence. */
    static ClassStatus status(ShardTransaction.Fence fence) {
        return switch (fence) {
            case OPEN -> ClassStatus.OK;
            case NO_SUCH_BUCKET -> ClassStatus.NO_SUCH_BUCKET;
            case STALE_BUCKET -> ClassStatus.STALE_BUCKET;
        };
    }

    /**
     * The common prefix that a key is rolled up into, or null.
     *
     * @param prefixLength length of the listing's prefix, which the key begins with
     * @param delimiter empty for none
     */
    static Bytes commonPrefix(Bytes key, int prefixLength, Bytes delimiter) {
        if (delimiter.isEmpty()) {
            return null;
        }
        byte[] bytes = key.array();
        byte[] sought = delimiter.array();
        for (int at = prefixLength; at <= bytes.length - sought.length; at++) {
            if (bytes[at] == sought[0] && Arrays.equals(bytes, at, at + sought.length, sought, 0, sought.length)) {
                return key.slice(0, at + sought.length);
            }
        }
        return null;
    }
}

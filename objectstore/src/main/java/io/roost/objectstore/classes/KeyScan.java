package io.roost.objectstore.classes;

import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.objectstore.layout.EntryNames;
import io.roost.objectstore.layout.Head;
import io.roost.objectstore.layout.ShardHeader;
import io.roost.objectstore.layout.ShardTransaction;
import io.roost.objectstore.layout.ShardTransaction.Version;
import io.roost.objectstore.layout.VersionId;
import java.util.Arrays;

/**
 * One page of a listing over a shard's keys. It steps through versions in order; past the older versions of a key it steps
 * a few times and then seeks, past a common prefix it seeks at once. Used once.
 */
final class KeyScan {
    /** Kind of an item: a version that is not the newest of its key. */
    static final int OLDER = 0;

    /** Kind of an item: the newest version of its key. */
    static final int LATEST = 1;

    /** Kind of an item: a common prefix. */
    static final int COMMON_PREFIX = 2;

    /** Steps and seeks of one evaluation, below the limit of the view. */
    static final int MAX_STEPS = 2500;

    /** A few steps are cheaper than a seek. */
    private static final int STEPS_BEFORE_SEEK = 4;

    private final ListClass.Parameters parameters;
    private final LocatorView view;
    private final Bytes end;
    private final ByteWriter items = new ByteWriter(8192);
    private EntryCursor cursor;
    private int itemCount;
    private int steps;

    /** The name that the last key's versions begin with, with its length; null before the first. */
    private Bytes lastName;

    KeyScan(LocatorView view, ListClass.Parameters parameters) {
        this.view = view;
        this.parameters = parameters;
        this.end = EntryNames.prefixEnd(EntryNames.KEY, parameters.prefix());
    }

    /** The items found: each kind u8, key or common prefix; of a version also sequence varint and attributes. */
    Bytes items() {
        return items.toBytes();
    }

    /**
     * Finds the page's items.
     *
     * @return the cursor to go on from, empty at the end
     */
    Bytes run() {
        Bytes begin = parameters.cursor().isEmpty() ? firstName() : parameters.cursor();
        if (begin == null || begin.compareTo(end) >= 0) {
            return Bytes.EMPTY;
        }
        cursor = view.entries(begin, end);
        boolean found = cursor.next();
        steps++;
        while (found) {
            Bytes name = cursor.name();
            boolean isNewKey = lastName == null ? isFirstOfKey(begin, name) : !isSameKey(name, lastName);
            if (itemCount == parameters.maxItems() || steps >= MAX_STEPS) {
                return isNewKey ? name.slice(0, EntryNames.keyPartLength(name)) : resumeWithin(name);
            }
            lastName = name;
            boolean isVisited = isNewKey || parameters.mode() == ListClass.Mode.VERSIONS;
            found = isVisited ? visit(name, isNewKey) : skipOlderVersions(name);
        }
        return Bytes.EMPTY;
    }

    /** Where to go on when stopped within the versions of a key. */
    private Bytes resumeWithin(Bytes name) {
        return parameters.mode() == ListClass.Mode.VERSIONS ? name : endOfKey(name);
    }

    private boolean visit(Bytes name, boolean isLatest) {
        Bytes attributes = cursor.entry().attributes();
        boolean isShown = parameters.mode() == ListClass.Mode.VERSIONS || !Head.isDeleteMarker(attributes);
        if (!isShown) {
            return next();
        }
        Bytes key = EntryNames.keyOfVersion(name);
        Bytes common = commonPrefix(key);
        itemCount++;
        if (common != null) {
            items.u8(COMMON_PREFIX).bytes(common);
            return seek(EntryNames.prefixEnd(EntryNames.KEY, common));
        }
        items.u8(isLatest ? LATEST : OLDER).bytes(key).varint(EntryNames.sequenceOf(name));
        items.bytes(attributes);
        return next();
    }

    private boolean skipOlderVersions(Bytes name) {
        boolean found = true;
        for (int i = 0; i < STEPS_BEFORE_SEEK; i++) {
            found = next();
            if (!found || !isSameKey(cursor.name(), name)) {
                return found;
            }
        }
        return seek(endOfKey(name));
    }

    private boolean next() {
        steps++;
        return cursor.next();
    }

    private boolean seek(Bytes name) {
        steps++;
        return name.compareTo(end) < 0 && cursor.seek(name);
    }

    /** The name to begin at, or null when nothing can follow. */
    private Bytes firstName() {
        Bytes after = parameters.startAfter();
        Bytes prefixBegin = EntryNames.prefixBegin(EntryNames.KEY, parameters.prefix());
        if (after.isEmpty()) {
            return prefixBegin;
        }
        // A common prefix that the marker is in, or is, was an item of an earlier page.
        Bytes common = after.startsWith(parameters.prefix()) ? commonPrefix(after) : null;
        Bytes begin = common != null ? EntryNames.prefixEnd(EntryNames.KEY, common) : afterVersion(after);
        return begin.compareTo(prefixBegin) < 0 ? prefixBegin : begin;
    }

    private Bytes afterVersion(Bytes key) {
        VersionId id = parameters.startAfterVersion();
        Bytes keyEnd = EntryNames.keyEnd(EntryNames.KEY, key);
        if (parameters.mode() == ListClass.Mode.LATEST || id.kind() == VersionId.Kind.LATEST) {
            return keyEnd;
        }
        long sequence = id.sequence();
        if (id.kind() == VersionId.Kind.NULL) {
            ShardHeader header = Keys.openHeader(view);
            Version version = ShardTransaction.reading(view, header).version(key, id);
            sequence = version == null ? 0 : version.sequence();
        }
        return sequence == 0 ? keyEnd : EntryNames.version(key, sequence - 1);
    }

    private Bytes commonPrefix(Bytes key) {
        return Keys.commonPrefix(key, parameters.prefix().length(), parameters.delimiter());
    }

    /** True when a scan that begins at a name sees all versions of the key of its first entry. */
    private static boolean isFirstOfKey(Bytes begin, Bytes name) {
        int length = EntryNames.keyPartLength(name);
        return begin.length() <= length || !isSameKey(begin, name);
    }

    private static boolean isSameKey(Bytes name, Bytes other) {
        int length = EntryNames.keyPartLength(name);
        return name.length() == other.length() && Arrays.equals(name.array(), 0, length, other.array(), 0, length);
    }

    private static Bytes endOfKey(Bytes name) {
        return EntryNames.keyEnd(EntryNames.KEY, EntryNames.keyOfVersion(name));
    }
}

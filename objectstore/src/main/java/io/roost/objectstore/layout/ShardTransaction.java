package io.roost.objectstore.layout;

import io.roost.cluster.classes.EntryCursor;
import io.roost.cluster.classes.LocatorView;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.Data;
import io.roost.cluster.object.Entry;
import io.roost.cluster.object.Mutation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the changes of one transaction on a shard, so that heads, pointers to null versions, reference rows, garbage
 * and counters always change together. What is to be written can be read back through {@link #attributes}.
 *
 * <p>Invariants, of every transaction: the counters are the sums over the versions; a stripe set or upload with bytes of
 * n versions has one reference row that lists these n; when the last goes, the row goes and a garbage row comes; a null
 * version at a sequence other than 0 has a pointer row.
 *
 * <p>For use within one evaluation of a class method.
 */
public final class ShardTransaction {
    private final LocatorView view;
    private final long garbageDueMillis;
    private final Map<Bytes, Mutation> mutations = new LinkedHashMap<>();
    private Versioning versioning = Versioning.NEVER;
    private long addedObjects;
    private long addedBytes;
    private long addedDeleteMarkers;

    /**
     * A transaction without changes.
     *
     * @param view of the shard's locator
     * @param garbageDueMillis when what this transaction leaves behind may be deleted, Unix milliseconds
     */
    public ShardTransaction(LocatorView view, long garbageDueMillis) {
        this.view = view;
        this.garbageDueMillis = garbageDueMillis;
    }

    /** Reads a shard; nothing is to be changed. */
    public static ShardTransaction reading(LocatorView view, ShardHeader header) {
        ShardTransaction reading = new ShardTransaction(view, 0);
        reading.versioning = header.versioning();
        return reading;
    }

    /** Whether a shard takes a write. */
    public enum Fence {
        /** It does. */
        OPEN,
        /** It has no header, or a fenced one. */
        NO_SUCH_BUCKET,
        /** The caller's record of the bucket is older than what the shard knows. */
        STALE_BUCKET
    }

    /**
     * A version of a key.
     *
     * @param sequence where it is
     * @param head what it is
     */
    public record Version(long sequence, Head head) {
        /** The version's id. */
        public VersionId id() {
            return head.versionId(sequence);
        }
    }

    /**
     * Holds the caller's knowledge of the bucket against the shard's header; must come first. A shard that knows less than
     * the caller learns it in this transaction.
     */
    public Fence enter(ShardRef shard) {
        Entry entry = view.entry(EntryNames.SHARD_HEADER);
        if (entry == null) {
            return Fence.NO_SUCH_BUCKET;
        }
        ShardHeader header = ShardHeader.decode(entry.attributes());
        if (header.isFenced() || !header.bucketId().equals(shard.bucketId())) {
            return Fence.NO_SUCH_BUCKET;
        }
        if (header.configEpoch() > shard.configEpoch()) {
            return Fence.STALE_BUCKET;
        }
        versioning = header.versioning();
        if (header.configEpoch() < shard.configEpoch()) {
            versioning = shard.versioning();
            row(EntryNames.SHARD_HEADER, ShardHeader.live(shard).encode());
        }
        return Fence.OPEN;
    }

    /** The bucket's versioning state, after {@link #enter}. */
    public Versioning versioning() {
        return versioning;
    }

    /** The id that an answer names for a version: none ({@link VersionId#LATEST}) in a bucket never versioned. */
    public VersionId answeredId(Version version) {
        return versioning == Versioning.NEVER ? VersionId.LATEST : version.id();
    }

    /** The attributes of an entry as this transaction leaves it, or null when it will not exist. */
    public Bytes attributes(Bytes name) {
        Mutation mutation = mutations.get(name);
        if (mutation instanceof Mutation.Put put) {
            return put.attributes();
        }
        if (mutation instanceof Mutation.SetAttributes set) {
            return set.attributes();
        }
        if (mutation instanceof Mutation.Delete) {
            return null;
        }
        Entry entry = view.entry(name);
        return entry == null ? null : entry.attributes();
    }

    /** The newest version of a key, or null. In a versioned bucket, to be asked before this transaction changes that key. */
    public Version latest(Bytes key) {
        if (versioning == Versioning.NEVER) {
            // No cursor: a look-up of one name is cheaper, and most buckets are never versioned.
            Bytes attributes = attributes(EntryNames.version(key, 0));
            return attributes == null ? null : new Version(0, Head.decode(attributes));
        }
        EntryCursor cursor =
                view.entries(EntryNames.keyBegin(EntryNames.KEY, key), EntryNames.keyEnd(EntryNames.KEY, key));
        return cursor.next()
                ? new Version(
                        EntryNames.sequenceOf(cursor.name()),
                        Head.decode(cursor.entry().attributes()))
                : null;
    }

    /** A version of a key as this transaction leaves it, or null. The latest is subject to {@link #latest}. */
    public Version version(Bytes key, VersionId id) {
        return switch (id.kind()) {
            case LATEST -> latest(key);
            case NULL -> nullVersion(key);
            case NUMBERED -> {
                Bytes attributes = attributes(EntryNames.version(key, id.sequence()));
                Head head = attributes == null ? null : Head.decode(attributes);
                boolean isIt =
                        head != null && !head.state().isNull() && head.state().versionTag() == id.tag();
                yield isIt ? new Version(id.sequence(), head) : null;
            }
        };
    }

    private Version nullVersion(Bytes key) {
        long sequence = 0;
        if (versioning != Versioning.NEVER) {
            Bytes pointer = attributes(EntryNames.nullVersion(key));
            sequence = pointer == null ? 0 : new ByteReader(pointer).varint();
        }
        Bytes attributes = attributes(EntryNames.version(key, sequence));
        return attributes == null ? null : new Version(sequence, Head.decode(attributes));
    }

    /**
     * Writes a new version of a key, as the versioning state demands: over the only one, before the others, or in place of
     * the null version.
     *
     * @param latest the newest version before this transaction, or null
     * @param head what to write; its state is made to fit, and its time is never before that of the latest
     * @param value the encoded {@link ObjectMetadata}
     * @param body the bytes of an inline object, null when there are none
     * @return the version as written
     */
    public Version write(Bytes key, Version latest, Head head, Bytes value, Data body) {
        Head.State state = new Head.State(
                head.isDeleteMarker(),
                versioning != Versioning.ENABLED,
                versioning == Versioning.ENABLED ? head.state().versionTag() : 0);
        long time = latest == null
                ? head.lastModifiedMillis()
                : Math.max(head.lastModifiedMillis(), latest.head().lastModifiedMillis());
        Head written = head.with(state, time);
        long sequence = versioning == Versioning.NEVER ? 0 : latest == null ? 1 : latest.sequence() + 1;
        Version version = new Version(sequence, written);
        // Held before the old one is released: both may share a stripe set, which must not become garbage in between.
        hold(key, version);
        if (versioning == Versioning.NEVER && latest != null) {
            release(latest);
        } else if (versioning == Versioning.SUSPENDED) {
            Version replaced = nullVersion(key);
            if (replaced != null) {
                remove(key, replaced);
            }
            row(EntryNames.nullVersion(key), new ByteWriter(16).varint(sequence).toBytes());
        }
        put(new Mutation.Put(EntryNames.version(key, sequence), written.encode(), value, body));
        return version;
    }

    /**
     * Replaces what is stored about a version while its bytes stay where they are.
     *
     * @param version as it is now
     * @param head the new one, of the same size and manifest
     * @param value the encoded {@link ObjectMetadata}
     */
    public void describe(Bytes key, Version version, Head head, Bytes value) {
        if (head.sizeBytes() != version.head().sizeBytes()
                || !head.manifest().equals(version.head().manifest())) {
            throw new IllegalArgumentException("other bytes under the same version");
        }
        put(new Mutation.SetAttributes(EntryNames.version(key, version.sequence()), head.encode(), value));
    }

    /** Removes a version of a key for good. */
    public void remove(Bytes key, Version version) {
        put(new Mutation.Delete(EntryNames.version(key, version.sequence())));
        if (version.head().state().isNull() && version.sequence() > 0) {
            put(new Mutation.Delete(EntryNames.nullVersion(key)));
        }
        release(version);
    }

    /** True when one more version can share the bytes of an object with stripes. */
    public boolean canShare(Head head) {
        Bytes id = head.manifest().referenceId();
        Bytes row = id == null ? null : attributes(EntryNames.reference(id));
        return row != null && ReferenceRow.decode(row).sequences().size() < ReferenceRow.MAX_REFERENCES;
    }

    /**
     * Takes the intent for a stripe set, which must be live and for the same set.
     *
     * @return false when it is gone, reaping or of another set: the set must not be committed
     */
    public boolean takeIntent(StripeSet set) {
        Bytes name = EntryNames.intent(set.id());
        Bytes attributes = attributes(name);
        if (attributes == null) {
            return false;
        }
        IntentRow intent = IntentRow.decode(attributes);
        if (intent.isReaping() || !intent.set().equals(set)) {
            return false;
        }
        put(new Mutation.Delete(name));
        return true;
    }

    /** Leaves stripe sets to the garbage collection, in one row under an id. */
    public void discard(Bytes id, List<StripeSet> sets) {
        put(new GarbageRow(sets).put(EntryNames.garbage(garbageDueMillis, id, GarbageRow.Kind.SETS)));
    }

    /** Leaves an upload's parts and their rows to the garbage collection. */
    public void discardUpload(Bytes uploadId) {
        put(GarbageRow.NAMED.put(EntryNames.garbage(garbageDueMillis, uploadId, GarbageRow.Kind.UPLOAD)));
    }

    /** Adds or replaces a row that needs no book-keeping. */
    public void row(Bytes name, Bytes attributes) {
        put(Mutation.Put.row(name, attributes));
    }

    /** Adds a change that needs no book-keeping; a later change of a name replaces an earlier one. */
    public void put(Mutation mutation) {
        mutations.put(mutation.name(), mutation);
    }

    /** Number of names changed so far, the counters left out. */
    public int size() {
        return mutations.size();
    }

    /** All changes, the counters included. */
    public List<Mutation> mutations() {
        if (addedObjects != 0 || addedBytes != 0 || addedDeleteMarkers != 0) {
            Entry entry = view.entry(EntryNames.COUNTERS);
            Counters before = entry == null ? Counters.ZERO : Counters.decode(entry.attributes());
            Counters after = new Counters(
                    before.objects() + addedObjects,
                    before.bytes() + addedBytes,
                    before.deleteMarkers() + addedDeleteMarkers);
            row(EntryNames.COUNTERS, after.encode());
        }
        return new ArrayList<>(mutations.values());
    }

    private void count(Head head, int sign) {
        if (head.isDeleteMarker()) {
            addedDeleteMarkers += sign;
        } else {
            addedObjects += sign;
            addedBytes += sign * head.sizeBytes();
        }
    }

    private void hold(Bytes key, Version version) {
        count(version.head(), 1);
        Bytes id = version.head().manifest().referenceId();
        if (id != null) {
            Bytes name = EntryNames.reference(id);
            Bytes row = attributes(name);
            ReferenceRow references = row == null
                    ? new ReferenceRow(key, List.of(version.sequence()))
                    : ReferenceRow.decode(row).with(version.sequence());
            row(name, references.encode());
        }
    }

    private void release(Version version) {
        count(version.head(), -1);
        Manifest manifest = version.head().manifest();
        Bytes id = manifest.referenceId();
        if (id == null) {
            return;
        }
        Bytes name = EntryNames.reference(id);
        Bytes row = attributes(name);
        ReferenceRow left = row == null ? null : ReferenceRow.decode(row).without(version.sequence());
        if (left != null) {
            row(name, left.encode());
            return;
        }
        put(new Mutation.Delete(name));
        if (manifest instanceof Manifest.Striped striped) {
            discard(id, List.of(striped.set()));
        } else {
            discardUpload(id);
        }
    }
}

package io.roost.mailstore.mailbox;

import io.roost.cluster.object.Bytes;
import io.roost.cluster.object.MalformedBytesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.roaringbitmap.RoaringBitmap;

/**
 * The UIDs that exist, as of some change: with the changes after it, the present ones, without reading the messages. The
 * value of its row is a bitmap in the portable format of RoaringFormatSpec: a few hundred bytes for UIDs without gaps, at
 * most 8 KiB for 65,536 UIDs.
 */
public final class UidCheckpoint {
    private final RoaringBitmap bitmap;

    /** No UID. */
    public UidCheckpoint() {
        this(new RoaringBitmap());
    }

    private UidCheckpoint(RoaringBitmap bitmap) {
        this.bitmap = bitmap;
    }

    /** Applies a later change. */
    public UidCheckpoint apply(ChangeRow change) {
        change.added().ranges().forEach(range -> bitmap.add(range.first(), range.last() + 1));
        change.expunged().ranges().forEach(range -> bitmap.remove(range.first(), range.last() + 1));
        return this;
    }

    /** How many. */
    public long count() {
        return bitmap.getLongCardinality();
    }

    /** True when a UID exists. */
    public boolean contains(long uid) {
        return bitmap.contains((int) uid);
    }

    /** All of them as ranges. */
    public UidSet toSet() {
        UidSet.Builder set = new UidSet.Builder();
        // From range to range: a folder of a million messages without gaps is one step.
        for (long first = bitmap.nextValue(0); first >= 0; ) {
            long absent = bitmap.nextAbsentValue((int) first);
            long end = absent < 0 ? UidSet.MAX_UID + 1 : absent;
            set.add(first, end - 1);
            first = end > UidSet.MAX_UID ? -1 : bitmap.nextValue((int) end);
        }
        return set.build();
    }

    /** The value of the row. */
    public Bytes encode() {
        bitmap.runOptimize();
        ByteBuffer bytes = ByteBuffer.allocate(bitmap.serializedSizeInBytes());
        bitmap.serialize(bytes);
        return Bytes.wrap(bytes.array());
    }

    /** Reads what {@link #encode} writes; the empty value is no UID. */
    public static UidCheckpoint decode(Bytes value) {
        RoaringBitmap bitmap = new RoaringBitmap();
        if (!value.isEmpty()) {
            try {
                bitmap.deserialize(ByteBuffer.wrap(value.array()));
            } catch (IOException | RuntimeException malformed) {
                throw new MalformedBytesException("UID checkpoint: " + malformed.getMessage());
            }
        }
        return new UidCheckpoint(bitmap);
    }
}

package io.roost.objectstore.layout;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;
import java.util.Objects;

/**
 * The intent to write a stripe set: in the head's locator before the first stripe is written, gone with the commit of the
 * head or the part. While it is live the uploader renews it; once reaping, no commit takes it any more.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * reaping      u8      0 or 1
 * renewed      varint  Unix milliseconds
 * key          bytes
 * part number  varint, 0 when the set is an object's own
 * upload id    16 bytes, only with a part number
 * stripe set   {@link StripeSet}
 * </pre>
 *
 * @param isReaping true when the reaper has taken it over
 * @param renewedMillis when it was made or last renewed, Unix milliseconds
 * @param key of the object
 * @param uploadId 16 bytes, empty when the set is an object's own
 * @param partNumber 0 when the set is an object's own
 * @param set what may have been written
 */
public record IntentRow(
        boolean isReaping, long renewedMillis, Bytes key, Bytes uploadId, int partNumber, StripeSet set) {
    private static final int VERSION = 1;

    /** Checks the ranges above. */
    public IntentRow {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(set, "set");
        if (partNumber < 0 || partNumber > PartPage.MAX_PART_NUMBER || uploadId.isEmpty() != (partNumber == 0)) {
            throw new IllegalArgumentException("part " + partNumber);
        }
        if (partNumber > 0) {
            EntryNames.checkId(uploadId);
        }
    }

    /** The intent renewed. */
    public IntentRow renewed(long nowMillis) {
        return new IntentRow(isReaping, Math.max(nowMillis, renewedMillis), key, uploadId, partNumber, set);
    }

    /** The intent taken over by the reaper. */
    public IntentRow reaping() {
        return new IntentRow(true, renewedMillis, key, uploadId, partNumber, set);
    }

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(128);
        int mark = out.begin(VERSION, 1);
        out.flag(isReaping).varint(renewedMillis).bytes(key).varint(partNumber);
        if (partNumber > 0) {
            out.raw(uploadId);
        }
        set.encode(out);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static IntentRow decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        boolean isReaping = in.flag();
        long renewedMillis = in.varint();
        Bytes key = in.bytes();
        int partNumber = in.count(PartPage.MAX_PART_NUMBER);
        Bytes uploadId = partNumber > 0 ? in.raw(EntryNames.ID_BYTES) : Bytes.EMPTY;
        StripeSet set = StripeSet.decode(in);
        in.end(struct);
        return new IntentRow(isReaping, renewedMillis, key, uploadId, partNumber, set);
    }
}

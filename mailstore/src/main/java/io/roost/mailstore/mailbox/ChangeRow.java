package io.roost.mailstore.mailbox;

import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.Bytes;

/**
 * What one transaction changed in a folder; its MODSEQ is in the row's name.
 *
 * <pre>
 * version u8, compat u8, length u32   of the struct
 * added, flagged, expunged   {@link UidSet} each
 * </pre>
 *
 * @param added new messages
 * @param flagged messages whose flags changed
 * @param expunged messages that went
 */
public record ChangeRow(UidSet added, UidSet flagged, UidSet expunged) {
    private static final int VERSION = 1;

    /** The row. */
    public Bytes encode() {
        ByteWriter out = new ByteWriter(32);
        int mark = out.begin(VERSION, 1);
        added.encode(out);
        flagged.encode(out);
        expunged.encode(out);
        return out.end(mark).toBytes();
    }

    /** Reads what {@link #encode} writes. */
    public static ChangeRow decode(Bytes attributes) {
        ByteReader in = new ByteReader(attributes);
        ByteReader.Struct struct = in.begin(VERSION);
        ChangeRow row = new ChangeRow(UidSet.decode(in), UidSet.decode(in), UidSet.decode(in));
        in.end(struct);
        return row;
    }
}
